"""Days, times and numbers as people type them in a form; what they are not is ``None``."""

import re
from datetime import date, time

CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
NUMBER = re.compile(r"\d{1,5}([.,]\d{1,2})?", re.ASCII)


def read_day(text):
    """Return the date that a text such as 2027-03-08 holds.

    >>> read_day("2027-03-08"), read_day("2027-02-30"), read_day("08-03-2027"), read_day(None)
    (datetime.date(2027, 3, 8), None, None, None)
    """
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def read_clock(text):
    """Return the time of day that a text such as 19:30 holds.

    >>> read_clock("19:30"), read_clock("9.05"), read_clock("24:00"), read_clock("half eight")
    (datetime.time(19, 30), datetime.time(9, 5), None, None)
    """
    found = CLOCK.fullmatch(text or "")
    return time(int(found[1]), int(found[2])) if found else None


def read_number(text):
    """Return the number that a text holds, with a point or a comma before its decimals.

    >>> read_number("12,50"), read_number("3"), read_number("-3"), read_number("1e309")
    (12.5, 3.0, None, None)
    >>> read_number("NaN"), read_number("٣"), read_number("1.000,00"), read_number("")
    (None, None, None, None)
    """
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text or "") else None


def write_number(number, point, decimals=None):
    """Return a number as people write it, with ``point`` before its decimals.

    >>> write_number(2.5, ","), write_number(6.0, ","), write_number(4.5, ",", 2)
    ('2,5', '6', '4,50')
    """
    text = f"{number:g}" if decimals is None else f"{number:.{decimals}f}"
    return text.replace(".", point)
