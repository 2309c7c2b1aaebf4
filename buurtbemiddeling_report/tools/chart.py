"""Draws figures as SVG, to print and to show on screen. Knows nothing of cases or records.

Every bar has its value beside it as text, so that nobody has to guess it from a length or a
colour; the charts are in greys, so that a black and white copy says the same.
"""

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.barcharts import HorizontalBarChart, VerticalBarChart
from reportlab.graphics.shapes import Drawing
from reportlab.lib import colors
from reportlab.pdfbase.pdfmetrics import stringWidth

WIDTH = 900  # as wide as the text of an A4 page
FONT, FONT_SIZE = "Helvetica", 14  # to measure with
FONTS = "Lato, Arimo, 'Liberation Sans', Helvetica, Arial, sans-serif"  # to draw with, as wide
FILL = colors.HexColor("#5b6770")
_BAR_HEIGHT = 27
_COLUMNS_HEIGHT = 230
_LABEL_LENGTH = 45  # characters; what is longer ends in an ellipsis
_ATTRIBUTES = {"role": "img", "style": "max-width: 100%; height: auto;"}
_FONT_ROOM = 1.1  # the font that is there may be wider than the one to measure with
_VALUE_ROOM = 1.15  # the longest bar leaves room for the text of its value


def bars(title, rows):
    """Return an SVG of horizontal bars, the first row on top.

    :param title: what the chart is about, for who can not see it
    :param rows: list of ``(label, value, text)``; a value is a number from 0, or ``None`` when it
        is not known or not shown; the text is what stands beside the bar

    >>> svg = bars("Cases", [("Police", 3, "3"), ("Owners & tenants", None, "*")])
    >>> [part in svg for part in ("<title>Cases</title>", "Police: 3; Owners &amp; tenants: *")]
    [True, True]
    >>> "clip" in svg, bars("Nothing", [])
    (False, '')
    """
    if not rows:
        return ""
    labels = [_shorten(label) for label, _value, _text in rows]
    chart = HorizontalBarChart()
    widest = max(stringWidth(label, FONT, FONT_SIZE) for label in labels)
    chart.x = 15 + _FONT_ROOM * widest
    chart.y, chart.height = 4, _BAR_HEIGHT * len(rows)
    chart.width = WIDTH - chart.x - 10
    chart.categoryAxis.reverseDirection = 1
    chart.categoryAxis.labels.boxAnchor = "e"
    chart.barLabels.boxAnchor = "w"
    chart.barLabels.dx = 4
    _fill(chart, labels, rows)
    svg = _draw(chart, chart.height + 8, title, rows)
    for text in svg.getElementsByTagName("text"):
        if float(text.getAttribute("x")) < 0:  # a name: it ends at the axis, however wide the font
            text.setAttribute("x", "0")
            text.setAttribute("text-anchor", "end")
    return svg.toxml()


def columns(title, rows):
    """Return an SVG of columns from left to right, for months and years. Arguments: see ``bars``.

    >>> columns("Cases", [("2024", 10, "10"), ("2025", 0, "0")]).count("<text")
    4
    """
    if not rows:
        return ""
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 10, 26, WIDTH - 20, _COLUMNS_HEIGHT
    chart.barLabels.boxAnchor = "s"
    chart.barLabels.dy = 3
    _fill(chart, [_shorten(label) for label, _value, _text in rows], rows)
    return _draw(chart, chart.y + chart.height + 4, title, rows).toxml()


def _fill(chart, labels, rows):
    values = [value or 0 for _label, value, _text in rows]
    chart.data = [values]
    chart.groupSpacing = 6
    chart.bars[0].fillColor = FILL
    chart.bars[0].strokeColor = colors.black
    chart.bars[0].strokeWidth = 0.5
    chart.categoryAxis.categoryNames = labels
    chart.categoryAxis.visibleTicks = 0
    chart.valueAxis.visible = 0
    chart.valueAxis.valueMin = 0
    chart.valueAxis.valueMax = (max(values) or 1) * _VALUE_ROOM
    chart.barLabelFormat = "values"
    chart.barLabelArray = [[text for _label, _value, text in rows]]
    chart.barLabels.fontName = chart.categoryAxis.labels.fontName = FONT
    chart.barLabels.fontSize = chart.categoryAxis.labels.fontSize = FONT_SIZE


def _draw(chart, height, title, rows):
    drawing = Drawing(WIDTH, height)
    drawing.add(chart)
    canvas = renderSVG.SVGCanvas(
        (WIDTH, height), svgAttrs=_ATTRIBUTES, fontHacks={FONT: {"family": FONTS}}
    )
    renderSVG.draw(drawing, canvas, 0, 0)
    svg = canvas.svg
    # ids are for one drawing on a page, and on a page with several the first would clip all
    svg.removeChild(svg.getElementsByTagName("clipPath")[0])
    canvas.groupTree.removeAttribute("id")
    canvas.groupTree.removeAttribute("style")
    words = "; ".join(f"{label}: {text}" for label, _value, text in rows)
    for name, text in (("title", title), ("desc", words)):
        svg.getElementsByTagName(name)[0].firstChild.data = text
    return svg


def _shorten(label):
    return label if len(label) <= _LABEL_LENGTH else f"{label[: _LABEL_LENGTH - 1]}…"
