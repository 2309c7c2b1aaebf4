from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from .buurtbemiddeling_indicator_measurement_mixin import Figure

#: A frozen benchmark that was made in the same week of its year is about the same part of it.
SAME_PART_DAYS = 7


class Comparison(NamedTuple):
    """What one figure is compared with: values as in the lines, ``None`` where there is none.

    ``before`` is the year before the previous one. References are records with source and year.
    ``is_other_version``: the definition changed between the years. ``hidden`` names the fields
    that the user may not see because they are too small.
    """

    previous: float | None = None
    national: float | None = None
    size_class: float | None = None
    target: float | None = None
    before: float | None = None
    national_reference: object = None
    size_class_reference: object = None
    is_other_version: bool = False
    hidden: tuple = ()


class Earlier(NamedTuple):
    """The figures of an earlier year: ``{indicator code: Figure}``, and definition versions.

    ``benchmark`` is the frozen one they come from, empty when they were measured from the facts;
    ``versions`` is then empty too, for the definitions are those of today.
    """

    figures: dict
    versions: dict
    benchmark: object


class BuurtbemiddelingBenchmarkComparisonMixin(models.AbstractModel):
    """A benchmark next to earlier years, the country, a size class and the own targets.

    An earlier year is taken from its frozen benchmark, or else measured from the facts in the one
    way there is. A year half over is compared with the same half: registrations up to the day on
    which the figures were computed, results as known on the reference date, both a year earlier.
    """

    _name = "buurtbemiddeling.benchmark.comparison.mixin"
    _description = "Comparison of a Benchmark"

    def _get_comparison(self):
        """Return ``{indicator code: Comparison}`` of the totals of this benchmark.

        For who may see figures only, small numbers of a part of the organisation are ``None``.
        """
        self.ensure_one()
        lines = self._get_total_lines()
        indicators = lines.indicator_id
        codes = indicators.mapped("code")
        earlier = self._get_earlier([self.year - 1, self.year - 2], indicators)
        references = self.env["buurtbemiddeling.benchmark.reference"]
        national = references._get_latest(codes, self.year)
        size_class = self._get_size_class()
        sized = references._get_latest(codes, self.year, size_class) if size_class else {}
        targets = {target.indicator_id: target.value for target in self._get_targets()}
        result = {}
        for line in lines:
            code = line.indicator_code
            values, hidden, is_other_version = {}, [], False
            for name, year in (("previous", self.year - 1), ("before", self.year - 2)):
                figure = earlier[year].figures.get(code)
                values[name] = self._get_value(line.indicator_id, figure)
                if values[name] is not None and self._is_hidden(figure):
                    values[name] = None
                    hidden.append(name)
                version = earlier[year].versions.get(code, line.indicator_version)
                is_other_version |= version != line.indicator_version
            result[code] = Comparison(
                **values,
                national=national[code].value if code in national else None,
                national_reference=national.get(code),
                size_class=sized[code].value if code in sized else None,
                size_class_reference=sized.get(code),
                target=targets.get(line.indicator_id),
                is_other_version=is_other_version,
                hidden=tuple(hidden),
            )
        return result

    def _get_series(self, codes, years):
        """Return ``{code: [(year, value or None), ...]}`` of the totals, oldest first.

        ``None`` where nothing was counted that a share or percentile could be taken of, and where
        who may see figures only does not see a small number.
        """
        self.ensure_one()
        indicators = self.env["buurtbemiddeling.indicator"].search([("code", "in", list(codes))])
        years = sorted(years)
        earlier = self._get_earlier([year for year in years if year != self.year], indicators)
        if self.year in years:
            lines = self._get_total_lines()
            earlier[self.year] = make_earlier(lines, self)
        result = {}
        for indicator in indicators:
            points = []
            for year in years:
                figure = earlier[year].figures.get(indicator.code)
                value = self._get_value(indicator, figure)
                if value is not None and self._is_hidden(figure):
                    value = None
                points.append((year, value))
            result[indicator.code] = points
        return result

    # ------------------------------------------------------------
    # EARLIER YEARS
    # ------------------------------------------------------------

    def _get_earlier(self, years, indicators):
        """Return ``{year: Earlier}``: frozen where there is a benchmark like this one."""
        self.ensure_one()
        frozen = self._find_frozen(self.company_id, years)
        result = {}
        for year in years:
            like = frozen.filtered(
                lambda other, year=year: other.year == year and self._is_same_part(other)
            )
            # the last version of the one whose reference date comes nearest
            day = self._get_same_day(self._get_judged_on(), year)
            best = like.sorted(
                lambda other, day=day: (-abs((other.reference_date - day).days), other.version)
            )[-1:]
            if best:
                # sudo: totals of the same organisation and areas as this benchmark, which the
                # user may read; what is small is left out by `_is_hidden`
                result[year] = make_earlier(best.sudo().line_ids, best)
            else:
                result[year] = Earlier(self._measure_year(year, indicators), {}, best)
        return result

    @api.model
    def _find_frozen(self, company, years):
        """Return the frozen benchmarks of an organisation in some years."""
        return self.env["buurtbemiddeling.benchmark"].search(
            [
                ("company_id", "=", company.id),
                ("year", "in", list(years)),
                ("state", "=", "frozen"),
            ]
        )

    def _is_same_part(self, other):
        """Whether another benchmark is about the same areas and the same part of its year."""
        mine, its = (part.area_ids._get_with_merged(part.year) for part in (self, other))
        if set(mine.ids) != set(its.ids):  # a municipality that merged in between is another one
            return False
        if self._is_whole_year() or other._is_whole_year():
            return self._is_whole_year() and other._is_whole_year()
        return all(
            abs((self._get_same_day(own, other.year) - its).days) <= SAME_PART_DAYS
            for own, its in (
                (self._get_known_until(), other._get_known_until()),
                (self._get_judged_on(), other._get_judged_on()),
            )
        )

    def _is_whole_year(self):
        end = date(self.year, 12, 31)
        return self._get_known_until() == end and self._get_judged_on() >= end

    def _get_computed_day(self):
        return fields.Date.context_today(self, self.computed_on or None)

    def _get_known_until(self):
        """Return the last day of which registrations are in these figures."""
        return min(self._get_computed_day(), date(self.year, 12, 31))

    def _get_judged_on(self):
        """Return the day on which results were looked at: a reference date to come is today."""
        return min(self.reference_date, self._get_computed_day())

    def _get_same_day(self, day, year):
        """Return the same day, as far from the other year as ``day`` is from this year."""
        return day + relativedelta(years=year - self.year)

    def _measure_year(self, year, indicators):
        """Return ``{code: Figure}`` of another year, from the facts and up to the same day."""
        twin = self.new(
            {
                "year": year,
                "reference_date": self._get_same_day(self._get_judged_on(), year),
                "company_id": self.company_id.id,
                "area_ids": [(6, 0, self.area_ids._get_with_merged(self.year).ids)],
            }
        )
        rows = twin._measure_until(
            indicators, [()], self._get_same_day(self._get_known_until(), year)
        )
        return {indicator.code: figure for indicator, figure in rows[0][3].items()}

    def _measure_until(self, indicators, breakdowns, until, since=None):
        """Measure indicators over the scope of this benchmark, of which none need be stored.

        :param until: date; later registrations do not count
        :param since: date on which the period begins, if not on 1 January of the year
        :return: rows as of ``indicator._measure``
        """
        # sudo: only counts leave the facts, and only of one organisation; whoever calls this has
        # checked that the user may read its figures, and hides small ones from figures only
        facts = self._get_facts().with_context(period_end=until).sudo()
        if since:
            facts = facts.with_context(period_start=since)
        return indicators._measure(facts, self._get_scopes(), breakdowns)

    # ------------------------------------------------------------
    # WHAT ELSE
    # ------------------------------------------------------------

    def _get_total_lines(self):
        return self.line_ids.filtered(lambda line: not line.dimension)

    def _get_only_municipality(self):
        """Return the municipality that this benchmark is about, empty if it is about more."""
        area = self.area_ids
        return area if len(area) == 1 and area.kind == "municipality" else area.browse()

    def _get_size_class(self):
        """Return the class of the one municipality that this benchmark is about."""
        return self.env["buurtbemiddeling.size.class"]._of_inhabitants(
            self._get_only_municipality().inhabitants
        )

    def _get_targets(self):
        """Return the targets of the same year, organisation and municipality."""
        municipality = self._get_only_municipality()
        if self.area_ids and not municipality:
            return self.env["buurtbemiddeling.target"]
        return self.env["buurtbemiddeling.target"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "=", self.year),
                ("municipality_id", "=", municipality.id),
            ]
        )

    def _is_hidden(self, figure):
        """Whether the user may not see this figure: too small, of a part of the organisation."""
        return bool(self.area_ids) and self._hides_small(self.company_id, figure)

    @api.model
    def _hides_small(self, company, figure):
        """Whether a figure of a part of the organisation is too small for who sees figures only.

        A count of 1 up to the threshold of the organisation, or a share of which one of the two
        groups, or the base, is that small.
        """
        user = self.env.user
        if user._is_superuser() or user.has_group("buurtbemiddeling_case.group_user"):
            return False
        smallest = company.sudo().buurtbemiddeling_small_number  # sudo: a setting, of no one
        numbers = [figure.numerator]
        if figure.denominator:
            numbers += [figure.denominator, figure.denominator - figure.numerator]
        return any(0 < number < smallest for number in numbers)

    @api.model
    def _get_value(self, indicator, figure):
        """Return the value of a figure, ``None`` when there was nothing to take it of."""
        if figure is None or (indicator.kind not in ("count", "total") and not figure.denominator):
            return None
        return figure.value

    def action_open_comparison(self):
        """Open the key figures next to earlier years, targets and the country."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_comparison_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id), ("dimension", "=", False)]
        part = lines._note_part_of_year(self) if (lines := self._get_total_lines()) else False
        action["name"] = " ".join(filter(None, (self.env._("Compare: %s.", self.name), part)))
        return action


def make_earlier(lines, benchmark):
    """Return the totals among the lines as an :class:`Earlier`."""
    totals = lines.filtered(lambda line: not line.dimension)
    return Earlier(
        {
            line.indicator_code: Figure(line.numerator, line.denominator, line.value)
            for line in totals
        },
        {line.indicator_code: line.indicator_version for line in totals},
        benchmark,
    )
