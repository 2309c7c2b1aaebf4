"""The series and axes of a chart in a workbook, drawn from its cells."""

from .workbook_rows import split

#: Number formats by unit. Excel shows them with the separators of the reader's country.
NUMBER_FORMATS = {
    "cases": "#,##0",
    "persons": "#,##0",
    "hours": "#,##0.0",
    "days": "#,##0.0",
    "percent": "0.0%",
    "ratio": "#,##0.0",
    "per_10000": "#,##0.0",
    "euros": '"€" #,##0.00',
}

_COLOURS = ("#1F5C7A", "#E08E1B", "#5B8C5A", "#8A4F7D", "#7A7A7A", "#B5483A")


def get_number_format(sheet):
    """Return how the numbers in a chart are written: as in its cells."""
    table = [sheet.columns, *sheet.rows]
    units = {
        split(cell)[1]
        for _name, (first, left, stop, right) in sheet.chart.series
        for row in table[first : stop + 1]
        for cell in row[left : right + 1]
    } - {None}
    return NUMBER_FORMATS[units.pop()] if units else "General"


def get_series(sheet, name, top, index, count):
    """Return the options of one series of a chart.

    :param name: of the worksheet
    :param count: of its categories
    """
    chart, table = sheet.chart, [sheet.columns, *sheet.rows]
    cell, values = chart.series[index]
    options = {
        "name": [name, top + cell[0], cell[1]],
        "name_data": _read(table, (*cell, *cell)),
        "categories": _place(name, chart.categories, top),
        "values": _place(name, values, top),
        # what Excel shows before it reads the cells: a hidden number is not there either
        "categories_data": _read(table, chart.categories),
        "values_data": [v if not isinstance(v, str) else None for v in _read(table, values)],
        "data_labels": {"value": True, "num_format": get_number_format(sheet)},
    }
    colour = {"color": _COLOURS[index % len(_COLOURS)]}
    if chart.kind == "pie":
        options["data_labels"]["position"] = "outside_end"
        options["points"] = [
            {"fill": {"color": _COLOURS[point % len(_COLOURS)]}} for point in range(count)
        ]
    elif chart.kind == "line":
        options.update(line=colour, marker={"type": "circle", "fill": colour})
    else:
        options.update(fill=colour, line=colour, gap=50)
    return options


def set_axes(drawing, chart, number_format):
    """Name the axes: categories below or, of bars, beside; values from 0."""
    font = {"name_font": {"bold": False, "size": 9}}
    by_category = {"name": chart.category_title, **font, "major_gridlines": {"visible": False}}
    by_value = {
        "name": chart.value_title,
        **font,
        "num_format": number_format,
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    if chart.kind == "bar":  # the first row on top, the values below
        drawing.set_y_axis({**by_category, "reverse": True})
        drawing.set_x_axis(
            {
                **by_value,
                "label_position": "high",
                "line": {"none": True},
                "major_tick_mark": "none",
                "minor_tick_mark": "none",
            }
        )
    else:
        drawing.set_x_axis(by_category)
        drawing.set_y_axis(by_value)


def _place(name, cells, top):
    first, left, last, right = cells
    return [name, top + first, left, top + last, right]


def _read(table, cells):
    """Return the values of a range of the table, row by row."""
    first, left, last, right = cells
    return [split(cell)[0] for row in table[first : last + 1] for cell in row[left : right + 1]]
