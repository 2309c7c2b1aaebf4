from odoo import fields, models


class BuurtbemiddelingPlanGoal(models.Model):
    """What a project wants to reach, with the result it intends and the targets that show it."""

    _name = "buurtbemiddeling.plan.goal"
    _description = "Goal of a Plan"
    _inherit = ["buurtbemiddeling.plan.part.mixin"]
    _check_company_auto = True

    name = fields.Char("Goal", required=True)
    result = fields.Text(
        "Intended result", help="What is there when the goal is reached, so that it can be seen."
    )
    target_ids = fields.Many2many(
        "buurtbemiddeling.target",
        "buurtbemiddeling_plan_goal_target_rel",
        "goal_id",
        "target_id",
        string="Seen from",
        check_company=True,
        help="The targets (ijkpunten) that show whether the goal is reached.",
    )
