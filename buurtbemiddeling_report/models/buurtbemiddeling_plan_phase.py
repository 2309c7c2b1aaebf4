from odoo import api, fields, models


class BuurtbemiddelingPlanPhase(models.Model):
    """A part of the time of a plan, in which some work comes first."""

    _name = "buurtbemiddeling.plan.phase"
    _description = "Phase of a Plan"
    _inherit = ["buurtbemiddeling.plan.part.mixin"]
    _order = "date_start, id"

    name = fields.Char("Phase", required=True)
    date_start = fields.Date("From", required=True)
    date_end = fields.Date("Until", required=True)
    description = fields.Text("What happens then")

    _dates_in_order = models.Constraint(
        "CHECK(date_end >= date_start)",
        "A phase ends before it starts. Correct one of the two dates.",
    )

    @api.constrains("date_start", "date_end", "plan_id")
    def _check_period(self):
        self.plan_id._check_parts_inside()
