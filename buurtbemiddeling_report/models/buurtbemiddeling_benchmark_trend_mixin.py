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
        help="Cases that came in after the reference date do not count, nor costs after it, so that"
        " part of a year can be compared with the same part of another year, whenever it is"
        " computed.",
    )

    def _get_scopes(self):
        scopes, first = super()._get_scopes(), self[:1]
        if first.is_to_date:
            scopes["case"] &= Domain("registration_date", "<=", first.reference_date)
            if "cost" in scopes:
                scopes["cost"] &= Domain("date", "<=", first.reference_date)
        return scopes

    def _is_part(self):
        """Return whether the year is not over on the reference date."""
        return self.reference_date < date(self.year, 12, 31)

    def _get_of_years(self, years):
        """Return ``{year: benchmark}`` of the same place and part of the year, computed.

        A frozen benchmark goes before one that is not, then the newest counts. Years without one
        are not there; the last year is first.
        """
        self.ensure_one()
        found = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("project_id", "=", self.project_id.id),
                ("year", "in", list(years)),
                ("reference_date", "in", [self._get_same_day(year=year) for year in years]),
                ("computed_on", "!=", False),
            ],
            order="year desc, state desc, id desc",
        )
        by_year = {}
        for benchmark in found:
            if self._is_same_part(benchmark):
                by_year.setdefault(benchmark.year, benchmark)
        return by_year

    def _is_same_part(self, other):
        """Return whether a benchmark of another year is about the same place and part of it.

        Part of a year that also counts the cases that came in afterwards is like no other.
        """
        if other.reference_date != self._get_same_day(year=other.year):
            return False
        if self.project_id != other.project_id:
            return False
        mine, its = (each.area_ids._origin._get_with_merged(each.year) for each in (self, other))
        if set(mine.ids) != set(its.ids):  # a municipality that merged in between is another one
            return False
        if not all(each._get_judged_on() == each.reference_date for each in (self, other)):
            return False  # its reference date was still to come
        return self.is_to_date and other.is_to_date or not (self._is_part() or other._is_part())

    def _get_same_day(self, day=None, year=None):
        """Return a day, else the reference date, as far from the other year as from this one."""
        return (day or self.reference_date) + relativedelta(years=year - self.year)

    def _is_whole_year(self):
        """Return whether all that the year brought is in these figures."""
        return not self._is_part() and self._get_known_until() == date(self.year, 12, 31)

    def _get_computed_day(self):
        return fields.Date.context_today(self, self.frozen_on or self.computed_on or None)

    def _get_known_until(self):
        """Return the last day of which registrations are in these figures."""
        end = self.reference_date if self.is_to_date else date(self.year, 12, 31)
        return min(self._get_computed_day(), end, date(self.year, 12, 31))

    def _get_judged_on(self):
        """Return the day on which results were looked at: a reference date to come is today."""
        return min(self.reference_date, self._get_computed_day())

    def _get_year_before(self):
        """Return the benchmark to compare with, an empty one when there is none."""
        return self and self._get_of_years([self.year - 1]).get(self.year - 1, self.browse())

    @api.model
    def _get_newest(self, domain=Domain.TRUE, project=None):
        """Return the newest computed benchmark of the present organisation as a whole.

        One of which the reference date is still to come is passed over.

        :param domain: which ones, all without
        :param project: record, for the newest one of a project instead
        """
        company = project.company_id if project else self.env.company
        return self.search(
            Domain(
                [
                    ("company_id", "=", company.id),
                    ("computed_on", "!=", False),
                    ("area_ids", "=", False),
                    ("project_id", "=", project.id if project else False),
                    ("reference_date", "<=", fields.Date.context_today(self)),
                ]
            )
            & domain,
            order="reference_date desc, state desc, id desc",
            limit=1,
        )
