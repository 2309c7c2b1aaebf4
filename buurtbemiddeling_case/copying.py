"""Writing many rows to a table at once."""

from itertools import islice

from odoo.tools import SQL

PART = 1000  # rows that are sent at once
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_rows(cr, table, columns, rows):
    """Write rows with COPY, past the ORM: what it would compute or check is up to the caller.

    :param rows: texts, each with the values of ``columns`` in order; see ``as_text``
    """
    statement = SQL(
        "COPY %s (%s) FROM STDIN",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    cr.copy_expert(statement.code, _File(rows))


def as_text(*values):
    r"""Return values as COPY reads them; what is the same in many rows is worth making once.

    >>> as_text(1, None, True, 0.5, "a\tb", "")
    '1\t\\N\tt\t0.5\ta\\tb\t'
    """
    return "\t".join(map(_value_as_text, values))


def _value_as_text(value):
    if value is None:
        return r"\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).translate(_ESCAPES)


class _File:
    """Rows as a file that is made while PostgreSQL reads it: neither waits for the other."""

    def __init__(self, rows):
        self.rows = iter(rows)

    def read(self, _size=-1):  # pylint: disable=method-required-super  # of a file, not a record
        """Return the next rows as text, whatever their length; nothing when there are no more."""
        return "".join(f"{row}\n" for row in islice(self.rows, PART))
