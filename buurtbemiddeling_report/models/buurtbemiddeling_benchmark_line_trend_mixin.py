from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import formatLang

from .buurtbemiddeling_amount_mixin import SCALES

COUNTS = ("count", "total")  # kinds of figures that are no part of anything
FIRST_YEAR = 1990  # as the constraint on the year says


class BuurtbemiddelingBenchmarkLineTrendMixin(models.AbstractModel):
    """A line as a tile or in a graph: next to last year, and never added up."""

    _name = "buurtbemiddeling.benchmark.line.trend.mixin"
    _description = "Trend of a Line"

    year_label = fields.Char("Year", compute="_compute_chart", store=True)
    chart_label = fields.Char("Row", compute="_compute_chart", store=True)
    chart_value = fields.Float(
        "Value to show",
        compute="_compute_chart",
        store=True,
        digits=(16, 1),
        aggregator="max",
        help="A percentage as 75.3, a number per 10,000 as 9.6. Figures and percentages can not be"
        " added up: where a bar or a cell would hold more than one of them it stays empty.",
    )
    base_text = fields.Char("Part of", compute="_compute_base_text")
    trend_text = fields.Char("Value of last year", compute="_compute_previous")
    trend = fields.Selection(
        [
            ("higher", "Higher than last year"),
            ("same", "The same as last year"),
            ("lower", "Lower than last year"),
        ],
        "Compared with last year",
        compute="_compute_previous",
    )

    @api.depends("value", "benchmark_id.year", "dimension_id", "dimension_code", "dimension_label")
    def _compute_chart(self):
        for line in self:
            line.chart_value = line.value * SCALES.get(line.indicator_id.unit, 1)
            line.year_label = str(line.benchmark_id.year)
            line.chart_label = self._get_chart_label(line.dimension_code, line.dimension_label)

    @api.model
    def _get_chart_label(self, code, label):
        """Return what a row is called in a graph: months with their number, to stay in order."""
        return f"{code} {label}" if label and code.isdigit() and len(code) == 2 else label

    @api.depends("numerator", "denominator", "indicator_id.kind")
    def _compute_base_text(self):
        for line in self:
            part, base = (
                formatLang(self.env, number, digits=0)
                for number in (line.numerator, line.denominator)
            )
            if line.indicator_id.kind in COUNTS or not line.denominator:
                line.base_text = False
            elif line.indicator_id.kind == "share":
                line.base_text = self.env._("%(part)s of %(base)s", part=part, base=base)
            elif line.indicator_id.kind == "ratio":
                line.base_text = self.env._("%(part)s to %(base)s", part=part, base=base)
            else:
                line.base_text = self.env._("of %s", base)

    @api.depends("value", "benchmark_id.computed_on")
    @api.depends_context("lang", "uid")
    def _compute_previous(self):
        """Compare totals with the same part of last year, as the screen Compare does."""
        for benchmark, lines in self.grouped("benchmark_id").items():
            compared = benchmark._get_comparison() if benchmark else {}
            for line in lines:
                comparison = None if line.dimension else compared.get(line.indicator_code)
                before = comparison and comparison.previous
                is_known = before is not None
                line.trend_text = comparison and line._say_value(comparison, "previous")
                line.trend = is_known and line._get_trend(before)

    def _get_full_text(self):
        """Return the value with what it is a part of: 93, 75.3 % (70 of 93)."""
        return f"{self.value_text} ({self.base_text})" if self.base_text else self.value_text

    def _get_trend(self, before):
        """Say how the value of this line compares with that of another year, as it is shown."""
        shown = self.indicator_id._format_value
        if shown(self.value) == shown(before):
            return "same"
        return "higher" if self.value > before else "lower"

    # ------------------------------------------------------------
    # SCREENS OF THE STEERING GROUP
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def action_open_dashboard(self):
        """Open the totals of the newest benchmark of the organisation as tiles."""
        return self._open_tiles()

    @api.model
    def _open_tiles(self, project=None):
        """Open totals as tiles: of everything, or of one project."""
        newest = self.env["buurtbemiddeling.benchmark"]._get_newest(project=project)
        domain = Domain("dimension_id", "=", False)
        domain &= Domain("benchmark_id.computed_on", "!=", False)
        if project:
            domain &= Domain("project_id", "=", project.id)
        return self._prepare_screen(
            self.env._("Key Figures"),
            {"kanban": "view_kanban", "list": "view_list"},
            domain,
            {"searchpanel_default_benchmark_id": newest.id},
        )

    @api.model
    @api.readonly
    def action_open_projects(self):
        """Open the newest figures of each project side by side, the cases registered first."""
        found = self.env["buurtbemiddeling.benchmark"].search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("computed_on", "!=", False),
                ("project_id", "!=", False),
                ("reference_date", "<=", fields.Date.context_today(self)),
            ],
            order="reference_date desc, state desc, id desc",
        )
        newest = [each[0].id for each in found.grouped("project_id").values()]
        registered = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        return self._prepare_screen(
            self.env._("Per Project"),
            {"graph": "view_graph_projects", "pivot": "view_pivot_projects", "list": "view_list"},
            Domain("benchmark_id", "in", newest) & Domain("dimension_id", "=", False),
            {"search_default_indicator_id": registered.id},
        )

    @api.readonly
    def action_open_years(self):
        """Open one figure over the years, as a graph; that of this line, else cases registered."""
        line = self[:1] or self._get_newest_line()
        benchmark = line.benchmark_id
        found = benchmark._get_of_years(range(FIRST_YEAR, benchmark.year)) if benchmark else {}
        shown = [benchmark.id, *(each.id for each in found.values())]
        name = self.env._("Over the Years")
        if benchmark and benchmark._is_part():
            day = format_date(self.env, benchmark.reference_date, date_format="d MMMM")
            name = self.env._("Over the Years, each until %s", day)
        return self._prepare_screen(
            name,
            {"graph": "view_graph_years", "pivot": "view_pivot_years", "list": "view_list"},
            Domain("benchmark_id", "in", shown) & Domain("dimension_id", "=", False),
            {"search_default_indicator_id": line.indicator_id.id},
        )

    @api.readonly
    def action_open_breakdowns(self):
        """Open one figure of one benchmark in its breakdowns, by referrer first.

        Who sees figures only reads those of frozen figures: of a concept the newest frozen ones.
        """
        line = self[:1] or self._get_newest_line()
        benchmark = line.benchmark_id
        name = self.env._("Breakdowns")
        if not benchmark._sees_all():
            if benchmark.state != "frozen":
                benchmark = benchmark._get_newest(
                    Domain("state", "=", "frozen"), benchmark.project_id
                )
            name = self.env._(
                "Breakdowns of %s, without the rows that are too small to show",
                benchmark.name or self.env._("frozen figures"),
            )
        return self._prepare_screen(
            name,
            {"graph": "view_graph_rows", "pivot": "view_pivot_rows", "list": "view_list"},
            Domain("benchmark_id", "=", benchmark.id) & Domain("dimension_id", "!=", False),
            {
                "search_default_indicator_id": line.indicator_id.id,
                "search_default_dimension_id": self.env.ref(
                    "buurtbemiddeling_report.dimension_referrer_type"
                ).id,
            },
        )

    @api.model
    def _get_newest_line(self):
        """Return the line of the cases registered in the newest benchmark."""
        newest = self.env["buurtbemiddeling.benchmark"]._get_newest()
        return self.search(
            [
                ("benchmark_id", "=", newest.id),
                ("dimension_id", "=", False),
                ("indicator_code", "=", "cases_registered"),
            ],
            limit=1,
        )

    @api.model
    def _prepare_screen(self, name, views, domain, context):
        """Return an action with views of this dashboard; it shows lines and opens no case."""
        prefix = "buurtbemiddeling_report.buurtbemiddeling_dashboard_"
        title = self.env._("No figures here that you may see")
        reason = self.env._("They appear once a coordinator has computed or frozen them.")
        if self._is_left_out(domain, context):
            title = self.env._("Too small to show")
            reason = self.env._("These figures are about so few that it would tell who they are.")
            name = self.env._("%s, without what is too small to show", name)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(self.env.ref(prefix + view).id, kind) for kind, view in views.items()],
            "view_mode": ",".join(views),
            "search_view_id": [self.env.ref(f"{prefix}view_search").id],
            "domain": list(domain),
            "context": context,
            "help": Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>')
            % (title, reason),
        }

    @api.model
    def _is_left_out(self, domain, context):
        """Return whether a screen that opens leaves totals out that are too small for the user."""
        benchmarks = self.env["buurtbemiddeling.benchmark"]
        if benchmarks._sees_all():
            return False
        for key, value in context.items():
            domain &= Domain(key.split("_default_", 1)[1], "=", value)
        # sudo: only whether there are any, in benchmarks that the user may read
        return bool(
            self.sudo().search_count(
                domain
                & Domain("dimension_id", "=", False)
                & Domain("benchmark_id", "in", benchmarks._search([]))
                & (Domain("is_small", "=", True) | Domain("is_inside_only", "=", True)),
                limit=1,
            )
        )

    def _read_group_select(self, aggregate_spec, query):
        """One line has a value in a graph; several together have none."""
        if aggregate_spec == "chart_value:max":
            field = self._field_to_sql(self._table, "chart_value", query)
            return SQL("CASE WHEN COUNT(*) = 1 THEN MAX(%s) END", field)
        return super()._read_group_select(aggregate_spec, query)
