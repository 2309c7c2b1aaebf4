from odoo import api, fields, models
from odoo.tools import format_date

from .buurtbemiddeling_benchmark_comparison_mixin import Comparison


class BuurtbemiddelingBenchmarkLineComparisonMixin(models.AbstractModel):
    """A key figure next to earlier years, the own target and the country, in words."""

    _name = "buurtbemiddeling.benchmark.line.comparison.mixin"
    _description = "Comparison of a Benchmark Line"

    is_inside_only = fields.Boolean(
        "For coordinators only",
        readonly=True,
        help="A figure of a part of the organisation that would give a small number away.",
    )
    # trend_text is that of a tile, from a benchmark of last year only
    last_year_text = fields.Char("One year earlier", compute="_compute_comparison")
    before_text = fields.Char("Year before", compute="_compute_comparison")
    target_text = fields.Char("Target", compute="_compute_comparison")
    national_text = fields.Char("National", compute="_compute_comparison")
    size_class_text = fields.Char("Same size", compute="_compute_comparison")
    comparison_note = fields.Char("Please note", compute="_compute_comparison")

    @api.depends("value", "benchmark_id.reference_date", "indicator_id")
    @api.depends_context("lang", "uid")
    def _compute_comparison(self):
        references = self.env["buurtbemiddeling.benchmark.reference"]
        for benchmark, lines in self.grouped("benchmark_id").items():
            compared = benchmark._get_comparison()
            common = lines._note_part_of_year(benchmark)
            for line in lines:
                comparison = (
                    Comparison() if line.dimension else compared.get(line.indicator_code)
                ) or Comparison()
                line.last_year_text = line._say_value(comparison, "previous")
                line.before_text = line._say_value(comparison, "before")
                line.target_text = line._say_value(comparison, "target")
                line.national_text = references._say_national(
                    line.indicator_id, comparison.national_reference, comparison.rate_reference
                )
                line.size_class_text = references._say(comparison.size_class_reference)
                line.comparison_note = " ".join(line._get_notes(comparison, common)) or False

    def _say_value(self, comparison, name):
        if name in comparison.hidden:
            return self.env._("hidden")
        value = getattr(comparison, name)
        return False if value is None else self.indicator_id._format_value(value)

    def _note_part_of_year(self, benchmark):
        """Return a sentence on which part of the year the comparison is about."""
        if benchmark._is_whole_year():
            return False
        return self.env._(
            "Earlier years up to the same day, %s.",
            format_date(
                self.env,
                benchmark._get_same_day(benchmark._get_known_until(), benchmark.year - 1),
                date_format="d MMMM",
            ),
        )

    def _get_notes(self, comparison, common):
        """Return what one must know before comparing."""
        if comparison.is_other_version:
            yield self.env._("The definition was another one in an earlier year.")
        if comparison.other_base and self.benchmark_id._is_rate_of_part(self.indicator_id):
            yield self.env._(
                "The national figure is of a whole year, and this one of a part of it."
            )
        elif comparison.other_base:
            yield self.env._(
                "The national figure has another base: %s.", comparison.other_base.name
            )
        used = (
            comparison.national_reference,
            comparison.rate_reference,
            comparison.size_class_reference,
        )
        if any(reference and reference.is_own_calculation for reference in used):
            yield self.env._("National figure: own calculation.")
        if common and (comparison.previous is not None or comparison.before is not None):
            yield common
