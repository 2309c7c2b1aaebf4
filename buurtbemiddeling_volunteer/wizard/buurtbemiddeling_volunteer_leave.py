from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html


class BuurtbemiddelingVolunteerLeave(models.TransientModel):
    """A volunteer leaves: why, until when, what was said, and thank you."""

    _name = "buurtbemiddeling.volunteer.leave"
    _description = "Volunteer Leaves"

    volunteer_id = fields.Many2one("buurtbemiddeling.volunteer", required=True)
    email = fields.Char(related="volunteer_id.email", related_sudo=False)
    reason_id = fields.Many2one("buurtbemiddeling.leave.reason", "Reason of leaving", required=True)
    date_end = fields.Date("Last day", required=True, default=fields.Date.context_today)
    note = fields.Text("Exit talk", help="For coordinators only.")
    thanks = fields.Text("Thank-you message", help="Goes to the volunteer by e-mail.")

    def action_leave(self):
        """Let the volunteer leave, and keep what was said as an exit talk.

        :raise UserError: when the last day is not possible, there is no address to thank, or a
            case is still running
        """
        self.ensure_one()
        volunteer = self.volunteer_id
        self._check_last_day()
        if self.thanks and not volunteer.partner_id._filtered_mailable():
            raise UserError(
                self.env._(
                    "%s has no e-mail address, or wants no mail, so the thank-you message can not"
                    " be sent. Empty it, and write a letter.",
                    volunteer.name,
                )
            )
        left = self.env["buurtbemiddeling.volunteer.stage"].search(
            [("is_left", "=", True)], limit=1
        )
        volunteer.write(
            {"stage_id": left.id, "date_end": self.date_end, "leave_reason_id": self.reason_id.id}
        )
        if self.note:
            self.env["buurtbemiddeling.volunteer.talk"].create(
                {
                    "volunteer_id": volunteer.id,
                    "kind": "exit",
                    "date": self.date_end,
                    "note": self.note,
                }
            )
        if self.thanks:
            volunteer.message_post(
                body=plaintext2html(self.thanks),
                subject=self.env._("Thank you"),
                partner_ids=volunteer.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_last_day(self):
        if self.date_end > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "The last day can not be in the future. Note it when the day is there; until"
                    " then, a break or a lower number of cases keeps new cases away."
                )
            )
        first = self.volunteer_id.date_start
        if first and self.date_end < first:
            raise UserError(
                self.env._(
                    "%(volunteer)s is a volunteer since %(date)s and can not leave before that."
                    " Choose a later last day.",
                    volunteer=self.volunteer_id.name,
                    date=format_date(self.env, first),
                )
            )
