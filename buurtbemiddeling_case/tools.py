"""Plain functions of the field, without records."""

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
