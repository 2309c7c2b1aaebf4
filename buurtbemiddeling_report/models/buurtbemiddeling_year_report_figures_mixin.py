from urllib.parse import urlsplit

from babel.dates import get_month_names
from markupsafe import Markup

from odoo import api, models
from odoo.tools import get_lang

from ..tools import chart
from ..tools.line_reader import COUNTS
from ..tools.workbook_rows import HIDDEN
from .buurtbemiddeling_benchmark_breakdown_mixin import MOST_IN_CHART
from .buurtbemiddeling_case_report import NOT_RECORDED

UNKNOWN = "–"
_CROSS_COLUMNS = 7  # that fit on paper


class BuurtbemiddelingYearReportFiguresMixin(models.AbstractModel):
    """The tables and charts of a chapter, as text, from the lines of benchmarks.

    Nothing is computed here: rows and cells are those of the workbook, a ``*`` where a number is
    too small for outside, a 0 or a dash where there is no line because nothing counts.
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
            if not self._get_shown_columns(dimension, sources[0]):
                blocks.append(self._prepare_left_out(dimension, sources[0]))
            elif dimension.second_field_name:
                blocks += self._prepare_cross(dimension, sources[0])
            elif self.years_back:
                blocks.append(self._prepare_years(dimension, sources))
            else:
                blocks.append(self._prepare_breakdown(dimension, sources[0]))
        if self.has_definitions:
            blocks.append(self._prepare_definitions(indicators, sources[0]))
        return blocks

    @api.model
    def _get_figures(self, indicators, source):
        """Return the figures as they were counted in a year, each once."""
        codes = {indicator.code: indicator for indicator in indicators}
        return [source.reader.as_counted(indicator) for indicator in codes.values()]

    def _get_columns(self):
        """Return the figures that breakdowns show, at least the cases registered."""
        return self.column_ids or self.env.ref("buurtbemiddeling_report.indicator_cases_registered")

    def _get_shown_columns(self, dimension, source):
        """Return the figures of which a breakdown has a number to show, or nothing to hide."""
        if source.reader.is_left_out(dimension):
            return []
        lines = source.reader.of(dimension)
        shown = {line.indicator_code for line in lines if source.reader.is_shown(line)}
        hidden = {line.indicator_code for line in lines} - shown
        figures = self._get_figures(self._get_columns(), source)
        return [figure for figure in figures if figure.code not in hidden]

    @api.model
    def _get_line(self, source, line):
        """Return the record of a line, which is read together with the others."""
        lines = source.benchmark.line_ids
        return lines.browse(line.id).with_prefetch(lines._prefetch_ids)

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    def _prepare_key_figures(self, sources):
        now, *earlier = sources
        earlier = [source for source in earlier if source.year >= now.year - self.years_back]
        if self.has_comparison and not earlier:
            earlier = [source for source in sources[1:] if source.year == now.year - 1]
        indicators = self._get_figures(self.indicator_ids, now)
        columns = [self.env._("Figure"), now.label, *(source.label for source in earlier)]
        rows = [
            [
                indicator.name,
                *(self._get_text(source, indicator) for source in (now, *earlier)),
            ]
            for indicator in indicators
        ]
        notes = []
        if self.has_comparison:
            notes = self._add_comparison(now, indicators, columns, rows)
        first = indicators[0]
        points = [
            (source.label, *self._get_point(source, first))
            for source in sorted((now, *earlier), key=lambda source: source.year)
        ]
        return self._block("", columns, rows, " ".join(notes), first.name, points)

    def _add_comparison(self, source, indicators, columns, rows):
        """Add target, country and size class to the key figures, and return what to know of it.

        How many cases the whole country has is nothing to compare an organisation with.
        """
        references = self.env["buurtbemiddeling.benchmark.reference"]
        compared = source.benchmark._get_comparison()
        found = [compared.get(indicator.code) for indicator in indicators]
        lines = [source.reader.find(indicator) for indicator in indicators]
        national = [
            each and indicator.unit not in COUNTS and each.national_reference
            for each, indicator in zip(found, indicators, strict=True)
        ]
        sized = [each and each.size_class_reference for each in found]
        columns += [self.env._("Target"), self.env._("Country")]
        for indicator, row, each, reference in zip(indicators, rows, found, national, strict=True):
            target = each and each.target
            row.append(UNKNOWN if target is None else indicator._format_value(target))
            row.append(references._say(reference) or UNKNOWN)
        if any(sized):
            columns.append(self.env._("Same size"))
            for row, reference in zip(rows, sized, strict=True):
                row.append(references._say(reference) or UNKNOWN)
        notes = [
            note
            for line, each, *used in zip(lines, found, national, sized, strict=True)
            if any(used)
            for note in self._get_line(source, line)._get_notes(each, False)
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

    def _prepare_left_out(self, dimension, source):
        """Nothing can be shown: then nor is told which rows there are."""
        note = self.env._("Too small to show without telling who it is about.")
        return self._block(source.benchmark._get_breakdown_name(dimension), [], [], note)

    def _prepare_breakdown(self, dimension, source):
        figures = self._get_shown_columns(dimension, source)
        codes = self._get_rows(dimension, source, figures)
        rows = [
            [label, *(self._get_text(source, each, dimension, code) for each in figures)]
            for code, label in codes
        ]
        if source.reader.has_hidden_rows(dimension):
            rows.append([source.benchmark._get_hidden_label(), *[HIDDEN] * len(figures)])
        rows.append([self.env._("Total"), *(self._get_text(source, each) for each in figures)])
        points = [
            (label, *self._get_point(source, figures[0], dimension, code))
            for code, label in codes[:MOST_IN_CHART]
        ]
        name = source.benchmark._get_breakdown_name(dimension)
        title = f"{name}: {figures[0].name.lower()}"
        if len(codes) > MOST_IN_CHART:
            title = self.env._(
                "%(title)s (the %(count)s largest)", title=title, count=MOST_IN_CHART
            )
        notes = source.benchmark._get_breakdown_notes(dimension)
        left_out = [
            figure.name
            for figure in self._get_figures(self._get_columns(), source)
            if figure.code not in {each.code for each in figures}
        ]
        if left_out:
            notes.append(self.env._("Too small to show for each row: %s.", ", ".join(left_out)))
        columns = [name, *(figure.name for figure in figures)]
        return self._block(name, columns, rows, " ".join(notes), title, points)

    def _prepare_years(self, dimension, sources):
        """One figure of a breakdown, a column for each year."""
        now = sources[0]
        figure = self._get_shown_columns(dimension, now)[0]
        shown = [source for source in sources if source.year >= now.year - self.years_back]
        codes = {}
        for source in shown:
            for code, label in self._get_rows(dimension, source, [figure]):
                codes.setdefault(code, label)
        shown.sort(key=lambda source: source.year)
        rows = [
            [label, *(self._get_text(source, figure, dimension, code) for source in shown)]
            for code, label in sorted(codes.items(), key=lambda item: item[0] == NOT_RECORDED)
        ]
        hidden = [source.reader.has_hidden_rows(dimension) for source in shown]
        if any(hidden):
            stars = [HIDDEN if is_hidden else UNKNOWN for is_hidden in hidden]
            rows.append([now.benchmark._get_hidden_label(), *stars])
        rows.append([self.env._("Total"), *(self._get_text(each, figure) for each in shown)])
        name = now.benchmark._get_breakdown_name(dimension)
        return self._block(
            self.env._(
                "%(figure)s by %(breakdown)s, per year",
                figure=figure.name,
                breakdown=name.lower(),
            ),
            [name, *(source.label for source in shown)],
            rows,
            " ".join(now.benchmark._get_breakdown_notes(dimension)),
        )

    def _prepare_cross(self, dimension, source):
        """One figure by two facts: as many tables as it takes to fit on paper."""
        reader, benchmark = source.reader, source.benchmark
        figure = self._get_shown_columns(dimension, source)[0]
        name = benchmark._get_breakdown_name(dimension)
        names = [list(found.items()) for found in benchmark._get_pair_labels(dimension, reader)]
        if not any(names):
            return [self._block(name, [name], [], self.env._("Nothing was counted."))]
        notes = benchmark._get_breakdown_notes(dimension)
        if reader.has_hidden_rows(dimension):
            notes.append(self.env._("A * may also stand where nothing was counted."))
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
                            figure,
                            dimension,
                            f"{other}|{code}" if is_turned else f"{code}|{other}",
                        )
                        for other, _label in part
                    ),
                ]
                for code, label in down
            ]
            title = f"{name}: {figure.name.lower()}"
            if start:
                title = self.env._("%s, continued", title)
            columns = ["", *(label for _code, label in part)]
            blocks.append(self._block(title, columns, rows, " ".join(notes)))
        return blocks

    def _prepare_definitions(self, indicators, source):
        reader, wanted = source.reader, set(indicators.mapped("code"))
        codes = [code for code in reader.get_codes() if code in wanted]
        return self._block(
            "",
            [self.env._("Figure"), self.env._("What it counts")],
            [
                [definition["name"], definition["explanation"]]
                for definition in source.benchmark._get_output_definitions({None: codes}, reader)
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
        svg = {"bars": chart.bars, "columns": chart.columns}[kind](title, points)
        return Markup(svg)  # nosec B704: these functions escape each text, which a test shows

    # ------------------------------------------------------------
    # CELLS
    # ------------------------------------------------------------

    @api.model
    def _get_text(self, source, figure, dimension=None, code=""):
        """Return a figure as text, with what it is a part of: 93, 75.3 % (70 of 93)."""
        number, unit = source.reader.cell(figure, "value", dimension, code)
        if number == HIDDEN:
            return HIDDEN
        if number is None:
            return UNKNOWN
        line = source.reader.find(figure, dimension, code)
        if not line or (unit in COUNTS and not number):
            return source.reader.as_counted(figure)._format_value(0)
        return self._get_line(source, line)._get_full_text()

    @api.model
    def _get_point(self, source, figure, dimension=None, code=""):
        """Return ``(value or None, text)`` of a bar in a chart."""
        number, _unit = source.reader.cell(figure, "value", dimension, code)
        if number in (HIDDEN, None):
            return None, HIDDEN if number else UNKNOWN
        line = source.reader.find(figure, dimension, code)
        return number, (
            self._get_line(source, line).value_text if line else figure._format_value(0)
        )

    def _get_rows(self, dimension, source, figures):
        """Return the rows of a breakdown that are shown, as ``(code, label)``, as in the workbook.

        All months are there until the reference date or today, unless one that is not there may
        be hidden.
        """
        reader = source.reader
        if reader.is_left_out(dimension):
            return []
        rows = source.benchmark._get_breakdown_rows(
            dimension,
            {figure.code for figure in figures},
            ("", figures[0], "value"),
            reader,
        )
        if dimension.field_name.endswith("_month") and not reader.has_hidden_rows(dimension):
            names = get_month_names(locale=get_lang(self.env).code)
            benchmark = source.benchmark
            last = min(benchmark.reference_date, benchmark._get_known_until())
            count = last.month if last.year == source.year else 0
            months = {f"{month:02}": names[month] for month in range(1, count + 1)}
            rows = sorted((months | dict(rows)).items())  # letters, as of NONE, come last
        return rows
