from odoo import fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingCaseHelpMixin(models.AbstractModel):
    """The help given in a case: its usual steps, and coaching beside it."""

    _name = "buurtbemiddeling.case.help.mixin"
    _description = "Help Given in a Case"

    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention", "Form of help", ondelete="restrict"
    )
    help_plan_id = fields.Many2one(
        related="intervention_id.plan_id", string="Plan of the form of help"
    )
    coaching_ids = fields.One2many("buurtbemiddeling.coaching", "case_id")

    def action_plan_steps(self):
        """Open Odoo's own wizard with the activity plan of the form of help chosen.

        :raise UserError: when the form of help has no plan
        """
        self.ensure_one()
        if not self.help_plan_id:
            raise UserError(
                self.env._("Choose a form of help that has a plan, and then plan its steps.")
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the steps"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "plan_mode": True,
                "default_plan_id": self.help_plan_id.id,
            },
        }

    def action_start_coaching(self):
        """Open a new coaching for a resident of this case; the case itself stays as it is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Start coaching"),
            "res_model": "buurtbemiddeling.coaching",
            "view_mode": "form",
            "target": "new",
            "context": {"default_case_id": self.id},
        }
