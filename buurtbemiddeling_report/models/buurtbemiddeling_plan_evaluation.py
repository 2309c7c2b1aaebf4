from odoo import api, fields, models


class BuurtbemiddelingPlanEvaluation(models.Model):
    """A day on which is looked at how a part of the plan goes."""

    _name = "buurtbemiddeling.plan.evaluation"
    _description = "Evaluation Moment"
    _inherit = ["buurtbemiddeling.plan.part.mixin", "buurtbemiddeling.care.mixin"]
    _order = "date, id"

    _later_fields = frozenset({"is_done", "finding", "user_id"})

    date = fields.Date(required=True)
    name = fields.Char("What is evaluated", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=lambda self: self._get_responsible_domain(),
        index=True,
    )
    is_done = fields.Boolean(
        "Done",
        help="The evaluation took place.",
    )
    finding = fields.Text("What came out")

    # whoever reads figures only looks after nothing
    care = fields.Selection(groups="buurtbemiddeling_case.group_user")
    attention_ids = fields.Many2many(groups="buurtbemiddeling_case.group_user")

    @api.constrains("date", "plan_id")
    def _check_period(self):
        self.plan_id._check_parts_inside()

    def action_done(self):
        """Say that these evaluations were done."""
        self.write({"is_done": True})
