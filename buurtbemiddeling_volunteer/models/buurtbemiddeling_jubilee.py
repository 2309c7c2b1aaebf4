from dateutil.relativedelta import relativedelta

from odoo import fields, models


class BuurtbemiddelingJubilee(models.Model):
    """A number of years as a volunteer that is celebrated."""

    _name = "buurtbemiddeling.jubilee"
    _description = "Jubilee"
    _inherit = ["buurtbemiddeling.code.mixin"]
    _order = "years, id"

    years = fields.Float(required=True, digits=(4, 1), aggregator=None)

    _years_halves = models.Constraint(
        "CHECK(years > 0 AND years * 2 = TRUNC(years * 2))",
        "A jubilee is after a number of whole or half years, such as 12.5.",
    )

    def _get_months(self):
        return round(self.years * 12)

    def _get_day(self, start):
        """Return the day of this jubilee (date) for who began on ``start`` (date)."""
        return start + relativedelta(months=self._get_months())
