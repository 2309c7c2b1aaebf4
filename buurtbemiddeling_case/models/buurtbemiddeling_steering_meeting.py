from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, format_time

STATES = [
    ("planned", "Planned"),
    ("held", "Held"),
    ("minuted", "Minuted"),
    ("cancelled", "Cancelled"),
]
DEFAULT_HOURS = 2
#: What the entry in the calendar follows.
IN_CALENDAR = {"name", "project_id", "user_id", "start", "stop", "room_id", "location", "state"}


class BuurtbemiddelingSteeringMeeting(models.Model):
    """A meeting of the steering group of a project: agenda, who came, minutes, decisions, actions.

    Planned, held, and minuted: then the minutes are shared, and change only after the button
    Reopen. The next meeting approves them. Its thread reaches who is asked to the meeting and the
    coordinators.
    """

    _name = "buurtbemiddeling.steering.meeting"
    _description = "Steering Group Meeting"
    _inherit = [
        "buurtbemiddeling.steering.meeting.calendar.mixin",
        "buurtbemiddeling.steering.meeting.agenda.mixin",
        "buurtbemiddeling.thread.mixin",
    ]
    _order = "start desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        "Title", compute="_compute_name", store=True, readonly=False, precompute=True, required=True
    )
    project_id = fields.Many2one(
        "buurtbemiddeling.project", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Coordinator",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    start = fields.Datetime("Begins", required=True, index=True)
    stop = fields.Datetime(
        "Ends", compute="_compute_stop", store=True, readonly=False, precompute=True, required=True
    )
    room_id = fields.Many2one(
        "buurtbemiddeling.room", ondelete="restrict", index="btree_not_null", check_company=True
    )
    location = fields.Char(
        "Place", compute="_compute_location", store=True, readonly=False, precompute=True
    )
    state = fields.Selection(
        STATES, required=True, default="planned", copy=False, tracking=True, index=True
    )
    attendance_ids = fields.One2many(
        "buurtbemiddeling.steering.attendance", "meeting_id", copy=False
    )
    decision_ids = fields.One2many(
        "buurtbemiddeling.steering.decision", "meeting_id", "Decisions and actions", copy=False
    )
    # searching them would tell who only reads the minutes what coordinators write to each other
    message_ids = fields.One2many(groups="buurtbemiddeling_case.group_user")
    previous_id = fields.Many2one(
        "buurtbemiddeling.steering.meeting", "Previous meeting", compute="_compute_previous_id"
    )
    can_approve_previous = fields.Boolean(
        compute="_compute_previous_id", export_string_translation=False, exportable=False
    )
    approved_in_id = fields.Many2one(
        "buurtbemiddeling.steering.meeting",
        "Minutes approved in",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The meeting that approved the minutes of this one.",
    )
    invited_on = fields.Datetime("Agenda sent on", readonly=True, copy=False)

    _ends_after_start = models.Constraint(
        "CHECK(stop > start)", "The meeting ends before it starts. Correct one of the two times."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("project_id")
    def _compute_name(self):
        for meeting in self:
            meeting.name = meeting._in_language().env._(
                "Steering group %s", meeting.project_id.name or ""
            )

    @api.depends("start")
    def _compute_stop(self):
        """Two hours, or as long as it was when it moves."""
        for meeting in self:
            if meeting.start and (not meeting.stop or meeting.stop <= meeting.start):
                meeting.stop = meeting.start + timedelta(hours=DEFAULT_HOURS)

    @api.depends("room_id")
    def _compute_location(self):
        for meeting in self:
            room = meeting.room_id
            meeting.location = (
                ", ".join(filter(None, (room.name, room.address))) or meeting.location
            )

    @api.depends("project_id", "start", "state")
    def _compute_previous_id(self):
        held = self.search(
            [("project_id", "in", self.project_id.ids), ("state", "in", ("held", "minuted"))]
        )
        by_project = held.grouped("project_id")
        for meeting in self:
            meeting.previous_id = by_project.get(meeting.project_id, held.browse()).filtered(
                lambda other, it=meeting: it.start and other.start < it.start
            )[:1]
            meeting.can_approve_previous = (
                meeting.state == "held"
                and meeting.previous_id.state == "minuted"
                and not meeting.previous_id.approved_in_id
            )

    @api.depends("name", "start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for meeting in self:
            day = meeting.start and format_date(self.env, meeting._get_local_start())
            meeting.display_name = ", ".join(filter(None, (meeting.name, day)))

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("start", "stop", "project_id", "state")
    def _check_one_at_a_time(self):
        booked = self.filtered(lambda meeting: meeting.state != "cancelled")
        if not booked:
            return
        others = self.search(
            Domain("project_id", "in", booked.project_id.ids)
            & Domain("state", "!=", "cancelled")
            & Domain("start", "<", max(booked.mapped("stop")))
            & Domain("stop", ">", min(booked.mapped("start")))
        )
        for meeting in booked:
            for other in others - meeting:
                if (
                    other.project_id == meeting.project_id
                    and other.start < meeting.stop
                    and other.stop > meeting.start
                ):
                    raise ValidationError(
                        self.env._(
                            "The steering group of %(project)s meets at that time already, from"
                            " %(start)s to %(stop)s. Choose another time, or change that meeting.",
                            project=meeting.project_id.name,
                            start=other._get_time_text(other.start),
                            stop=other._get_time_text(other.stop),
                        )
                    )

    @api.constrains("start", "state")
    def _check_held_in_the_past(self):
        for meeting in self:
            if meeting.state in ("held", "minuted") and not meeting._has_come():
                raise ValidationError(
                    self.env._(
                        "“%s” is still to come. Note that it was held on the day itself or later.",
                        meeting.display_name,
                    )
                )

    @api.constrains("state")
    def _check_decisions_were_taken(self):
        for meeting in self:
            if meeting.state in ("planned", "cancelled") and meeting.decision_ids:
                raise ValidationError(
                    self.env._(
                        "Decisions or actions of “%s” were noted, so it was held. Delete them"
                        " first, if that was a mistake.",
                        meeting.display_name,
                    )
                )

    @api.constrains("room_id", "start", "stop", "state")
    def _check_room_is_free(self):
        booked = self.filtered(lambda meeting: meeting.room_id and meeting.state != "cancelled")
        if booked:
            booked.room_id._check_no_double_booking(booked)

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A new meeting asks the members of that day, and has the standard agenda."""
        meetings = super().create(vals_list)
        meetings._ask_members()
        meetings._fill_agenda()
        meetings._sync_calendar()
        return meetings

    def write(self, vals):
        """Refuse any change once it is minuted; approving and reopening go past this."""
        self._check_not_minuted()
        res = super().write(vals)
        if IN_CALENDAR & vals.keys() and not self.env.context.get("meeting_from_calendar"):
            self._sync_calendar()
        return res

    def _write_step(self, vals):
        """Write what only our own steps write: past the guard, and past no other."""
        return super().write(vals)  # pylint: disable=super-method-mismatch

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        kept = self.filtered(lambda meeting: meeting.state in ("held", "minuted"))
        if kept:
            raise UserError(
                self.env._(
                    "“%s” was held and stays, with its minutes and decisions.",
                    kept[0].display_name,
                )
            )
        self._remove_from_calendar()

    def _check_not_minuted(self):
        """:raise UserError: when the minutes of one of these are shared"""
        minuted = self.filtered(lambda meeting: meeting.state == "minuted")
        if minuted:
            raise UserError(
                self.env._(
                    "The minutes of “%s” are shared and do not change silently. Choose Reopen"
                    " first; that is noted below the meeting.",
                    minuted[0].display_name,
                )
            )

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _ask_members(self):
        """Put the members of the day on the list, where there is no list yet."""
        members = self.env["buurtbemiddeling.steering.member"]
        for meeting in self.filtered(lambda meeting: not meeting.attendance_ids):
            day = meeting._get_local_start().date()
            asked = members.search(
                Domain("project_id", "=", meeting.project_id.id) & members._get_domain_on(day)
            )
            meeting.attendance_ids = [
                fields.Command.create(
                    {
                        "partner_id": member.partner_id.id,
                        "role": member.role,
                        "organisation": member.organisation,
                        "sequence": number,
                    }
                )
                for number, member in enumerate(asked, start=1)
            ]

    def _get_addressable_residents(self):
        """Who is asked to the meeting: ordinary contacts, none of them a resident of a case."""
        # sudo: the flag is not for everyone to read; it only decides who may be written to
        return self.attendance_ids.partner_id.filtered(
            lambda contact: not contact.sudo().is_confidential
        )

    def _check_recipients(self, refused, loose_addresses=False):
        """Raise ``UserError`` when there is someone who is not asked to this meeting."""
        if refused:
            raise UserError(
                self.env._(
                    "From this page you can only write to who is on the list of the meeting, and"
                    " to colleagues of buurtbemiddeling. Put %s on the list first.",
                    ", ".join(self.env["res.partner"].browse(refused).mapped("name")),
                )
            )
        return super()._check_recipients(refused, loose_addresses)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is written on the page is for coordinators: reading the meeting is not enough."""
        return dict.fromkeys(self, "write")

    # ------------------------------------------------------------
    # TIME AND LANGUAGE
    # ------------------------------------------------------------

    def _get_time_text(self, moment):
        return format_time(self.env, moment, self._get_tz(), "short")

    def _get_when_text(self):
        """Return when it is as people write it: "Tuesday 9 March 2027, 14:00 – 16:00"."""
        self.ensure_one()
        day = format_date(self.env, self._get_local_start(), date_format="EEEE d MMMM y")
        times = (self._get_time_text(moment) for moment in (self.start, self.stop))
        return f"{day}, {' – '.join(times)}"

    def _in_language(self):
        """Return these meetings in the language of the organisation, in which they are printed."""
        return self.with_context(lang=self.company_id[:1].partner_id.lang or self.env.lang)

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_held(self):
        """The meeting took place: from now on there can be decisions and minutes."""
        self.filtered(lambda meeting: meeting.state == "planned").state = "held"

    def action_cancel(self):
        """The meeting does not take place; it leaves the calendar."""
        self.filtered(lambda meeting: meeting.state == "planned").state = "cancelled"

    def action_plan(self):
        """Plan a meeting again that was cancelled, or noted as held by mistake."""
        self.state = "planned"

    def action_minute(self):
        """Share the minutes: nobody changes them silently any more.

        :raise UserError: when it was not held, or when no minutes were written
        """
        for meeting in self:
            meeting._check_can_share()
            meeting._write_step({"state": "minuted"})

    def _check_can_share(self):
        if self.state != "held":
            raise UserError(
                self.env._("“%s” has not been held, or has its minutes already.", self.display_name)
            )
        if not any(self.item_ids.mapped("text")) and not self.decision_ids:
            raise UserError(
                self.env._(
                    "There are no minutes yet. Write down what was said at the items of the"
                    " agenda, or what was decided."
                )
            )
        if "invited" in self.attendance_ids.mapped("state"):
            raise UserError(
                self.env._("Note of everyone on the list whether they were there, first.")
            )

    def action_reopen(self):
        """Take the minutes back to correct them; that is noted below, with who did it."""
        for meeting in self.filtered(lambda meeting: meeting.state == "minuted"):
            meeting._write_step({"state": "held", "approved_in_id": False})
            meeting.message_post(
                body=self.env._("The minutes were reopened to correct them."),
                subtype_xmlid="mail.mt_note",
            )

    def action_approve_previous(self):
        """This meeting approves the minutes of the one before.

        :raise UserError: when either was not held, those minutes are not shared, or were approved
        """
        self.ensure_one()
        previous = self.previous_id
        if self.state != "held" or previous.state != "minuted" or previous.approved_in_id:
            raise UserError(
                self.env._(
                    "Minutes are approved at a later meeting that was held, and after they were"
                    " shared. Share those of the previous meeting first."
                )
            )
        previous._write_step({"approved_in_id": self.id})

    def action_open_calendar_entry(self):
        """Open the entry in the calendar."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "calendar.event",
            "res_id": self.event_id.id,
            "views": [(False, "form")],
        }
