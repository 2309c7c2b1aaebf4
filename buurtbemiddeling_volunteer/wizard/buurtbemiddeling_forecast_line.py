from babel.dates import format_date as babel_format_date

from odoo import api, fields, models
from odoo.tools.misc import babel_locale_parse


class BuurtbemiddelingForecastLine(models.TransientModel):
    """One month of the expected need of mediators."""

    _name = "buurtbemiddeling.forecast.line"
    _description = "Month of the Expected Need"
    _order = "month, id"

    forecast_id = fields.Many2one(
        "buurtbemiddeling.forecast", required=True, ondelete="cascade", index=True
    )
    month = fields.Date(required=True)
    registered = fields.Float(
        "Expected registrations", digits=(6, 1), help="As in an average month of your own history."
    )
    new_count = fields.Float(
        "New cases for mediators",
        digits=(6, 1),
        help="Of these registrations, those that will ask for a pair.",
    )
    needed = fields.Float(
        "Pairs needed",
        digits=(6, 1),
        aggregator="avg",
        help="Pairs that are busy at the same time.",
    )
    available = fields.Float(
        "Pairs available",
        digits=(6, 1),
        aggregator="avg",
        help="What volunteers want at most, less those who are absent, in pairs.",
    )
    gap = fields.Integer(
        "Pairs over or short",
        aggregator="avg",
        help="Whole pairs. Below 0: too few.",
    )
    sentence = fields.Char("In words", compute="_compute_sentence")

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_display_name(self):
        locale = babel_locale_parse(self.env.lang or "en_US")
        for line in self:
            line.display_name = babel_format_date(line.month, "LLLL y", locale=locale)

    @api.depends("month", "gap", "needed")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for line in self:
            month = line.display_name
            if line.gap < -1:
                line.sentence = self.env._(
                    "In %(month)s you lack %(pairs)s pairs.", month=month, pairs=-line.gap
                )
            elif line.gap == -1:
                line.sentence = self.env._("In %s you lack one pair.", month)
            elif not line.needed:
                line.sentence = self.env._("In %s no need is expected.", month)
            elif line.gap == 0:
                line.sentence = self.env._("In %s there are just enough pairs.", month)
            else:
                line.sentence = self.env._(
                    "In %(month)s there is room: %(pairs)s more than needed.",
                    month=month,
                    pairs=line.gap,
                )
