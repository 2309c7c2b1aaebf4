from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_feedback import FEEDBACK_KINDS


class BuurtbemiddelingCaseFeedback(models.TransientModel):
    """Tell referrers about their cases, one or many: by mail, on paper, or by phone.

    It shows what each will be told, word for word, and what is in the way. What was told already is
    not told again, so a button may be pressed twice.
    """

    _name = "buurtbemiddeling.case.feedback"
    _description = "Tell Referrers"

    kind = fields.Selection(FEEDBACK_KINDS, required=True, default="ended")
    line_ids = fields.One2many("buurtbemiddeling.case.feedback.line", "wizard_id", "Cases")
    is_told = fields.Boolean(compute="_compute_is_told")

    @api.depends("line_ids.is_told")
    def _compute_is_told(self):
        for wizard in self:
            wizard.is_told = all(wizard.line_ids.mapped("is_told"))

    def action_mail(self):
        """Mail the referrers: their contact person, or else the organisation."""
        return self._tell("mail")

    def action_letter(self):
        """Print a letter for each referrer."""
        return self._tell("letter")

    def action_phone(self):
        """Note that the referrers were told this by phone."""
        return self._tell("phone")

    def _tell(self, mode):
        """Tell the referrers of all cases that can be told, and show what is left and why.

        :raise UserError: when none of them can be told, with the reasons
        """
        self.ensure_one()
        left = self.line_ids.filtered(lambda line: not line.is_told).case_id
        mailable = left._get_mailable_referrers()
        obstacles = {case: case._get_feedback_obstacle(self.kind, mode, mailable) for case in left}
        ready = left.filtered(lambda case: not obstacles[case])
        if left and not ready:
            raise UserError(
                "\n".join(f"{case.name}: {obstacle}" for case, obstacle in obstacles.items())
            )
        rows = ready._tell_referrer(self.kind, mode)
        if mode == "letter" and rows:
            return {**rows.action_print(), "close_on_report_download": ready == left}
        if ready == left:
            return {"type": "ir.actions.act_window_close"}
        return self._get_action()

    def _get_action(self):
        """Return the action that shows this wizard, again as the cases are now."""
        titles = {
            "received": self.env._("Confirm receipt to the referrer"),
            "ended": self.env._("Tell the referrer"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[self.kind],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
