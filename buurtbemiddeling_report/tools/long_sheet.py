"""Writes one long table as an Excel workbook, a piece at a time: memory does not grow with it."""

import io
from operator import getitem

import xlsxwriter

from . import sheet_xml

_WIDTH = 15  # characters


def stream(name, notice, columns, batches, first_number):
    """Yield the workbook as pieces of bytes.

    :param name: of the sheet
    :param notice: the line above the headings
    :param batches: iterable of lists of rows; a row has text, a number or ``None`` for each column
    :param first_number: index of the first column whose digits are a number, also when they come
        as text; before it text stays text, whatever it looks like
    :raises ValueError: for a row with more or fewer cells than there are columns
    """
    text, number = sheet_xml.Cells(sheet_xml.cell), sheet_xml.Cells(_number_cell)
    cells = [text] * first_number + [number] * (len(columns) - first_number)

    def write_rows(_number, above):
        head = b"".join(above.values())
        for rows in batches:  # nothing is handed out before there are rows, or it went wrong
            yield head + "".join([_row(cells, row) for row in rows]).encode()
            head = b""
        yield head

    pipe = _Pipe()
    for _piece in sheet_xml.copy(_make_frame(name, notice, columns), pipe, write_rows):
        yield pipe.take()


def _number_cell(value):
    """Return a cell as XML, digits as a number.

    >>> _number_cell("1"), _number_cell(0)
    ('<c><v>1</v></c>', '<c><v>0</v></c>')
    """
    is_number = isinstance(value, str) and value.isdecimal() and value.isascii()
    return sheet_xml.cell(int(value) if is_number else value)


def _row(cells, row):
    if len(row) != len(cells):
        raise ValueError(f"A row has {len(row)} cells, and there are {len(cells)} columns.")
    return f"<row>{''.join(map(getitem, cells, row))}</row>"


def _make_frame(name, notice, columns):
    """Return a file with the workbook as it is without rows."""
    frame = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(frame, options) as workbook:
        worksheet = workbook.add_worksheet(name)
        worksheet.set_column(0, len(columns) - 1, _WIDTH)
        worksheet.write_string(0, 0, notice)
        worksheet.write_row(1, 0, columns, workbook.add_format({"bold": True}))
        worksheet.freeze_panes(2, 0)
    return frame


class _Pipe:
    """What a workbook is written to: it hands out what came in and keeps nothing."""

    def __init__(self):
        self.pieces = []

    def write(self, data):  # pylint: disable=method-required-super
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self):
        pass

    def take(self):
        """Return what came in since the last time."""
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken
