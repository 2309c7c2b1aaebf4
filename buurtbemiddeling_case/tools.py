"""Plain functions of the field, without records."""

import re
import unicodedata
from datetime import timedelta


def covered_days(intervals, start, end):
    """Return how many days between ``start`` and ``end`` the intervals cover.

    Days are counted as nights passed: from Monday to Tuesday is one day. Overlapping intervals
    count once, an interval without end lasts until ``end``, what lies outside is left out.

    :param intervals: pairs of dates ``(first day, last day or None)``, both days included
    :return: whole days, 0 or more

    >>> from datetime import date
    >>> covered_days([(date(2026, 3, 2), date(2026, 3, 4))], date(2026, 3, 1), date(2026, 3, 31))
    3
    >>> covered_days([(date(2026, 3, 2), date(2026, 3, 4)), (date(2026, 3, 4), None)],
    ...              date(2026, 3, 1), date(2026, 3, 11))
    9
    """
    days = 0
    counted_until = start
    for first, last in sorted(intervals, key=lambda interval: interval[0]):
        begin = max(first, counted_until)
        finish = min(last + timedelta(days=1), end) if last else end
        if finish > begin:
            days += (finish - begin).days
            counted_until = finish
    return days


def front_doors(street, postcode, city):
    """Return texts that are equal for the same front door, however it was typed.

    One is made of postcode and house number, one of street, house number and town; each only when
    its parts are known. Without a house number there is no door.

    :return: ``(by postcode or None, by street or None)``

    >>> front_doors("Dorpsstr. 12 A", "1234ab", "Dorp")
    ('1234AB 12A', 'dorpsstraat 12A dorp')
    >>> front_doors("Dorpsstraat 12-a", "1234 AB", "DORP")
    ('1234AB 12A', 'dorpsstraat 12A dorp')
    >>> front_doors("Dorpsstraat 12", None, None)
    (None, 'dorpsstraat 12')
    >>> front_doors("Dorpsstraat", "1234 AB", "Dorp")
    (None, None)
    """
    match = re.fullmatch(r"(.*?)\s*(\d+)[\s-]*([a-z0-9]{0,4})", plain_text(street))
    if not match:
        return None, None
    name, number, suffix = match.groups()
    number += suffix.upper()
    postcode = re.sub(r"\W", "", postcode or "").upper()
    by_postcode = f"{postcode} {number}" if re.fullmatch(r"\d{4}[A-Z]{2}", postcode) else None
    name = re.sub(r"str$", "straat", name)
    by_street = " ".join(filter(None, (name, number, plain_text(city)))) if name else None
    return by_postcode, by_street


def plain_text(text):
    """Return text in lower case without accents, full stops or double spaces."""
    text = unicodedata.normalize("NFKD", (text or "").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.sub(r"[.,'’]", " ", text).split())
