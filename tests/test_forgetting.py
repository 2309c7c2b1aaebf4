"""What is forgotten is nowhere: not in a dump of the database, nor in a file on disk.

People with a marker in everything that is kept of them are made in a database of their own, twice:
their term is over, or is not. Then time passes, as it does for an organisation.
"""

import doctest
import json
import sys

import pytest

from lib import database, paths
from tests.office import shell
from tests.searching import find_everywhere

sys.path.insert(0, str(paths.ROOT / "tests" / "test_buurtbemiddeling" / "forgetting"))
import markers  # noqa: E402
from markers import find_markers  # noqa: E402

DATABASE = "bb_test_forgetting"
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


@pytest.fixture(scope="module")
def story(installed, tmp_path_factory):
    """What was seeded, and where it was before and after forgetting."""
    file = tmp_path_factory.mktemp("forgetting") / "seeded.json"
    database.copy(installed, DATABASE)
    shell(DATABASE, SEED.format(file=str(file)))
    seeded = json.loads(file.read_text(encoding="utf-8"))
    for world in seeded.values():
        world["markers"] = {int(number): place for number, place in world["markers"].items()}
    before, files_before = find_everywhere(DATABASE)
    output = shell(DATABASE, FORGET, level="info")
    after, files_after = find_everywhere(DATABASE)
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
