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

    @api.depends("kind")
    def _compute_unit(self):
        units = {"count": "cases", "share": "percent", "percentile": "days"}
        for indicator in self:
            indicator.unit = units[indicator.kind]
