from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import format_date

from .buurtbemiddeling_training import HALF_DAY_HOURS

SEAT_STATES = ("enrolled", "attended", "absent")
EVENING = time(19, 0)


class BuurtbemiddelingTrainingSession(models.Model):
    """One time that a training is given: its half-days, trainer, place and participants.

    The half-days are entries in Odoo's calendar. Trainer and coordinator are in them; volunteers
    are not, since calendar would mail every participant's address to all others.
    """

    _name = "buurtbemiddeling.training.session"
    _description = "Training Session"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    training_id = fields.Many2one(
        "buurtbemiddeling.training", required=True, ondelete="restrict", index=True
    )
    kind = fields.Selection(related="training_id.kind", store=True, precompute=True)
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
    trainer_id = fields.Many2one(
        "res.partner", ondelete="restrict", index="btree_not_null", check_company=True
    )
    location = fields.Char("Place")
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
    # what a new half-day starts with on the form
    next_start = fields.Datetime(compute="_compute_next_half_day", export_string_translation=False)
    next_stop = fields.Datetime(compute="_compute_next_half_day", export_string_translation=False)
    enrolment_ids = fields.One2many(
        "buurtbemiddeling.training.enrolment", "session_id", "Participants"
    )
    # stored: two people enrolling at the same moment for the last seat then change the same row,
    # and the second one starts over and sees that the session is full
    seats_taken = fields.Integer(compute="_compute_seats", store=True)
    seats_free = fields.Integer(compute="_compute_seats", store=True)
    waiting_count = fields.Integer("Waiting", compute="_compute_seats", store=True)

    _capacity_positive = models.Constraint(
        "CHECK(capacity >= 0)", "The number of seats is 0 (no limit) or more."
    )

    @api.depends("event_ids.start", "event_ids.stop")
    def _compute_dates(self):
        for session in self:
            session.date_start = min(session.event_ids.mapped("start"), default=False)
            session.date_end = max(session.event_ids.mapped("stop"), default=False)

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

    def write(self, vals):
        res = super().write(vals)
        if {"training_id", "trainer_id", "user_id", "location", "state"} & vals.keys():
            self._sync_calendar()
        if "capacity" in vals:
            self._fill_from_waiting_list()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_calendar_entries(self):
        self.event_ids._without_attendee_mail().unlink()

    def _prepare_calendar_values(self):
        """Return what every calendar entry of the session shows; the times are its own."""
        self.ensure_one()
        return {
            "name": self.training_id.name,
            "location": self.location,
            "privacy": "confidential",
            "show_as": "busy",
            "description": False,
            "user_id": self.user_id.id or self.env.uid,
            "partner_ids": [fields.Command.set((self.trainer_id | self.user_id.partner_id).ids)],
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
            order="id",
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

    def action_done(self):
        """The session was held."""
        self.write({"state": "done"})

    def action_cancel(self):
        """The session does not take place; its calendar entries disappear."""
        self.write({"state": "cancelled"})

    def action_plan(self):
        """Plan the session again."""
        self.write({"state": "planned"})
