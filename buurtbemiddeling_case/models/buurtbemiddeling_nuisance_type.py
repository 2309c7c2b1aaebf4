from odoo import fields, models


class BuurtbemiddelingNuisanceType(models.Model):
    """What the quarrel is about, in the organisation's own codes.

    Each code is counted under one heading of the national benchmark.
    """

    _name = "buurtbemiddeling.nuisance.type"
    _description = "Nuisance Type"
    _inherit = ["buurtbemiddeling.code.mixin"]

    benchmark_heading_id = fields.Many2one(
        "buurtbemiddeling.benchmark.heading",
        ondelete="restrict",
        index="btree_not_null",
        help="Heading of the national benchmark under which this nuisance is counted.",
    )
