from datetime import timedelta

from odoo import api, fields, models

MEETING_KINDS = [
    ("intake", "Intake talk"),
    ("talk_a", "Talk with A"),
    ("approach_b", "Visit to B"),
    ("talk_b", "Talk with B"),
    ("mediation", "Mediation talk"),
    ("aftercare", "Aftercare"),
    ("other", "Other"),
]


class BuurtbemiddelingMeeting(models.Model):
    """A talk in a case. The record is the truth; Odoo's calendar shows it without saying more.

    The calendar entry is private, its title holds the case number and nothing else, and no resident
    is ever an attendee: calendar mails every attendee's name, e-mail and phone to all of them.
    """

    _name = "buurtbemiddeling.meeting"
    _description = "Talk"
    _inherit = ["buurtbemiddeling.meeting.aftercare.mixin"]
    _order = "start desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(related="case_id.user_id")
    kind = fields.Selection(MEETING_KINDS, required=True, default="talk_a")
    start = fields.Datetime(required=True, index=True)
    duration = fields.Float("Duration (hours)", default=1.5)
    stop = fields.Datetime(compute="_compute_stop", store=True)
    location = fields.Char("Place")
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Held"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
    )
    event_id = fields.Many2one(
        "calendar.event",
        "Calendar entry",
        ondelete="set null",
        copy=False,
        readonly=True,
        index="btree_not_null",
    )

    _duration_positive = models.Constraint(
        "CHECK(duration > 0)", "A talk takes longer than 0 hours."
    )

    @api.depends("start", "duration")
    def _compute_stop(self):
        for meeting in self:
            meeting.stop = meeting.start and meeting.start + timedelta(hours=meeting.duration)

    @api.depends("case_id.name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for meeting in self:
            meeting.display_name = f"{meeting.case_id.name}: {kinds.get(meeting.kind)}"

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings._sync_calendar()
        return meetings

    def write(self, vals):
        res = super().write(vals)
        if not self.env.context.get("meeting_from_calendar"):
            self._sync_calendar()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_calendar_entry(self):
        # sudo: as in _sync_calendar
        self.sudo().event_id._without_attendee_mail().unlink()

    def _get_attendee_partners(self):
        """Return the staff who hold the talk: residents are never among them."""
        self.ensure_one()
        return self.case_id.user_id.partner_id

    def _prepare_calendar_values(self):
        """Return the values of the calendar entry: when and where, and no name of a resident."""
        self.ensure_one()
        return {
            "name": self.env._("Talk %s", self.case_id.name),
            "start": self.start,
            "stop": self.stop,
            "privacy": "private",
            "show_as": "busy",
            "description": False,
            "location": False,
            "user_id": self.case_id.user_id.id or self.env.uid,
            "partner_ids": [fields.Command.set(self._get_attendee_partners().ids)],
            "active": self.state != "cancelled",
        }

    def _get_coming(self):
        """Return the planned talks that are still to come."""
        now = fields.Datetime.now()
        return self.filtered(lambda talk: talk.state == "planned" and talk.start >= now)

    def _sync_calendar(self):
        """Make, move or archive the calendar entries so that they follow the talks."""
        # sudo: a private calendar entry can be changed by those who are in it only, while any
        # coordinator of the organisation may plan and move talks, as the rules on talks say
        talks = self.sudo()
        missing = talks.filtered(lambda talk: not talk.event_id and talk.state == "planned")
        for talk in talks.filtered("event_id"):
            talk.event_id._without_attendee_mail().write(talk._prepare_calendar_values())
        events = talks.event_id._without_attendee_mail()
        for talk, event in zip(
            missing,
            events.create([talk._prepare_calendar_values() for talk in missing]),
            strict=True,
        ):
            talk.with_context(meeting_from_calendar=True).event_id = event

    def _follow_calendar(self):
        """Take over the time of the calendar entries, which were moved."""
        for talk in self.with_context(meeting_from_calendar=True):
            event = talk.event_id
            if (talk.start, talk.stop) != (event.start, event.stop):
                hours = (event.stop - event.start).total_seconds() / 3600
                talk.write({"start": event.start, "duration": hours})
