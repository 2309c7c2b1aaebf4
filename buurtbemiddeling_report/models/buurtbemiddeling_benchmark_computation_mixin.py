from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingBenchmarkComputationMixin(models.AbstractModel):
    """How the lines of a benchmark come from the facts."""

    _name = "buurtbemiddeling.benchmark.computation.mixin"
    _description = "Computation of a Benchmark"

    remarks = fields.Text("About these figures", compute="_compute_remarks")

    def _get_facts(self, source="case"):
        """Return the model of facts, seen in the year, on the reference date and in the scope."""
        first = self[:1]
        facts = self.env["buurtbemiddeling.indicator"]._get_facts(source)
        return facts._of_year(first.year, first.reference_date, first.area_ids, first.project_id)

    def _get_scopes(self):
        """Return ``{source: domain}`` of the facts that these figures are about.

        Of several benchmarks at once only when they differ in organisation, see ``_get_passes``.
        """
        return self.env["buurtbemiddeling.indicator"]._get_scopes(
            self.company_id, self[:1].area_ids, self[:1].project_id
        )

    def _get_passes(self):
        """Return these benchmarks in groups that are counted in one pass over the facts.

        Those are whole organisations in the same year, known on the same day.
        """
        return self.grouped(
            lambda each: (
                each.year,
                each.reference_date,
                each.is_to_date,
                bool(each.area_ids or each.project_id) and each.id,
            )
        ).values()

    def _get_scope(self):
        """Return the domain of the cases that this benchmark is about."""
        return self._get_scopes()["case"]

    def _check_sees_all_cases(self, facts=None):
        """Refuse what would only be right with all cases in hand.

        :param facts: the model of facts, when it is seen in another period
        :raise AccessError: when some of these cases are in a project that is closed to the user
        """
        self.ensure_one()
        # sudo: finds out whether there are such cases, nothing else
        closed = self.env.user.sudo().buurtbemiddeling_closed_project_ids
        cases = self._get_scope() & Domain("project_id", "in", closed.ids)
        facts = self._get_facts() if facts is None else facts
        if closed and not self.env.su and facts.sudo().search_count(cases, limit=1):
            raise AccessError(
                self.env._(
                    "Some of these cases are in a project that is only for its own coordinators, so"
                    " you do not see all of them. Ask an administrator of buurtbemiddeling to do"
                    " this."
                )
            )

    def _get_lang(self):
        """Return the language of the lines: that of the organisation, or else of the user."""
        return self.company_id.partner_id.lang or self.env.lang

    def action_compute(self):
        """Compute all figures anew from the facts; the earlier lines of this benchmark go.

        Every indicator that is valid in the year, in total and in every breakdown, from one pass
        over each source of facts. The texts are in the language of the organisation, whoever
        computes.
        """
        # Who may change the benchmark may have its figures; the facts themselves stay closed to
        # those who may not see cases.
        self.check_access("write")
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        self.env["buurtbemiddeling.benchmark.line"]._forget(self)
        for together in self._get_passes():
            indicators = self.env["buurtbemiddeling.indicator"]._of_year(together[0].year)
            rows = together._measure_rows(indicators, dimensions)
            for benchmark in together:
                benchmark = benchmark.with_context(lang=benchmark._get_lang())
                values_list = benchmark._prepare_lines(
                    indicators.with_env(benchmark.env),
                    dimensions.with_env(benchmark.env),
                    rows[benchmark.company_id.id],
                )
                benchmark._mark_small_values(values_list)
                benchmark.env["buurtbemiddeling.benchmark.line"]._store(benchmark, values_list)
        self.write({"computed_on": fields.Datetime.now(), "computed_by_id": self.env.user.id})
        return True

    def _measure_rows(self, indicators, dimensions):
        """Return ``{id of an organisation: rows}`` of the totals and each breakdown in order.

        In one pass over each source of facts, see ``_measure_apart`` of the indicator.
        """
        breakdowns = [(), *(dimension._get_field_names() for dimension in dimensions)]
        # sudo: only counts leave the facts, and only of the organisations (areas, project) of
        # these benchmarks, which the user may read
        facts = self._get_facts().sudo()
        return indicators._measure_apart(
            "company_id", facts, self._get_scopes(), breakdowns, self.company_id.ids
        )

    def _prepare_lines(self, indicators, dimensions, rows=None):
        """Return the values of all lines: the totals first, then each breakdown in order.

        :param rows: what ``_measure_rows`` found of this organisation, if that was done already
        """
        self.ensure_one()
        if rows is None:
            rows = self._measure_rows(indicators, dimensions)[self.company_id.id]
        by_breakdown = {}
        for breakdown, first, second, figures in rows:
            by_breakdown.setdefault(breakdown, []).append((first, second, figures))
        values_list = [
            self._prepare_line(indicator, figure)
            for _first, _second, figures in by_breakdown[0]
            for indicator, figure in figures.items()
        ]
        for index, dimension in enumerate(dimensions, start=1):
            values_list += self._prepare_breakdown(dimension, by_breakdown.get(index, []))
        return values_list

    def _prepare_breakdown(self, dimension, rows):
        """Return the lines of one breakdown; where nothing counts there is no line."""
        labels = dimension._get_labels([(first, second) for first, second, _figures in rows])
        positions = range(len(dimension._get_field_names()))
        # in the order in which each row has its figures: they are not looked up one by one
        fitting = self._get_fitting(dimension, rows[0][2] if rows else ())
        places = []
        for *values, figures in rows:
            found = [labels[position, values[position]] for position in positions]
            place = {
                "dimension_id": dimension.id,
                "dimension": dimension.code,
                "dimension_values": tuple(values[: len(positions)]),
                "dimension_code": "|".join(code for code, _text in found),
                "dimension_label": " / ".join(text for _code, text in found),
            }
            places.append((place, figures))
        places.sort(key=lambda each: each[0]["dimension_code"])
        return [
            {
                **values,
                **place,
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "value": figure.value,
            }
            for place, figures in places
            for (is_ratio, values), figure in zip(fitting, figures.values(), strict=True)
            if values and (figure.numerator or figure.denominator)
            # a ratio of which there is no base here says nothing; the total does
            if figure.denominator or not is_ratio
        ]

    def _get_fitting(self, dimension, indicators):
        """Return ``[(whether it is a ratio, what is the same in all its lines)]`` of the figures.

        That is nothing of those that a breakdown does not hold.
        """
        return [
            (
                indicator.kind == "ratio",
                {
                    "benchmark_id": self.id,
                    "indicator_id": indicator.id,
                    "indicator_code": indicator.code,
                }
                if not dimension.basis or dimension.basis == indicator.basis
                else {},
            )
            for indicator in indicators
        ]

    def _prepare_line(self, indicator, figure):
        """Return the values of one line."""
        return {
            "benchmark_id": self.id,
            "indicator_id": indicator.id,
            "indicator_code": indicator.code,
            **figure._asdict(),
        }

    # ------------------------------------------------------------
    # WHAT TO KNOW ABOUT THE FIGURES
    # ------------------------------------------------------------

    @api.depends(
        "key_line_ids.numerator", "year", "reference_date", "area_ids", "project_id", "computed_on"
    )
    @api.depends_context("lang")
    def _compute_remarks(self):
        for benchmark in self:
            remarks = []
            if benchmark.computed_on:
                remarks += benchmark._get_remarks_on_time() + benchmark._get_remarks_on_mergers()
                remarks += benchmark._get_remarks_on_inhabitants()
            benchmark.remarks = "\n".join(remarks)

    def _get_remarks_on_time(self):
        remarks = []
        # sudo: only whether anything was counted; not by a field, which would remember the lines
        counted = self.env["buurtbemiddeling.benchmark.line"].sudo()
        if not counted.search_count(
            [
                ("benchmark_id", "in", self._origin.ids),
                ("dimension_id", "=", False),
                ("numerator", "!=", 0),
            ],
            limit=1,
        ):
            remarks.append(
                self.env._("Nothing was recorded in %s: every figure is nought.", self.year)
            )
        if self.reference_date < date(self.year, 12, 31):
            remarks.append(
                self.env._(
                    "The year was not over on %s. Cases closed later are running here, and their"
                    " results do not count yet; shares can still change.",
                    format_date(self.env, self.reference_date),
                )
            )
        return remarks

    def _get_remarks_on_mergers(self):
        """Say where the cases of merged municipalities count, of those that are in the lines."""
        areas = self.env["buurtbemiddeling.area"].with_context(active_test=False)
        rows = self.env["buurtbemiddeling.benchmark.line"]._read_group(
            [("benchmark_id", "in", self._origin.ids), ("dimension", "=", "municipality")],
            ["dimension_code"],
        )
        codes = [code for (code,) in rows]
        merged = areas.search(
            Domain("merged_into_id", "!=", False)
            & (
                Domain("code", "in", codes)
                | Domain("merged_into_id.code", "in", codes)
                | Domain("id", "in", (self.area_ids | self.project_id.area_ids).ids)
            )
        )
        return [
            self.env._(
                "%(area)s became part of %(other)s on %(date)s: in figures from %(year)s on, its"
                " cases count there.",
                area=area.name,
                other=area.merged_into_id.name,
                date=format_date(self.env, area.merged_on),
                year=area.merged_on.year,
            )
            for area in merged
        ]

    def _get_remarks_on_inhabitants(self):
        """Say how many cases do not count where figures are per inhabitant."""
        totals = {line.indicator_code: line.numerator for line in self.key_line_ids}
        if not {"cases_registered", "cases_per_10000"} <= totals.keys():
            return []
        count = totals["cases_registered"] - totals["cases_per_10000"]
        if not count:
            return []
        return [
            self.env._(
                "Registered cases that do not count in the cases per 10,000 inhabitants: %s."
                " They lie outside the areas served, or it is not known how many people live"
                " there.",
                count,
            )
        ]
