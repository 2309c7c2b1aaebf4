"""Dates and numbers as people type them in a Dutch sheet, without records."""

import re
from datetime import date, timedelta

from .tools import plain_text

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari january",
            "feb februari february",
            "mrt maart march mar",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "aug augustus august",
            "sep sept september",
            "okt oktober october oct",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
# Day 0 of the sheets of Excel, which think that 1900 had a 29 February.
FIRST_DAY_OF_EXCEL = date(1899, 12, 30)
# What may be a day of Excel: from 1954 to 2118. A year or a house number is far less.
DAYS_OF_EXCEL = range(20_000, 80_000)
# Before that year nobody registered anything, and a year far ahead is mistyped.
FIRST_YEAR = 1950
LAST_YEAR_AHEAD = 1
# What is more is no number of hours, cases or euros, and may be too much for a database.
MOST = 10**12
ERRORS_OF_EXCEL = re.compile(
    r"#(REF|VALUE|NAME|NULL|NUM|DIV/0|VERW|WAARDE|NAAM|LEEG|GETAL|DEEL/0)[!?]|#N/[AB]"
)


def read_date(text, today=None):
    """Return the day that a text says, or ``None`` when it says none.

    The day comes before the month, as the Dutch write it; a time behind it, or the day of the week
    before it, is left out.

    :param text: as typed, or as a cell of a sheet shows it
    :param today: the day from which years of two digits are understood; today when left out

    >>> [str(read_date(text)) for text in ("31-12-2025", "31/12/2025", "31.12.2025", "2025-12-31")]
    ['2025-12-31', '2025-12-31', '2025-12-31', '2025-12-31']
    >>> str(read_date("wo 3 mrt '21")), str(read_date("3 maart 2021 14:30"))
    ('2021-03-03', '2021-03-03')
    >>> str(read_date("20210303")), str(read_date("44258,6")), str(read_date("2021-03-03T09:00:00"))
    ('2021-03-03', '2021-03-03', '2021-03-03')
    >>> str(read_date("3-3-'21")), str(read_date("3 maart 2021 om 14:30 uur"))
    ('2021-03-03', '2021-03-03')
    >>> read_date("3-3-0202"), read_date("31-12-9999")
    (None, None)
    >>> str(read_date("3-3-87")), str(read_date("3-3-21"))
    ('1987-03-03', '2021-03-03')
    >>> [read_date(text) for text in ("12-31-2025", "31-2-2025", "maart 2021", "2021", "", "12")]
    [None, None, None, None, None, None]
    """
    text = _without_time(text or "")
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+'?(\d{4}|\d{2})", text):
        day, month, year = match.groups()
    elif match := re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text):
        year, month, day = match.groups()
    elif re.fullmatch(r"\d{5}([.,]\d+)?", text):
        number = int(text[:5])
        found = number in DAYS_OF_EXCEL
        return FIRST_DAY_OF_EXCEL + timedelta(days=number) if found else None
    else:
        day, month, year = _read_words(text)
    try:
        found = date(_read_year(year, today), int(month), int(day))
    except ValueError:
        return None
    last = (today or date.today()).year + LAST_YEAR_AHEAD
    return found if FIRST_YEAR <= found.year <= last else None


def _without_time(text):
    """Leave out the time behind a date."""
    time = r"[T\s,]+(?:om\s+)?\d{1,2}[:.]\d\d([:.]\d\d(\.\d+)?)?\s*(uur|u\.?|Z)?$"
    return re.sub(time, "", text.strip())


def _read_words(text):
    """Return day, month and year of a date with the name of a month in it, or empty texts."""
    words = re.fullmatch(
        r"(?:[a-z]+ )?(\d{1,2})e?[ -]*([a-z]+)[ -]*(\d{4}|\d{2})", plain_text(text).strip()
    )
    if not words or words[2] not in MONTHS:
        return "", "", ""
    return words[1], str(MONTHS[words[2]]), words[3]


def _read_year(text, today):
    year = int(text)
    if len(text) != 2:
        return year
    # 25 is 2025 and 87 is 1987
    last = (today or date.today()).year + LAST_YEAR_AHEAD
    return last - (last - year) % 100


def read_number(text):
    """Return the number that a text says, or ``None`` when it says none.

    The comma is that of decimals, as the Dutch write it. With a point and no comma, groups of three
    digits behind it are thousands, and anything else is a fraction.

    >>> read_number("7,5"), read_number("7.5"), read_number("1.250"), read_number("1.250,75")
    (7.5, 7.5, 1250.0, 1250.75)
    >>> read_number("€ 12,-"), read_number("3 uur"), read_number("-2")
    (12.0, 3.0, -2.0)
    >>> read_number("9" * 20), read_number("9" * 400)
    (None, None)
    >>> read_number("twee"), read_number(""), read_number("1,2,3"), read_number("1.25.3")
    (None, None, None, None)
    """
    text = re.sub(r"^€\s*|\s*(uur|u\.?|euro|eur|€)$", "", (text or "").strip(), flags=re.I)
    text = re.sub(r",-+$", "", text.replace("\u00a0", " ")).replace(" ", "")
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    if not re.fullmatch(r"-?\d+([.,]\d+)?", text):
        return None
    number = float(text.replace(",", "."))
    return number if abs(number) < MOST else None


def is_unknown(text):
    """Tell whether a cell holds an error or a formula of which the sheet does not say the result.

    >>> is_unknown("#VERW!"), is_unknown("=A2&B2"), is_unknown("#12"), is_unknown("= of minder")
    (True, True, False, False)
    """
    return bool(ERRORS_OF_EXCEL.fullmatch(text) or re.match(r"=[^\s=]", text))
