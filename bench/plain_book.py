"""A workbook written once more with xlsxwriter alone: the same cells, in as many formats."""

import io
import re
from html import unescape
from zipfile import ZipFile

import xlsxwriter

from .timing import timed_alone

_SHEET = re.compile(r"xl/worksheets/sheet\d+\.xml")
_PART = re.compile(
    r'<row r="(\d+)"|<c(?: r="\w+")?(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>(?:<v>|<is>)(.*?)</c>)',
    re.S,
)
_TEXT = re.compile(r"<t[^>]*>(.*?)</t>", re.S)


class PlainBook:
    """Keeps the cells of a workbook, to write it again as one would without ours."""

    def __init__(self, content):
        with ZipFile(io.BytesIO(content)) as book:
            texts = _TEXT.findall(book.read("xl/sharedStrings.xml").decode())
            self._sheets = [
                list(_read_cells(book.read(name).decode(), texts))
                for name in book.namelist()
                if _SHEET.fullmatch(name)
            ]

    @property
    def cells(self):
        """How many cells there are."""
        return sum(map(len, self._sheets))

    def seconds(self):
        """How long xlsxwriter takes to write them; what it is called with is laid out before."""
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        workbook = xlsxwriter.Workbook(io.BytesIO(), options)
        styles = {style for cells in self._sheets for *_cell, style in cells}
        formats = {style: workbook.add_format({"rotation": int(style)}) for style in styles - {""}}
        calls = []
        for cells in self._sheets:
            sheet = workbook.add_worksheet()
            for name, row, column, value, style in cells:
                calls.append((getattr(sheet, name), (row, column, value, formats.get(style))))

        def write():
            for call, arguments in calls:
                call(*arguments)
            workbook.close()

        return timed_alone(write)


def _read_cells(sheet, texts):
    """Yield the name of what writes a cell, its row and column from 0, its value and style."""
    row = column = 0
    for number, style, kind, content in _PART.findall(sheet):
        if number:
            row, column = int(number) - 1, 0
            continue
        if kind == "s":
            text = texts[int(content.removesuffix("</v>"))]
            yield "write_string", row, column, unescape(text), style
        elif kind == "inlineStr":
            yield "write_string", row, column, unescape(_TEXT.match(content)[1]), style
        elif content:
            yield "write_number", row, column, float(content.removesuffix("</v>")), style
        else:
            yield "write_blank", row, column, None, style
        column += 1
