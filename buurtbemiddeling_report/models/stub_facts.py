"""Stands in for the part that adds these fields; goes when that part is there."""

from odoo import api, fields, models


class BuurtbemiddelingIndicator(models.Model):
    _inherit = "buurtbemiddeling.indicator"

    unit = fields.Selection(
        [
            ("cases", "Cases"),
            ("persons", "Persons"),
            ("hours", "Hours"),
            ("days", "Days"),
            ("percent", "Percent"),
            ("ratio", "Ratio"),
            ("per_10000", "Per 10,000 inhabitants"),
        ],
        compute="_compute_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    version = fields.Integer(default=1)
    source = fields.Selection([("case", "Cases")], default="case")

    @api.depends("kind")
    def _compute_unit(self):
        units = {"count": "cases", "share": "percent", "percentile": "days"}
        for indicator in self:
            indicator.unit = units[indicator.kind]


class BuurtbemiddelingDimension(models.Model):
    _inherit = "buurtbemiddeling.dimension"

    @api.model
    def _get_fact(self, name):
        return self.env["buurtbemiddeling.case.report"]._fields[name]

    @api.model
    def _get_possible_facts(self, source=None):
        return super()._get_possible_facts()


class BuurtbemiddelingBenchmark(models.Model):
    _inherit = "buurtbemiddeling.benchmark"

    remarks = fields.Text("About these figures", store=False)
