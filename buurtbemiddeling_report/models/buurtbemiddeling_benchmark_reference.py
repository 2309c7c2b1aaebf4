from odoo import fields, models


class BuurtbemiddelingBenchmarkReference(models.Model):
    """A published national figure of one year, with its source."""

    _name = "buurtbemiddeling.benchmark.reference"
    _description = "National Figure"
    _order = "year desc, indicator_code, id"
    _rec_name = "indicator_code"

    year = fields.Integer(required=True, index=True, aggregator=None)
    indicator_code = fields.Char("Figure code", required=True)
    value = fields.Float(
        required=True, digits=(16, 4), aggregator=None, help="A count, or a fraction of the base."
    )
    approximate = fields.Boolean(help="Published as “about”, “more than” or a round number.")
    source = fields.Char(required=True)

    _year_indicator_source_uniq = models.Constraint(
        "UNIQUE(year, indicator_code, source)",
        "This source has a figure for this year already.",
    )
