from odoo import models


class BuurtbemiddelingBenchmarkHeading(models.Model):
    """A heading of the national benchmark under which local nuisance codes are counted."""

    _name = "buurtbemiddeling.benchmark.heading"
    _description = "Benchmark Heading"
    _inherit = ["buurtbemiddeling.code.mixin"]
