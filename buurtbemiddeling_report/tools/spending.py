"""What a post of a budget comes to at the end of the year. Plain numbers, no records."""

from datetime import date

from . import outlook


def part_by_day(day, year, last_year=(0, 0), start=None, end=None):
    """Return what part of the costs of a year belongs to the days up to and including ``day``.

    By the course of last year where there were costs then, else evenly by days. Of a project that
    did not run all of both years, evenly by the days that it runs in this one.

    :param last_year: the costs on the same day of last year, and at its end
    :param start: the first day of the project, if it has one; ``end``: its last day
    :return: fraction from 0 to 1

    >>> part_by_day(date(2026, 7, 1), 2026, (300, 1200))
    0.25
    >>> round(part_by_day(date(2026, 7, 1), 2026), 2)
    0.5
    >>> part_by_day(date(2027, 1, 1), 2026), part_by_day(date(2025, 12, 31), 2026)
    (1.0, 0.0)
    >>> part_by_day(date(2026, 7, 1), 2026, (-20, 1200))  # money came back
    0.0
    >>> part_by_day(date(2026, 6, 30), 2026, (300, 1200), start=date(2026, 6, 21))
    0.05154639175257732
    >>> part_by_day(date(2026, 7, 1), 2026, (300, 1200), end=date(2026, 6, 30))
    1.0
    >>> part_by_day(date(2026, 5, 1), 2026, start=date(2026, 6, 21))
    0.0
    """
    first = max(start or date.min, date(year, 1, 1))
    last = min(end or date.max, date(year, 12, 31))
    if not first <= day < last:
        return float(day >= last)
    runs_both = (start or date.min) <= date(year - 1, 1, 1) and last == date(year, 12, 31)
    part = outlook.part_by_years([last_year]) if runs_both else None
    if part is None:
        part = ((day - first).days + 1) / ((last - first).days + 1)
    return max(part, 0.0)


def expect(spent, planned, budgeted, part):
    """Return what a post comes to: what is spent, and what the rest of the year brings.

    That is what the budget has for the rest of the year, or what is planned if that is more. What
    was spent too much or too little so far stays so.

    :param planned: costs with a date that is still to come, such as a training
    :param part: see ``part_by_day``

    >>> expect(600, 0, 1000, 0.5), expect(300, 0, 1000, 0.5)
    (1100.0, 800.0)
    >>> expect(300, 900, 1000, 0.5)
    1200
    >>> expect(990, 0, 1000, 1.0)
    990
    """
    return spent + max(planned, budgeted * (1 - part))
