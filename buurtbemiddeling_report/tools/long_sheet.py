"""Writes one long table as an Excel workbook, a piece at a time: memory does not grow with it.

xlsxwriter makes the workbook with the headings; the rows are put in below them. It would write them
too, but each cell by itself, and in a long table the same few cells come back in every row.
"""

import io
import re
from html import escape
from operator import getitem
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

_SHEET = "xl/worksheets/sheet1.xml"
_END = b"</sheetData>"
_SIZE = re.compile(rb"<dimension [^>]*/>")  # only a hint, and not known when the sheet begins
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LEVEL = 1  # of compression: more takes longer than all the rest, for a somewhat smaller file
_CACHE = 50_000  # cells
_WIDTH = 15  # characters


def stream(name, notice, columns, batches, first_number):
    """Yield the workbook as pieces of bytes.

    :param name: of the sheet
    :param notice: the line above the headings
    :param batches: iterable of lists of rows; a row has text, a number or ``None`` for each column
    :param first_number: index of the first column whose digits are a number, also when they come
        as text; before it text stays text, whatever it looks like
    """
    text, number = _Cells(text_cell), _Cells(number_cell)
    cells = [text] * first_number + [number] * (len(columns) - first_number)
    pipe = _Pipe()
    with (
        ZipFile(_make_frame(name, notice, columns)) as frame,
        ZipFile(pipe, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as workbook,
    ):
        for part in frame.namelist():
            before, end, after = frame.read(part).partition(_END)
            with workbook.open(part, "w") as file:
                file.write(_SIZE.sub(b"", before))
                for rows in batches if part == _SHEET else ():
                    file.write("".join([_row(cells, row) for row in rows]).encode())
                    yield pipe.take()
                file.write(end + after)
    yield pipe.take()


def text_cell(value):
    """Return a cell as XML; the sheet counts rows and columns itself.

    >>> text_cell("=1 < 2"), text_cell(None)
    ('<c t="inlineStr"><is><t xml:space="preserve">=1 &lt; 2</t></is></c>', '<c/>')
    """
    if value is None:
        return "<c/>"
    if not isinstance(value, str):
        return f"<c><v>{value}</v></c>"
    shown = escape(_NOT_XML.sub("", value), quote=False)
    return f'<c t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def number_cell(value):
    """Return a cell as XML, digits as a number.

    >>> number_cell("1"), number_cell(0)
    ('<c><v>1</v></c>', '<c><v>0</v></c>')
    """
    if isinstance(value, str) and value.isdecimal() and value.isascii():
        return f"<c><v>{value}</v></c>"
    return text_cell(value)


class _Cells(dict):
    """Cells as XML by their value, each made once; not more of them than fit."""

    def __init__(self, make):
        super().__init__()
        self._make = make

    def __missing__(self, value):
        if len(self) >= _CACHE:
            self.clear()
        cell = self[value] = self._make(value)
        return cell


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
