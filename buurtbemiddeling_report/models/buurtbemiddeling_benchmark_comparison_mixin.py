from datetime import date
from typing import NamedTuple

from odoo import api, models

from .buurtbemiddeling_indicator_measurement_mixin import Figure

#: What counts of a place can be compared by, where the country only has a total.
RATES = {"cases_registered": "cases_per_10000"}


class Comparison(NamedTuple):
    """What one figure is compared with: values as in the lines, ``None`` where there is none.

    ``before`` is the year before the previous one. References are records with source and year.
    Of a count ``national`` is the total of the country; ``rate_reference`` says how many that is
    per 10,000 inhabitants. ``is_other_version``: the definition changed between the years.
    ``other_base`` is a published share of another base, or a rate of a whole year next to one of a
    part of it: to be named and not compared with.
    ``hidden`` names the fields that the user may not see.
    """

    previous: float | None = None
    national: float | None = None
    size_class: float | None = None
    target: float | None = None
    before: float | None = None
    national_reference: object = None
    size_class_reference: object = None
    rate_reference: object = None
    other_base: object = None
    is_other_version: bool = False
    hidden: tuple = ()


class Earlier(NamedTuple):
    """The figures of an earlier year: ``{indicator code: Figure}``, and definition versions.

    ``versions`` is empty when they were measured from the facts: the definitions are then those of
    today. ``hidden``: codes of what the user may not see.
    """

    figures: dict
    versions: dict
    hidden: set

    def get_value(self, indicator):
        """Return the value of a figure, ``None`` when it is hidden or was taken of nothing."""
        if indicator.code in self.hidden:
            return None
        return get_value(indicator, self.figures.get(indicator.code))


def get_value(indicator, figure):
    """Return the value of a figure, ``None`` when there was nothing to take it of."""
    if figure is None or (indicator.kind not in ("count", "total") and not figure.denominator):
        return None
    if indicator.unit == "euros" and not figure.value:  # nobody entered what it costs
        return None
    return figure.value


class BuurtbemiddelingBenchmarkComparisonMixin(models.AbstractModel):
    """A benchmark next to earlier years, the country, a size class and the own targets.

    An earlier year is taken from its frozen benchmark, or else measured from the facts in the one
    way there is. A year half over is compared with the same half: registrations up to the day on
    which the figures were computed, results as known on the reference date, both a year earlier.
    """

    _name = "buurtbemiddeling.benchmark.comparison.mixin"
    _description = "Comparison of a Benchmark"

    def _get_comparison(self, earlier=None):
        """Return ``{indicator code: Comparison}`` of the totals of this benchmark.

        For who may see figures only, what is too small to show or would tell it is ``None``.

        :param earlier: both years before, see ``_get_earlier``, where they were looked up already
        """
        self.ensure_one()
        lines = self._get_total_lines()
        indicators = lines.indicator_id
        codes = indicators.mapped("code")
        earlier = earlier or self._get_earlier([self.year - 1, self.year - 2], indicators)
        references = self.env["buurtbemiddeling.benchmark.reference"]
        national = references._get_latest([*codes, *RATES.values()], self.year)
        other_base = references._get_other_base(codes, self.year)
        size_class = self._get_size_class()
        sized = references._get_latest(codes, self.year, size_class) if size_class else {}
        targets = {target.indicator_id: target.value for target in self._get_targets()}
        result = {}
        for line in lines:
            code = line.indicator_code
            if self._is_rate_of_part(line.indicator_id):
                for published in (national, sized):
                    if code in published:
                        other_base[code] = published.pop(code)
            values, hidden, is_other_version = {}, [], False
            for name, year in (("previous", self.year - 1), ("before", self.year - 2)):
                values[name] = earlier[year].get_value(line.indicator_id)
                if code in earlier[year].hidden:
                    hidden.append(name)
                version = earlier[year].versions.get(code, line.indicator_version)
                is_other_version |= version != line.indicator_version
            result[code] = Comparison(
                **values,
                national=national[code].value if code in national else None,
                national_reference=national.get(code),
                size_class=sized[code].value if code in sized else None,
                size_class_reference=sized.get(code),
                rate_reference=national.get(RATES.get(code)),
                other_base=other_base.get(code),
                target=targets.get(line.indicator_id),
                is_other_version=is_other_version,
                hidden=tuple(hidden),
            )
        return result

    def _is_rate_of_part(self, indicator):
        """Return whether it is a number per inhabitants of a part of the year.

        That is no share of anything: it grows until the year is over.
        """
        return indicator.unit == "per_10000" and self._get_known_until() < date(self.year, 12, 31)

    def _get_series(self, codes, years, earlier=None):
        """Return ``{code: [(year, value or None), ...]}`` of the totals, oldest first.

        ``None`` where nothing was counted that a share or percentile could be taken of, and where
        who may see figures only does not see it.

        :param earlier: these years, see ``_get_earlier``, where they were looked up already
        """
        self.ensure_one()
        indicators = self.env["buurtbemiddeling.indicator"].search([("code", "in", list(codes))])
        years = sorted(years)
        others = [year for year in years if year != self.year]
        earlier = dict(earlier or self._get_earlier(others, indicators))
        if self.year in years:
            earlier[self.year] = self._read_totals()
        return {
            indicator.code: [(year, earlier[year].get_value(indicator)) for year in years]
            for indicator in indicators
        }

    # ------------------------------------------------------------
    # EARLIER YEARS
    # ------------------------------------------------------------

    def _get_earlier(self, years, indicators):
        """Return ``{year: Earlier}``: frozen where there is a benchmark like this one."""
        self.ensure_one()
        found = self._get_of_years(years)
        return {
            year: found[year]._read_totals()
            if year in found and found[year].state == "frozen"
            else self._measure_year(year, indicators)
            for year in years
        }

    def _read_totals(self):
        """Return the totals of this benchmark as an :class:`Earlier`."""
        # sudo: totals of an organisation and areas of which the user may read the figures; those
        # that the user may not see are named as hidden
        lines = self.sudo()._get_total_lines()
        hidden = lines.browse()
        if not self._sees_all():
            hidden = lines.filtered(lambda line: line.is_inside_only or line.is_small)
        return Earlier(
            {
                line.indicator_code: Figure(line.numerator, line.denominator, line.value)
                for line in lines
            },
            {line.indicator_code: line.indicator_version for line in lines},
            set(hidden.mapped("indicator_code")),
        )

    def _measure_year(self, year, indicators):
        """Return the :class:`Earlier` of another year, from the facts and up to the same day."""
        twin = self.new(
            {
                "year": year,
                "reference_date": self._get_same_day(self._get_judged_on(), year),
                "is_to_date": self.is_to_date,
                "company_id": self.company_id.id,
                "area_ids": [(6, 0, self.area_ids._get_with_merged(self.year).ids)],
                "project_id": self.project_id.id,
            }
        )
        until = self._get_same_day(self._get_known_until(), year)
        rows = twin._measure_until(indicators, [()], until)
        return Earlier(
            {indicator.code: figure for indicator, figure in rows[0][3].items()},
            {},
            set() if self._sees_all() else twin._find_hidden(until),
        )

    def _measure_until(self, indicators, breakdowns, until, since=None):
        """Measure indicators over the scope of this benchmark, of which none need be stored.

        :param until: date; later registrations do not count. Without it the whole year does.
        :param since: date on which the period begins, if not on 1 January of the year
        :return: rows as of ``indicator._measure``
        """
        # sudo: only counts leave the facts, and only of one organisation; whoever calls this has
        # checked that the user may read its figures, and hides small ones from figures only
        facts = self._get_facts().sudo()
        if until:
            facts = facts.with_context(period_end=until)
        if since:
            facts = facts.with_context(period_start=since)
        return indicators._measure(facts, self._get_scopes(), breakdowns)

    # ------------------------------------------------------------
    # WHAT ELSE
    # ------------------------------------------------------------

    def _get_total_lines(self):
        """Return the totals that the user may read: searched, as all lines are very many.

        Not by a field: that would remember what ``sudo`` found for whoever reads next.
        """
        if not self.id:  # in memory only
            return self.line_ids.filtered(lambda line: not line.dimension_id)
        return self.env["buurtbemiddeling.benchmark.line"].search(
            [("benchmark_id", "=", self.id), ("dimension_id", "=", False)]
        )

    def _get_only_municipality(self):
        """Return the municipality that this benchmark is about, empty if it is about more."""
        # sudo: the areas of a project, whose figures the user may read
        area = self.project_id.sudo().area_ids or self.area_ids
        return area if len(area) == 1 and area.kind == "municipality" else area.browse()

    def _get_size_class(self):
        """Return the class of the one municipality that this benchmark is about."""
        return self.env["buurtbemiddeling.size.class"]._of_inhabitants(
            self._get_only_municipality().inhabitants
        )

    def _get_targets(self):
        """Return the targets of the same year, organisation, and municipality or project."""
        municipality = self.env["buurtbemiddeling.area"]
        if not self.project_id:
            municipality = self._get_only_municipality()
        if self.area_ids and not municipality:
            return self.env["buurtbemiddeling.target"]
        return self.env["buurtbemiddeling.target"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("municipality_id", "=", municipality.id),
                ("project_id", "=", self.project_id.id),
            ]
        )

    @api.readonly
    def action_open_comparison(self):
        """Open the key figures next to earlier years, targets and the country."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_comparison_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id), ("dimension_id", "=", False)]
        part = lines._note_part_of_year(self) if (lines := self._get_total_lines()) else False
        action["name"] = " ".join(filter(None, (self.env._("Compare: %s.", self.name), part)))
        return action
