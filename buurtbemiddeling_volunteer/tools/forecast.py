"""How many pairs of mediators are needed in the coming months. Plain numbers, no records."""

from collections import defaultdict, namedtuple

DAYS_A_MONTH = 365.25 / 12

#: What one month of registrations came to. ``registered``: cases; ``closed``: of those;
#: ``mediated``: of the closed ones, those that came to mediators; ``days``: the days that pairs
#: were busy with them, together; ``timed``: the cases of which those days are known.
Month = namedtuple("Month", "year month registered closed mediated days timed")

#: ``months``: how many months of history; ``share``: part of the cases that comes to mediators,
#: ``days``: average that a pair is busy with one, both ``None`` when nothing is known of it.
Basis = namedtuple("Basis", "months registered share days")


def read_history(rows, first, until):
    """Return the registrations of every month, also of months in which nothing came in.

    :param rows: :class:`Month` tuples, for months in which something came in
    :param first: ``(year, month)`` of the first month that counts
    :param until: ``(year, month)`` of the first month that does not
    :return: ``{(year, month): registered}``, from the first registration on; empty without any

    >>> rows = [Month(2025, 11, 4, 4, 2, 120, 2), Month(2026, 1, 6, 3, 1, 60, 1)]
    >>> read_history(rows, (2024, 1), (2026, 3))
    {(2025, 11): 4, (2025, 12): 0, (2026, 1): 6, (2026, 2): 0}
    >>> read_history([], (2024, 1), (2026, 3))
    {}
    """
    counts = {(row.year, row.month): row.registered for row in rows}
    known = [month for month in counts if first <= month < until and counts[month]]
    history, month = {}, min(known, default=until)
    while month < until:
        history[month] = counts.get(month, 0)
        month = add_months(month, 1)
    return history


def add_months(month, number):
    """Return the ``(year, month)`` that comes ``number`` months later; earlier when negative.

    >>> add_months((2026, 11), 3), add_months((2026, 1), -1)
    ((2027, 2), (2025, 12))
    """
    index = month[0] * 12 + month[1] - 1 + number
    return index // 12, index % 12 + 1


def expect_registrations(history):
    """Return how many cases to expect in each calendar month: ``{1: number, ... 12: number}``.

    The average of that month in the years that are known. A month that is not known yet, as in a
    first year, gets the average of the months that are.

    >>> expected = expect_registrations({(2025, 5): 10, (2025, 6): 4, (2026, 5): 20})
    >>> expected[5], expected[6], round(expected[7], 2)
    (15.0, 4.0, 11.33)
    >>> set(expect_registrations({}).values())
    {0.0}
    """
    by_month = defaultdict(list)
    for (_year, month), registered in history.items():
        by_month[month].append(registered)
    overall = _average(sum(history.values()), len(history)) or 0.0
    return {
        month: _average(sum(by_month[month]), len(by_month[month]))
        if month in by_month
        else overall
        for month in range(1, 13)
    }


def read_basis(rows, history):
    """Return the :class:`Basis` of an expectation. Closed cases tell: of others all may happen yet.

    >>> rows = [Month(2025, 11, 4, 4, 2, 120, 2), Month(2026, 1, 6, 4, 2, 120, 1)]
    >>> read_basis(rows, {(2025, 11): 4, (2025, 12): 0, (2026, 1): 6})
    Basis(months=3, registered=10, share=0.5, days=80.0)
    >>> read_basis([], {})
    Basis(months=0, registered=0, share=None, days=None)
    """
    rows = [row for row in rows if (row.year, row.month) in history]
    return Basis(
        len(history),
        sum(history.values()),
        _average(sum(row.mediated for row in rows), sum(row.closed for row in rows)),
        _average(sum(row.days for row in rows), sum(row.timed for row in rows)),
    )


def _average(total, number):
    return total / number if number else None


def overlaps(months):
    """Return what part of the months after it something takes that lasts ``months`` months.

    It begins on any day of the first month. The first number is the part of that month itself,
    the second that of the month after, and so on; together they are its duration.

    >>> overlaps(1)
    [0.5, 0.5]
    >>> overlaps(2)
    [0.5, 1.0, 0.5]
    >>> overlaps(0.5)
    [0.375, 0.125]
    >>> overlaps(0), round(sum(overlaps(3.3)), 6)
    ([], 3.3)
    """

    def triangle(value):
        return max(value, 0) ** 2 / 2

    parts, index = [], 0
    while index < months + 1:
        part = triangle(months - index + 1) - 2 * triangle(months - index)
        part += triangle(months - index - 1)
        if index == 0:
            part -= 0.5  # what would have begun after it was over
        if part > 0:
            parts.append(part)
        index += 1
    return parts


def expect_pairs(expected, basis, start, number=12):
    """Return ``[(month, new cases for mediators, pairs busy at once)]`` from ``start`` on.

    :param expected: cases to expect in each calendar month, of :func:`expect_registrations`
    :param basis: a :class:`Basis`; what is not known in it counts as nothing
    :param start: ``(year, month)``
    :return: months as ``(year, month)``, numbers as fractions, 0 or more

    Ten cases a month, half of them come to mediators, who are busy for two months: ten pairs.

    >>> basis = Basis(36, 360, 0.5, 2 * DAYS_A_MONTH)
    >>> expect_pairs(dict.fromkeys(range(1, 13), 10), basis, (2026, 12), 2)
    [((2026, 12), 5.0, 10.0), ((2027, 1), 5.0, 10.0)]

    A peak in May keeps pairs busy in June as well.

    >>> expected = {**dict.fromkeys(range(1, 13), 0), 5: 8}
    >>> expect_pairs(expected, Basis(36, 24, 1.0, DAYS_A_MONTH), (2027, 4), 3)
    [((2027, 4), 0.0, 0.0), ((2027, 5), 8.0, 4.0), ((2027, 6), 0.0, 4.0)]
    >>> expect_pairs(expected, Basis(0, 0, None, None), (2027, 5), 1)
    [((2027, 5), 0.0, 0.0)]
    """
    share, parts = basis.share or 0.0, overlaps((basis.days or 0) / DAYS_A_MONTH)
    result = []
    for later in range(number):
        month = add_months(start, later)
        busy = 0.0
        for back, part in enumerate(parts):
            busy += expected[add_months(month, -back)[1]] * share * part
        result.append((month, expected[month[1]] * share, busy))
    return result


def compare(needed, available):
    """Return how many whole pairs are left over, below 0 how many too few.

    Both are rounded to the tenth that is shown. Half a pair too few is a pair too few, and half a
    pair left over takes no case.

    >>> compare(4.2, 6.5), compare(4.2, 2.9), compare(3.0, 3.0), compare(0, 0)
    (2, -2, 0, 0)
    >>> compare(2.5, 2.0), compare(2.0, 2.5), compare(11.03, 11.0)
    (-1, 0, 0)
    """
    return (round(available * 10) - round(needed * 10)) // 10
