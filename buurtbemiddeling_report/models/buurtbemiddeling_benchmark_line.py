import json
from functools import cache

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.buurtbemiddeling_case.copying import as_text, copy_rows

from ..tools.line_reader import Line
from .buurtbemiddeling_amount_mixin import SCALES

#: The columns that differ from line to line, in the order in which ``_store`` writes them.
STORED = (
    "indicator_id",
    "indicator_code",
    "dimension_id",
    "dimension",
    "dimension_code",
    "dimension_label",
    "dimension_values",
    "chart_label",
    "chart_value",
    "numerator",
    "denominator",
    "value",
    "is_small",
)


class BuurtbemiddelingBenchmarkLine(models.Model):
    """One figure: a total, or one row of a breakdown."""

    _name = "buurtbemiddeling.benchmark.line"
    _description = "Benchmark Line"
    _inherit = [
        "buurtbemiddeling.benchmark.part.mixin",
        "buurtbemiddeling.benchmark.line.trend.mixin",
        "buurtbemiddeling.benchmark.line.comparison.mixin",
    ]
    _order = "benchmark_id, id"
    _rec_name = "indicator_id"
    # who computed when stands on the benchmark; a country has 760,000 lines of a year
    _log_access = False

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="benchmark_id.company_id", store=True, precompute=True)
    project_id = fields.Many2one(
        related="benchmark_id.project_id", store=True, index="btree_not_null", precompute=True
    )
    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict"
    )
    indicator_code = fields.Char("Figure code", required=True)
    indicator_version = fields.Integer("Version of the definition", compute="_compute_definition")
    name = fields.Char("Figure name", compute="_compute_definition")
    kind = fields.Selection(
        selection=lambda self: self.env["buurtbemiddeling.indicator"]._fields["kind"].selection,
        compute="_compute_definition",
    )
    source = fields.Selection(
        selection=lambda self: self.env["buurtbemiddeling.indicator"]._fields["source"].selection,
        compute="_compute_definition",
    )
    explanation = fields.Text(compute="_compute_definition")
    dimension_id = fields.Many2one(
        "buurtbemiddeling.dimension", "Breakdown", ondelete="restrict", help="Empty on a total."
    )
    dimension = fields.Char("Breakdown code", help="Empty on a total.")
    dimension_code = fields.Char("Code", help="NONE where it was not recorded.")
    dimension_label = fields.Char("Name")
    dimension_values = fields.Json()  # the facts themselves as text, null for NONE
    numerator = fields.Integer(
        "Number or euros",
        aggregator=None,
        help="How many were counted for the value; of costs, how many euros.",
    )
    denominator = fields.Integer(
        "Base", aggregator=None, help="Of how many the value is a part."
    )
    value = fields.Float(
        "Raw value",
        aggregator=None,
        help="A count, a fraction of the base, or days.",
    )
    is_small = fields.Boolean(
        "Too small to show",
        readonly=True,
        help="Not shown in a version that leaves the organisation.",
    )
    value_text = fields.Char("Value", compute="_compute_definition")
    small_text = fields.Char("For outside", compute="_compute_small_text")
    public_text = fields.Char("Value for outside", compute="_compute_small_text")

    _totals = models.Index("(benchmark_id) WHERE dimension_id IS NULL")

    @api.depends(
        "value", "denominator", "indicator_id", "benchmark_id.state", "benchmark_id.definitions"
    )
    @api.depends_context("lang")
    def _compute_definition(self):
        """What the figure says: as it was defined then when frozen, else as it is defined now."""
        for benchmark, lines in self.grouped("benchmark_id").items():
            kept = benchmark._get_kept_indicators()
            definitions = benchmark.definitions or {}
            for line in lines:
                indicator = kept.get(line.indicator_code, line.indicator_id)
                line.name = indicator.name
                line.kind = indicator.kind
                line.source = indicator.source
                line.explanation = indicator.explanation
                line.value_text = indicator._format_value(line.value, line.denominator)
                line.indicator_version = definitions.get(line.indicator_code, {}).get("version")

    @api.depends("is_small", "value_text")
    def _compute_small_text(self):
        for line in self:
            line.small_text = line.is_small and self.env._("too small to show")
            line.public_text = "*" if line.is_small else line.value_text

    @api.model
    def _get_judged_again(self):
        """What is too small to show depends on what has left since, of frozen figures as well."""
        return super()._get_judged_again() | {"is_small"}

    # ------------------------------------------------------------
    # STORING AND READING
    # ------------------------------------------------------------

    @api.model
    def _store(self, benchmark, values_list):
        """Write the lines of a benchmark with COPY: a country has half a million of them.

        What ``create`` would compute is filled in here; a test compares the two.

        :param values_list: values of all lines, see ``_prepare_lines`` of the benchmark
        """
        self.check_access("create")
        benchmark._refuse_when_frozen()
        same = {
            "benchmark_id": benchmark.id,
            "company_id": benchmark.company_id.id,
            "project_id": benchmark.project_id.id or None,
            "year_label": str(benchmark.year),
        }
        indicators = self.env["buurtbemiddeling.indicator"].browse(
            {values["indicator_id"] for values in values_list}
        )
        scales = {indicator.id: SCALES.get(indicator.unit, 1) for indicator in indicators}
        rows = self._write_rows(values_list, scales, as_text(*same.values()))
        copy_rows(self.env.cr, self._table, (*STORED, *same), rows)
        self._tell(benchmark)

    @api.model
    def _write_rows(self, values_list, scales, end):
        """Yield each line as COPY reads it; what lines have in common is made into text once."""
        as_column = self._fields["chart_value"].convert_to_column
        as_chart_value = cache(lambda value: as_text(as_column(value, self)))
        figures, places = {}, {}
        for values in values_list:
            figure, value = values["indicator_id"], values["value"]
            place = values.get("dimension_id"), values.get("dimension_code")
            if figure not in figures:
                figures[figure] = as_text(figure, values["indicator_code"])
            if place not in places:
                places[place] = self._write_place(*place, values)
            yield (
                f"{figures[figure]}\t{places[place]}\t{as_chart_value(value * scales[figure])}"
                f"\t{values['numerator']}\t{values['denominator']}\t{value}"
                f"\t{'t' if values['is_small'] else 'f'}\t{end}"
            )

    @api.model
    def _write_place(self, dimension_id, code, values):
        """Return the breakdown and the row of a line as COPY reads them."""
        label = values.get("dimension_label")
        return as_text(
            dimension_id,
            values.get("dimension"),
            code,
            label,
            json.dumps(values["dimension_values"]) if code else None,
            self._get_chart_label(code, label),
        )

    @api.model
    def _read_plain(self, domain):
        """Return the lines that the user may read as ``Line``, in order: half a million at once."""
        query = self._search(domain)
        columns = [self._field_to_sql(self._table, name, query) for name in Line._fields]
        rows = self.env.execute_query(query.select(*columns))
        return sorted(map(Line._make, rows))  # by id; PostgreSQL would sort so many on disk

    @api.readonly
    def action_open_cases(self):
        """Open the cases that the line counts, for whoever may see cases.

        Of a frozen benchmark the cases that it counted then, else those of now.
        """
        return self._open_counted(self.indicator_code, self._get_title())

    @api.readonly
    def action_open_base(self):
        """Open the cases of which the value is a part, of a count those that it counts.

        See ``action_open_cases``.
        """
        if self.kind not in ("share", "ratio"):
            return self.action_open_cases()
        title = self.env._("Base of %s", self._get_title())
        return self._open_counted(f"{self.indicator_code}/base", title)

    def _open_counted(self, key, title):
        self.ensure_one()
        benchmark = self.benchmark_id
        kept = benchmark._get_kept_indicators(self.indicator_code)
        source = kept.get(self.indicator_code, self.indicator_id)._get_source(key)
        if benchmark.state == "frozen":
            breakdown = (benchmark.breakdowns or {}).get(str(self.dimension_id.id), {})
            ids = benchmark._get_kept_ids(
                source, key, breakdown.get("facts", []), self.dimension_values or []
            )
        else:
            facts, scope = benchmark._get_fact_sources()[source]
            condition = self.indicator_id._get_conditions(source)[key]
            rows = facts.search(scope & condition & self._get_dimension_domain())
            ids = rows._get_records().ids
        return benchmark._open_counted(source, ids, title)

    def _get_title(self):
        return ": ".join(filter(None, (self.name, self.dimension_label)))

    def _get_dimension_domain(self):
        """Return the domain of the facts in this row of the breakdown."""
        domain = Domain.TRUE
        if self.dimension_id:
            names = self.dimension_id._get_field_names()
            for name, value in zip(names, self.dimension_values, strict=True):
                domain &= Domain(name, "=", self.dimension_id._parse_value(name, value))
        return domain
