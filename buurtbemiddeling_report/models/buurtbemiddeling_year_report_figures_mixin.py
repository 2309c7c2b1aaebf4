from urllib.parse import urlsplit

from babel.dates import get_month_names
from markupsafe import Markup

from odoo import api, models
from odoo.tools import get_lang

from ..tools import chart
from ..tools.line_reader import COUNTS
from ..tools.workbook import HIDDEN
from .buurtbemiddeling_benchmark_workbook_mixin import MOST_IN_CHART
from .buurtbemiddeling_case_report import NOT_RECORDED

UNKNOWN = "–"
_CROSS_COLUMNS = 7  # that fit on paper


class BuurtbemiddelingYearReportFiguresMixin(models.AbstractModel):
    """The tables and charts of a chapter, as text, from the lines of benchmarks.

    Nothing is computed here: a cell is a line as the workbook reads it, a ``*`` where it is too
    small for outside, a 0 or a dash where there is no line because nothing counts.
    """

    _name = "buurtbemiddeling.year.report.figures.mixin"
    _description = "Tables of a Chapter"

    def _prepare_blocks(self, sources, indicators):
        """Return the tables of this chapter, one after another.

        :param sources: list of ``Source``, this year first (see the report)
        :param indicators: all figures of the report, for the definitions
        :return: list of ``{"title", "columns", "rows", "note", "is_words", "chart"}``; the rows are
            lists of cells as text, the first of which is the name of the row; the chart is a list
            of ``(kind, title, points)``, or empty
        """
        self.ensure_one()
        blocks = []
        if self.indicator_ids:
            blocks.append(self._prepare_key_figures(sources))
        for dimension in self.dimension_ids:
            if sources[0].reader.is_left_out(dimension):  # then nor is told which rows it has
                note = self.env._("Too small to show without telling who it is about.")
                blocks.append(self._block(dimension.name, [], [], note))
            elif len(dimension._get_field_names()) > 1:
                blocks += self._prepare_cross(dimension, sources[0])
            elif self.years_back:
                blocks.append(self._prepare_years(dimension, sources))
            else:
                blocks.append(self._prepare_breakdown(dimension, sources[0]))
        if self.has_definitions:
            blocks.append(self._prepare_definitions(indicators, sources[0]))
        return blocks

    @api.model
    def _get_of_year(self, indicators, source):
        """Return the figures as they are defined in the year of a source, each once."""
        return self.env["buurtbemiddeling.indicator"].union(
            *(source.figures.get(indicator.code, indicator) for indicator in indicators)
        )

    def _get_columns(self, source):
        """Return the figures that breakdowns show, at least the cases registered."""
        registered = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        return self._get_of_year(self.column_ids or registered, source)

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    def _prepare_key_figures(self, sources):
        now, *earlier = sources
        earlier = [source for source in earlier if source.year >= now.year - self.years_back]
        if self.has_comparison and not earlier:
            earlier = [source for source in sources[1:] if source.year == now.year - 1]
        indicators = self._get_of_year(self.indicator_ids, now)
        columns = [self.env._("Figure"), now.label, *(source.label for source in earlier)]
        rows = [
            [
                now.reader.name(indicator),
                *(self._get_text(source, indicator) for source in (now, *earlier)),
            ]
            for indicator in indicators
        ]
        notes = []
        if self.has_comparison:
            notes = self._add_comparison(now, indicators, columns, rows)
        first = indicators[:1]
        points = [
            (source.label, *self._get_point(source, first))
            for source in sorted((now, *earlier), key=lambda source: source.year)
        ]
        title = now.reader.name(first)
        return self._block("", columns, rows, " ".join(notes), title, points)

    def _add_comparison(self, source, indicators, columns, rows):
        """Add target, country and size class to the key figures, and return what to know of it.

        How many cases the whole country has is nothing to compare an organisation with.
        """
        compared = source.benchmark._get_comparison()
        found = [compared.get(indicator.code) for indicator in indicators]
        lines = [source.reader.find(indicator) for indicator in indicators]
        national = [
            each and indicator.unit not in COUNTS and each.national_reference
            for each, indicator in zip(found, indicators, strict=True)
        ]
        sized = [each and each.size_class_reference for each in found]
        columns += [self.env._("Target"), self.env._("Country")]
        for line, indicator, row, each, reference in zip(
            lines, indicators, rows, found, national, strict=True
        ):
            target = each and each.target
            row.append(UNKNOWN if target is None else indicator._format_value(target))
            row.append(line._say_reference(reference) if reference else UNKNOWN)
        if any(sized):
            columns.append(self.env._("Same size"))
            for line, row, reference in zip(lines, rows, sized, strict=True):
                row.append(line._say_reference(reference) if reference else UNKNOWN)
        notes = [
            note
            for line, each, *references in zip(lines, found, national, sized, strict=True)
            if any(references)
            for note in line._get_notes(each, False)
        ]
        sources = [
            f"{place} ({reference.year})"
            for reference in (*national, *sized)
            if reference
            for place in self._get_places(reference.source)
        ]
        if sources:
            text = self.env._("Country: %s.", ", ".join(dict.fromkeys(sources)))
            notes.insert(0, text)
        return list(dict.fromkeys(notes))

    @api.model
    def _get_places(self, source):
        """Return where a figure was published: of an address on the web only the site."""
        for part in source.split(" ; "):
            yield urlsplit(part).netloc.removeprefix("www.") or part

    def _prepare_breakdown(self, dimension, source):
        indicators = self._get_columns(source)
        codes = self._get_codes(dimension, [source], indicators)
        rows = [
            [label, *(self._get_text(source, each, dimension, code) for each in indicators)]
            for code, label in codes
        ]
        rows.append([self.env._("Total"), *(self._get_text(source, each) for each in indicators)])
        points = [
            (label, *self._get_point(source, indicators[:1], dimension, code))
            for code, label in codes[:MOST_IN_CHART]
        ]
        names = [source.reader.name(indicator) for indicator in indicators]
        title = f"{dimension.name}: {names[0].lower()}"
        if len(codes) > MOST_IN_CHART:
            title = self.env._(
                "%(title)s (the %(count)s largest)", title=title, count=MOST_IN_CHART
            )
        return self._block(
            dimension.name,
            [dimension.name, *names],
            rows,
            self._get_note(dimension, source),
            title,
            points,
        )

    def _prepare_years(self, dimension, sources):
        """One figure of a breakdown, a column for each year."""
        now = sources[0]
        indicator = self._get_columns(now)[:1]
        shown = [source for source in sources if source.year >= now.year - self.years_back]
        codes = self._get_codes(dimension, shown, indicator)
        shown.sort(key=lambda source: source.year)
        rows = [
            [label, *(self._get_text(source, indicator, dimension, code) for source in shown)]
            for code, label in codes
        ]
        rows.append([self.env._("Total"), *(self._get_text(each, indicator) for each in shown)])
        return self._block(
            self.env._(
                "%(figure)s by %(breakdown)s, per year",
                figure=now.reader.name(indicator),
                breakdown=dimension.name.lower(),
            ),
            [dimension.name, *(source.label for source in shown)],
            rows,
            self._get_note(dimension, now),
        )

    def _prepare_cross(self, dimension, source):
        """One figure by two facts: as many tables as it takes to fit on paper."""
        indicator = self._get_columns(source)[:1]
        labels = ({}, {})
        for code, label in source.reader.labels(dimension, indicator).items():
            texts = label.split(" / ")
            if len(texts) != 2:  # a name with a stroke in it
                texts = [label] * 2
            for position, part in enumerate(code.split("|")):
                labels[position][part] = texts[position]
        names = [self._sort_labels(found) for found in labels]
        is_turned = len(names[0]) < len(names[1])
        down, across = names[::-1] if is_turned else names
        blocks = []
        for start in range(0, len(across), _CROSS_COLUMNS):
            part = across[start : start + _CROSS_COLUMNS]
            rows = [
                [
                    label,
                    *(
                        self._get_text(
                            source,
                            indicator,
                            dimension,
                            f"{other}|{code}" if is_turned else f"{code}|{other}",
                        )
                        for other, _label in part
                    ),
                ]
                for code, label in down
            ]
            title = f"{dimension.name}: {source.reader.name(indicator).lower()}"
            if start:
                title = self.env._("%s, continued", title)
            columns = ["", *(label for _code, label in part)]
            blocks.append(self._block(title, columns, rows, self._get_note(dimension, source)))
        return blocks or [
            self._block(dimension.name, [dimension.name], [], self.env._("Nothing was counted."))
        ]

    def _prepare_definitions(self, indicators, source):
        lines = source.reader.lines.filtered(
            lambda line: not line.dimension_id and line.indicator_code in indicators.mapped("code")
        )
        return self._block(
            "",
            [self.env._("Figure"), self.env._("What it counts")],
            [
                [definition["name"], definition["explanation"]]
                for definition in source.benchmark._get_output_definitions(lines)
            ],
            self.env._(
                "“Not recorded” is not the same as the answer “unknown”. A percentage has the"
                " number it is a part of behind it."
            ),
            is_words=True,
        )

    def _block(self, title, columns, rows, note="", about="", points=(), is_words=False):
        """Return one table, with a chart of ``(label, value, text)`` where the chapter has one."""
        # one bar says nothing, nor do bars of nothing
        has_chart = self.chart != "none" and len(points) > 1 and any(p[1] for p in points)
        return {
            "title": title,
            "columns": columns,
            "rows": rows,
            "note": note,
            "is_words": is_words,
            "chart": [self.chart, about, list(points)] if has_chart else [],
        }

    @api.model
    def _draw(self, block):
        """Return the chart of a table as SVG, in which every text is escaped."""
        if not block["chart"]:
            return ""
        kind, title, points = block["chart"]
        return Markup({"bars": chart.bars, "columns": chart.columns}[kind](title, points))

    # ------------------------------------------------------------
    # CELLS
    # ------------------------------------------------------------

    def _get_text(self, source, indicator, dimension=None, code=""):
        """Return a figure as text, with what it is a part of: 93, 75.3 % (70 of 93)."""
        indicator = source.figures.get(indicator.code, indicator)
        number, unit = source.reader.cell(indicator, "value", dimension, code)
        if number == HIDDEN:
            return HIDDEN
        if number is None:
            return UNKNOWN
        line = source.reader.find(indicator, dimension, code)
        if not line or (unit in COUNTS and not number):
            return indicator._format_value(0)
        return line._get_full_text()

    def _get_point(self, source, indicator, dimension=None, code=""):
        """Return ``(value or None, text)`` of a bar in a chart."""
        indicator = source.figures.get(indicator.code, indicator)
        number, _unit = source.reader.cell(indicator, "value", dimension, code)
        if number in (HIDDEN, None):
            return None, HIDDEN if number else UNKNOWN
        line = source.reader.find(indicator, dimension, code)
        return number, line.value_text if line else indicator._format_value(0)

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _get_codes(self, dimension, sources, indicators):
        """Return the rows of a breakdown as ``(code, label)``, in the order of the workbook.

        All months are there, until the reference date.

        :param sources: the first one says how large a row is
        """
        first = sources[0]
        labels = {}
        for source in reversed(sources):
            if not source.reader.is_left_out(dimension):
                figures = self._get_of_year(indicators, source)
                labels.update(source.reader.labels(dimension, figures))
        if dimension.field_name.endswith("_month"):
            months = get_month_names(locale=get_lang(self.env).code)
            last = first.benchmark.reference_date
            count = 12 if last.year > first.year else last.month
            labels.update({f"{month:02}": months[month] for month in range(1, count + 1)})
        rows = [
            (code, (label, first.reader.cell(indicators[:1], "value", dimension, code)))
            for code, label in labels.items()
        ]
        rows, _leading = first.benchmark._sort_breakdown_rows(dimension, rows)
        return [(code, label) for code, (label, _cell) in rows]

    @staticmethod
    def _sort_labels(labels):
        return sorted(
            labels.items(), key=lambda item: (item[0] == NOT_RECORDED, item[1].casefold())
        )

    @api.model
    def _get_note(self, dimension, source):
        return " ".join(source.benchmark._get_breakdown_notes(dimension))
