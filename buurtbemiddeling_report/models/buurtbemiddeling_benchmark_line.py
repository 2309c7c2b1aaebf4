from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingBenchmarkLine(models.Model):
    """One figure: a total, or one row of a breakdown."""

    _name = "buurtbemiddeling.benchmark.line"
    _description = "Benchmark Line"
    _order = "benchmark_id, id"
    _rec_name = "indicator_id"

    benchmark_id = fields.Many2one(
        "buurtbemiddeling.benchmark", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="benchmark_id.company_id", store=True, index=True, precompute=True
    )
    indicator_id = fields.Many2one(
        "buurtbemiddeling.indicator", "Figure", required=True, ondelete="restrict"
    )
    indicator_code = fields.Char("Figure code", required=True)
    kind = fields.Selection(related="indicator_id.kind")
    explanation = fields.Text(related="indicator_id.explanation")
    dimension_id = fields.Many2one(
        "buurtbemiddeling.dimension", "Breakdown", ondelete="restrict", help="Empty on a total."
    )
    dimension = fields.Char("Breakdown code", help="Empty on a total.")
    dimension_code = fields.Char("Code", help="NONE where it was not recorded.")
    dimension_label = fields.Char("Name")
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
    value_text = fields.Char("Value", compute="_compute_value_text")
    small_text = fields.Char("For outside", compute="_compute_small_text")
    public_text = fields.Char("Value for outside", compute="_compute_small_text")

    @api.depends("value", "indicator_id.kind")
    def _compute_value_text(self):
        for line in self:
            line.value_text = line.indicator_id._format_value(line.value)

    @api.depends("is_small", "value_text")
    def _compute_small_text(self):
        for line in self:
            line.small_text = line.is_small and self.env._("too small to show")
            line.public_text = "*" if line.is_small else line.value_text

    def action_open_cases(self):
        """Open the cases that the line counts, for whoever may see cases."""
        self.ensure_one()
        facts = self.benchmark_id._get_facts()
        domain = self.benchmark_id._get_scope() & self.indicator_id._get_domain("numerator")
        domain &= self._get_dimension_domain()
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(),
            "res_model": "buurtbemiddeling.case",
            "view_mode": "list,form",
            "domain": [("id", "in", facts.search(domain).ids)],
            "context": {"active_test": False},
        }

    def _get_title(self):
        return ": ".join(filter(None, (self.indicator_id.name, self.dimension_label)))

    def _get_dimension_domain(self):
        """Return the domain of the facts in this row of the breakdown."""
        if not self.dimension_id:
            return Domain.TRUE
        domain = Domain.TRUE
        codes = self.dimension_code.split("|")
        for name, code in zip(self.dimension_id._get_field_names(), codes, strict=True):
            domain &= Domain(name, "=", self.dimension_id._find_value(name, code))
        return domain
