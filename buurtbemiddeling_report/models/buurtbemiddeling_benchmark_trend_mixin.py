from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingBenchmarkTrendMixin(models.AbstractModel):
    """Part of a year, the same part of other years, and which benchmark is the newest."""

    _name = "buurtbemiddeling.benchmark.trend.mixin"
    _description = "Years of a Benchmark"

    is_to_date = fields.Boolean(
        "Until the reference date only",
        help="Cases that came in after the reference date do not count, so that part of a year can"
        " be compared with the same part of another year, whenever it is computed.",
    )

    def _get_scopes(self):
        scopes = super()._get_scopes()
        if self.is_to_date:
            scopes["case"] &= Domain("registration_date", "<=", self.reference_date)
        return scopes

    def _is_part(self):
        """Return whether the year is not over on the reference date."""
        return self.reference_date < date(self.year, 12, 31)

    def _get_of_years(self, years):
        """Return ``{year: benchmark}`` of the same place and part of the year, computed.

        A frozen benchmark goes before one that is not, then the newest counts. Years without one
        are not there; the last year is first. Part of a year that also counts the cases that came
        in afterwards can not be compared with anything.
        """
        self.ensure_one()
        if self._is_part() and not self.is_to_date:
            return {}
        days = [self.reference_date + relativedelta(years=year - self.year) for year in years]
        found = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("reference_date", "in", days),
                ("computed_on", "!=", False),
            ],
            order="year desc, state desc, id desc",
        )
        by_year = {}
        for benchmark in found:
            is_same = benchmark.area_ids == self.area_ids and (
                benchmark.is_to_date == self.is_to_date or not self._is_part()
            )
            if is_same and benchmark.reference_date.year - benchmark.year == (
                self.reference_date.year - self.year
            ):
                by_year.setdefault(benchmark.year, benchmark)
        return by_year

    def _get_year_before(self):
        """Return the benchmark to compare with, an empty one when there is none."""
        return self and self._get_of_years([self.year - 1]).get(self.year - 1, self.browse())

    @api.model
    def _get_newest(self):
        """Return the newest computed benchmark of the present organisation as a whole.

        One of which the reference date is still to come is passed over.
        """
        return self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("computed_on", "!=", False),
                ("area_ids", "=", False),
                ("reference_date", "<=", fields.Date.context_today(self)),
            ],
            order="reference_date desc, state desc, id desc",
            limit=1,
        )
