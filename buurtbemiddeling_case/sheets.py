"""Sheets as people keep them: a workbook of Excel or a text file, read into rows of texts.

Nothing of the file is trusted: neither what it is called, nor how large it says it is.
"""

import csv
import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from lxml.etree import LxmlError
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .tools import plain_text

MAX_SIZE = 30 * 2**20  # bytes of a file
MAX_UNPACKED = 400 * 2**20  # bytes that a workbook unpacks to; 40,000 rows take some 80 million
MAX_SHARED = 100 * 2**20  # bytes of the texts in it, which are all read at once
MAX_CELLS = 20_000_000  # cells that are looked at, however few of them hold anything
LAST_ROW = 1_048_576  # of Excel
MAX_ROWS = 50_000
MAX_COLUMNS = 200
MAX_TEXT = 32_767  # characters of a cell, as of Excel
HEADER_ROWS = 20  # below these, no headings are looked for
SAMPLE = 20_000  # characters in which the separator of a text file is looked for

#: How a file that is none is recognised: its first bytes, and the code of what it is.
FOREIGN = {
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0": "old_excel",  # of before 2007, or one with a password
    b"{\\rtf": "other",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
}


#: How Excel itself says in a text file what stands between the columns.
SEPARATOR = re.compile(r'sep=[^"\r\n]\r?')

#: How a text file says in which way its letters are written.
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Unreadable(Exception):
    """A file of which no rows can be read; ``reason`` is a code."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Row(NamedTuple):
    """A row: its number as Excel counts it, from 1, and a text for each column."""

    number: int
    cells: tuple


class Sheet(NamedTuple):
    """A sheet with its rows that hold anything."""

    name: str
    rows: list


class Table(NamedTuple):
    """The headings of a sheet, each other than all others, and the rows below them."""

    headings: list
    number: int
    rows: list


def read_sheets(content):
    """Return the sheets of a file that hold anything.

    :param content: bytes
    :return: list of ``Sheet``; of a text file it is one, without a name
    :raise Unreadable: with ``empty``, ``large``, ``pdf``, ``old_excel``, ``ods``, ``picture``,
        ``broken``, ``quotes``, ``rows`` (too many), ``columns`` (too many) or ``other``
    """
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("empty")
    if len(content) > MAX_SIZE:
        raise Unreadable("large")
    for start, reason in FOREIGN.items():
        if content.startswith(start):
            raise Unreadable(reason)
    sheets = _read_workbook(content) if content.startswith(b"PK") else [_read_text(content)]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise Unreadable("empty")
    return sheets


# ------------------------------------------------------------
# WORKBOOKS
# ------------------------------------------------------------


def _read_workbook(content):
    _check_package(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = [_read_sheet(sheet) for sheet in book.worksheets]
        if any(_has_formulas(sheet) for sheet in sheets):
            # the results that Excel stored; where it stored none, the formula stays
            results = load_workbook(
                io.BytesIO(content), read_only=True, keep_links=False, data_only=True
            )
            pairs = zip(sheets, results.worksheets, strict=True)
            sheets = [_with_results(sheet, _read_sheet(other)) for sheet, other in pairs]
    except Unreadable:
        raise
    except (
        AttributeError, EOFError, IndexError, InvalidFileException, KeyError, LxmlError, OSError,
        OverflowError, RuntimeError, SyntaxError, TypeError, ValueError, zipfile.BadZipFile,
        zipfile.zlib.error,
    ) as error:  # fmt: skip
        # whatever openpyxl falls over in a file that is damaged or made to do harm
        raise Unreadable("broken") from error
    return sheets


def _check_package(content):
    """Refuse what is no workbook, or unpacks to far more than a sheet would."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            if "mimetype" in names and "content.xml" in names:
                raise Unreadable("ods")
            if "xl/workbook.xml" not in names:
                raise Unreadable("other")
    except (RuntimeError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise Unreadable("broken") from error
    # zipfile reads no more of a part than this, whatever is in it
    shared = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if sum(part.file_size for part in parts) > MAX_UNPACKED or shared > MAX_SHARED:
        raise Unreadable("large")


def _read_sheet(sheet):
    # the size that the file says is often wrong, and may be a trap
    sheet.reset_dimensions()
    texts, rows, looked_at = {}, [], 0
    for index, cells in enumerate(sheet.rows):
        # a number of a row far below all others has empty rows before it
        looked_at += 1 + len(cells)
        if index >= LAST_ROW or looked_at > MAX_CELLS:
            raise Unreadable("large")
        values, number = [], 0
        for cell in cells:
            value = cell.value
            if value is None:
                values.append("")
                continue
            number = cell.row
            if isinstance(value, str):
                # most texts are in many rows: one of each is kept
                value = texts.setdefault(value, value.strip()[:MAX_TEXT])
            else:
                value = _as_text(value)
            values.append(value)
        _add(rows, number, values)
    return Sheet(sheet.title, rows)


def _add(rows, number, values):
    """Add a row, unless it is empty, without the empty cells at its end."""
    while values and not values[-1]:
        values.pop()
    if not values:
        return
    if len(values) > MAX_COLUMNS:
        raise Unreadable("columns")
    if len(rows) >= MAX_ROWS + HEADER_ROWS:
        raise Unreadable("rows")
    rows.append(Row(number, tuple(values)))


def _as_text(value):
    """Return a cell as a Dutch sheet shows it, days as ISO texts."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        is_day = value.time() == time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, float):
        # as Excel does: what is left over of calculating is not shown
        return f"{value:.15g}".replace(".", ",") if value % 1 else str(int(value))
    if isinstance(value, int):
        return str(value)
    # a formula over several cells
    return f"={getattr(value, 'text', None) or '?'}".replace("==", "=")


def _has_formulas(sheet):
    return any(cell.startswith("=") for row in sheet.rows for cell in row.cells)


def _with_results(sheet, results):
    found = {row.number: row.cells for row in results.rows}
    # a result may be empty; in a sheet that was never calculated, none has any
    is_calculated = any(
        cell.startswith("=") and any(found.get(row.number, ())[index : index + 1])
        for row in sheet.rows
        for index, cell in enumerate(row.cells)
    )
    rows = []
    for row in sheet.rows:
        values, cells = found.get(row.number, ()), list(row.cells)
        for index, cell in enumerate(cells):
            if cell.startswith("="):
                result = values[index] if index < len(values) else ""
                cells[index] = result if result or is_calculated else cell
        _add(rows, row.number, cells)
    return Sheet(sheet.name, rows)


# ------------------------------------------------------------
# TEXT FILES
# ------------------------------------------------------------


def _read_text(content):
    text = _decode(content)
    sample = text[:SAMPLE]
    first, _newline, rest = sample.partition("\n")
    separator = None
    if SEPARATOR.fullmatch(first):
        separator, text, sample = first[4], text[len(first) + 1 :], rest
    separator = separator or _find_separator(sample)
    rows = []
    try:
        for number, values in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), start=1
        ):
            if any(_swallows_rows(value, separator) for value in values):
                raise Unreadable("quotes")
            _add(rows, number, [value.strip()[:MAX_TEXT] for value in values])
    except csv.Error as error:
        raise Unreadable("quotes") from error
    return Sheet("", rows)


def _swallows_rows(value, separator):
    """Tell whether a cell holds other rows: a quotation mark too many, and two people are one."""
    return any(line.count(separator) > 1 for line in value.splitlines()[1:])


def _decode(content):
    """Return the text of a file: Unicode when it can be, and otherwise as Windows writes it."""
    encoding = next((name for start, name in MARKS.items() if content.startswith(start)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:  # no text at all
        raise Unreadable("other")
    return text


def _find_separator(sample):
    """Return what stands between the columns: what splits most lines into as many parts."""
    best, separator = (0, 0), ";"
    for candidate in ";,\t|":
        lines = list(islice(csv.reader(io.StringIO(sample, newline=""), delimiter=candidate), 50))
        lengths = [len(line) for line in lines[: max(len(lines) - 1, 1)] if len(line) > 1]
        if lengths:
            usual = max(set(lengths), key=lengths.count)
            score = (lengths.count(usual), usual)
            if score > best:
                best, separator = score, candidate
    return separator


# ------------------------------------------------------------
# HEADINGS
# ------------------------------------------------------------


def find_table(rows, known=(), number=0):
    """Return the table in a sheet: which row holds the headings, and what is below them.

    A title above it is passed over. Where headings stand in two rows, as *Melder* over *Naam* and
    *Postcode*, those above belong to all columns below them: the heading is *Melder: Naam*.

    :param rows: list of ``Row``
    :param known: headings that are known, as ``plain_text`` makes them
    :param number: the row of the headings, when somebody says which it is
    :return: ``Table``
    :raise Unreadable: with ``no_rows`` when nothing is below the headings
    """
    place = next((index for index, row in enumerate(rows) if row.number >= number > 0), None)
    if place is None:
        place = _guess_place(rows, known)
    first = last = place
    if place + 1 < len(rows) and _is_below(rows[place].cells, rows[place + 1].cells):
        last = place + 1
    elif place and _is_below(rows[place - 1].cells, rows[place].cells):
        first = place - 1
    below = rows[last + 1 :]
    if not below:
        raise Unreadable("no_rows")
    if len(below) > MAX_ROWS:
        raise Unreadable("rows")
    width = max(len(row.cells) for row in (*below, rows[first], rows[last]))
    groups = rows[first].cells if first < last else ()
    return Table(_name(groups, rows[last].cells, width), rows[place].number, below)


def _guess_place(rows, known):
    """Return the index of the row with most known headings, or else the first one that is full."""
    head = rows[:HEADER_ROWS]
    hits = [sum(plain_text(cell) in known for cell in row.cells) for row in head]
    if max(hits) > 1:
        return hits.index(max(hits))
    filled = [sum(bool(cell) for cell in row.cells) for row in head]
    return next(index for index, count in enumerate(filled) if 2 * count >= max(filled))


def _is_below(groups, names):
    """Tell whether a row holds headings under headings that are wider than one column."""
    filled = [index for index, name in enumerate(names) if name]
    if len(filled) < 2 or any(char.isdigit() for index in filled for char in names[index]):
        return False

    def is_wide(index):
        if index < len(groups) and groups[index]:
            return index + 1 >= len(groups) or not groups[index + 1]
        return any(groups[:index])

    return sum(bool(group) for group in groups) > 1 and all(map(is_wide, filled))


def _name(groups, names, width):
    """Return a heading for each column, none of them twice; one without a name is empty."""
    headings, group, seen = [], "", {}
    for index in range(width):
        name = names[index] if index < len(names) else ""
        above = groups[index] if index < len(groups) else ""
        group = above or group
        heading = " ".join((f"{group}: {name}" if group and name else name or above).split())
        key = plain_text(heading)
        if key:
            seen[key] = seen.get(key, 0) + 1
            if seen[key] > 1:
                heading = f"{heading} ({seen[key]})"
        headings.append(heading)
    return headings
