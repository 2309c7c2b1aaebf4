from odoo import api, fields, models


class BuurtbemiddelingTarget(models.Model):
    """An ijkpunt: what the steering group wants a figure to be, in a year."""

    _name = "buurtbemiddeling.target"
    _description = "Target"
    _order = "year desc, indicator_id, id"
    _rec_name = "indicator_id"

    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict", index=True
    )
    year = fields.Integer(
        required=True,
        aggregator=None,
        default=lambda self: fields.Date.context_today(self).year,
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    municipality_id = fields.Many2one(
        "buurtbemiddeling.area",
        domain=[("kind", "=", "municipality")],
        ondelete="restrict",
        help="Empty: the whole organisation.",
    )
    value = fields.Float(
        required=True,
        digits=(16, 4),
        aggregator=None,
        help="A count, or a fraction: 0.7 is 70 percent.",
    )
    value_text = fields.Char("Target value", compute="_compute_value_text")
    date_due = fields.Date("To be reached on")

    _target_uniq = models.UniqueIndex(
        "(company_id, indicator_id, year, COALESCE(municipality_id, 0))",
        "There is a target for this figure, year and municipality already.",
    )

    @api.depends("value", "indicator_id.kind", "indicator_id.unit")
    def _compute_value_text(self):
        for target in self:
            target.value_text = target.indicator_id._format_value(target.value)
