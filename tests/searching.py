"""Where markers are: in a dump of a database, and in its files on disk."""

import re
import subprocess
import sys
from collections import defaultdict

from lib import database, paths, postgres

sys.path.insert(0, str(paths.ROOT / "tests" / "test_buurtbemiddeling" / "forgetting"))
from markers import find_markers, find_markers_in_file  # noqa: E402

COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")


def find_in_database(name):
    """Return ``{marker: {table.column}}`` of a dump."""
    dump = subprocess.run(
        ["pg_dump", "--format=plain", "--dbname", name],
        env=postgres.environment(),
        capture_output=True,
        check=True,
    ).stdout
    places, table, columns = defaultdict(set), "structure", []
    for line in dump.split(b"\n"):
        if line.startswith(b"COPY "):
            table, names = COPY.match(line.decode()).groups()
            columns = names.split(", ")
        elif line == b"\\.":
            table, columns = "structure", []
        elif found := find_markers(line):
            for value, column in zip(line.split(b"\t"), columns or [""], strict=False):
                for marker in find_markers(value) & found:
                    places[marker].add(f"{table}.{column}")
    return places


def find_on_disk(name):
    """Return ``({marker: {file}}, names of all files)`` of the filestore."""
    folder = database.filestore(name)
    places, names = defaultdict(set), set()
    for file in folder.rglob("*"):
        if file.is_file():
            names.add(str(file.relative_to(folder)))
            for marker in find_markers_in_file(file.read_bytes()):
                places[marker].add("file")
    return places, names


def find_everywhere(name):
    """Return ``({marker: {place}}, names of all files)``."""
    places, names = find_on_disk(name)
    for marker, columns in find_in_database(name).items():
        places[marker] |= columns
    return places, names
