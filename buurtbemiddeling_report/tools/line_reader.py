"""Looks up the lines of one benchmark by figure and place, and keeps what is hidden hidden."""

from .workbook import HIDDEN

#: Units of which nothing counted is 0, and not "unknown".
COUNTS = ("cases", "persons", "hours")


class LineReader:
    """The lines of one benchmark; a line that may not be shown has no number here.

    Which rows of a breakdown are hidden is told by no one: of five rows that count five cases
    together, each would be one. So a row that is not there may as well be hidden, when any is.

    :param lines: all lines, so that what is hidden is told apart from what counts nothing
    :param shown: the lines of which the numbers may be shown
    :param kept: ``{code: indicator}`` of the figures as they were counted, where that was kept
    """

    def __init__(self, lines, shown, kept):
        self.lines = lines
        self._shown = frozenset(shown.ids)
        self.is_partial = not self._shown.issuperset(lines.ids)
        self._by_place = {
            (line.indicator_code, line.dimension_id.id, line.dimension_code or ""): line
            for line in lines
        }
        places = [(line.dimension_id.id, line) for line in lines]
        rows = {(each, line.dimension_code) for each, line in places}
        self._columns = {(each, line.indicator_code) for each, line in places}
        places = [(each, line) for each, line in places if line.id in self._shown]
        self._shown_breakdowns = {each for each, _line in places}
        self._shown_rows = {(each, line.dimension_code) for each, line in places}
        self._shown_columns = {(each, line.indicator_code) for each, line in places}
        self._with_hidden_rows = {each for each, _code in rows - self._shown_rows}
        self._codes = {line.indicator_id.id: line.indicator_code for line in lines}
        self._as_counted = {
            code: kept.get(code) or line.indicator_id
            for (code, _dimension, _row), line in self._by_place.items()
        }

    def is_shown(self, line):
        """Tell whether the numbers of a line may be shown."""
        return line.id in self._shown

    def code(self, indicator):
        """Return the code under which the lines have a figure."""
        return self._codes.get(indicator.id, indicator.code)

    def as_counted(self, indicator):
        """Return a figure as it was defined when it was counted."""
        return self._as_counted.get(self.code(indicator), indicator)

    def get_figures(self, lines):
        """Return the figures of lines as they were counted, each once, in order."""
        codes = dict.fromkeys(lines.mapped("indicator_code"))
        return sorted((self._as_counted[code] for code in codes), key=lambda each: each.sequence)

    def is_left_out(self, dimension, codes=None):
        """Tell whether a breakdown has no number to show: then its rows are not told either.

        :param codes: of the figures that are looked at, all by default
        """
        if not self.is_partial or dimension.id not in self._shown_breakdowns:
            return self.is_partial
        return codes is not None and not any(
            (dimension.id, code) in self._shown_columns for code in codes
        )

    def has_hidden_rows(self, dimension):
        """Tell whether some rows of a breakdown are not shown."""
        return dimension.id in self._with_hidden_rows

    def is_hidden_row(self, dimension, code):
        """Tell whether a row of a breakdown is not shown, or may as well be one of those."""
        row = (dimension.id, code)
        return row not in self._shown_rows and self.has_hidden_rows(dimension)

    def is_hidden_place(self, indicator, dimension, code):
        """Tell whether "nothing counted" is not to be told: its row or its column is hidden."""
        column = (dimension.id, self.code(indicator))
        return (
            self.is_left_out(dimension)
            or self.is_hidden_row(dimension, code)
            or (column in self._columns and column not in self._shown_columns)
        )

    def find(self, indicator, dimension=None, code=""):
        """Return the line of a figure, in total or in a row of a breakdown, or ``None``."""
        place = (self.code(indicator), dimension.id if dimension else False, code)
        return self._by_place.get(place)

    def cell(self, indicator, part="value", dimension=None, code=""):
        """Return ``(number, unit)``: ``HIDDEN`` for what may not be shown, ``None`` for unknown.

        :param part: value, numerator or denominator
        """
        unit = self.as_counted(indicator).unit if part == "value" else "cases"
        line = self.find(indicator, dimension, code)
        if not line and dimension and self.is_hidden_place(indicator, dimension, code):
            return (HIDDEN, unit)
        if not line:
            return (0 if dimension and unit in COUNTS else None, unit)
        if not self.is_shown(line):
            return (HIDDEN, unit)
        if part == "value" and not line.denominator and unit not in COUNTS:
            return (None, unit)  # a share of nothing is not 0
        if unit == "euros" and not line.value:
            return (None, unit)  # nor is what nobody entered the costs of free
        return scale(line[part], unit)


def scale(value, unit):
    """Return ``(number, unit)`` as people read it: a fraction per 10,000 times 10,000."""
    if unit == "per_10000" and value not in (None, HIDDEN):
        value *= 10000
    return (value, unit)
