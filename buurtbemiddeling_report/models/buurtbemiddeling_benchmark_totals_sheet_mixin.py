from odoo import api, models

from ..tools.line_reader import scale
from ..tools.workbook import Chart
from ..tools.workbook_rows import HIDDEN

#: What was published is of a year of its own, which stands next to it.
PUBLISHED = ("national", "size_class")


class BuurtbemiddelingBenchmarkTotalsSheetMixin(models.AbstractModel):
    """The totals of a benchmark in its workbook: one by one, as answers, and beside other years."""

    _name = "buurtbemiddeling.benchmark.totals.sheet.mixin"
    _description = "Totals in a Workbook"

    def _prepare_key_sheets(self, record, reader, public):
        """Key figures: one row a question of the form, or one a figure when it asks nothing."""
        if record.column_ids:
            return [self._make_question_sheet(record, reader, public)]
        rows = [
            (
                figure.name,
                reader.cell(figure, "numerator"),
                reader.cell(figure, "denominator") if figure.kind != "count" else None,
                reader.cell(figure),
                reader.code(figure),
            )
            for figure in reader.get_figures(reader.get_codes())
        ]
        columns = (
            self.env._("Figure"),
            self.env._("Number or euros"),
            self.env._("Base"),
            self.env._("Value"),
            self.env._("Code"),
        )
        sheet = self._make_sheet(record, columns=columns, rows=rows)
        # what to know about the figures may have numbers in it
        remarks = [] if public else (self.remarks or "").splitlines()
        return [sheet._replace(heading=(*sheet.heading, *remarks))]

    def _make_question_sheet(self, record, reader, public):
        """The rows are the questions of a funder, in its own words and with its own numbers."""
        columns = record.column_ids
        compared = columns.filtered(
            lambda column: column.part in ("previous", "national", "target")
        )
        comparison = self._get_comparison() if compared else {}
        earlier = {}
        if public and "previous" in compared.mapped("part"):
            earlier = self._get_earlier_figures(
                compared.indicator_id, [self.year - 1], public, record.layout_id
            )
        rows = []
        for column in columns:
            indicator, part = column.indicator_id, column.part
            if part in ("value", "numerator", "denominator"):
                cell = reader.cell(indicator, part)
            elif part == "previous" and public:
                cell = scale(earlier.get((indicator.code, self.year - 1)), indicator.unit)
            else:
                found = comparison.get(indicator.code)
                cell = scale(found and getattr(found, part), indicator.unit)
            number, unit = cell
            name = column.name
            if part == "national" and number is not None:
                name = f"{name} ({found.national_reference.year})"
            rows.append((column.number or "", name, ("–" if number is None else number, unit)))
        headings = (self.env._("No."), self.env._("Question"), self.env._("Answer"))
        if not any(columns.mapped("number")):
            headings, rows = headings[1:], [row[1:] for row in rows]
        return self._make_sheet(record, columns=headings, rows=rows)

    def _prepare_comparison_sheets(self, record, reader, public):
        """Totals beside those of earlier years, the country, similar organisations and targets."""
        columns = record.column_ids
        indicators = columns.indicator_id or reader.indicators.filtered(reader.find).sorted(
            "sequence"
        )
        names = {column.indicator_id: column.name for column in columns}
        years = list(range(self.year - record.years, self.year))
        known = None
        if not public:  # each year once
            known = self._get_earlier(
                sorted({*years, self.year - 1, self.year - 2}),
                self._get_total_lines().indicator_id | indicators,
            )
        earlier = self._get_earlier_figures(indicators, years, public, record.layout_id, known)
        # years of which nothing is known would be empty columns
        years = [y for y in years if any(earlier.get((i.code, y)) is not None for i in indicators)]
        comparison = self._get_comparison(known)
        extra = self._get_compared_headings(comparison)
        rows = [
            (
                names.get(indicator) or reader.as_counted(indicator).name,
                *(scale(earlier.get((indicator.code, y)), indicator.unit) for y in years),
                reader.cell(indicator),
                *self._make_compared_cells(comparison.get(indicator.code), extra, indicator),
            )
            for indicator in indicators
        ]
        headings = (
            self.env._("Figure"),
            *map(str, (*years, self.year)),
            *(
                each
                for name, heading in extra.items()
                for each in (heading, self.env._("Published for"))[: 1 + (name in PUBLISHED)]
            ),
        )
        drawn = columns.filtered("in_chart").indicator_id or indicators[:1]
        chart = None
        if record.chart != "none" and rows:
            chart = self._make_year_chart(record, indicators, drawn, rows, len(years) + 1)
        return [self._make_sheet(record, columns=headings, rows=rows, chart=chart)]

    def _get_compared_headings(self, comparison):
        """Return ``{name: heading}`` of what there is to compare any of the figures with."""
        headings = {
            "national": self.env._("The country"),
            "size_class": self.env._("Organisations of this size"),
            "target": self.env._("Target"),
        }
        return {
            name: heading
            for name, heading in headings.items()
            if any(getattr(found, name) is not None for found in comparison.values())
        }

    @api.model
    def _make_compared_cells(self, found, names, indicator):
        """Return the cells of what is compared with; of what was published its year as well."""
        cells = []
        for name in names:
            cells.append(scale(found and getattr(found, name), indicator.unit))
            if name in PUBLISHED:
                reference = found and getattr(found, f"{name}_reference")
                cells.append(str(reference.year) if reference else "")
        return cells

    def _make_year_chart(self, record, indicators, drawn, rows, count):
        """A chart of figures over the years: one series a figure."""
        places = [row for row, each in enumerate(indicators, start=1) if each in drawn]
        kind = "column" if record.chart == "auto" else record.chart
        cells = [cell[0] for place in places for cell in rows[place - 1][1 : count + 1]]
        if not any(cell and cell != HIDDEN for cell in cells):
            return None
        if HIDDEN in cells:
            kind = "column"  # a line would fall to zero where a number is hidden
        first = rows[places[0] - 1][0]
        return Chart(
            kind=kind,
            title=record.name if len(places) > 1 else first,
            categories=(0, 1, 0, count),
            series=[((place, 0), (place, 1, place, count)) for place in places],
            category_title=self.env._("Year"),
            value_title=self._get_unit_text(drawn[:1].unit),
        )

    def _get_earlier_figures(self, indicators, years, public, layout, known=None):
        """Return ``{(indicator_code, year): value}`` of the totals of earlier years.

        Outside, only what is public in a benchmark of that year: elsewhere nobody has judged
        whether a number is small. That these figures leave is noted with that benchmark.

        :param known: these years, see ``_get_earlier``, where they were looked up already
        """
        codes = indicators.mapped("code")
        if not public:
            return {
                (code, year): value
                for code, pairs in self._get_series(codes, years, known).items()
                for year, value in pairs
            }
        figures = {}
        earlier = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("year", "in", years),
                ("computed_on", "!=", False),
            ]
        ).filtered(
            lambda benchmark: (
                (benchmark.area_ids, benchmark.project_id) == (self.area_ids, self.project_id)
            )
        )
        for benchmark in earlier.sorted(lambda each: (each.state != "frozen", -each.id)):
            if any(year == benchmark.year for _code, year in figures):
                continue
            shown = benchmark._release_again(layout)
            for line in benchmark.key_line_ids:
                value = line.value if line in shown else HIDDEN
                figures[line.indicator_code, benchmark.year] = value
        return figures

    def _release_again(self, layout):
        """Return the lines that may be shown; that they leave is noted once after computing."""
        # sudo: whether it left since it was computed, and nothing of what is noted
        left = self.sudo().release_ids.filtered(lambda each: each.date >= self.computed_on)
        return self._get_public_lines() if left else self._release(layout)
