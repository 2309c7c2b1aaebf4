"""Stands in for the part that adds these fields; goes when that part is there."""

from odoo import api, fields, models


class BuurtbemiddelingBenchmark(models.Model):
    _inherit = "buurtbemiddeling.benchmark"

    state = fields.Selection([("draft", "Concept"), ("frozen", "Frozen")], default="draft")
    version = fields.Integer(default=1)


class BuurtbemiddelingBenchmarkLine(models.Model):
    _inherit = "buurtbemiddeling.benchmark.line"

    indicator_version = fields.Integer(
        compute="_compute_indicator_version", store=True, precompute=True
    )

    @api.depends("indicator_id")
    def _compute_indicator_version(self):
        for line in self:
            line.indicator_version = line.indicator_id.version
