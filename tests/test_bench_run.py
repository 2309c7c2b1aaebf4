"""Everything that `bin/bench` measures, done once on a tiny country: it works, and finds its peers.

How long it takes is no matter of a test: a machine that is busy would decide it.
"""

import json

import pytest

from bench.measures import MEASURES
from lib import bench, database

DATABASE = "bb_test_bench"

pytestmark = pytest.mark.timeout(600)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def country():
    """The name of a tiny country, with crm and helpdesk beside our modules."""
    bench.make_database("tiny", DATABASE)
    yield DATABASE
    database.drop(DATABASE)


@pytest.fixture(scope="module")
def results(country):
    """What all measurements found, as `{topic: [result]}`."""
    bench.measure([country], [], quick=True)
    file = bench.FOLDER / f"{country}-part.json"
    found = {}
    for result in json.loads(file.read_text(encoding="utf-8"))["results"]:
        found.setdefault(result["topic"], []).append(result)
    file.unlink()
    return found


def test_each_measurement_finds_something(results):
    assert len(results) == len(MEASURES)
    for topic, found in results.items():
        assert all(result["ours"] >= 0 for result in found), topic
        assert any(result["ours"] > 0 for result in found), topic


def test_what_is_compared_did_something(results):
    """A peer that fails at once would make us look slow, and one that does nothing, fast."""
    compared = [result for found in results.values() for result in found if result["peer_name"]]
    assert {"crm", "helpdesk"} <= {
        word
        for result in compared
        for word in result["peer_name"].lower().replace(".", " ").split()
    }
    assert all(result["peer"] > 0 for result in compared)


def test_people_at_work_see_no_error_and_lose_nothing(country):
    """A few people for a few seconds: `bench.load` counts errors and lost writes, and we count."""
    people = {"coordinators": 2, "portal": 4, "seconds": 15}
    assert bench.load(country, 8972, people) == 0
    file = bench.FOLDER / f"{country}-load.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    assert found["ours"]["writes"] > 0
    assert found["peers"]["writes"] > 0
