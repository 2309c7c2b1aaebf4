from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BuurtbemiddelingSteeringMeetingAgendaMixin(models.AbstractModel):
    """The agenda of a steering group meeting: from a standard agenda, printed, mailed."""

    _name = "buurtbemiddeling.steering.meeting.agenda.mixin"
    _description = "Agenda of a Steering Group Meeting"

    agenda_id = fields.Many2one(
        "buurtbemiddeling.steering.agenda",
        "Standard agenda",
        ondelete="set null",
        check_company=True,
        default=lambda self: self._get_default_agenda(),
    )
    item_ids = fields.One2many("buurtbemiddeling.steering.item", "meeting_id", "Agenda", copy=False)
    open_action_ids = fields.Many2many(
        "buurtbemiddeling.steering.decision",
        string="Open actions of earlier meetings",
        compute="_compute_open_action_ids",
    )

    @api.model
    def _get_default_agenda(self):
        return self.env["buurtbemiddeling.steering.agenda"].search(
            Domain("company_id", "in", (False, self.env.company.id)),
            order="company_id, sequence, id",  # an own one goes before those of all
            limit=1,
        )

    @api.depends("project_id", "start")
    def _compute_open_action_ids(self):
        """What was agreed earlier, and was not closed yet on the day of this meeting."""
        actions = self.env["buurtbemiddeling.steering.decision"].search(
            [("project_id", "in", self.project_id.ids), ("kind", "=", "action")],
            order="date_due, id",
        )
        for meeting in self:
            day = meeting.start and meeting._get_local_start().date()
            meeting.open_action_ids = actions.filtered(
                lambda action, it=meeting, day=day: (
                    day
                    and action.project_id == it.project_id
                    and action.meeting_id.start < it.start
                    and (not action.date_closed or action.date_closed >= day)
                )
            )

    def _fill_agenda(self):
        """Copy the standard agenda to the meetings that have no items yet.

        In the language of the organisation: it is printed.
        """
        for meeting in self.filtered(lambda meeting: meeting.agenda_id and not meeting.item_ids):
            spoken = meeting._in_language()
            meeting.item_ids = [
                fields.Command.create(
                    {
                        "sequence": item.sequence,
                        "name": item.name,
                        "kind": item.kind,
                        "description": item.description,
                    }
                )
                for item in spoken.agenda_id.item_ids
            ]

    def action_fill_agenda(self):
        """Fill an agenda that is empty from the standard agenda that was chosen."""
        if not self.agenda_id:
            raise UserError(self.env._("Choose a standard agenda first."))
        self._fill_agenda()

    def _get_item_actions(self, item):
        """Return the open actions that the agenda shows below an item."""
        return self.open_action_ids if item.kind == "actions" else self.open_action_ids.browse()

    # ------------------------------------------------------------
    # ON PAPER, BY MAIL
    # ------------------------------------------------------------

    def action_print_agenda(self):
        """Print the agenda."""
        return self._print("action_report_steering_agenda")

    def action_print_minutes(self):
        """Print the minutes; until they are shared the page says that they are a concept."""
        return self._print("action_report_steering_minutes")

    def _print(self, name):
        self.check_access("read")
        report = self.env.ref(f"buurtbemiddeling_case.{name}")
        return report.report_action(self, config=False)

    def _get_file_name(self, kind):
        """Return the name of the file, without what a file name can not hold.

        :param kind: agenda or minutes
        """
        spoken = self._in_language()
        title = {"agenda": spoken.env._("Agenda"), "minutes": spoken.env._("Minutes")}[kind]
        day = f"{self._get_local_start():%Y-%m-%d}"
        return f"{title} {self.name} {day}".replace("/", "-")

    def action_invite(self):
        """Write the invitation, with the agenda as a file, to who is asked to the meeting.

        :raise UserError: when nobody is asked, when it is not planned, or when somebody has no
            e-mail address
        """
        self.ensure_one()
        if self.state != "planned" or not self.attendance_ids:
            raise UserError(
                self.env._(
                    "People are invited to a meeting that is planned. Put them on the list first."
                )
            )
        unreachable = self.attendance_ids.partner_id.filtered(lambda partner: not partner.email)
        if unreachable:
            raise UserError(
                self.env._(
                    "No e-mail address of: %s. Fill it in on the contact, or take this person off"
                    " the list and phone.",
                    ", ".join(unreachable.mapped("name")),
                )
            )
        return self._open_composer("mail_template_steering_invitation")

    def action_send_minutes(self):
        """Write to who was asked to the meeting, with the minutes as a file.

        :raise UserError: when they are not shared yet
        """
        self.ensure_one()
        if self.state != "minuted":
            raise UserError(self.env._("Share the minutes first; then they can be sent."))
        return self._open_composer("mail_template_steering_minutes")

    def _open_composer(self, name):
        template = self.env.ref(f"buurtbemiddeling_case.{name}", raise_if_not_found=False)
        if not template:
            raise UserError(
                self.env._(
                    "The mail template was deleted. Ask the administrator to update the module:"
                    " then it comes back."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": template.name,
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id,
                "default_email_layout_xmlid": "buurtbemiddeling_case.letter_mail_layout",
                "steering_invitation": name == "mail_template_steering_invitation",
            },
        }

    def message_post(self, **kwargs):
        """Note when the agenda was sent."""
        message = super().message_post(**kwargs)
        if self.env.context.get("steering_invitation") and message.partner_ids:
            self._write_step({"invited_on": fields.Datetime.now()})
        return message
