from odoo import api, fields, models


class BuurtbemiddelingPlanPartMixin(models.AbstractModel):
    """A part of a plan: a goal, an activity, a phase, an evaluation moment, a chapter."""

    _name = "buurtbemiddeling.plan.part.mixin"
    _description = "Part of a Plan"
    _inherit = ["buurtbemiddeling.document.part.mixin"]
    _order = "sequence, id"

    _document = "plan_id"

    plan_id = fields.Many2one(
        "buurtbemiddeling.plan", required=True, ondelete="cascade", index=True
    )
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan")
    project_id = fields.Many2one(
        related="plan_id.project_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)

    @api.model
    def _get_responsible_domain(self):
        """Return who may be responsible for a part of a plan: coordinators."""
        group = self.env.ref("buurtbemiddeling_case.group_user")
        return [("share", "=", False), ("all_group_ids", "in", group.ids)]
