from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .buurtbemiddeling_case_progress_mixin import FIRST_WORK, PHASE_OF_TALK

MEETING_KINDS = [
    ("intake", "Intake talk"),
    ("talk_a", "Talk with the reporter"),
    ("approach_b", "Visit to the other party"),
    ("talk_b", "Talk with the other party"),
    ("mediation", "Mediation talk"),
    ("aftercare", "Aftercare"),
    ("other", "Other"),
    ("coaching", "Coaching"),
]
# with whom a talk is, and where it mostly is; what is left out, the coordinator says
SIDE_OF_KIND = {
    "intake": "a",
    "talk_a": "a",
    "coaching": "a",
    "approach_b": "b",
    "talk_b": "b",
    "mediation": "both",
    "aftercare": "both",
}
PLACE_OF_KIND = {
    "talk_a": "home_a",
    "approach_b": "home_b",
    "talk_b": "home_b",
    "mediation": "room",
}
# asked only by whom, never why: a reason would be a resident's story
CHANGE_REASONS = [
    ("a", "The reporter asked for it"),
    ("b", "The other party asked for it"),
    ("mediator", "A mediator could not come"),
    ("coordinator", "The coordinator could not come"),
    ("place", "The place was not available"),
    ("other", "Other"),
]


class BuurtbemiddelingMeeting(models.Model):
    """A talk in a case. The record is the truth; Odoo's calendar shows it without saying more.

    The calendar entry is private, its title holds the case number and nothing else, and no resident
    is ever an attendee: calendar mails every attendee's name, e-mail and phone to all of them.
    """

    _name = "buurtbemiddeling.meeting"
    _description = "Talk"
    _inherit = [
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.row.mixin",
        "buurtbemiddeling.meeting.calendar.mixin",
        "buurtbemiddeling.meeting.reminder.mixin",
        "buurtbemiddeling.meeting.telling.mixin",
        "buurtbemiddeling.meeting.aftercare.mixin",
        "buurtbemiddeling.screen.mixin",
    ]
    _order = "start desc, id desc"
    _check_company_auto = True

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(related="case_id.user_id")
    kind = fields.Selection(
        MEETING_KINDS, required=True, default="talk_a",
        help="Which talk of the case this is. It decides who is invited and which letter fits.",
    )
    side = fields.Selection(
        [("a", "Reporter"), ("b", "Other party"), ("both", "Both")],
        "With",
        compute="_compute_side",
        store=True,
        readonly=False,
        precompute=True,
        help="With whom the talk is. Only they are invited, each by a letter of their own.",
    )
    party_ids = fields.Many2many(
        "buurtbemiddeling.case.party", string="Residents", compute="_compute_party_ids"
    )
    start = fields.Datetime(required=True, index=True)
    duration = fields.Float(
        "Duration (hours)", default=1.5,
        help="In hours: 1:30 is an hour and a half.",
    )
    stop = fields.Datetime(compute="_compute_stop", store=True, precompute=True)

    # where: the address of a resident is never typed here, it is looked up when it is needed
    place = fields.Selection(
        [
            ("room", "In a room"),
            ("home_a", "At the reporter's home"),
            ("home_b", "At the other party's home"),
            ("phone", "By phone"),
            ("online", "Online"),
            ("elsewhere", "Elsewhere"),
        ],
        compute="_compute_place",
        store=True,
        readonly=False,
        precompute=True,
        help="Only a room is booked; a home shows as such in the calendar, without an address.",
    )
    room_id = fields.Many2one(
        "buurtbemiddeling.room", ondelete="restrict", index="btree_not_null", check_company=True
    )
    location = fields.Char(
        "Where exactly",
        compute="_compute_location",
        store=True,
        readonly=False,
        precompute=True,
        help="Everyone who is invited reads this: write no name of a resident here.",
    )
    where = fields.Char(compute="_compute_where")
    address = fields.Char(compute="_compute_address")

    state = fields.Selection(
        [("planned", "Planned"), ("done", "Held"), ("cancelled", "Cancelled")],
        required=True,
        default="planned",
    )
    can_be_held = fields.Boolean(
        compute="_compute_can_be_held", export_string_translation=False, exportable=False
    )
    outcome = fields.Selection(
        [
            ("agreements", "Agreements made"),
            ("onward", "Goes on to the other party"),
            ("follow_up", "Follow-up talk"),
            ("solved", "Solved"),
            ("no_agreement", "No agreement"),
            ("no_show", "Nobody came or was in"),
            ("stops", "Stops"),
        ],
        "How it ended",
        copy=False,
        help="What came of the talk; the next step follows from it.",
    )
    move_reason = fields.Selection(
        CHANGE_REASONS, "Why moved", copy=False,
        help="Why the talk did not go on as planned; it is counted.",
    )
    cancel_reason = fields.Selection(
        CHANGE_REASONS, "Why cancelled", copy=False,
        help="Why the talk did not go on as planned; it is counted.",
    )
    warning = fields.Text("Take note", compute="_compute_warning")
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

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("kind")
    def _compute_side(self):
        """By the kind of talk; whom people were invited to meet does not change by itself."""
        for talk in self:
            talk.side = talk.side if talk.invited_date else SIDE_OF_KIND.get(talk.kind)

    @api.depends("side", "case_id.party_ids.side")
    def _compute_party_ids(self):
        for talk in self:
            talk.party_ids = talk.case_id.party_ids.filtered(
                lambda party, side=talk.side: side in (party.side, "both")
            )

    @api.depends("start", "duration")
    def _compute_stop(self):
        for meeting in self:
            meeting.stop = meeting.start and meeting.start + timedelta(hours=meeting.duration)

    @api.depends("start", "state")
    def _compute_can_be_held(self):
        for talk in self:
            talk.can_be_held = talk.state == "planned" and talk.start and talk._has_come()

    @api.depends("kind", "room_id", "location")
    def _compute_place(self):
        for talk in self:
            if talk.room_id:
                talk.place = "room"
            elif talk.location:
                talk.place = "elsewhere"
            else:
                talk.place = talk.place if talk.invited_date else PLACE_OF_KIND.get(talk.kind)

    @api.depends("room_id")
    def _compute_location(self):
        for talk in self:
            talk.location = talk.room_id.name or talk.location

    @api.depends("place", "location")
    @api.depends_context("lang")
    def _compute_where(self):
        places = dict(self._fields["place"]._description_selection(self.env))
        for talk in self:
            talk.where = talk.location or places.get(talk.place)

    @api.depends("place", "room_id.address", "case_id.party_ids.address")
    def _compute_address(self):
        for talk in self:
            if talk.place in ("home_a", "home_b"):
                side = talk.place.removeprefix("home_")
                at_home = talk.case_id.party_ids.filtered(lambda p, side=side: p.side == side)
                addresses = dict.fromkeys(filter(None, at_home.mapped("address")))
                talk.address = "; ".join(addresses)
            else:
                talk.address = talk.room_id.address

    @api.depends("case_id.name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for meeting in self:
            meeting.display_name = f"{meeting.case_id.name}: {kinds.get(meeting.kind)}"

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("room_id", "start", "duration", "state")
    def _check_room_is_free(self):
        booked = self.filtered(lambda talk: talk.room_id and talk.state != "cancelled")
        if booked:
            booked.room_id._check_no_double_booking(booked)

    @api.constrains("start", "state")
    def _check_held_in_the_past(self):
        if any(talk.state == "done" and not talk._has_come() for talk in self):
            raise ValidationError(
                self.env._(
                    "A talk that is still to come has not been held. Correct its time first, or"
                    " wait until it was held."
                )
            )

    @api.constrains("start", "case_id")
    def _check_after_registration(self):
        for talk in self:
            if talk._get_local_start().date() < talk.case_id.registration_date:
                raise ValidationError(
                    self.env._(
                        "Case %(case)s was registered on %(date)s and has no talks before that"
                        " day. Correct the date of the talk, or that of registration.",
                        case=talk.case_id.name,
                        date=format_date(self.env, talk.case_id.registration_date),
                    )
                )

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create([self._complete_values(vals) for vals in vals_list])
        meetings._sync_calendar()
        meetings._note_contact()
        return meetings

    def write(self, vals):
        vals = self._complete_values(vals)
        res = super().write(vals)
        if not self.env.context.get("meeting_from_calendar"):
            self._sync_calendar()
        if "state" in vals or "start" in vals:
            self._note_contact()
        return res

    def _check_screen(self, vals):
        """A mediator may note how a talk ended while the coordinator cancels it, or the reverse."""
        for talk in self:
            if vals.get("cancel_reason") and talk.state == "done":
                raise UserError(
                    self.env._(
                        "Meanwhile this talk was noted as held, so it is not cancelled. Close this"
                        " window and look at it. Is that wrong? Then choose “Plan again” first."
                    )
                )
            if vals.get("outcome") and talk.state == "cancelled":
                raise UserError(
                    self.env._(
                        "Meanwhile this talk was cancelled, so it is not noted as held. Close this"
                        " window and look at it. Is that wrong? Then choose “Plan again” first."
                    )
                )
        return super()._check_screen(vals)

    @api.model
    def _complete_values(self, vals):
        """Return values that agree: how it ended says that it was held, and a home has no room."""
        vals = dict(vals)
        if vals.get("outcome"):
            vals.setdefault("state", "done")
        if vals.get("cancel_reason"):
            vals.setdefault("state", "cancelled")
        if "state" in vals and vals["state"] != "done":
            vals["outcome"] = False
        if "state" in vals and vals["state"] != "cancelled":
            vals["cancel_reason"] = False
        if "place" in vals and vals["place"] != "room":
            vals["room_id"] = False
            if vals["place"] != "elsewhere":
                vals["location"] = False
        return vals

    @api.ondelete(at_uninstall=False)
    def _unlink_calendar_entry(self):
        # sudo: as in _sync_calendar
        self.sudo().event_id._without_attendee_mail().unlink()

    def _note_contact(self):
        """A talk that was held is contact with the residents, on its own day; the phase follows."""
        for talk in self.filtered(lambda talk: talk.state == "done"):
            talk.case_id._note_contact(talk._get_local_start().date())
            phase = PHASE_OF_TALK.get(talk.kind, FIRST_WORK)
            talk.case_id._follow_fact(self.env._("A talk was held."), phase)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_open_held(self):
        """Ask how the talk ended."""
        return self._open_dialog("held", self.env._("How did the talk end?"))

    def action_open_move(self):
        """Ask for another time or place."""
        return self._open_dialog("move", self.env._("Move talk"))

    def action_open_cancel(self):
        """Ask at whose request the talk is cancelled."""
        return self._open_dialog("cancel", self.env._("Cancel talk"))

    def action_plan_again(self):
        """A talk that was cancelled, or noted as held by mistake, is planned again."""
        self.state = "planned"

    def _open_dialog(self, name, title):
        self.ensure_one()
        view = self.env.ref(f"buurtbemiddeling_case.buurtbemiddeling_meeting_view_form_{name}")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(view.id, "form")],
            "target": "new",
        }
