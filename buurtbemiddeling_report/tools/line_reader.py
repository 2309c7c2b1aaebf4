"""Looks up the lines of one benchmark by figure and place, and keeps what is hidden hidden."""

from .workbook import HIDDEN

#: Units of which nothing counted is 0, and not "unknown".
COUNTS = ("cases", "persons", "hours")


class LineReader:
    """The lines of one benchmark; a line that may not be shown has no number here.

    :param lines: all lines, so that what is hidden is told apart from what counts nothing
    :param shown: the lines of which the numbers may be shown
    """

    def __init__(self, lines, shown):
        self.lines = lines
        self._shown = frozenset(shown.ids)
        self.is_partial = len(self._shown.intersection(lines.ids)) < len(lines)
        self._by_place = {
            (line.indicator_id.id, line.dimension_id.id, line.dimension_code or ""): line
            for line in lines
        }

        places = [(line.dimension_id.id, line) for line in lines]
        self._rows = {(each, line.dimension_code) for each, line in places}
        self._columns = {(each, line.indicator_id.id) for each, line in places}
        places = [(each, line) for each, line in places if line.id in self._shown]
        self._shown_breakdowns = {each for each, _line in places}
        self._shown_rows = {(each, line.dimension_code) for each, line in places}
        self._shown_columns = {(each, line.indicator_id.id) for each, line in places}
        self._names = {line.indicator_id.id: line.name for line in lines}

    def is_shown(self, line):
        """Tell whether the numbers of a line may be shown."""
        return line.id in self._shown

    def name(self, indicator):
        """Return the name of a figure as it was when it was counted."""
        return self._names.get(indicator.id) or indicator.name

    def is_left_out(self, dimension):
        """Tell whether a breakdown has no number to show: then its rows are not told either."""
        return self.is_partial and dimension.id not in self._shown_breakdowns

    def _is_hidden_place(self, indicator, dimension, code):
        """Tell whether "nothing counted" is not to be told: its row or its column is hidden."""
        row, column = (dimension.id, code), (dimension.id, indicator.id)
        return self.is_left_out(dimension) or (
            (row in self._rows and row not in self._shown_rows)
            or (column in self._columns and column not in self._shown_columns)
        )

    def labels(self, dimension, indicators):
        """Return ``{code: label}`` of the rows in which one of the figures counts something.

        Hidden rows are all there: that one of them counts nothing is not to be told.
        """
        return {
            line.dimension_code: line.dimension_label
            for line in self.lines
            if line.dimension_id == dimension
            and (
                line.indicator_id in indicators
                or (dimension.id, line.dimension_code) not in self._shown_rows
            )
        }

    def find(self, indicator, dimension=None, code=""):
        """Return the line of a figure, in total or in a row of a breakdown, or ``None``."""
        return self._by_place.get((indicator.id, dimension.id if dimension else False, code))

    def cell(self, indicator, part="value", dimension=None, code=""):
        """Return ``(number, unit)``: ``HIDDEN`` for what may not be shown, ``None`` for unknown.

        :param part: value, numerator or denominator
        """
        unit = indicator.unit if part == "value" else "cases"
        line = self.find(indicator, dimension, code)
        if not line and dimension and self._is_hidden_place(indicator, dimension, code):
            return (HIDDEN, unit)
        if not line:
            return (0 if dimension and unit in COUNTS else None, unit)
        if not self.is_shown(line):
            return (HIDDEN, unit)
        if part == "value" and not line.denominator and unit not in COUNTS:
            return (None, unit)  # a share of nothing is not 0
        return scale(line[part], unit)


def scale(value, unit):
    """Return ``(number, unit)`` as people read it: a fraction per 10,000 times 10,000."""
    if value is not None and unit == "per_10000":
        value *= 10000
    return (value, unit)
