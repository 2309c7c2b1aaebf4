from datetime import date

from odoo import api, models


class BuurtbemiddelingBenchmarkTrendMixin(models.AbstractModel):
    """Which benchmark stands for a year, and which is the newest."""

    _name = "buurtbemiddeling.benchmark.trend.mixin"
    _description = "Years of a Benchmark"

    def _get_of_years(self, years):
        """Return ``{year: benchmark}`` of the same place, each of a whole year and computed.

        A frozen benchmark goes before one that is not, then the newest counts. Years without one
        are not there; the last year is first.
        """
        self.ensure_one()
        found = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("reference_date", "in", [date(year, 12, 31) for year in years]),
                ("computed_on", "!=", False),
            ],
            order="year desc, state desc, id desc",
        )
        by_year = {}
        for benchmark in found:
            if benchmark.area_ids == self.area_ids and benchmark.reference_date.year == (
                benchmark.year
            ):
                by_year.setdefault(benchmark.year, benchmark)
        return by_year

    def _get_year_before(self):
        """Return the benchmark to compare with: half a year is not compared with a whole one."""
        if not self or self.reference_date != date(self.year, 12, 31):
            return self.browse()
        return self._get_of_years([self.year - 1]).get(self.year - 1, self.browse())

    @api.model
    def _get_newest(self):
        """Return the newest computed benchmark of the present organisation as a whole.

        One of which the reference date is still to come is passed over.
        """
        found = self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("computed_on", "!=", False),
                ("area_ids", "=", False),
            ],
            order="reference_date desc, state desc, id desc",
        )
        return found.filtered(lambda benchmark: not benchmark.is_early)[:1]
