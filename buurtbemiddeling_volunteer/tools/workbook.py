"""Writes lists with amounts to an Excel workbook. Knows nothing of volunteers or expenses."""

import io
from collections import namedtuple
from datetime import date

import xlsxwriter

#: One sheet: ``columns`` are the headings, ``rows`` are tuples of text, number (an amount), date
#: (shown as its month) or ``None``; ``total`` is the last row, or ``None``.
Sheet = namedtuple("Sheet", "name columns rows total")

_AMOUNT, _MONTH = "#,##0.00", "mmmm yyyy"
_MIN_WIDTH, _MAX_WIDTH = 12, 50  # characters


def render(sheets, title):
    """Return the bytes of a workbook with these sheets, in order, ready to print.

    Text stays text: what people typed never becomes a formula or a link.
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as workbook:
        workbook.set_properties({"title": title})
        for sheet in sheets:
            _write_sheet(workbook, sheet, title)
    return output.getvalue()


def _write_sheet(workbook, sheet, title):
    worksheet = workbook.add_worksheet(sheet.name)
    head = workbook.add_format({"bold": True, "bottom": 1})
    worksheet.write_string(0, 0, title, workbook.add_format({"bold": True, "font_size": 14}))
    top = 2
    widths = [max(_MIN_WIDTH, len(text) + 2) for text in sheet.columns]
    for column, text in enumerate(sheet.columns):
        worksheet.write_string(top, column, text, head)
    plain, bold = ({"valign": "top"}, {"bold": True, "top": 1})
    rows = [(row, plain) for row in sheet.rows] + ([(sheet.total, bold)] if sheet.total else [])
    formats = {
        (name, row_format is bold): workbook.add_format({**row_format, **number_format})
        for row_format in (plain, bold)
        for name, number_format in (
            ("text", {}),
            ("amount", {"num_format": _AMOUNT}),
            ("month", {"num_format": _MONTH, "align": "left"}),
        )
    }
    for index, (row, row_format) in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            strong = row_format is bold
            if value is None:
                worksheet.write_blank(index, column, None, formats["text", strong])
            elif isinstance(value, str):
                worksheet.write_string(index, column, value, formats["text", strong])
                widths[column] = min(_MAX_WIDTH, max(widths[column], len(value) + 2))
            elif isinstance(value, date):
                worksheet.write_datetime(index, column, value, formats["month", strong])
            else:
                worksheet.write_number(index, column, value, formats["amount", strong])
    for column, width in enumerate(widths):
        worksheet.set_column(column, column, width)
    worksheet.freeze_panes(top + 1, 1)
    worksheet.repeat_rows(top)
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&L&A&R&P / &N")
