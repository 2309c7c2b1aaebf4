from odoo import api, fields, models


class BuurtbemiddelingProjectPlanMixin(models.AbstractModel):
    """The plans of action of a project, and which one counts today."""

    _name = "buurtbemiddeling.project.plan.mixin"
    _description = "Plan of a Project"

    plan_ids = fields.One2many("buurtbemiddeling.plan", "project_id", "Plans")
    plan_id = fields.Many2one(
        "buurtbemiddeling.plan",
        "Current plan",
        compute="_compute_plan_id",
        help="The approved plan of today, else the plan that is being made, else the last one.",
    )
    plan_text = fields.Char("How the plan stands", compute="_compute_plan_id")

    @api.depends("plan_ids.state", "plan_ids.date_start", "plan_ids.date_end")
    @api.depends_context("lang", "tz")
    def _compute_plan_id(self):
        today = fields.Date.context_today(self)
        states = dict(self.plan_ids._fields["state"]._description_selection(self.env))
        for project in self:
            approved = project.plan_ids.filtered(lambda plan: plan.state == "approved")
            running = approved.filtered(
                lambda plan: plan.date_start <= today <= plan.date_end,
            )
            making = project.plan_ids.filtered(lambda plan: plan.state in ("draft", "submitted"))
            plan = (running or making or approved)[:1]
            project.plan_id = plan
            project.plan_text = states[plan.state] if plan else self.env._("To be made")

    def action_open_plan(self):
        """Open the current plan of the project, or a new one when there is none."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_plan_action"
        )
        return {
            **action,
            "res_id": self.plan_id.id,
            "views": [(False, "form")],
            "view_mode": "form",
            "context": {"default_project_id": self.id},
        }
