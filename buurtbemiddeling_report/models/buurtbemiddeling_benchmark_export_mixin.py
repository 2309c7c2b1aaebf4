import json
from collections import namedtuple

from odoo import api, models

from ..tools.delimited import BOM, csv_text
from ..tools.workbook_rows import HIDDEN

#: One number of a file: of which breakdown (empty on a total), row and figure; ``line`` is ``None``
#: when it may not be shown.
Place = namedtuple("Place", "dimension code label figure line")


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
        about = (
            benchmark.company_id.name,
            ", ".join(benchmark.area_ids.mapped("name")),
            benchmark.project_id.name or "",
            benchmark.year,
            benchmark.reference_date.isoformat(),
            benchmark._get_state_text(),
        )
        rows = [benchmark._get_csv_head()]
        figures = benchmark._get_layout_figures(layout, reader)
        for place in benchmark._get_output_places(figures, reader):
            line, figure = place.line, place.figure
            rows.append(
                (
                    *about,
                    place.dimension.code or "",
                    benchmark._get_breakdown_name(place.dimension) or "",
                    place.code,
                    place.label,
                    figure.code,
                    figure.name,
                    *(
                        (line.numerator, line.denominator, line.value)
                        if line
                        else (HIDDEN, HIDDEN, HIDDEN)
                    ),
                    figure.unit,
                    figure._format_value(line.value, line.denominator) if line else HIDDEN,
                )
            )
        if public:
            rows.append((benchmark._get_public_notice(),))
        return (BOM + csv_text(rows)).encode()

    def _get_csv_head(self):
        env = self.env
        return (
            env._("Organisation"),
            env._("Areas"),
            env._("Project"),
            env._("Year"),
            env._("Reference date"),
            env._("State"),
            env._("Breakdown code"),
            env._("Breakdown"),
            env._("Code"),
            env._("Name"),
            env._("Figure code"),
            env._("Figure"),
            env._("Number or euros"),
            env._("Base"),
            env._("Value"),
            env._("Unit"),
            env._("Shown"),
        )

    def _render_json(self, layout=None, public=False):
        """Return the lines as bytes of a JSON file (UTF-8), with what they mean.

        Numbers are numbers, dates ISO, a fraction a fraction. What may not be shown is ``null``
        and says so in ``hidden``.

        :param layout: only the lines that this form shows; without it all
        :param public: see ``_render_xlsx``
        """
        benchmark, layout, public = self._prepare_output(layout, public)
        reader = benchmark._get_output_reader(layout, public)
        figures = benchmark._get_layout_figures(layout, reader)
        content = {
            "organisation": benchmark.company_id.name,
            "areas": [{"code": area.code, "name": area.name} for area in benchmark.area_ids],
            "project": benchmark.project_id.name or None,
            "year": benchmark.year,
            "reference_date": benchmark.reference_date.isoformat(),
            "state": benchmark.state,
            "version": benchmark.version,
            "computed_on": benchmark.computed_on and benchmark.computed_on.isoformat() + "Z",
            "form": layout.code,
            "public": public,
            "notice": benchmark._get_public_notice() if public else None,
            "definitions": benchmark._get_output_definitions(figures, reader),
            "breakdowns": [
                {"code": dimension.code, "name": benchmark._get_breakdown_name(dimension)}
                for dimension in benchmark._get_layout_dimensions(layout, reader)
            ],
            "lines": [
                {
                    "figure": place.figure.code,
                    "breakdown": place.dimension.code or None,
                    "breakdown_name": benchmark._get_breakdown_name(place.dimension) or None,
                    "code": place.code or None,
                    "name": place.label or None,
                    "hidden": not place.line,
                    **{
                        name: getattr(place.line, name) if place.line else None
                        for name in ("numerator", "denominator", "value")
                    },
                }
                for place in benchmark._get_output_places(figures, reader)
            ],
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    def _get_output_places(self, figures, reader):
        """Yield a ``Place`` for every number of the file; what may not be shown has no line.

        The rows of a breakdown that are hidden are one: which they are is not told. Where a figure
        is hidden in a breakdown it is so in every row, also where it counts nothing.

        :param figures: see ``_get_layout_figures``
        """
        for dimension, codes in figures.items():
            has_codes = bool(dimension) and self._has_codes(dimension)
            if not dimension or not reader.is_partial:
                for line in reader.of(dimension):
                    if line.indicator_code in codes:
                        yield self._get_place(dimension, has_codes, line, reader)
                continue
            for code, row in reader.get_rows(dimension).items():
                if reader.is_hidden_row(dimension, code):
                    continue
                for figure in map(reader.get_figure, codes):
                    if line := reader.find(figure, dimension, code):
                        yield self._get_place(dimension, has_codes, line, reader)
                    elif reader.is_hidden_place(figure, dimension, code):
                        place = self._get_place(dimension, has_codes, row, reader)
                        yield place._replace(figure=figure, line=None)
            if reader.has_hidden_rows(dimension):
                for figure in map(reader.get_figure, codes):
                    yield Place(dimension, "", self._get_hidden_label(), figure, None)

    @api.model
    def _get_place(self, dimension, has_codes, line, reader):
        return Place(
            dimension,
            # the code of a row, empty where it is a number of this database
            line.dimension_code if has_codes else "",
            line.dimension_label or "",
            reader.get_figure(line.indicator_code),
            line if reader.is_shown(line) else None,
        )

    def _get_layout_figures(self, layout, reader):
        """Return ``{breakdown: codes of figures}`` of which a form shows lines, the totals first.

        A breakdown of which nothing may be shown is left out: its rows tell which there are.
        """
        none = self.env["buurtbemiddeling.dimension"]
        places = {none: set()}
        for sheet in layout.sheet_ids:
            codes = {reader.code(each) for each in sheet.column_ids.indicator_id}
            codes = codes or reader.all_codes
            if sheet.kind in ("key", "comparison"):
                places[none] |= codes
            elif sheet.kind in ("breakdown", "breakdowns"):
                for dimension in sheet.dimension_id or reader.dimensions:
                    places.setdefault(dimension, set()).update(codes)
        found = {
            dimension: [code for code in reader.get_codes(dimension) if code in places[dimension]]
            for dimension in (none, *reader.dimensions)
            if dimension in places
            and not (dimension and reader.is_left_out(dimension, places[dimension]))
        }
        return {dimension: codes for dimension, codes in found.items() if codes}

    def _get_layout_dimensions(self, layout, reader):
        """Return the breakdowns of which a form shows lines, in order."""
        found = self._get_layout_figures(layout, reader)
        return reader.dimensions.filtered(lambda each: each in found).sorted("sequence")
