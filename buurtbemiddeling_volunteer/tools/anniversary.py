"""Days that come back every year, and the days on which someone has been here so long."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

LEAP_DAY = 229


def day_key(day):
    """Return month and day of a date as one number, month * 100 + day; 0 without a date.

    >>> from datetime import date
    >>> day_key(date(1961, 3, 7)), day_key(None)
    (307, 0)
    """
    return day.month * 100 + day.day if day else 0


def coming_year(today):
    """Yield ``(day, keys)`` for every day of the year that starts today: whose day it is.

    Who was born on 29 February has their day on the 28th in other years: rather a day early than
    forgotten. So every key is somebody's day exactly once.

    >>> from datetime import date
    >>> next(coming_year(date(2027, 2, 28)))
    (datetime.date(2027, 2, 28), (228, 229))
    >>> next(coming_year(date(2028, 2, 28)))
    (datetime.date(2028, 2, 28), (228,))
    >>> sum(LEAP_DAY in keys for _day, keys in coming_year(date(2028, 2, 29)))
    1
    """
    day, end = today, today + relativedelta(years=1)
    while day < end:
        keys = (day_key(day),)
        tomorrow = day + timedelta(days=1)
        if keys == (228,) and tomorrow.month == 3:
            keys += (LEAP_DAY,)
        yield day, keys
        day = tomorrow


def next_anniversary(born, today):
    """Return the first day from ``today`` on that is the birthday of who was born on ``born``.

    >>> from datetime import date
    >>> next_anniversary(date(1961, 1, 3), date(2026, 12, 30))
    datetime.date(2027, 1, 3)
    >>> next_anniversary(date(1961, 1, 3), date(2027, 1, 3))
    datetime.date(2027, 1, 3)
    >>> next_anniversary(date(2000, 2, 29), date(2027, 2, 1))
    datetime.date(2027, 2, 28)
    >>> next_anniversary(date(2000, 2, 29), date(2027, 3, 1))
    datetime.date(2028, 2, 29)
    """
    day = born + relativedelta(years=today.year - born.year)
    return day if day >= today else born + relativedelta(years=today.year - born.year + 1)


def starts_between(first, last, months):
    """Return the first and the last start from which ``months`` end on a day in between.

    Months are counted as on paper: six months after 31 August is the last of February.

    >>> from datetime import date
    >>> starts_between(date(2027, 1, 1), date(2027, 1, 14), 12)
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 14))
    >>> starts_between(date(2027, 2, 28), date(2027, 2, 28), 150)
    (datetime.date(2014, 8, 28), datetime.date(2014, 8, 31))
    """
    span, one = relativedelta(months=months), timedelta(days=1)
    start, stop = first - span, last - span
    while start + span < first:
        start += one
    while stop + one + span <= last:
        stop += one
    return start, stop
