from odoo import fields, models
from odoo.fields import Domain


class BuurtbemiddelingBenchmarkComputationMixin(models.AbstractModel):
    """How the lines of a benchmark come from the facts."""

    _name = "buurtbemiddeling.benchmark.computation.mixin"
    _description = "Computation of a Benchmark"

    def _get_facts(self):
        """Return the model of facts, seen in the year and on the reference date."""
        self.ensure_one()
        return self.env["buurtbemiddeling.case.report"]._of_year(self.year, self.reference_date)

    def _get_scope(self):
        """Return the domain of the cases that this benchmark is about."""
        self.ensure_one()
        scope = Domain("company_id", "=", self.company_id.id)
        if self.area_ids:
            scope &= Domain("area_id", "child_of", self.area_ids.ids)
        return scope & (
            Domain("is_registered", "=", True)
            | Domain("is_closed_in_period", "=", True)
            | Domain("is_running", "=", True)
        )

    def action_compute(self):
        """Compute all figures anew from the facts; the earlier lines of this benchmark go.

        Every indicator, in total and in every breakdown, from one pass over the cases.
        """
        # Who may change the benchmark may have its figures; the facts themselves stay closed to
        # those who may not see cases.
        self.check_access("write")
        indicators = self.env["buurtbemiddeling.indicator"].search([])
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        for benchmark in self:
            benchmark.line_ids.unlink()
            benchmark.env["buurtbemiddeling.benchmark.line"].create(
                benchmark._prepare_lines(indicators, dimensions)
            )
            benchmark._mark_small_numbers()
        self.write({"computed_on": fields.Datetime.now(), "computed_by_id": self.env.user.id})
        return True

    def _prepare_lines(self, indicators, dimensions):
        """Return the values of all lines: the totals first, then each breakdown in order."""
        self.ensure_one()
        # sudo: only counts leave the facts, and only of the organisation (and areas) of this
        # benchmark, which the user may read
        rows = indicators._measure(
            self._get_facts().sudo(),
            self._get_scope(),
            [(), *(dimension._get_field_names() for dimension in dimensions)],
        )
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
        values_list = []
        for row in rows:
            found = [labels[position, row[position]] for position in positions]
            place = {
                "dimension_id": dimension.id,
                "dimension": dimension.code,
                "dimension_values": row[: len(positions)],
                "dimension_code": "|".join(code for code, _text in found),
                "dimension_label": " / ".join(text for _code, text in found),
            }
            for indicator, figure in row[2].items():
                if dimension.basis and dimension.basis != indicator.basis:
                    continue
                if figure.numerator or figure.denominator:
                    values_list.append({**self._prepare_line(indicator, figure), **place})
        return sorted(values_list, key=lambda line: line["dimension_code"])

    def _prepare_line(self, indicator, figure):
        """Return the values of one line."""
        return {
            "benchmark_id": self.id,
            "indicator_id": indicator.id,
            "indicator_code": indicator.code,
            **figure._asdict(),
        }
