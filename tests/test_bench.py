"""What bin/bench works out without Odoo: medians, limits, growth, tables."""

import doctest
import json

import pytest

from bench import growth, table, timing
from bench.sizes import SIZES
from lib import bench


def result(action="list", ours=1.0, **values):
    """A result of the topic pages."""
    return timing.Result("pages", action, ours, **values)


def growing(smaller, larger):
    """The growth from one list of results to another."""
    return growth.compare([each.as_dict() for each in smaller], [each.as_dict() for each in larger])


@pytest.mark.parametrize("module", [table, timing, growth], ids=lambda module: module.__name__)
def test_examples(module):
    """The examples in the code hold."""
    assert not doctest.testmod(module).failed


def test_two_ways_take_turns():
    """Each way is done as often as the other, and what disturbs hits both."""
    done = []

    def way(name, seconds):
        left = iter(seconds)
        return lambda: done.append(name) or next(left)

    found = timing.medians(
        {"ours": way("ours", [9, 1, 5, 2]), "peer": way("peer", [9, 3, 3, 9])},
        repeats=3,
        warm_up=1,
    )
    assert done == ["ours", "peer"] * 4
    assert found == {"ours": 2, "peer": 3}  # what was taken to warm up does not count


@pytest.mark.parametrize(
    ("values", "ratio", "is_met"),
    [
        ({"peer": 2.0, "limit": 0.5}, 0.5, True),
        ({"peer": 2.0, "limit": 0.4}, 0.5, False),
        ({"peer": 2.0}, 0.5, None),  # nothing is asked of it
        ({"limit": 1}, None, True),  # a number of its own, as that of queries
        ({"limit": 0.5}, None, False),
    ],
)
def test_a_result_is_judged(values, ratio, is_met):
    """By its peer when it has one, else by itself."""
    found = result(**values)
    assert (found.ratio, found.is_met) == (ratio, is_met)
    assert found.as_dict()["is_met"] is is_met


@pytest.mark.parametrize(
    ("before", "after", "ratio", "is_met"),
    [
        (result(ours=1.0), result(ours=1.5), 1.5, True),
        (result(ours=1.0), result(ours=1.6), 1.6, False),
        (result(ours=8, unit="queries"), result(ours=13, unit="queries"), 1.625, False),
        # a hundred times the rows in 140 times the time: 1.4 times a row
        (
            result(ours=1.0, linear=True, rows=2_000),
            result(ours=140.0, linear=True, rows=200_000),
            1.4,
            True,
        ),
        (
            result(ours=1.0, linear=True, rows=2_000),
            result(ours=160.0, linear=True, rows=200_000),
            1.6,
            False,
        ),
        # what can not be told is not said to be right
        (result(ours=0.0), result(ours=1.0), None, None),
        (result(ours=1.0, linear=True), result(ours=9.0, linear=True, rows=9), None, None),
        # nor is what shows more because there is more
        (result(grows=False), result(ours=9.0, grows=False), 9.0, None),
    ],
)
def test_growth_is_judged(before, after, ratio, is_met):
    """A page by its time, work on rows by the time of a row."""
    (found,) = growing([before], [after])
    assert found.ratio == (pytest.approx(ratio) if ratio else None)
    assert found.is_met is is_met


def test_growth_compares_like_with_like():
    """The seconds of an action with its seconds, not with its queries; beside two peers once."""
    both = [
        result(ours=seconds, unit=unit, peer=1.0, peer_name=peer)
        for peer in ("crm", "helpdesk")
        for seconds, unit in ((2.0, "s"), (30, "queries"))
    ]
    assert [(each.unit, each.ratio) for each in growing(both, both)] == [("s", 1), ("queries", 1)]


@pytest.mark.parametrize("missing", [0, 1])
def test_growth_of_what_was_measured_once_can_not_be_told(missing):
    """An action in one of the databases only is not passed over."""
    measured = [[result(), result("form")], [result(), result("form")]]
    del measured[missing][1]
    growths = growing(*measured)
    assert [each.ratio for each in growths] == [1.0, None]
    assert growth.missed([], growths, "country") == [
        "pages, form: whether it grows can not be told."
    ]
    assert table.growth_as_text(growths, "small", "country").endswith("1.5    ?")


def test_memory_does_not_grow():
    """It has a limit of its own, over idle: so small a number says nothing as a ratio."""
    assert not growing([result(ours=1, unit="MB")], [result(ours=80, unit="MB")])


def test_what_was_missed_is_a_sentence():
    """Who reads it need not look for it in the table."""
    results = [
        result("open a form", 3.0, peer=2.0, peer_name="crm", limit=1),
        result("pairs", 12, unit="queries", limit=10),
        result("search", 1.0, peer=2.0, limit=1),
    ]
    growths = growing(
        [result("open a form"), result("export", linear=True, rows=10)],
        [result("open a form", 2.0), result("export", 40.0, linear=True, rows=100)],
    )
    assert growth.missed([each.as_dict() for each in results], growths, "country") == [
        "pages, open a form (country): 1.50 times crm, and 1 is allowed.",
        "pages, pairs (country): 12 queries, and 10 is allowed.",
        "pages, open a form: takes 2.00 times as much in country, and 1.5 is allowed.",
        "pages, export: a row takes 4.00 times as much in country, and 1.5 is allowed.",
    ]


def test_the_tables():
    """Every line can be read by itself."""
    assert table.as_text([result("list", 0.012, peer=0.024, peer_name="crm", limit=1)]) == (
        "topic  action  ours     peer          ratio  limit\n"
        "pages  list    12.0 ms  24.0 ms  crm  0.50   1      ok"
    )
    growths = growing(
        [result("list", 0.012), result("export", 1.0, linear=True, rows=10)],
        [result("list", 0.024), result("export", 9.0, linear=True, rows=100), result("new", 1.0)],
    )
    assert table.growth_as_text(growths, "small", "country") == (
        "topic  action  small    country                        times  limit\n"
        "pages  list    12.0 ms  24.0 ms                        2.00   1.5    MISSED\n"
        "pages  export  1.00 s   9.00 s   a row, of 10 and 100  0.90   1.5    ok\n"
        "pages  new              1.00 s                                1.5    ?"
    )


def test_a_run_of_two_sizes_tells_the_growth(tmp_path, monkeypatch, capsys):
    """It is printed, saved, and ends with 1 when a limit was missed."""
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    small, country = [result().as_dict()], [result(ours=1.4).as_dict()]
    assert bench.judge({"country": country, "small": small}) == 0
    assert "1.40" in capsys.readouterr().out
    saved = json.loads((tmp_path / "growth.json").read_text())
    assert (saved["database"], saved["results"][0]["ratio"]) == ("small, country", 1.4)
    assert bench.judge({"small": small, "country": [result(ours=2.0).as_dict()]}) == 1
    assert "Missed: pages, list: takes 2.00 times" in "".join(capsys.readouterr())


def test_a_run_of_one_database_tells_no_growth(tmp_path, monkeypatch):
    """Nor does one of other names than ours, of which nobody knows the size."""
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    fine, missed = [result().as_dict()], [result(peer=0.5, limit=1).as_dict()]
    assert bench.judge({"country": fine}) == 0
    assert bench.judge({"mine": fine, "country": fine}) == 0
    assert bench.judge({"mine": missed}) == 1
    assert not list(tmp_path.iterdir())


def test_sizes_grow():
    """Those that are measured by themselves are the least and the most that is promised."""
    assert [SIZES[name].cases for name in bench.GROWTH] == [2_000, 210_000]
