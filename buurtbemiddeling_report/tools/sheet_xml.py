"""Writes rows of a worksheet as XML and puts them in a workbook that xlsxwriter made without them.

xlsxwriter would write them too, but each cell by itself and with its place; in large tables the
same few cells come back in every row, and a sheet counts rows and columns itself.
"""

import re
from html import escape
from math import isfinite
from zipfile import ZIP_DEFLATED, ZipFile

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_CODE = re.compile("_(?=x[0-9a-fA-F]{4}_)")  # Excel would read a character in it
_SIZE = re.compile(rb"<dimension [^>]*/>")  # only a hint, and not known when the sheet begins
_START, _END = b"<sheetData>", b"</sheetData>"
_ROW = re.compile(rb'<row r="(\d+)"[^>]*?(?:/>|>.*?</row>)', re.S)
_LONGEST = 32_767  # characters: more does not fit in a cell
_LEVEL = 1  # of compression: more takes longer than all the rest, for a somewhat smaller file
_CACHE = 50_000  # cells


def cell(value, style=""):
    """Return a cell as XML: text stays text, ``None`` is an empty cell.

    :param style: the number under which the workbook knows its format
    :raises ValueError: for a number that Excel does not know

    >>> cell("=1 < 2")
    '<c t="inlineStr"><is><t>=1 &lt; 2</t></is></c>'
    >>> cell(None), cell(0.5, "3")
    ('<c/>', '<c s="3"><v>0.5</v></c>')
    """
    format_ = f' s="{style}"' if style else ""
    if value is None:
        return f"<c{format_}/>"
    if isinstance(value, str):
        text = _NOT_XML.sub("", value)[:_LONGEST]
        shown = escape(_LIKE_CODE.sub("_x005F_", text), quote=False)
        space = "" if shown == shown.strip() else ' xml:space="preserve"'
        return f'<c{format_} t="inlineStr"><is><t{space}>{shown}</t></is></c>'
    if not isfinite(value):
        raise ValueError(f"{value} is not a number that a cell can hold.")
    return f"<c{format_}><v>{+value}</v></c>"  # of "yes" a number: 1


class Cells(dict):
    """Cells as XML by what they are made of, each made once; not more of them than fit."""

    def __init__(self, make):
        super().__init__()
        self._make = make

    def __missing__(self, value):
        if len(self) >= _CACHE:
            self.clear()
        made = self[value] = self._make(value)
        return made


def split_rows(sheet):
    """Return ``(before, {number: row}, after)`` of a worksheet that xlsxwriter wrote; bytes.

    Rows are counted from 1, as the XML does.
    """
    before, start, rest = _SIZE.sub(b"", sheet).partition(_START)
    rows, end, after = rest.partition(_END)
    return before + start, {int(row[1]): row[0] for row in _ROW.finditer(rows)}, end + after


def copy(frame, output, write_rows):
    """Copy a workbook, with rows put in. Yields after each piece.

    :param frame: file that holds the workbook as it is without these rows
    :param output: file to write to; it need not be one in which one can go back
    :param write_rows: function that takes the number of a sheet, from 1, and its rows as ``{number:
        bytes}``, and yields what comes instead as pieces of bytes
    """
    with (
        ZipFile(frame) as old,
        ZipFile(output, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            with new.open(name, "w") as file:
                number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
                if not number:
                    file.write(content)
                    continue
                before, rows, after = split_rows(content)
                file.write(before)
                for _size in map(file.write, write_rows(int(number[1]), rows)):
                    yield  # nothing of the piece is kept meanwhile
                file.write(after)
    yield
