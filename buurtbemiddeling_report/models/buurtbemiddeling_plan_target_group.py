from odoo import fields, models


class BuurtbemiddelingPlanTargetGroup(models.Model):
    """Whom a project is for, as a list: shared, or of one organisation."""

    _name = "buurtbemiddeling.plan.target.group"
    _description = "Target Group"
    _inherit = ["buurtbemiddeling.code.mixin"]

    description = fields.Text(translate=True, help="Printed in the plan.")
    company_id = fields.Many2one(
        "res.company",
        "Only for",
        index="btree_not_null",
        help="Empty: for all organisations.",
    )
