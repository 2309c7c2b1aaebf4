"""Looks up the lines of one benchmark by figure and place, and keeps what is hidden hidden."""

from collections import defaultdict
from operator import attrgetter
from typing import NamedTuple

from odoo.tools import groupby

from .workbook_rows import HIDDEN

#: Units of which nothing counted is 0, and not "unknown".
COUNTS = ("cases", "persons", "hours")


class Line(NamedTuple):
    """What outputs show of a line, as ``_read_plain`` of the lines reads it: a country has half a
    million. The names are those of the fields; of a total ``dimension_id`` is ``None``.
    """

    id: int
    indicator_id: int
    indicator_code: str
    dimension_id: int | None
    dimension_code: str | None
    dimension_label: str | None
    numerator: int
    denominator: int
    value: float


class LineReader:
    """The lines of one benchmark; a line that may not be shown has no number here.

    Which rows of a breakdown are hidden is told by no one: of five rows that count five cases
    together, each would be one. So a row that is not there may as well be hidden, when any is.

    :param env: of whoever reads; with ``sudo`` also of figures that were archived or closed since
    :param lines: list of all ``Line``, so that what is hidden is told apart from what counts
        nothing
    :param shown: ids of the lines of which the numbers may be shown
    :param kept: ``{code: indicator}`` of the figures as they were counted, where that was kept
    """

    def __init__(self, env, lines, shown, kept):
        self.lines = lines
        self._shown = shown
        self.is_partial = not shown.issuperset(line.id for line in lines)
        self._by_dimension = dict(groupby(lines, attrgetter("dimension_id")))
        self._columns = {}  # {breakdown: {code of a figure: {row: line}}}
        self._rows = {}  # {breakdown: {row: a line of it}}
        figures = {}
        for dimension, members in self._by_dimension.items():
            columns = self._columns[dimension] = defaultdict(dict)
            for line in members:
                columns[line.indicator_code][line.dimension_code or ""] = line
            self._rows[dimension] = {line.dimension_code: line for line in members}
            for code, column in columns.items():
                figures[code] = next(iter(column.values())).indicator_id
        self.dimensions = env["buurtbemiddeling.dimension"].browse(filter(None, self._columns))
        self.indicators = env["buurtbemiddeling.indicator"].browse(dict.fromkeys(figures.values()))
        self.all_codes = set(figures)
        self._codes = {indicator: code for code, indicator in figures.items()}
        by_id = {indicator.id: indicator for indicator in self.indicators}
        self._as_counted = {
            code: kept.get(code) or by_id[indicator] for code, indicator in figures.items()
        }
        self._shown_breakdowns = self._shown_rows = self._shown_columns = frozenset()
        self._with_hidden_rows = frozenset()
        if self.is_partial:
            seen = [line for line in lines if line.id in shown]
            self._shown_breakdowns = {line.dimension_id for line in seen}
            self._shown_rows = {(line.dimension_id, line.dimension_code) for line in seen}
            self._shown_columns = {(line.dimension_id, line.indicator_code) for line in seen}
            self._with_hidden_rows = {
                dimension
                for dimension, rows in self._rows.items()
                if any((dimension, code) not in self._shown_rows for code in rows)
            }

    def of(self, dimension):
        """Return the lines of a breakdown as they were computed; without one the totals."""
        return self._by_dimension.get(_get_key(dimension), [])

    def get_rows(self, dimension):
        """Return ``{code: line}`` of a breakdown, with one of the lines of each row."""
        return self._rows.get(_get_key(dimension), {})

    def get_counted_rows(self, dimension, codes):
        """Return the codes of the rows of a breakdown in which some figures have a line."""
        columns = self._columns.get(_get_key(dimension), {})
        return set().union(*(columns.get(code, ()) for code in codes))

    def is_shown(self, line):
        """Tell whether the numbers of a line may be shown."""
        return line.id in self._shown

    def code(self, indicator):
        """Return the code under which the lines have a figure."""
        return self._codes.get(indicator.id, indicator.code)

    def as_counted(self, indicator):
        """Return a figure as it was defined when it was counted."""
        return self._as_counted.get(self.code(indicator), indicator)

    def get_figure(self, code):
        """Return the figure with this code as it was counted."""
        return self._as_counted[code]

    def get_codes(self, dimension=None):
        """Return the codes of the figures of which a breakdown has lines, or the totals."""
        return list(self._columns.get(_get_key(dimension), ()))

    def get_figures(self, codes):
        """Return figures as they were counted, each once, in order."""
        found = (self._as_counted[code] for code in dict.fromkeys(codes))
        return sorted(found, key=lambda each: each.sequence)

    def is_left_out(self, dimension, codes=None):
        """Tell whether a breakdown has no number to show: then its rows are not told either.

        :param codes: of the figures that are looked at, all by default
        """
        key = _get_key(dimension)
        if not self.is_partial or key not in self._shown_breakdowns:
            return self.is_partial
        return codes is not None and not any((key, code) in self._shown_columns for code in codes)

    def has_hidden_rows(self, dimension):
        """Tell whether some rows of a breakdown are not shown."""
        return _get_key(dimension) in self._with_hidden_rows

    def is_hidden_row(self, dimension, code):
        """Tell whether a row of a breakdown is not shown, or may as well be one of those."""
        row = (_get_key(dimension), code)
        return self.has_hidden_rows(dimension) and row not in self._shown_rows

    def is_hidden_place(self, indicator, dimension, code):
        """Tell whether "nothing counted" is not to be told: its row or its column is hidden."""
        key, figure = _get_key(dimension), self.code(indicator)
        return (
            self.is_left_out(dimension)
            or self.is_hidden_row(dimension, code)
            or (figure in self._columns.get(key, ()) and (key, figure) not in self._shown_columns)
        )

    def find(self, indicator, dimension=None, code=""):
        """Return the line of a figure, in total or in a row of a breakdown, or ``None``."""
        return self._get_column(indicator, dimension).get(code)

    def _get_column(self, indicator, dimension):
        return self._columns.get(_get_key(dimension), {}).get(self.code(indicator), {})

    def cell(self, indicator, part="value", dimension=None, code=""):
        """Return the one cell of a row; see ``get_cells``."""
        return self.get_cells(indicator, part, dimension)((code,))[0]

    def get_cells(self, indicator, part="value", dimension=None):
        """Return what reads ``(number, unit)`` of some rows of a breakdown, or in total.

        A function that takes the codes of rows and returns their cells: ``HIDDEN`` for what may not
        be shown, ``None`` for unknown.

        :param part: value, numerator or denominator
        """
        unit = self.as_counted(indicator).unit if part == "value" else "cases"
        hidden, nothing = (HIDDEN, unit), (0 if dimension and unit in COUNTS else None, unit)
        find = self._get_column(indicator, dimension).get
        read = _get_reading(part, unit)

        def read_all(codes):
            return [read(line) if (line := find(code)) else nothing for code in codes]

        def read_shown(codes):
            return [
                (read(line) if self.is_shown(line) else hidden)
                if (line := find(code))
                else hidden
                if dimension and self.is_hidden_place(indicator, dimension, code)
                else nothing
                for code in codes
            ]

        return read_shown if self.is_partial else read_all


def scale(value, unit):
    """Return ``(number, unit)`` as people read it: a fraction per 10,000 times 10,000."""
    if unit == "per_10000" and value not in (None, HIDDEN):
        value *= 10000
    return (value, unit)


def _get_key(dimension):
    """Return the id of a breakdown as lines have it: ``None`` of the totals."""
    return dimension.id if dimension else None


def _get_reading(part, unit):
    """Return the function that reads ``(number, unit)`` of a part of a line."""

    def read_value(line):
        if not line.denominator:
            return (None, unit)  # a share of nothing is not 0
        if unit == "euros" and not line.value:
            return (None, unit)  # nor is what nobody entered the costs of free
        return scale(line.value, unit)

    if part == "value" and unit not in COUNTS:
        return read_value
    position = Line._fields.index(part)
    return lambda line: (line[position], unit)
