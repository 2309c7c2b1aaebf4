from odoo import models
from odoo.tools import format_date

from ..workbook import Sheet, render


class BuurtbemiddelingBenchmarkWorkbookMixin(models.AbstractModel):
    """The lines of a benchmark as an Excel workbook."""

    _name = "buurtbemiddeling.benchmark.workbook.mixin"
    _description = "Workbook of a Benchmark"

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
