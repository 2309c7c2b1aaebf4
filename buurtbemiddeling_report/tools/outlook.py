"""What a count comes to at the end of its year. Plain numbers, no records."""

from calendar import monthrange
from collections import namedtuple
from datetime import date
from math import ceil, floor, sqrt

from odoo.addons.buurtbemiddeling_volunteer.tools.forecast import expect_registrations

#: Fewer cases than this, or less of the season than one month of twelve, foretell nothing: the
#: interval would be wider than the expectation itself.
FEWEST_CASES = 10
LEAST_PART = 1 / 12
#: Eight of ten years end inside the interval (normal approximation).
SPREAD = 1.28

#: ``expected`` is the count on the last day, between ``low`` and ``high`` in eight years of ten.
Outlook = namedtuple("Outlook", "low expected high")


def part_by_season(history, day, end):
    """Return what part of a year's cases up to ``end`` has come in by ``day``, by own seasons.

    :param history: ``{(year, month): number}`` of earlier months
    :param day: date; that day included
    :param end: date in the same year; that day included
    :return: fraction, ``None`` when the history holds too few cases to show a season

    In May eleven times as many cases come in as in any other month.

    >>> history = {(2025, month): 2 for month in range(1, 13)} | {(2025, 5): 22}
    >>> round(part_by_season(history, date(2026, 4, 30), date(2026, 12, 31)), 3)
    0.182
    >>> round(part_by_season(history, date(2026, 5, 31), date(2026, 12, 31)), 3)
    0.682
    >>> part_by_season(history, date(2026, 12, 31), date(2026, 12, 31))
    1.0
    >>> part_by_season({(2025, 12): 3}, date(2026, 5, 31), date(2026, 12, 31)) is None
    True
    """
    if sum(history.values()) < FEWEST_CASES:
        return None
    expected = expect_registrations(history)
    whole = _expect_until(expected, end)
    return _expect_until(expected, day) / whole if whole else None


def _expect_until(expected, day):
    """Return how many cases are expected from 1 January up to and including a day.

    >>> _expect_until(dict.fromkeys(range(1, 13), 29), date(2024, 2, 1))
    30.0
    """
    past = sum(expected[month] for month in range(1, day.month))
    return past + expected[day.month] * day.day / monthrange(day.year, day.month)[1]


def part_by_years(pairs):
    """Return what part of a figure was there on the same day of earlier years.

    :param pairs: ``(value on that day, value at the end)`` of each earlier year
    :return: fraction, at most 1; ``None`` when the earlier years hold too few cases

    >>> part_by_years([(30, 60), (20, 40)])
    0.5
    >>> part_by_years([(41, 40)])
    1.0
    >>> part_by_years([(0, 4)]) is part_by_years([]) is None
    True
    """
    end = sum(pair[1] for pair in pairs)
    return min(1.0, sum(pair[0] for pair in pairs) / end) if end >= FEWEST_CASES else None


def part_by_days(day, end, start=None):
    """Return what part of the days from ``start``, or 1 January, up to ``end`` is over on ``day``.

    >>> part_by_days(date(2026, 12, 31), date(2026, 12, 31))
    1.0
    >>> part_by_days(date(2024, 7, 1), date(2024, 12, 31))  # a leap year: 183 of 366 days
    0.5
    >>> part_by_days(date(2026, 1, 1), date(2026, 12, 31)) == 1 / 365
    True
    >>> part_by_days(date(2026, 9, 15), date(2026, 9, 30), date(2026, 9, 1))
    0.5
    >>> part_by_days(date(2026, 8, 1), date(2026, 9, 30), date(2026, 9, 1))
    0.0
    >>> part_by_days(date(2026, 10, 1), date(2026, 9, 30), date(2026, 9, 1))
    1.0
    """
    start = start or date(end.year, 1, 1)
    passed = (min(day, end) - start).days + 1
    return max(passed, 0) / max((end - start).days + 1, 1)


def foresee(count, part, is_last_day=False):
    """Return the :class:`Outlook` of a count of which ``part`` is in.

    What still has to come varies by chance, and so does the pace that it is read from.

    :param count: number so far
    :param part: fraction of the year, in cases or days, see the functions above
    :param is_last_day: then the count is what it is
    :return: ``None`` when there is too little to go by, also when nothing came in after this day in
        earlier years: there is nothing then to tell how much it varies

    >>> foresee(90, 0.9)
    Outlook(low=95, expected=100, high=105)
    >>> foresee(93, 1, is_last_day=True)
    Outlook(low=93, expected=93, high=93)
    >>> foresee(0, 1, is_last_day=True)
    Outlook(low=0, expected=0, high=0)
    >>> foresee(9, 0.5) is foresee(50, 0.01) is foresee(50, None) is foresee(93, 1) is None
    True
    """
    if is_last_day:
        return Outlook(count, count, count)
    if part in (None, 1) or count < FEWEST_CASES or part < LEAST_PART:
        return None
    rest = count * (1 - part) / part
    spread = SPREAD * sqrt(rest + rest**2 / count)
    return Outlook(
        floor(count + max(rest - spread, 0)), round(count + rest), ceil(count + rest + spread)
    )
