"""Stands in for the part that adds these fields; goes when that part is there."""

from odoo import fields, models


class BuurtbemiddelingBenchmark(models.Model):
    _inherit = "buurtbemiddeling.benchmark"

    state = fields.Selection([("draft", "Concept"), ("frozen", "Frozen")], default="draft")
    frozen_on = fields.Datetime()
    version = fields.Integer(default=1)


class BuurtbemiddelingBenchmarkLine(models.Model):
    _inherit = "buurtbemiddeling.benchmark.line"

    name = fields.Char("Figure name", related="indicator_id.name")
    indicator_version = fields.Integer(related="indicator_id.version")
