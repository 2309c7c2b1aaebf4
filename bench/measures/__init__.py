"""One measurement a file: `measure(office, quick)` returns a list of `Result`.

`quick` asks for one turn without warming up, to see that it works at all (a test does).
"""

from importlib import import_module

# in order: what only reads first, what leaves the database as it found it but bloated last
MEASURES = (
    "pages",
    "daily",
    "pairs",
    "case_file",
    "registering",
    "importing",
    "benchmark",
    "retention",
)


def get(name):
    """The measurement of this name."""
    return import_module(f"bench.measures.{name}")
