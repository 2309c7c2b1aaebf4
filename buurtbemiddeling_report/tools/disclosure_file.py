"""The numbers that may leave the organisation or not, as ``tools/disclosure.py`` looks at them."""

from typing import NamedTuple


class Table(NamedTuple):
    """One breakdown. ``parents`` are pairs ``(name of a table, {row: row of that table})``; with
    none the rows add up to the totals. A name of ``None`` is a breakdown that is not in the file.
    """

    rows: dict
    parents: tuple = ()
    twin: str | None = None  # a table of the same rows whose numbers say nearly the same


class File(NamedTuple):
    """All that a version holds. Columns stand in order of weight: the last one is hidden first."""

    totals: dict  # {column: count}
    tables: dict  # {name: Table}
    figures: tuple  # sets of columns: what must be shown for one figure
    shares: tuple = ()  # pairs (base, part) of columns
    # (running, registered, closed): running last year = running + closed - registered
    balance: tuple | None = None
    total_only: frozenset = frozenset()  # columns that stand in no table
    # sums {column: factor} that count cases when none came from last year, or none is running
    rests: tuple = ()
    nested: tuple = ()  # more pairs (base, part): no figure tells the rest, but subtracting does
    told: dict = {}  # {table: sets of its rows of which the sum is known from elsewhere}


class Reference(NamedTuple):
    """What else is known: an earlier version, or what earlier versions differ by."""

    totals: dict  # {column: count} of those shown
    tables: dict  # {name: ({row: {column: count}}, rows shown, columns shown)}; counts of all rows
    is_same_scope: bool = True


class Shown(NamedTuple):
    """What may be shown: the columns of the totals, and ``{table: (columns, rows)}``."""

    totals: frozenset
    tables: dict


class View(NamedTuple):
    """What is shown of one table."""

    columns: frozenset
    rows: frozenset


def reference(file, shown, is_same_scope=True):
    """Return the ``Reference`` that a version is to later ones."""
    return Reference(
        {column: file.totals[column] for column in shown.totals},
        {
            name: (file.tables[name].rows, view.rows, view.columns)
            for name, view in shown.tables.items()
        },
        is_same_scope,
    )
