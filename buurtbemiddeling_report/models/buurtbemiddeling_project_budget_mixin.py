from odoo import fields, models

from .buurtbemiddeling_budget import OUTLOOKS


class BuurtbemiddelingProjectBudgetMixin(models.AbstractModel):
    """The money of a project: its budgets, and how that of this year stands."""

    _name = "buurtbemiddeling.project.budget.mixin"
    _description = "Budget of a Project"

    budget_ids = fields.One2many("buurtbemiddeling.budget", "project_id", "Budgets")
    budget_id = fields.Many2one(
        "buurtbemiddeling.budget", "Budget of this year", compute="_compute_budget_id"
    )
    budget_used = fields.Float("Used of the budget", compute="_compute_budget_id")
    budget_outlook = fields.Selection(OUTLOOKS, compute="_compute_budget_id")

    def _compute_budget_id(self):
        year = fields.Date.context_today(self).year
        budgets = self.env["buurtbemiddeling.budget"].search(
            [("project_id", "in", self.ids), ("year", "=", year)]
        )
        of_project = {budget.project_id: budget for budget in budgets}
        for project in self:
            project.budget_id = of_project.get(project._origin)
            project.budget_used = project.budget_id.used
            project.budget_outlook = project.budget_id.outlook

    def action_open_budget(self):
        """Open the budget of this year, or make it."""
        self.ensure_one()
        if self.budget_id:
            return self.budget_id._get_form_action()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New budget"),
            "res_model": "buurtbemiddeling.budget",
            "views": [(False, "form")],
            "context": {"default_project_id": self.id},
        }
