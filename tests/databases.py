"""What is in a database, to compare it with another or with itself after something happened."""

import json
import subprocess

from lib import postgres

STRUCTURE = """
    SELECT 'relation', relkind::text, relname, '' FROM pg_class WHERE relnamespace = {schema}
     UNION ALL
    SELECT 'column', relname, attname, concat(format_type(atttypid, atttypmod), attnotnull)
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE relnamespace = {schema} AND relkind IN ('r', 'v') AND attnum > 0 AND NOT attisdropped
     UNION ALL
    SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = {schema}
     UNION ALL
    SELECT 'view', viewname, '', definition FROM pg_views WHERE schemaname = 'public'
     UNION ALL
    SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = {schema}
     UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, '' FROM pg_trigger WHERE NOT tgisinternal
"""


def query(name, text):
    """The rows of a query, as dictionaries."""
    done = subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", name],
        input=f"SELECT row_to_json(each_row) FROM ({text}) each_row;",  # too long for an argument
        env=postgres.environment(),
        capture_output=True,
        text=True,
    )
    assert not done.returncode, done.stderr[:2000]
    return [json.loads(row) for row in done.stdout.splitlines()]


def structure(name):
    """``{(kind, table, name, definition)}`` of all that the schema of a database has."""
    text = STRUCTURE.format(schema="'public'::regnamespace")
    columns = "found (kind, place, name, definition)"
    return {tuple(row.values()) for row in query(name, f"SELECT * FROM ({text}) {columns}")}


def tables(name):
    """The names of all tables."""
    found = query(name, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [row["tablename"] for row in found]


def count(name, table):
    """How many rows a table has."""
    (row,) = query(name, f'SELECT count(*) FROM "{table}"')  # noqa: S608
    return row["count"]


def columns(name):
    """``{table: its columns}``, in order."""
    found = {}
    for row in query(
        name,
        "SELECT relname, attname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND NOT attisdropped ORDER BY relname, attname",
    ):
        found.setdefault(row["relname"], []).append(row["attname"])
    return found


def checksums(name, wanted):
    """``{(table, column): checksum}``: the same as long as each row keeps its value.

    :param wanted: ``{table: columns}``
    """
    texts = []
    for table, names in wanted.items():
        key = "id" if "id" in names else f"ROW({', '.join(names)})::text"
        sums = ", ".join(
            f"'{each}', md5(string_agg(concat({key}, ':', \"{each}\"), '|' ORDER BY {key}))"
            for each in names[:45]
        )
        rest = ", ".join(
            f"'{each}', md5(string_agg(concat({key}, ':', \"{each}\"), '|' ORDER BY {key}))"
            for each in names[45:]
        )
        texts.append(
            f"SELECT '{table}' AS name, jsonb_build_object({sums})"  # noqa: S608
            f' || jsonb_build_object({rest}) AS sums FROM "{table}"'
        )
    return {
        (row["name"], column): checksum
        for row in query(name, " UNION ALL ".join(texts))
        for column, checksum in row["sums"].items()
    }
