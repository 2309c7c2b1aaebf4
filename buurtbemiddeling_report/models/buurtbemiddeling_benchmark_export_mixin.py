import json

from odoo import models

from ..tools.delimited import BOM, csv_text
from ..tools.workbook import HIDDEN


class BuurtbemiddelingBenchmarkExportMixin(models.AbstractModel):
    """The lines of a benchmark as CSV and JSON: the same lines as in the workbook."""

    _name = "buurtbemiddeling.benchmark.export.mixin"
    _description = "Export of a Benchmark"

    def _render_csv(self, layout=None, public=False):
        """Return the lines as bytes of a CSV file that a Dutch Excel opens as it is.

        UTF-8 with byte order mark, semicolons, decimal commas. ``Value`` is the raw value (a count,
        a fraction or days), ``Shown`` the same as people read it. What may not be shown is ``*``.

        :param layout: only the lines that this form shows; without it all
        :param public: see ``_render_xlsx``
        """
        benchmark, layout, public = self._prepare_output(layout, public)
        reader = benchmark._get_output_reader(layout, public)
        env = benchmark.env
        head = (
            env._("Organisation"),
            env._("Areas"),
            env._("Year"),
            env._("Reference date"),
            env._("State"),
            env._("Breakdown code"),
            env._("Breakdown"),
            env._("Code"),
            env._("Name"),
            env._("Figure code"),
            env._("Figure"),
            env._("Cases"),
            env._("Base (cases)"),
            env._("Value"),
            env._("Unit"),
            env._("Shown"),
        )
        about = (
            benchmark.company_id.name,
            ", ".join(benchmark.area_ids.mapped("name")),
            benchmark.year,
            benchmark.reference_date.isoformat(),
            benchmark._get_state_text(),
        )
        rows = [head]
        for line in benchmark._get_layout_lines(layout, reader):
            numbers = (line.numerator, line.denominator, line.value)
            rows.append(
                (
                    *about,
                    line.dimension or "",
                    line.dimension_id.name or "",
                    benchmark._get_output_code(line),
                    line.dimension_label or "",
                    line.indicator_code,
                    line.name,
                    *(numbers if reader.is_shown(line) else (HIDDEN,) * 3),
                    line.indicator_id.unit,
                    line.value_text if reader.is_shown(line) else HIDDEN,
                )
            )
        if public:
            rows.append((benchmark._get_public_notice(),))
        return (BOM + csv_text(rows)).encode()

    def _render_json(self, layout=None, public=False):
        """Return the lines as bytes of a JSON file (UTF-8), with what they mean.

        Numbers are numbers, dates ISO, a fraction a fraction. What may not be shown is ``null``
        and says so in ``hidden``.

        :param layout: only the lines that this form shows; without it all
        :param public: see ``_render_xlsx``
        """
        benchmark, layout, public = self._prepare_output(layout, public)
        reader = benchmark._get_output_reader(layout, public)
        lines = benchmark._get_layout_lines(layout, reader)
        content = {
            "organisation": benchmark.company_id.name,
            "areas": [{"code": area.code, "name": area.name} for area in benchmark.area_ids],
            "year": benchmark.year,
            "reference_date": benchmark.reference_date.isoformat(),
            "state": benchmark.state,
            "version": benchmark.version,
            "computed_on": benchmark.computed_on and benchmark.computed_on.isoformat() + "Z",
            "form": layout.code,
            "public": public,
            "notice": benchmark._get_public_notice() if public else None,
            "definitions": benchmark._get_output_definitions(lines),
            "breakdowns": [
                {"code": dimension.code, "name": dimension.name}
                for dimension in lines.dimension_id.sorted("sequence")
            ],
            "lines": [
                {
                    "figure": line.indicator_code,
                    "breakdown": line.dimension or None,
                    "breakdown_name": line.dimension_id.name or None,
                    "code": benchmark._get_output_code(line) or None,
                    "name": line.dimension_label or None,
                    "hidden": not reader.is_shown(line),
                    **(
                        {name: line[name] for name in ("numerator", "denominator", "value")}
                        if reader.is_shown(line)
                        else dict.fromkeys(("numerator", "denominator", "value"))
                    ),
                }
                for line in lines
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    def _get_output_code(self, line):
        """Return the code of a row of a breakdown, empty where it is a number of this database."""
        if not line.dimension_id or not self._has_codes(line.dimension_id):
            return ""
        return line.dimension_code

    def _get_layout_lines(self, layout, reader):
        """Return the lines that a form shows, in the order in which they were computed.

        A breakdown of which nothing may be shown is left out: its rows tell which there are.
        """
        totals, places = set(), set()
        for sheet in layout.sheet_ids:
            figures = sheet.column_ids.indicator_id or reader.lines.indicator_id
            if sheet.kind in ("key", "comparison"):
                totals.update(figures.ids)
            elif sheet.kind == "breakdown":
                places.update((sheet.dimension_id.id, figure.id) for figure in figures)
            elif sheet.kind == "breakdowns":
                dimensions = reader.lines.dimension_id
                places.update((each.id, figure.id) for each in dimensions for figure in figures)
        return reader.lines.filtered(
            lambda line: (
                (line.dimension_id.id, line.indicator_id.id) in places
                and not reader.is_left_out(line.dimension_id)
                if line.dimension_id
                else line.indicator_id.id in totals
            )
        )
