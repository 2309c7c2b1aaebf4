from odoo import api, fields, models
from odoo.fields import Domain


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

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="benchmark_id.company_id", store=True, index=True, precompute=True
    )
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
    numerator = fields.Integer("Cases", aggregator=None)
    denominator = fields.Integer(
        "Base", aggregator=None, help="Of how many cases the value is a part."
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

    def action_open_cases(self):
        """Open the cases that the line counts, for whoever may see cases.

        Of a frozen benchmark the cases that it counted then, else those of now.
        """
        return self._open_counted(self.indicator_code, self._get_title())

    def action_open_base(self):
        """Open the cases of which the value is a part; see ``action_open_cases``."""
        title = self.env._("Base of %s", self._get_title())
        return self._open_counted(f"{self.indicator_code}/base", title)

    def _open_counted(self, key, title):
        self.ensure_one()
        benchmark = self.benchmark_id
        kept = benchmark._get_kept_indicators()
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
