"""Writing many rows at once: COPY, with ids taken from the table's own sequence."""

import datetime
import io
import json
from itertools import count

CHUNK = 20_000  # rows that are held before they are sent
GROWN = 4  # so many times as many rows are another table to PostgreSQL


class Writer:
    """Collects rows of tables and sends them with COPY, in the order in which tables are named.

    `tables` maps a table to its columns: names, or `{name: value in rows that do not say}`. Order
    matters: a row may refer to rows of tables before it. Columns that are not named stay empty.

    References are not checked one by one where PostgreSQL allows that: a third of the time goes to
    it. The test of the generator checks them.
    """

    def __init__(self, cr, tables):
        self.cr = cr
        self.tables = {name: tuple(columns) for name, columns in tables.items()}
        self.defaults = {
            name: columns if isinstance(columns, dict) else {} for name, columns in tables.items()
        }
        self.shapes = {}  # {(table, *names of values): what makes a row of their texts}
        self.rows = {name: [] for name in self.tables}
        self.written = dict.fromkeys(self.tables, 0)
        self.analyzed = dict.fromkeys(self.tables, 0)
        self.ids = {}
        cr.execute("SELECT current_setting('is_superuser') = 'on'")
        (self.may_trust,) = cr.fetchone()

    def next_id(self, table):
        """An id for a row of `table` that nobody else has or gets."""
        if table not in self.ids:
            self.cr.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
            (sequence,) = self.cr.fetchone()
            self.cr.execute("SELECT nextval(%s)", [sequence])
            self.ids[table] = (sequence, count(self.cr.fetchone()[0]))
        return next(self.ids[table][1])

    def add(self, table, **values):
        """Keep a row for `table` (and choose its id when it has one); returns that id."""
        row_id = values.get("id")
        if row_id is None and "id" in self.tables[table]:
            row_id = values["id"] = self.next_id(table)
        names = (table, *values)
        row_of = self.shapes.get(names) or self._shape(names)
        rows = self.rows[table]
        rows.append(row_of(*[_AS_TEXT[value.__class__](value) for value in values.values()]))
        if len(rows) >= CHUNK:
            self.flush()
        return row_id

    def _shape(self, names):
        """What makes a row of a table of the texts of its values, when these are named so."""
        table, *said = names
        columns, defaults = self.tables[table], self.defaults[table]
        if unknown := set(said) - set(columns):
            raise KeyError(f"{table} has no columns {', '.join(unknown)} here")
        cells = []
        for name in columns:
            if name in said:
                cells.append(f"{{{said.index(name)}}}")
            elif defaults.get(name, ...) is ...:
                raise KeyError(f"a row of {table} says nothing of {name}")
            else:
                text = as_text(defaults[name])
                cells.append(text.replace("{", "{{").replace("}", "}}"))
        self.shapes[names] = "\t".join(cells).format
        return self.shapes[names]

    def flush(self):
        """Send what is held, and leave the sequences where the next id is."""
        if self.may_trust:
            self.cr.execute("SET LOCAL session_replication_role = replica")
        for table, rows in self.rows.items():
            if rows:
                text = io.StringIO("\n".join(rows) + "\n")
                columns = ", ".join(f'"{name}"' for name in self.tables[table])
                self.cr._obj.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', text)
                self.written[table] += len(rows)
                rows.clear()
                self.analyze(table)
        for sequence, ids in self.ids.values():
            following = next(ids)
            self.cr.execute("SELECT setval(%s, %s, false)", [sequence, following])
        if self.may_trust:
            self.cr.execute("SET LOCAL session_replication_role = DEFAULT")
        self.ids = {}

    def analyze(self, table):
        """Let PostgreSQL know when a table is much larger than it knew.

        It checks each reference to a table by the plan that was best when it was small, which is
        to read all of it, until it learns.
        """
        if self.written[table] > GROWN * self.analyzed[table]:
            self.cr.execute(f'ANALYZE "{table}"')
            self.analyzed[table] = self.written[table]


def _escaped(text):
    if text.isprintable() and "\\" not in text:
        return text
    for character, escape in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
        text = text.replace(character, escape)
    return text


_AS_TEXT = {
    str: _escaped,
    int: str,
    float: str,
    bool: lambda value: "t" if value else "f",
    type(None): lambda value: r"\N",
    datetime.date: str,
    datetime.datetime: str,
    dict: lambda value: _escaped(json.dumps(value)),
    list: lambda value: _escaped(json.dumps(value)),
}


def as_text(value):
    r"""A value as COPY reads it.

    >>> as_text(None), as_text(True), as_text("a\tb\\c"), as_text({"en_US": "x"})
    ('\\N', 't', 'a\\tb\\\\c', '{"en_US": "x"}')
    """
    return _AS_TEXT[value.__class__](value)
