from datetime import datetime, time, timedelta

import pytz
from babel.dates import format_date as format_date_in
from babel.dates import format_time as format_time_in

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import babel_locale_parse

from .buurtbemiddeling_training import HALF_DAY_HOURS

SEAT_STATES = ("enrolled", "attended", "absent")
EVENING = time(19, 0)
EPOCH = datetime(1970, 1, 1)
LAST = 10**10  # seconds since 1970, later than any session


class BuurtbemiddelingTrainingSession(models.Model):
    """One time that a training is given: its half-days, trainer, place and participants.

    The half-days are entries in Odoo's calendar. Trainer and coordinator are in them; volunteers
    are not, since calendar would mail every participant's address to all others.
    """

    _name = "buurtbemiddeling.training.session"
    _description = "Training Session"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "buurtbemiddeling.training.invitation.mixin",
        "buurtbemiddeling.training.session.portal.mixin",
    ]
    _order = "order_key, id desc"
    _check_company_auto = True

    training_id = fields.Many2one(
        "buurtbemiddeling.training", required=True, ondelete="restrict", index=True
    )
    kind = fields.Selection(related="training_id.kind", store=True, precompute=True)
    competence_ids = fields.Many2many(related="training_id.competence_ids")
    hours = fields.Float(related="training_id.hours", string="Training hours")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        default=lambda self: self.env.user,
        index=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        compute="_compute_project_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="Whose steering group answers for it and pays it. Empty: of all projects together.",
    )
    cost = fields.Monetary(
        help="What the session costs in all: trainer, room, food. No hours of coordinators."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    trainer_id = fields.Many2one(
        "res.partner", ondelete="restrict", index="btree_not_null", check_company=True
    )
    co_trainer_ids = fields.Many2many(
        "res.partner",
        "buurtbemiddeling_training_session_trainer_rel",
        "session_id",
        "partner_id",
        string="Other trainers",
        ondelete="restrict",
        check_company=True,
        help="Who gives the training together with the trainer.",
    )
    room_id = fields.Many2one(
        "buurtbemiddeling.room", ondelete="restrict", index="btree_not_null", check_company=True
    )
    location = fields.Char(
        "Place", compute="_compute_location", store=True, readonly=False, precompute=True
    )
    capacity = fields.Integer("Seats", default=12, help="0 means no limit.")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Held"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
        tracking=True,
        group_expand=True,
    )
    # a cancelled session archives its calendar entries, and still says when it would have been
    event_ids = fields.One2many(
        "calendar.event", "training_session_id", "Half-days", context={"active_test": False}
    )
    date_start = fields.Datetime(
        "Begins",
        compute="_compute_dates",
        store=True,
        index=True,
        help="Begin of the first half-day.",
    )
    date_end = fields.Datetime(
        "Ends", compute="_compute_dates", store=True, help="End of the last half-day."
    )
    order_key = fields.Float(
        compute="_compute_order_key",
        store=True,
        aggregator=None,
        export_string_translation=False,
        exportable=False,
    )
    # what a new half-day starts with on the form
    next_start = fields.Datetime(
        compute="_compute_next_half_day", export_string_translation=False, exportable=False
    )
    next_stop = fields.Datetime(
        compute="_compute_next_half_day", export_string_translation=False, exportable=False
    )
    enrolment_ids = fields.One2many(
        "buurtbemiddeling.training.enrolment", "session_id", "Participants"
    )
    # stored: two people enrolling at the same moment for the last seat then change the same row,
    # and the second one starts over and sees that the session is full
    seats_taken = fields.Integer(compute="_compute_seats", store=True)
    seats_free = fields.Integer(compute="_compute_seats", store=True)
    waiting_count = fields.Integer("Waiting", compute="_compute_seats", store=True)

    _cost_positive = models.Constraint("CHECK(cost >= 0)", "What a session costs is 0 or more.")
    _capacity_positive = models.Constraint(
        "CHECK(capacity >= 0)", "The number of seats is 0 (no limit) or more."
    )

    @api.depends("user_id", "company_id")
    def _compute_project_id(self):
        """The only project of the coordinator; what was filled in stays."""
        only = self.env["buurtbemiddeling.project"]._get_only(self.user_id, self.company_id)
        for session in self:
            if not session.project_id or session.project_id.company_id != session.company_id:
                session.project_id = only.get((session.company_id, session.user_id))
            else:
                session.project_id = session.project_id

    @api.depends("event_ids.start", "event_ids.stop")
    def _compute_dates(self):
        for session in self:
            session.date_start = min(session.event_ids.mapped("start"), default=False)
            session.date_end = max(session.event_ids.mapped("stop"), default=False)

    @api.depends("state", "date_start")
    def _compute_order_key(self):
        """What is planned comes first, soonest first; then what was, latest first."""
        for session in self:
            seconds = session.date_start and (session.date_start - EPOCH).total_seconds()
            if session.state == "planned":
                session.order_key = seconds or LAST
            else:
                session.order_key = 3 * LAST - (seconds or 0)

    @api.depends("room_id")
    def _compute_location(self):
        for session in self:
            session.location = session.room_id.name or session.location

    @api.depends("event_ids.start", "event_ids.stop", "training_id.hours")
    @api.depends_context("tz")
    def _compute_next_half_day(self):
        """A week after the last one at the same hour; the first is in two weeks, at evening."""
        tz = pytz.timezone(self.env.user.tz or "UTC")
        for session in self:
            last = session.event_ids.sorted("start")[-1:]
            if last:
                start = fields.Datetime.context_timestamp(session, last.start).replace(tzinfo=None)
                start += timedelta(weeks=1)
                length = last.stop - last.start
            else:
                today = fields.Date.context_today(session)
                start = datetime.combine(today + timedelta(weeks=2), EVENING)
                hours = min(session.training_id.hours or HALF_DAY_HOURS, HALF_DAY_HOURS)
                length = timedelta(hours=hours)
            start = tz.localize(start).astimezone(pytz.utc).replace(tzinfo=None)
            session.next_start = start
            session.next_stop = start + length

    @api.depends("enrolment_ids.state", "capacity")
    def _compute_seats(self):
        for session in self:
            states = session.enrolment_ids.mapped("state")
            session.seats_taken = sum(state in SEAT_STATES for state in states)
            session.seats_free = max(session.capacity - session.seats_taken, 0)
            session.waiting_count = states.count("waiting")

    @api.depends("training_id.name", "date_start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for session in self:
            begin = session.date_start and fields.Datetime.context_timestamp(
                session, session.date_start
            )
            session.display_name = ", ".join(
                filter(None, [session.training_id.name, begin and format_date(self.env, begin)])
            )

    @api.constrains("room_id", "state")
    def _check_room_is_free(self):
        """A room holds one thing at a time, a half-day of a training or a talk in a case.

        Also asked when a half-day is planned or moved, see ``calendar.event``.
        """
        # sudo: whoever moves a half-day in the calendar may not see what else is in the room, and
        # is told so
        booked = self.sudo().filtered(lambda s: s.room_id and s.state != "cancelled").event_ids
        if booked:
            booked.training_session_id.room_id._check_no_double_booking(booked)

    def write(self, vals):
        res = super().write(vals)
        shown = {"training_id", "trainer_id", "co_trainer_ids", "user_id", "room_id", "location"}
        if (shown | {"state"}) & vals.keys():
            self._sync_calendar()
        if "capacity" in vals:
            self._fill_from_waiting_list()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_participants_and_calendar_entries(self):
        """Participants go one by one, so that a certificate that was given refuses."""
        self.enrolment_ids.unlink()
        self.event_ids._without_attendee_mail().unlink()

    def _prepare_calendar_values(self):
        """Return what every calendar entry of the session shows; the times are its own."""
        self.ensure_one()
        room = self.room_id
        staff = self.trainer_id | self.co_trainer_ids | self.user_id.partner_id
        return {
            "name": self.training_id.name,
            "location": ", ".join(filter(None, [room.name, room.address])) or self.location,
            "privacy": "confidential",
            "show_as": "busy",
            "description": False,
            "user_id": self.user_id.id or self.env.uid,
            "partner_ids": [fields.Command.set(staff.ids)],
            "active": self.state != "cancelled",
        }

    def _sync_calendar(self):
        """Let the calendar entries follow their session."""
        for session in self.filtered("event_ids"):
            session.event_ids.write(session._prepare_calendar_values())

    def _fill_from_waiting_list(self):
        """Give free seats of planned sessions to those who have waited longest."""
        waiting = self.env["buurtbemiddeling.training.enrolment"].search(
            [
                ("session_id", "in", self.ids),
                ("session_id.state", "=", "planned"),
                ("state", "=", "waiting"),
            ],
            order="waiting_since, id",
        )
        lucky = waiting.browse()
        for session, enrolments in waiting.grouped("session_id").items():
            lucky |= enrolments[: session.seats_free] if session.capacity else enrolments
        if not lucky:
            return
        lucky.write({"state": "enrolled"})
        for session, enrolments in lucky.grouped("session_id").items():
            session.message_post(
                body=self.env._(
                    "From the waiting list to a seat: %s.",
                    ", ".join(enrolments.volunteer_id.mapped("name")),
                )
            )

    def _get_max_hours(self):
        """Return the most hours that someone can have been there, by the plan or the half-days."""
        self.ensure_one()
        return max(self.hours, sum(self.event_ids.mapped("duration")))

    def _get_tz(self):
        """Return the time zone in which people come to the session, that of its coordinator."""
        self.ensure_one()
        # sudo: reads the time zone of a colleague
        return self.sudo().user_id.tz or self.env.user.tz or "Europe/Amsterdam"

    def _get_local(self, moment):
        """Return ``moment`` (naive datetime, UTC) as the clock on the wall shows it."""
        return pytz.utc.localize(moment).astimezone(pytz.timezone(self._get_tz()))

    def _get_half_day_texts(self):
        """Return each half-day as people write it down: "Monday 8 March 2027, 19:30 – 22:30"."""
        self.ensure_one()
        locale = babel_locale_parse(self.env.lang or "en_US")
        texts = []
        for event in self.event_ids.sorted("start"):
            start, stop = self._get_local(event.start), self._get_local(event.stop)
            day = format_date_in(start, "EEEE d MMMM y", locale=locale)
            times = [
                format_time_in(moment.time(), "HH:mm", locale=locale) for moment in (start, stop)
            ]
            texts.append(f"{day}, {' – '.join(times)}")
        return texts

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_attendance(self):
        """Open the attendance of the half-day that is on or was last, before the first that one.

        :raise UserError: when there is no half-day
        """
        self.ensure_one()
        half_days = self.event_ids.sorted("start")
        if not half_days:
            raise UserError(
                self.env._("When is it? Add the half-days first, on the page Half-days.")
            )
        today = self._get_local(fields.Datetime.now()).date()
        begun = half_days.filtered(lambda event: self._get_local(event.start).date() <= today)
        return (begun[-1:] or half_days[:1]).action_open_training_attendance()

    def action_print_certificates(self):
        """Print the certificates of all who earned one, in one PDF; new ones get their number.

        :raise UserError: when nobody has earned one
        """
        earned = self.enrolment_ids.filtered(
            lambda enrolment: enrolment.certificate_number or enrolment._is_certificate_earned()
        )
        if not earned:
            raise UserError(
                self.env._(
                    "Nobody has earned a certificate here. It takes the result “Passed” and enough"
                    " hours present, and information meetings have none."
                )
            )
        return earned.action_print_certificate()

    def action_done(self):
        """The session was held.

        :raise UserError: its last half-day is still to come
        """
        for session in self:
            session.event_ids.sorted("start")[-1:]._check_half_day_is_here()
        self.write({"state": "done"})

    def action_cancel(self):
        """The session does not take place; its calendar entries disappear."""
        self.write({"state": "cancelled"})

    def action_plan(self):
        """Plan the session again."""
        self.write({"state": "planned"})
