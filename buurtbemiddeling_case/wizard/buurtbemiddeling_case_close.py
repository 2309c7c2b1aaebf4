from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BuurtbemiddelingCaseClose(models.TransientModel):
    """Close cases with their result."""

    _name = "buurtbemiddeling.case.close"
    _description = "Close Case"

    case_ids = fields.Many2many("buurtbemiddeling.case", required=True)
    outcome_id = fields.Many2one("buurtbemiddeling.outcome", "Result", required=True)
    intervention_id = fields.Many2one("buurtbemiddeling.intervention", "Form of help")
    close_date = fields.Date("Closed on", required=True, default=fields.Date.context_today)

    def action_close(self):
        """Move the cases to the closed phase with result and date; form of help only if given.

        :raise UserError: when the closing date lies in the future or before the registration
        """
        self.ensure_one()
        if self.close_date > fields.Date.context_today(self):
            raise UserError(
                self.env._("A case can not be closed in the future. Choose today or earlier.")
            )
        early = self.case_ids.filtered(lambda case: case.registration_date > self.close_date)
        if early:
            raise UserError(
                self.env._(
                    "Case %(cases)s was registered after %(date)s. Correct the closing date, or"
                    " the date of registration on the case.",
                    cases=", ".join(early.mapped("name")),
                    date=format_date(self.env, self.close_date),
                )
            )
        values = {
            "stage_id": self.case_ids._get_closed_stage().id,
            "outcome_id": self.outcome_id.id,
            "close_date": self.close_date,
        }
        if self.intervention_id:
            values["intervention_id"] = self.intervention_id.id
        self.case_ids.write(values)
        return {"type": "ir.actions.act_window_close"}
