"""Plain functions of the field, without records."""

import re
import unicodedata
from bisect import bisect_right
from datetime import timedelta

PHONE_DIGITS = 9  # the same for 06..., +31 6... and 0031 6...
POSTCODE = re.compile(r"\s*(\d{4})\s*([a-z]{2})\s*", re.IGNORECASE)


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


def split_days(intervals, start, end):
    """Return how many days between ``start`` and ``end`` were own days, and how many waiting days.

    :param intervals: the pauses, as of :func:`covered_days`
    :return: ``(own days, waiting days)``, both 0 when ``end`` comes before ``start``

    >>> from datetime import date
    >>> split_days([(date(2026, 3, 2), date(2026, 3, 4))], date(2026, 3, 1), date(2026, 3, 31))
    (27, 3)
    """
    waiting = covered_days(intervals, start, end)
    return max((end - start).days, 0) - waiting, waiting


def due_day(working_days, since, norm, pauses=()):
    """Return the last of ``norm`` working days after ``since``, those of a pause not counted.

    :param working_days: working days in order, as dates
    :param pauses: pairs of dates ``(first day, last day or None)``, both days included
    :return: date, or ``None`` while a pause lasts, or when there are not enough working days

    >>> from datetime import date, timedelta
    >>> march = [date(2026, 3, 1) + timedelta(days=n) for n in range(31)]
    >>> weekdays = [day for day in march if day.weekday() < 5]
    >>> due_day(weekdays, date(2026, 3, 2), 5)
    datetime.date(2026, 3, 9)
    >>> due_day(weekdays, date(2026, 3, 2), 5, [(date(2026, 3, 6), date(2026, 3, 9))])
    datetime.date(2026, 3, 11)
    >>> due_day(weekdays, date(2026, 3, 2), 5, [(date(2026, 3, 6), None)])
    """
    for index in range(bisect_right(working_days, since), len(working_days)):
        day = working_days[index]
        if not any(first <= day and (not last or day <= last) for first, last in pauses):
            norm -= 1
            if not norm:
                return day
    return None


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


def phone_key(phone):
    """Return the last digits of a phone number, equal however it was typed, or ``None``.

    >>> phone_key("06-1234 5678"), phone_key("+31 6 12345678"), phone_key("112"), phone_key(False)
    ('612345678', '612345678', None, None)
    """
    digits = "".join(char for char in phone or "" if char.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else None


def plain_text(text):
    """Return text in lower case without accents, full stops or double spaces."""
    text = unicodedata.normalize("NFKD", (text or "").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return " ".join(re.sub(r"[.,'’]", " ", text).split())


def tidy_postcode(text):
    """Return a Dutch postcode as it is written on a letter; anything else stays as it was typed.

    >>> tidy_postcode("1234ab"), tidy_postcode(" 1234  AB"), tidy_postcode("B-2000")
    ('1234 AB', '1234 AB', 'B-2000')
    """
    match = POSTCODE.fullmatch(text or "")
    return f"{match[1]} {match[2].upper()}" if match else text


def only_digits(text):
    """Return the digits 0 to 9 in ``text``, which may be nothing.

    >>> only_digits("+31 (0)6-12 34 56 78"), only_digits(None)
    ('310612345678', '')
    """
    return "".join(char for char in text or "" if char in "0123456789")


def mobile_number(phone):
    """Return a phone number that gets text messages as ``+`` and digits, or ``None``.

    Without a country it is a Dutch mobile number, 06 and eight digits. Anything else, such as a
    landline, two numbers or a remark, is none.

    >>> mobile_number("06-12 34 56 78"), mobile_number("0031 6 12345678")
    ('+31612345678', '+31612345678')
    >>> mobile_number("+31 (0)6 12345678"), mobile_number("+48 512 345 678")
    ('+31612345678', '+48512345678')
    >>> mobile_number("0113-123456"), mobile_number("06-1234 of 06-12345678"), mobile_number("")
    (None, None, None)
    """
    text = (phone or "").strip()
    if not re.fullmatch(r"\+?[0-9 ().-]+", text):
        return None
    digits = only_digits(text.replace("(0)", ""))
    if text.startswith("+") or digits.startswith("00"):
        number = digits if text.startswith("+") else digits[2:]
        if number.startswith("31"):
            return f"+{number}" if re.fullmatch("316[0-9]{8}", number) else None
        return f"+{number}" if re.fullmatch("[1-9][0-9]{7,14}", number) else None
    return f"+31{digits[1:]}" if re.fullmatch("06[0-9]{8}", digits) else None
