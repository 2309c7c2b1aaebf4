from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingBenchmark(models.Model):
    """The figures of one organisation over one year, as known on a reference date (peildatum)."""

    _name = "buurtbemiddeling.benchmark"
    _description = "Benchmark"
    _inherit = [
        "buurtbemiddeling.benchmark.trend.mixin",  # before the computation: it narrows the scope
        "buurtbemiddeling.benchmark.comparison.mixin",
        "buurtbemiddeling.benchmark.reader.mixin",
        "buurtbemiddeling.benchmark.check.mixin",
        "buurtbemiddeling.benchmark.snapshot.mixin",
        "buurtbemiddeling.benchmark.computation.mixin",
        "buurtbemiddeling.benchmark.disclosure.mixin",
        "buurtbemiddeling.benchmark.workbook.mixin",
        "buurtbemiddeling.benchmark.breakdown.mixin",
        "buurtbemiddeling.benchmark.missing.mixin",
        "buurtbemiddeling.benchmark.export.mixin",
        "buurtbemiddeling.benchmark.case.file.mixin",
        "buurtbemiddeling.project.figures.mixin",
    ]
    _order = "year desc, reference_date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    year = fields.Integer(
        required=True, default=lambda self: fields.Date.context_today(self).year - 1
    )
    reference_date = fields.Date(
        compute="_compute_reference_date",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Cases closed after this day count as running.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    is_early = fields.Boolean(
        compute="_compute_is_early", help="The reference date is still to come."
    )
    area_ids = fields.Many2many(
        "buurtbemiddeling.area",
        string="Only these areas",
        ondelete="restrict",
        help="Municipalities, districts or neighbourhoods, with all that lies inside them."
        " Empty: the whole organisation, also cases of which the area is not known.",
    )
    computed_on = fields.Datetime(readonly=True, copy=False)
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    line_ids = fields.One2many("buurtbemiddeling.benchmark.line", "benchmark_id", "Lines")
    key_line_ids = fields.One2many(
        "buurtbemiddeling.benchmark.line",
        "benchmark_id",
        "Key figures",
        domain=[("dimension", "=", False)],
    )

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )

    @api.depends("year", "reference_date", "company_id", "area_ids")
    def _compute_name(self):
        for benchmark in self:
            where = ", ".join(benchmark.area_ids.mapped("name")) or benchmark.company_id.name or ""
            day = benchmark.reference_date
            benchmark.name = " ".join(
                filter(None, (str(benchmark.year), day and f"({day:%d-%m-%Y})", where))
            )

    @api.depends("reference_date")
    def _compute_is_early(self):
        today = fields.Date.context_today(self)
        for benchmark in self:
            benchmark.is_early = bool(benchmark.reference_date and benchmark.reference_date > today)

    @api.depends("year")
    def _compute_reference_date(self):
        for benchmark in self:
            if 1 <= benchmark.year <= 9999:
                benchmark.reference_date = date(benchmark.year, 12, 31)
            else:  # the constraint on the year says what is wrong
                benchmark.reference_date = fields.Date.context_today(benchmark)

    @api.constrains("year", "reference_date")
    def _check_reference_date(self):
        for benchmark in self.filtered(lambda benchmark: 1 <= benchmark.year <= 9999):
            if benchmark.reference_date < date(benchmark.year, 1, 1):
                raise UserError(
                    self.env._(
                        "The reference date lies before %(year)s, the year it belongs to."
                        " Choose 1 January %(year)s or later.",
                        year=benchmark.year,
                    )
                )

    def write(self, vals):
        """Figures of another year, date or area are other figures: the lines go."""
        changed = {"year", "reference_date", "company_id", "area_ids", "is_to_date"} & vals.keys()
        if changed and "computed_on" not in vals:
            self.line_ids.unlink()
            self._forget_snapshot()
            vals = {**vals, "computed_on": False, "computed_by_id": False}
        return super().write(vals)

    def action_open_lines(self):
        """Open all lines, grouped by breakdown."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_line_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id)]
        return action
