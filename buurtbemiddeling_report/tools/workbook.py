"""Writes tables and charts to an Excel workbook. Knows nothing of cases or figures."""

import io
import math
import re
import textwrap
from collections import namedtuple
from functools import partial

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from . import sheet_xml
from .workbook_chart import NUMBER_FORMATS, get_number_format, get_series, set_axes
from .workbook_rows import HIDDEN, LINE, Rows, count_lines, get_heights, get_texts

#: What is on every page: ``title`` of the workbook, the left and right of the header, the footer
#: and a notice below it.
Page = namedtuple("Page", "title author header_left header_right footer notice")

#: One sheet. ``heading`` are the lines above the table: a title and what else is to be known.
#: ``columns`` are the headings of the table, ``rows`` tuples of text, number, ``None`` or
#: ``(number, unit)`` where the unit decides the number format. ``total`` is such a row or ``None``,
#: ``chart`` a ``Chart`` or ``None``. Without rows the sentence ``empty`` stands in their place.
#: ``below`` are more tables (``Table``) under the first one. ``links`` are the positions of the
#: sheets to which the rows lead. ``is_printed`` tells whether the tables below are printed too.
Sheet = namedtuple(
    "Sheet",
    "name heading columns rows total chart empty below links is_printed",
    defaults=(None, None, "", (), (), True),
)

#: One more table of a sheet, with the same columns, rows and total as a sheet.
Table = namedtuple("Table", "title columns rows total", defaults=(None,))

#: A chart of cells of the table. Ranges are ``(first row, first column, last row, last column)``
#: counted in the table, where row 0 holds the headings; ``series`` are pairs of a cell with the
#: name ``(row, column)`` and a range with the values. ``kind``: column, bar, pie or line.
Chart = namedtuple("Chart", "kind title categories series category_title value_title")

_MIN_WIDTH, _MAX_LABEL, _MAX_WIDTH = 9, 36, 62  # characters
_PAGE_WIDTH = 114  # characters on a landscape A4 at full size
_SMALLEST_SCALE = 0.65  # of full size; a wider table goes on to a next page, with its first column
_BESIDE_COLUMNS = 5  # a table of at most so many columns has its chart beside it, else below
_CHART_WIDTH, _CHART_HEIGHT = 520, 340  # pixels
_ROW_HEIGHT, _PAGE_HEIGHT = 20, 640  # pixels: of a line of text, and of a page at full size
_TALL = 3  # lines of text that a row of headings is taller than one
_HEADER_LIMIT = 105  # characters of one part: Excel takes 255 for a whole header or footer


def sheet_name(name, taken):
    """Return a name that Excel accepts and that is not taken yet: 31 characters, no ``[]:*?/\\``.

    >>> sheet_name("Verwijzer / gebied", [])
    'Verwijzer - gebied'
    >>> sheet_name("a" * 40, ["a" * 31])
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2'
    >>> sheet_name("history", [])
    'history 2'
    """
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name).strip().strip("'")[:31].strip("' ") or "-"
    reserved = {"history", *(other.lower() for other in taken)}
    candidate, number = base, 1
    while candidate.lower() in reserved:
        number += 1
        candidate = f"{base[: 30 - len(str(number))]} {number}"
    return candidate


def page_text(text):
    """Return text for a header or footer, in which Excel reads a code after every ``&``.

    >>> page_text("Wonen & Zo")
    'Wonen && Zo'
    """
    return textwrap.shorten(text, _HEADER_LIMIT, placeholder="…").replace("&", "&&")


def render(sheets, page):
    """Return the bytes of a workbook with these sheets, in order, ready to print.

    Text stays text: what people typed never becomes a formula or a link. xlsxwriter makes all but
    the rows of the tables, of which a country has hundreds of thousands.
    """
    frame, output = io.BytesIO(), io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    layouts = []
    with xlsxwriter.Workbook(frame, options) as workbook:
        workbook.set_properties({"title": page.title, "author": page.author})
        formats = _make_formats(workbook)
        names = []
        for sheet in sheets:
            names.append(sheet_name(sheet.name, names))
        for sheet, name in zip(sheets, names, strict=True):
            worksheet = workbook.add_worksheet(name)
            widths = _get_widths(sheet)
            for column, width in enumerate(widths):
                worksheet.set_column(column, column, width)
            top = _write_heading(worksheet, sheet, formats)
            tables = [(top, sheet, "linked" if sheet.links else "row")]
            blocks = [(top, _write_heads(worksheet, sheet, top, widths, formats))]
            if sheet.chart:
                blocks += _insert_chart(workbook, worksheet, sheet, top, widths)
            for table in sheet.below:
                row = blocks[-1][1] + 1
                worksheet.write_string(row, 0, table.title, formats["subtitle"])
                tables.append((row + 1, table, "row"))
                blocks.append((row, _write_heads(worksheet, table, row + 1, widths, formats)))
            for row, position in enumerate(sheet.links, start=top + 1):
                place = f"internal:{quote_sheetname(names[position])}!A1"
                worksheet.write_url(row, 0, place, string=sheet.rows[row - top - 1][0])
            _set_up_page(worksheet, sheet, page, top, blocks, widths)
            layouts.append((tables, widths))
        rows = Rows({kind: formats[kind] for kind in ("row", "linked", "total")})
    for _piece in sheet_xml.copy(frame, output, partial(_fill, rows, layouts)):
        pass
    return output.getvalue()


def _fill(rows, layouts, number, written):
    """Yield all rows of a sheet, as pieces of bytes.

    :param layouts: of each sheet its tables, as triples of the row of their headings, the table and
        the kind of its rows, and the widths of its columns
    :param number: of the sheet, from 1
    :param written: ``{number: row}`` of the rows that xlsxwriter wrote, from 1
    """
    tables, widths = layouts[number - 1]
    for top, table, kind in tables:
        first = top + 2
        yield b"".join(written.pop(row) for row in sorted(written) if row < first)
        made = rows.make(table.rows, first, widths, kind)
        if table.rows and table.total:
            made += rows.make([table.total], first + len(made), widths, "total")
        yield "".join(made).encode()
        for row in range(first, first + len(made)):  # a link, or the height beside a chart
            written.pop(row, None)
    yield b"".join(written.values())


def _make_formats(workbook):
    line = {"valign": "top", "bottom": 4, "bottom_color": "#BFBFBF"}
    link = {**line, "font_color": "#1F5C7A", "underline": 1}
    total = {"bold": True, "valign": "top", "top": 1}
    head = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1, "bg_color": "#E8EEF2"}
    formats = {
        "title": workbook.add_format({"bold": True, "font_size": 16}),
        "subtitle": workbook.add_format({"bold": True, "font_size": 13}),
        "note": workbook.add_format({"font_color": "#404040"}),
        "empty": workbook.add_format({"italic": True}),
        "label head": workbook.add_format(head),
        "text head": workbook.add_format({**head, "indent": 1}),
        "number head": workbook.add_format({**head, "align": "right"}),
    }
    for name, base in (("row", line), ("total", total)):
        formats[name] = {
            "label": workbook.add_format({**base, "text_wrap": True}),
            "text": workbook.add_format({**base, "text_wrap": True, "indent": 1}),
            HIDDEN: workbook.add_format({**base, "align": "right"}),
        }
        for unit, number_format in NUMBER_FORMATS.items():
            formats[name][unit] = workbook.add_format({**base, "num_format": number_format})
    formats["linked"] = {**formats["row"], "label": workbook.add_format(link)}
    return formats


def _write_heading(worksheet, sheet, formats):
    """Write what is above the table, and return the row for its headings."""
    lines = [
        part for text in sheet.heading[1:] for part in textwrap.wrap(text, _PAGE_WIDTH) or [""]
    ]
    worksheet.write_string(0, 0, sheet.heading[0], formats["title"])
    for row, text in enumerate(lines, start=1):
        worksheet.write_string(row, 0, text, formats["note"])
    top = len(lines) + 2
    if not sheet.rows:
        worksheet.write_string(top, 0, sheet.empty, formats["empty"])
    return top


def _write_heads(worksheet, table, top, widths, formats):
    """Write the headings of a table in a row, and return the row below the table."""
    if not table.rows:
        return top + 1
    for column, text in enumerate(table.columns):
        style = "label" if column == 0 else "text" if get_texts(table.rows, column) else "number"
        worksheet.write_string(top, column, text, formats[f"{style} head"])
    heights = [count_lines(text, width) for text, width in zip(table.columns, widths, strict=False)]
    worksheet.set_row(top, LINE * max(heights, default=1) + 4)
    return top + len(table.rows) + (2 if table.total else 1)


def _get_widths(sheet):
    """Return the width of each column: its longest text or the longest word of its headings."""
    tables = [sheet, *sheet.below]
    widths = []
    for column in range(max(len(table.columns) for table in tables)):
        tables = [table for table in tables if column < len(table.columns)]
        texts = [text for table in tables for text in get_texts(table.rows, column)]
        words = [len(word) for table in tables for word in table.columns[column].split()]
        limit = _MAX_LABEL if column == 0 else _MAX_WIDTH
        longest = max(map(len, texts), default=0)
        widths.append(min(limit, max(_MIN_WIDTH, min(max(words, default=0), 24), longest) + 2))
    return widths


def _insert_chart(workbook, worksheet, sheet, top, widths):
    """Draw the chart beside a narrow table and below a wide one, from the cells themselves.

    Return the rows that it takes below the table, as a list of one pair or none.
    """
    chart, last = sheet.chart, len(sheet.columns)
    first_row, first_column, last_row, last_column = chart.categories
    count = max(last_row - first_row, last_column - first_column) + 1
    number_format = get_number_format(sheet)
    drawing = workbook.add_chart({"type": chart.kind})
    for index in range(len(chart.series)):
        drawing.add_series(get_series(sheet, worksheet.get_name(), top, index, count))
    drawing.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    if chart.kind == "pie":
        drawing.set_legend({"position": "right"})
    else:
        alone = len(chart.series) == 1
        drawing.set_legend({"none": True} if alone else {"position": "bottom"})
        set_axes(drawing, chart, number_format)
    height = _CHART_HEIGHT
    if chart.kind == "bar":
        height = min(580, max(_CHART_HEIGHT - 80, 130 + 22 * count * len(chart.series)))
    drawing.set_size({"width": _CHART_WIDTH, "height": height})
    beside = _has_chart_beside(sheet)
    row = top if beside else top + len(sheet.rows) + (3 if sheet.total else 2)
    worksheet.insert_chart(
        row,
        last + 1 if beside else 1,
        drawing,
        {"description": chart.title, "object_position": 2},
    )
    if beside:  # it is as high as the rows that it stands beside
        rows = [*sheet.rows, sheet.total] if sheet.total else sheet.rows
        for row, points in get_heights(rows, widths).items():
            worksheet.set_row(top + 1 + row, points)
        worksheet.set_column(last, last, 2)
        return []
    return [(row, row + math.ceil(height / _ROW_HEIGHT) + 1)]


def _has_chart_beside(sheet):
    """A narrow table has its chart beside it, where one sees it at once; a wide one below."""
    return sheet.chart and not sheet.below and len(sheet.columns) <= _BESIDE_COLUMNS


def _set_up_page(worksheet, sheet, page, top, blocks, widths):
    """Set up the sheet to be read on screen and printed.

    :param blocks: pairs of rows from and to which a table or a chart stands, in order
    """
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
    worksheet.set_header(f"&L{page_text(page.header_left)}&R{page_text(page.header_right)}")
    footer = "\n".join(page_text(text) for text in (page.footer, page.notice) if text)
    worksheet.set_footer(f"&L{footer}&R&P / &N")
    worksheet.hide_gridlines(2)
    if not sheet.rows:
        return
    # the numbers of questions and years are text: no green corners for that
    last = xl_rowcol_to_cell(top + len(sheet.rows), len(sheet.columns) - 1)
    worksheet.ignore_errors({"number_stored_as_text": f"A1:{last}"})
    if sheet.below:  # each table has headings of its own
        worksheet.freeze_panes(0, 1)
    else:
        worksheet.freeze_panes(top + 1, 1)
        worksheet.repeat_rows(top)
    if not sheet.is_printed:
        blocks = blocks[: len(blocks) - len(sheet.below)]
        worksheet.print_area(0, 0, blocks[-1][1], len(widths) - 1)
    is_narrow = sum(widths) * _SMALLEST_SCALE <= _PAGE_WIDTH
    is_low = (blocks[-1][1] + _TALL) * _ROW_HEIGHT * _SMALLEST_SCALE <= _PAGE_HEIGHT
    if is_narrow and is_low:
        worksheet.fit_to_pages(1, 1)
        return
    if len(blocks) == 1 and (is_narrow or _has_chart_beside(sheet)):
        worksheet.fit_to_pages(1, 0)
        return
    # Excel keeps to page breaks only where it has not to fit the pages itself
    scale = min(1, max(_SMALLEST_SCALE, _PAGE_WIDTH / sum(widths)))
    worksheet.set_print_scale(math.floor(100 * scale))
    if sum(widths) * scale > _PAGE_WIDTH:  # more pages side by side, each with the first column
        worksheet.repeat_columns(0)
    worksheet.set_h_pagebreaks(_get_page_breaks(blocks, _PAGE_HEIGHT / _ROW_HEIGHT / scale))


def _get_page_breaks(blocks, height):
    """Return the rows before which a new page begins, so that no block is cut that fits on one.

    >>> _get_page_breaks([(3, 20), (22, 40), (42, 46)], 32)
    [22]
    >>> _get_page_breaks([(3, 90), (92, 100)], 32)
    [92]
    """
    breaks, start = [], 0
    for first, last in blocks:
        last += _TALL  # what the headings are taller than a line of text
        if first > start and last - start > height >= last - first:
            breaks.append(first)
            start = first
        while last - start > height:
            start += height
    return breaks
