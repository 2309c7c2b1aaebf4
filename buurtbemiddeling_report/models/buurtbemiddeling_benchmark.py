from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..workbook import Sheet, render


class BuurtbemiddelingBenchmark(models.Model):
    """The figures of one organisation over one year, as known on a reference date (peildatum)."""

    _name = "buurtbemiddeling.benchmark"
    _description = "Benchmark"
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
                filter(None, (str(benchmark.year), where, day and f"({day:%d-%m-%Y})"))
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
        changed = {"year", "reference_date", "company_id", "area_ids"} & vals.keys()
        if changed and "computed_on" not in vals:
            self.line_ids.unlink()
            vals = {**vals, "computed_on": False, "computed_by_id": False}
        return super().write(vals)

    # ------------------------------------------------------------
    # COMPUTATION
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_lines(self):
        """Open all lines, grouped by breakdown."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "buurtbemiddeling_report.buurtbemiddeling_benchmark_line_action"
        )
        action["domain"] = [("benchmark_id", "=", self.id)]
        return action

    def action_download_xlsx(self):
        """Download the workbook, computing the figures first when there are none yet."""
        self.ensure_one()
        if not self.computed_on:
            self.action_compute()
        return {
            "type": "ir.actions.act_url",
            "url": f"/buurtbemiddeling/benchmark/{self.id}/xlsx",
            "target": "download",
        }

    # ------------------------------------------------------------
    # WORKBOOK
    # ------------------------------------------------------------

    def _render_xlsx(self):
        """Return the bytes of the workbook: key figures, a sheet a breakdown, definitions.

        It holds the lines as they were computed; nothing is computed a second time.
        """
        self.ensure_one()
        lines = self.line_ids
        sheets = [self._prepare_key_sheet(lines.filtered(lambda line: not line.dimension))]
        for dimension, members in lines.grouped("dimension_id").items():
            if dimension:
                sheets.append(self._prepare_breakdown_sheet(dimension.name, members))
        sheets.append(self._prepare_definition_sheet(lines.indicator_id))
        return render(sheets, title=self.name)

    def _prepare_key_sheet(self, lines):
        rows = [
            (
                line.indicator_id.name,
                line.numerator,
                line.denominator if line.indicator_id.kind != "count" else None,
                (line.value, line.indicator_id.kind),
            )
            for line in lines.sorted(lambda line: (line.indicator_id.sequence, line.id))
        ]
        return Sheet(
            self.env._("Key figures"),
            self._get_heading(),
            (
                self.env._("Figure"),
                self.env._("Cases"),
                self.env._("Base (cases)"),
                self.env._("Value"),
            ),
            rows,
        )

    def _prepare_breakdown_sheet(self, name, lines):
        indicators = lines.indicator_id.sorted("sequence")
        rows = []
        for code, members in lines.grouped("dimension_code").items():
            by_indicator = {line.indicator_id: line for line in members}
            rows.append(
                (
                    members[0].dimension_label,
                    *(
                        (by_indicator[indicator].value, indicator.kind)
                        if indicator in by_indicator
                        else (0 if indicator.kind == "count" else None, indicator.kind)
                        for indicator in indicators
                    ),
                    code,
                )
            )
        return Sheet(
            name,
            self._get_heading(),
            (name, *indicators.mapped("name"), self.env._("Code")),
            rows,
        )

    def _prepare_definition_sheet(self, indicators):
        return Sheet(
            self.env._("Definitions"),
            self._get_heading(),
            (self.env._("Figure"), self.env._("What it counts"), self.env._("Code")),
            [
                (indicator.name, indicator.explanation, indicator.code)
                for indicator in indicators.sorted("sequence")
            ],
        )

    def _get_heading(self):
        """Return the lines above each sheet: whose figures, of which year, known when."""
        return (
            self.name,
            self.env._(
                "Year %(year)s, reference date %(date)s, computed on %(day)s",
                year=self.year,
                date=format_date(self.env, self.reference_date),
                day=format_date(self.env, self.computed_on),
            ),
        )
