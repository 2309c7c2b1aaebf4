"""Writes tables to an Excel workbook. Knows nothing of cases or figures."""

import io
import re
from collections import namedtuple

import xlsxwriter

#: One sheet: ``rows`` are tuples of text, number, ``None`` or ``(number, kind)`` where kind is
#: "count", "share" or "percentile" and decides the number format.
Sheet = namedtuple("Sheet", "name heading columns rows")

_NUMBER_FORMATS = {
    "count": "#,##0", "share": "0.0%", "percentile": "0.0", "total": "#,##0.0", "ratio": "0.0###",
}  # fmt: skip
_MIN_WIDTH, _MAX_WIDTH = 12, 60  # characters; the heads of columns wrap
_HEAD_HEIGHT = 48  # points: three lines


def sheet_name(name, taken):
    """Return a name that Excel accepts and that is not taken yet: 31 characters, no ``[]:*?/\\``.

    >>> sheet_name("Verwijzer / gebied", [])
    'Verwijzer - gebied'
    >>> sheet_name("a" * 40, ["a" * 31])
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2'
    """
    base = re.sub(r"[\[\]:*?/\\]", "-", name).strip("'")[:31] or "-"
    candidate, number = base, 1
    while candidate.lower() in {other.lower() for other in taken}:
        number += 1
        candidate = f"{base[: 30 - len(str(number))]} {number}"
    return candidate


def render(sheets, title):
    """Return the bytes of a workbook with these sheets, in order, ready to print.

    Text stays text: what people typed never becomes a formula or a link.
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"title": title})
        formats = {
            "heading": workbook.add_format({"bold": True, "font_size": 14}),
            "column": workbook.add_format(
                {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
            ),
            "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
            **{
                kind: workbook.add_format({"num_format": number_format, "valign": "top"})
                for kind, number_format in _NUMBER_FORMATS.items()
            },
        }
        taken = []
        for sheet in sheets:
            taken.append(sheet_name(sheet.name, taken))
            _write_sheet(workbook.add_worksheet(taken[-1]), sheet, formats)
    return output.getvalue()


def _write_sheet(worksheet, sheet, formats):
    for index, text in enumerate(sheet.heading):
        worksheet.write_string(index, 0, text, formats["heading"] if index == 0 else None)
    top = len(sheet.heading) + 1
    widths = [_MIN_WIDTH for _column in sheet.columns]
    for column, text in enumerate(sheet.columns):
        worksheet.write_string(top, column, text, formats["column"])
    worksheet.set_row(top, _HEAD_HEIGHT)
    for offset, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            value, kind = cell if isinstance(cell, tuple) else (cell, "count")
            if value is None:
                worksheet.write_blank(top + offset, column, None)
            elif isinstance(value, str):
                worksheet.write_string(top + offset, column, value, formats["text"])
                widths[column] = min(_MAX_WIDTH, max(widths[column], len(value) + 2))
            else:
                worksheet.write_number(top + offset, column, value, formats[kind])
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    worksheet.freeze_panes(top + 1, 1)
    worksheet.repeat_rows(top)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&L&A&R&P / &N")
