from babel.dates import get_month_names
from markupsafe import Markup

from odoo import api, models
from odoo.tools import get_lang
from odoo.tools.misc import formatLang

from ..tools import chart
from .buurtbemiddeling_case_report import NOT_RECORDED

HIDDEN = "*"  # too small to leave the organisation
UNKNOWN = "–"
COUNTS = ("count", "total")  # kinds of figures that are no part of anything, and have no base
_CROSS_COLUMNS = 7  # that fit on paper


class BuurtbemiddelingYearReportFiguresMixin(models.AbstractModel):
    """The tables and charts of a chapter, as text, from the lines of benchmarks.

    Nothing is computed here: a cell is a line, a ``*`` where the line is too small for outside, a
    0 or a dash where there is no line because nothing counts.
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
            if self._is_hidden(dimension, sources):
                note = self.env._("Too small to show without telling who it is about.")
                blocks.append(self._block(dimension.name, [], [], note))
            elif len(dimension._get_field_names()) > 1:
                blocks += self._prepare_cross(dimension, sources[0])
            elif self.years_back:
                blocks.append(self._prepare_years(dimension, sources))
            else:
                blocks.append(self._prepare_breakdown(dimension, sources[0]))
        if self.has_definitions:
            blocks.append(self._prepare_definitions(indicators))
        return blocks

    @api.model
    def _is_hidden(self, dimension, sources):
        """Return whether no line of a breakdown is for outside: then nor is which rows it has."""
        lines = [line for key, line in sources[0].lines.items() if key[0] == dimension.id]
        return lines and all(line.id in sources[0].hidden for line in lines)

    def _get_columns(self):
        """Return the figures that breakdowns show, at least the cases registered."""
        return self.column_ids or self.env.ref("buurtbemiddeling_report.indicator_cases_registered")

    # ------------------------------------------------------------
    # TABLES
    # ------------------------------------------------------------

    def _prepare_key_figures(self, sources):
        now, *earlier = sources
        earlier = [source for source in earlier if source.year >= now.year - self.years_back]
        if self.has_comparison and not earlier:
            earlier = [source for source in sources[1:] if source.year == now.year - 1]
        columns = [self.env._("Figure"), now.label, *(source.label for source in earlier)]
        rows = [
            [indicator.name, *(self._get_text(source, indicator) for source in (now, *earlier))]
            for indicator in self.indicator_ids
        ]
        note = ""
        if self.has_comparison:
            columns += [self.env._("Target"), self.env._("Country")]
            comparison = now.benchmark._get_comparison()
            for indicator, row in zip(self.indicator_ids, rows, strict=True):
                found = comparison.get(indicator.code)
                for name in ("target", "national"):
                    value = found and getattr(found, name)
                    row.append(UNKNOWN if value is None else indicator._format_value(value))
            note = self._get_source_note(comparison)
        first = self.indicator_ids[:1]
        points = [
            (source.label, *self._get_point(source, first))
            for source in sorted((now, *earlier), key=lambda source: source.year)
        ]
        return self._block("", columns, rows, note, first.name, points if earlier else [])

    def _get_source_note(self, comparison):
        """Say where the figures of the country come from, and of which year they are."""
        found = [comparison.get(code) for code in self.indicator_ids.mapped("code")]
        references = [each.national_reference for each in found if each]
        texts = dict.fromkeys(f"{each.source} ({each.year})" for each in references if each)
        return self.env._("Country: %s.", ", ".join(texts)) if texts else ""

    def _prepare_breakdown(self, dimension, source):
        indicators = self._get_columns()
        codes = self._get_codes(dimension, [source], indicators)
        rows = [
            [label, *(self._get_text(source, each, dimension, code) for each in indicators)]
            for code, label in codes
        ]
        rows.append([self.env._("Total"), *(self._get_text(source, each) for each in indicators)])
        points = [
            (label, *self._get_point(source, indicators[:1], dimension, code))
            for code, label in codes
        ]
        return self._block(
            dimension.name,
            [dimension.name, *indicators.mapped("name")],
            rows,
            self._get_note(dimension),
            f"{dimension.name}: {indicators[:1].name}",
            points,
        )

    def _prepare_years(self, dimension, sources):
        """One figure of a breakdown, a column for each year."""
        indicator = self._get_columns()[:1]
        year = sources[0].year
        shown = [source for source in sources if source.year >= year - self.years_back]
        shown.sort(key=lambda source: source.year)
        rows = [
            [label, *(self._get_text(source, indicator, dimension, code) for source in shown)]
            for code, label in self._get_codes(dimension, shown[::-1], indicator)
        ]
        rows.append([self.env._("Total"), *(self._get_text(each, indicator) for each in shown)])
        return self._block(
            self.env._(
                "%(figure)s by %(breakdown)s, per year",
                figure=indicator.name,
                breakdown=dimension.name.lower(),
            ),
            [dimension.name, *(source.label for source in shown)],
            rows,
            self._get_note(dimension),
        )

    def _prepare_cross(self, dimension, source):
        """One figure by two facts: as many tables as it takes to fit on paper."""
        indicator = self._get_columns()[:1]
        labels = ({}, {})
        for (place, code, figure), line in source.lines.items():
            if place == dimension.id and figure == indicator.id:
                texts = line.dimension_label.split(" / ")
                if len(texts) != 2:  # a name with a stroke in it
                    texts = [line.dimension_label] * 2
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
            title = f"{dimension.name}: {indicator.name.lower()}"
            if start:
                title = self.env._("%s, continued", title)
            columns = ["", *(label for _code, label in part)]
            blocks.append(self._block(title, columns, rows, self._get_note(dimension)))
        return blocks or [
            self._block(dimension.name, [dimension.name], [], self.env._("Nothing was counted."))
        ]

    def _prepare_definitions(self, indicators):
        return self._block(
            "",
            [self.env._("Figure"), self.env._("What it counts")],
            [[indicator.name, indicator.explanation] for indicator in indicators],
            self.env._(
                "“Not recorded” is not the same as the answer “unknown”. A percentage has the"
                " number it is a part of behind it."
            ),
            is_words=True,
        )

    def _block(self, title, columns, rows, note="", about="", points=(), is_words=False):
        """Return one table, with a chart of ``(label, value, text)`` where the chapter has one."""
        has_chart = points and self.chart != "none"
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

    def _get_line(self, source, indicator, dimension=None, code=False):
        return source.lines.get((dimension.id if dimension else False, code, indicator.id))

    def _get_text(self, source, indicator, dimension=None, code=False):
        """Return a figure as text, with what it is a part of: 93, 75.3 % (70 of 93)."""
        line = self._get_line(source, indicator, dimension, code)
        is_count = indicator.kind in COUNTS
        if not line:
            return indicator._format_value(0) if is_count else UNKNOWN
        if line.id in source.hidden:
            return HIDDEN
        if is_count:
            return indicator._format_value(line.value)
        if not line.denominator:
            return UNKNOWN
        base = formatLang(self.env, line.denominator, digits=0)
        if indicator.kind == "share":
            base = self.env._(
                "%(part)s of %(base)s",
                part=formatLang(self.env, line.numerator, digits=0),
                base=base,
            )
        else:
            base = self.env._("of %s", base)
        return f"{indicator._format_value(line.value)} ({base})"

    def _get_point(self, source, indicator, dimension=None, code=False):
        """Return ``(value or None, text)`` of a bar in a chart."""
        line = self._get_line(source, indicator, dimension, code)
        if line and line.id in source.hidden:
            return None, HIDDEN
        return (
            line.value if line else 0.0,
            indicator._format_value(line.value if line else 0),
        )

    # ------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------

    def _get_codes(self, dimension, sources, indicators):
        """Return the rows of a breakdown as ``(code, label)``: largest first, lists in their order.

        What was not recorded comes last. All months are there, until the reference date.
        """
        name = dimension.field_name
        found = {
            code: line.dimension_label
            for source in reversed(sources)
            for (place, code, figure), line in source.lines.items()
            if place == dimension.id and figure in indicators.ids
        }
        if name.endswith("_month"):
            months = get_month_names(locale=get_lang(self.env).code)
            last = sources[0].benchmark.reference_date
            count = 12 if last.year > sources[0].year else last.month
            found.update({f"{month:02}": months[month] for month in range(1, count + 1)})
        field = self.env["buurtbemiddeling.case.report"]._fields[name]
        if field.type == "selection":
            order = [value for value, _label in field._description_selection(self.env)]
            return self._sort_labels(found, lambda code: order.index(code) if code in order else 99)
        if not field.relational:
            return self._sort_labels(found, str)

        def by_size(code):
            # what is hidden is not given away by its place
            value, _text = self._get_point(sources[0], indicators[:1], dimension, code)
            return -(value or 0)

        return self._sort_labels(found, by_size)

    @staticmethod
    def _sort_labels(labels, key=lambda code: 0):
        return sorted(
            labels.items(),
            key=lambda item: (item[0] == NOT_RECORDED, key(item[0]), item[1].casefold()),
        )

    def _get_note(self, dimension):
        facts = self.env["buurtbemiddeling.case.report"]
        if any(facts._fields[name].type == "many2many" for name in dimension._get_field_names()):
            return self.env._(
                "A case with several of these counts under each: together they are more than the"
                " total."
            )
        return ""
