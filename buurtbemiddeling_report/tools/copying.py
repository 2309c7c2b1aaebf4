"""Writing many rows to a table at once."""

import csv
import io
from itertools import islice

from odoo.tools import SQL

PART = 1000  # rows that are text at once


def copy_rows(cr, table, columns, rows):
    """Write rows with COPY, past the ORM: what it would compute or check is up to the caller.

    :param rows: tuples in the order of ``columns``; ``None`` is NULL, and so is an empty text
    """
    statement = SQL(
        "COPY %s (%s) FROM STDIN WITH (FORMAT csv)",
        SQL.identifier(table),
        SQL(", ").join(map(SQL.identifier, columns)),
    )
    cr.copy_expert(statement.code, _Text(rows))


class _Text:
    """Rows as a file that is made while PostgreSQL reads it: neither waits for the other."""

    def __init__(self, rows):
        self.rows = iter(rows)

    def read(self, _size=-1):  # pylint: disable=method-required-super  # of a file, not a record
        """Return the next rows as text, whatever their length; nothing when there are no more."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(islice(self.rows, PART))
        return text.getvalue()
