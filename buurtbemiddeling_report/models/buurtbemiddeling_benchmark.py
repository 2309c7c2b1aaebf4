from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


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
        "buurtbemiddeling.benchmark.disclosure.file.mixin",
        "buurtbemiddeling.benchmark.known.mixin",
        "buurtbemiddeling.benchmark.workbook.mixin",
        "buurtbemiddeling.benchmark.totals.sheet.mixin",
        "buurtbemiddeling.benchmark.breakdown.mixin",
        "buurtbemiddeling.benchmark.missing.mixin",
        "buurtbemiddeling.benchmark.export.mixin",
        "buurtbemiddeling.benchmark.case.file.mixin",
        "buurtbemiddeling.benchmark.case.query.mixin",
        "buurtbemiddeling.project.figures.mixin",
    ]
    _order = "year desc, reference_date desc, id desc"
    _check_company_auto = True

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
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        "Only this project",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The cases and volunteers that fall under the project, and the inhabitants of its"
        " areas.",
    )
    computed_on = fields.Datetime(readonly=True, copy=False)
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    line_ids = fields.One2many("buurtbemiddeling.benchmark.line", "benchmark_id", "Lines")
    key_line_ids = fields.One2many(
        "buurtbemiddeling.benchmark.line",
        "benchmark_id",
        "Key figures",
        domain=[("dimension_id", "=", False)],
    )

    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )

    @api.depends("year", "reference_date", "company_id", "area_ids", "project_id")
    def _compute_name(self):
        for benchmark in self:
            where = benchmark._get_scope_name() or benchmark.company_id.name or ""
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

    @api.constrains("area_ids", "project_id")
    def _check_one_scope(self):
        for benchmark in self:
            if benchmark.area_ids and benchmark.project_id:
                raise ValidationError(
                    self.env._(
                        "These figures are about a project or about areas, not both: a project"
                        " has its own areas. Empty one of the two."
                    )
                )

    def _get_scope_name(self):
        """Return the project or the areas that the figures are about; empty for everything."""
        # sudo: names of areas and of a project, whose figures the user may read
        return self.project_id.sudo().name or ", ".join(self.area_ids.sudo().mapped("name"))

    @api.model
    def _get_scope_fields(self):
        """Return the fields that say which figures these are."""
        return ("year", "reference_date", "is_to_date", "company_id", "area_ids", "project_id")

    def write(self, vals):
        """Figures of another year, date, area or project are other figures: the lines go."""
        if not vals.keys().isdisjoint(self._get_scope_fields()) and "computed_on" not in vals:
            self.check_access("write")
            self.env["buurtbemiddeling.benchmark.line"]._forget(self)
            self._forget_snapshot()
            vals = {**vals, "computed_on": False, "computed_by_id": False}
        return super().write(vals)

    @api.readonly
    def action_open_lines(self):
        """Open all lines, grouped by breakdown."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_line_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id)]
        return action
