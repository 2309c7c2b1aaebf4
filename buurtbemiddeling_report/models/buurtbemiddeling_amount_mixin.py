from odoo import api, fields, models

#: How many times the stored value a person reads and types: 70 for 0.7 in percent.
SCALES = {"percent": 100, "per_10000": 10000}


class BuurtbemiddelingAmountMixin(models.AbstractModel):
    """A value of a figure that people type in its own unit: 70 for 70 %, not 0.7.

    ``value`` is as in the lines of a benchmark: a count, days, or a fraction. The model that
    inherits this has the ``unit``, as of an indicator.
    """

    _name = "buurtbemiddeling.amount.mixin"
    _description = "Value in its own Unit"

    value = fields.Float(
        "Raw value",
        required=True,
        default=0.0,
        digits=(16, 8),
        aggregator=None,
        help="A count, days, or a fraction: 0.7 is 70 percent.",
    )
    amount = fields.Float(
        compute="_compute_amount",
        inverse="_inverse_amount",
        aggregator=None,
        help="In the unit next to it: type 70 for 70 percent.",
    )
    value_text = fields.Char("Value", compute="_compute_value_text")

    @api.depends("value", "unit")
    def _compute_amount(self):
        for record in self:
            record.amount = record.value * SCALES.get(record.unit, 1)

    def _inverse_amount(self):
        for record in self:
            record.value = record.amount / SCALES.get(record.unit, 1)

    @api.depends("value", "unit")
    @api.depends_context("lang")
    def _compute_value_text(self):
        for record in self:
            record.value_text = record._format_amount(record.value)

    def _format_amount(self, value):
        """Return a value as people read it, in the unit of this record."""
        raise NotImplementedError
