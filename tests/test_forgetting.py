"""What is forgotten is nowhere: not in a dump of the database, nor in a file on disk.

People with a marker in everything that is kept of them are made in a database of their own, twice:
their term is over, or is not. Then time passes, as it does for an organisation.
"""

import doctest
import json
import re
import subprocess
import sys
from collections import defaultdict

import pytest

from lib import database, paths, postgres
from tests.office import shell

sys.path.insert(0, str(paths.ROOT / "tests" / "test_buurtbemiddeling" / "forgetting"))
import markers  # noqa: E402
from markers import find_markers, find_markers_in_file  # noqa: E402

DATABASE = "bb_test_forgetting"
COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")
SEED = """
import json
from odoo.addons.test_buurtbemiddeling.forgetting import journey
json.dump(journey.seed(env), open({file!r}, "w"))
"""
FORGET = """
from odoo.addons.test_buurtbemiddeling.forgetting import journey
journey.forget(env)
"""

# what Odoo or a term of its own removes within days, whosoever it is
SHORT_LIVED = ("bus", "buurtbemiddeling.referral.link")

pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


def find_in_database():
    """Return ``{marker: {table.column}}`` of a dump."""
    dump = subprocess.run(
        ["pg_dump", "--format=plain", "--dbname", DATABASE],
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


def find_on_disk():
    """Return ``({marker: {file}}, names of all files)`` of the filestore."""
    folder = database.filestore(DATABASE)
    places, names = defaultdict(set), set()
    for file in folder.rglob("*"):
        if file.is_file():
            names.add(str(file.relative_to(folder)))
            for marker in find_markers_in_file(file.read_bytes()):
                places[marker].add("file")
    return places, names


def find_everywhere():
    """Return ``({marker: {place}}, names of all files)``."""
    places, names = find_on_disk()
    for marker, columns in find_in_database().items():
        places[marker] |= columns
    return places, names


@pytest.fixture(scope="module")
def story(installed, tmp_path_factory):
    """What was seeded, and where it was before and after forgetting."""
    file = tmp_path_factory.mktemp("forgetting") / "seeded.json"
    database.copy(installed, DATABASE)
    shell(DATABASE, SEED.format(file=str(file)))
    seeded = json.loads(file.read_text(encoding="utf-8"))
    for world in seeded.values():
        world["markers"] = {int(number): place for number, place in world["markers"].items()}
    before, files_before = find_everywhere()
    output = shell(DATABASE, FORGET, level="info")
    after, files_after = find_everywhere()
    yield {
        **seeded,
        "before": before,
        "files_before": files_before,
        "after": after,
        "files_after": files_after,
        "output": output,
    }
    database.drop(DATABASE)


def test_markers_are_found_in_every_code():
    """The examples of the search hold."""
    assert doctest.testmod(markers).attempted > 5
    assert not doctest.testmod(markers).failed


def test_every_marker_was_there_before(story):
    """Control: nothing is proved by a marker that was nowhere, or that can not be found."""
    for world in ("due", "kept"):
        assert len(story[world]["markers"]) > 3000
        lost = {
            place
            for number, place in story[world]["markers"].items()
            if number not in story["before"]
        }
        assert not lost, "\n".join(sorted(lost))
        assert len(story[world]["files"]) > 300
        assert set(story[world]["files"]) <= story["files_before"]


def test_nothing_is_left_of_who_is_forgotten(story):
    """No marker is anywhere, in whatever code, and no file is left on disk."""
    left = {
        f"{place} is in {', '.join(sorted(story['after'][number]))}"
        for number, place in story["due"]["markers"].items()
        if number in story["after"]
    }
    assert not left, "\n".join(sorted(left))
    on_disk = set(story["due"]["files"]) & story["files_after"]
    assert not on_disk, f"files on disk: {sorted(on_disk)}"


def test_nothing_is_gone_of_who_is_not(story):
    """Control: the markers of those whose term is not over are all where they were."""
    gone = {
        f"{place} was in {', '.join(sorted(story['before'][number]))}"
        for number, place in story["kept"]["markers"].items()
        if story["before"][number] - story["after"].get(number, set())
    }
    gone = {place for place in gone if not place.split(" was in ")[0].endswith(SHORT_LIVED)}
    assert not gone, "\n".join(sorted(gone))


def test_forgetting_says_nothing_of_what_it_forgets(story):
    """Odoo's log has no warning, and no marker."""
    assert not find_markers(story["output"].encode())
    assert "WARNING" not in story["output"] and "ERROR" not in story["output"]
