"""Makes the rows of the tables of a workbook as XML, as high as their longest text."""

import textwrap
from functools import lru_cache, partial
from operator import itemgetter

from . import sheet_xml

#: What stands in a cell of which the number is not for the reader.
HIDDEN = "*"

LINE = 15  # points: the height of a line of text


def split(cell):
    """Return the value and the unit of a cell; a number without unit counts cases.

    >>> split((0.5, "percent")), split(3), split("Town")
    ((0.5, 'percent'), (3, 'cases'), ('Town', None))
    """
    return cell if isinstance(cell, tuple) else (cell, None if isinstance(cell, str) else "cases")


def get_texts(rows, column):
    """Return the cells of a column that are text: they have no unit. Most columns have none."""
    cells = list(map(itemgetter(column), rows))
    return [cell for cell in cells if isinstance(cell, str)] if str in set(map(type, cells)) else []


@lru_cache(10_000)  # a long label comes back in every table
def count_lines(text, width):
    """Return how many lines a text takes in a column of so many characters."""
    if len(text.expandtabs()) <= width:  # as most do, and wrapping takes long
        return 1
    return len(textwrap.wrap(text, width))


def get_heights(rows, widths):
    """Return ``{position: points}`` of the rows that are higher than a line, from 0.

    >>> get_heights([("a", 1), ("three words here", 2)], [6, 9])
    {1: 45}
    """
    lines = {}
    for column in range(len(rows[0]) if rows else 0):
        if not get_texts(rows, column):
            continue
        for position, text in enumerate(map(itemgetter(column), rows)):
            if isinstance(text, str) and count_lines(text, widths[column]) > lines.get(position, 1):
                lines[position] = count_lines(text, widths[column])
    return {position: LINE * taken for position, taken in lines.items()}


class Rows:
    """Makes rows of tables, each different cell once.

    :param formats: ``{kind of row: {name: format}}`` of xlsxwriter, which is still at work. The
        names are units, and ``label`` for text in the first column, ``text`` for text elsewhere,
        ``HIDDEN`` for a hidden number
    """

    def __init__(self, formats):
        self._cells = {}  # of the first column, and of the others
        for kind, styles in formats.items():
            # the number under which the workbook knows a format; what it writes asks for it too
            numbers = {name: style._get_xf_index() for name, style in styles.items()}
            self._cells[kind] = [
                sheet_xml.Cells(partial(_make_cell, numbers, text)) for text in ("label", "text")
            ]

    def make(self, rows, first, widths, kind="row"):
        """Return the rows of a table as a list of XML.

        :param first: the number of the first one, from 1
        :param widths: of the columns, in characters
        """
        labels, others = self._cells[kind]
        heights = get_heights(rows, widths)
        attributes = {
            position: f' ht="{height}" customHeight="1"' for position, height in heights.items()
        }
        return [
            f'<row r="{first + position}"{attributes.get(position, "")}>{labels[row[0]]}'
            f"{''.join(map(others.__getitem__, row[1:]))}</row>"
            for position, row in enumerate(rows)
        ]


def _make_cell(numbers, text, cell):
    """Return a cell of a row as XML.

    :param text: the name of the format of text
    """
    value, unit = split(cell)
    if value is None:
        name = "text"
    elif isinstance(value, str):
        name = HIDDEN if unit else text
    else:
        name = unit
    return sheet_xml.cell(value, numbers[name])
