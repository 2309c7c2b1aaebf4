from datetime import datetime, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

USUAL_LENGTH = timedelta(hours=2)


class BuurtbemiddelingNetworkActivity(models.Model):
    """One entry of the log of network and publicity: an evening, an article, a visit, a meeting.

    It has a day, and a begin and end when it has hours; an article has just a day. Coordinators and
    the contacts named here are the only ones whom its thread reaches. What followed it is counted
    by the report module.
    """

    _name = "buurtbemiddeling.network.activity"
    _description = "Network Activity"
    _inherit = [
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.network.mixin",
        "buurtbemiddeling.network.calendar.mixin",
    ]
    _order = "date desc, id desc"

    name = fields.Char(
        required=True, help="Stands in the calendar: write no name of a resident here."
    )
    kind_id = fields.Many2one(
        "buurtbemiddeling.network.activity.kind", required=True, ondelete="restrict", index=True
    )
    has_attendance = fields.Boolean(related="kind_id.has_attendance")
    area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        "buurtbemiddeling_network_activity_area_rel",
        "activity_id",
        "area_id",
        string="Areas",
        ondelete="restrict",
        help="Where it reaches people. Empty: everywhere.",
    )
    date = fields.Date(
        "Day",
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
    )
    start = fields.Datetime("Begins", help="Empty: it has a day and no hours, as an article has.")
    stop = fields.Datetime(
        "Ends", compute="_compute_stop", store=True, readonly=False, precompute=True
    )
    room_id = fields.Many2one(
        "buurtbemiddeling.room", ondelete="restrict", index="btree_not_null", check_company=True
    )
    location = fields.Char(
        "Place", compute="_compute_location", store=True, readonly=False, precompute=True
    )
    user_ids = fields.Many2many(
        "res.users",
        "buurtbemiddeling_network_activity_user_rel",
        "activity_id",
        "user_id",
        string="Coordinators",
        default=lambda self: self._default_user_ids(),
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
        help="Who goes there for buurtbemiddeling.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "buurtbemiddeling_network_activity_partner_rel",
        "activity_id",
        "partner_id",
        string="Together with",
        ondelete="restrict",
        check_company=True,
        domain=[("is_confidential", "=", False)],
        help="Organisations and people who take part: a corporation, a community worker, ...",
    )
    reach = fields.Integer(
        "People reached", help="How many people came, or an estimate of how many read or saw it."
    )
    cost = fields.Monetary(help="Room, coffee, printing, advertisement; not the hours of work.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    hours = fields.Float("Hours of work", help="Of coordinators, preparation included.")
    note = fields.Html("Notes")
    state = fields.Selection(
        [("planned", "Planned"), ("held", "Held"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        tracking=True,
        copy=False,
    )
    can_be_held = fields.Boolean(
        compute="_compute_can_be_held", export_string_translation=False, exportable=False
    )

    _dates_in_order = models.Constraint(
        "CHECK(stop >= start)", "It ends before it begins. Correct one of the two times."
    )
    _begin_and_end = models.Constraint(
        "CHECK((start IS NULL) = (stop IS NULL))",
        "Fill in when it begins and when it ends, or just the day.",
    )
    _reach_positive = models.Constraint(
        "CHECK(reach >= 0)", "The number of people reached is 0 or more."
    )
    _cost_positive = models.Constraint("CHECK(cost >= 0)", "The cost is 0 or more.")
    _hours_positive = models.Constraint(
        "CHECK(hours >= 0)", "The number of hours of work is 0 or more."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.model
    def _default_user_ids(self):
        """Whoever adds an activity does it, if that is a coordinator."""
        user = self.env.user
        return user if user.has_group("buurtbemiddeling_case.group_user") else user.browse()

    def _get_project_user(self):
        return self.user_ids[:1]._origin

    @api.depends("start")
    def _compute_date(self):
        for activity in self:
            if activity.start:
                activity.date = activity._get_local(activity.start).date()

    @api.depends("start")
    def _compute_stop(self):
        """An end that was filled in stays, as long as it can be the end."""
        for activity in self:
            start, stop = activity.start, activity.stop
            if not start:
                activity.stop = False
            elif not stop or stop < start:
                activity.stop = start + USUAL_LENGTH

    @api.depends("room_id")
    def _compute_location(self):
        for activity in self:
            activity.location = activity.room_id.name or activity.location

    @api.depends("date", "state")
    def _compute_can_be_held(self):
        for activity in self:
            activity.can_be_held = activity.state == "planned" and activity._has_come()

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("date", "start")
    def _check_day_of_begin(self):
        for activity in self:
            if activity.start and activity.date != activity._get_local(activity.start).date():
                raise ValidationError(
                    self.env._(
                        "The day of “%s” is that on which it begins. Correct when it begins.",
                        activity.name,
                    )
                )

    @api.constrains("date", "state")
    def _check_held_in_the_past(self):
        for activity in self:
            if activity.state == "held" and not activity._has_come():
                raise ValidationError(
                    self.env._(
                        "“%s” is still to come, so it was not held yet. Correct its day, or"
                        " wait until it was held.",
                        activity.name,
                    )
                )

    @api.constrains("partner_ids")
    def _check_partners(self):
        self._check_ordinary_contacts(self.partner_ids)

    @api.constrains("room_id", "start", "stop", "state")
    def _check_room_is_free(self):
        booked = self.filtered(lambda each: each.room_id and each.state != "cancelled")
        if not all(booked.mapped("start")):
            raise ValidationError(
                self.env._("A room is booked for some hours. Fill in when it begins and ends.")
            )
        if booked:
            booked.room_id._check_no_double_booking(booked)

    def _has_come(self):
        """Tell whether it is the day of the activity, or later; the hour may have been another."""
        self.ensure_one()
        return bool(self.date) and self.date <= datetime.now(pytz.timezone(self._get_tz())).date()

    def _get_coordinator(self):
        """The first of those who do it together."""
        self.ensure_one()
        return self.user_ids[:1]

    # ------------------------------------------------------------
    # THREAD
    # ------------------------------------------------------------

    def _get_addressable_residents(self):
        """Those with whom it is held; these are no residents of any case."""
        # sudo: the flag is not for everyone to read; it only decides who may be written to
        return self.partner_ids.filtered(lambda contact: not contact.sudo().is_confidential)

    def _check_recipients(self, refused, loose_addresses=False):
        """Raise ``UserError`` when there is someone who does not take part."""
        if refused:
            raise UserError(
                self.env._(
                    "From this page you can only write to colleagues of buurtbemiddeling and to"
                    " those with whom “%s” is held. Add them there first.",
                    self.name,
                )
            )
        return super()._check_recipients(refused, loose_addresses)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_held(self):
        """It was held."""
        self.write({"state": "held"})

    def action_cancel(self):
        """It is not held; it disappears from the calendar."""
        self.write({"state": "cancelled"})

    def action_plan(self):
        """What was cancelled, or noted as held by mistake, is planned again."""
        self.write({"state": "planned"})
