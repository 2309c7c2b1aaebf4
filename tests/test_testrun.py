"""What bin/test counts: a test that failed, broke, hung or never started has not passed.

The sample addon in tests/fixtures is run by the real Odoo, so these tests notice when Odoo words
its log differently.
"""

import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from lib import testlog, testrun, venv, verdict
from lib.say import Problem

FIXTURES = Path(__file__).with_name("fixtures")
ADDONS = FIXTURES / "addons"
BROWSER = "odoo.addons.bb_sample.tests.test_browser:"
SAMPLE = "odoo.addons.bb_sample.tests.test_sample:"
LOGS = {}  # what a run wrote, before the next run writes in the same file


def by_name(outcomes):
    """Outcomes by name, without the path of the sample's module."""
    return {outcome.name.removeprefix(SAMPLE): outcome for outcome in outcomes}


@pytest.fixture(scope="module")
def listed():
    """The tests of the sample addons, as Odoo collects them."""
    return testrun.list_tests(["bb_sample", "bb_broken"], [ADDONS])


@pytest.fixture(scope="module")
def outcomes(listed):
    """The outcomes of a real run of the sample addon, without the test that hangs."""
    tests = [test for test in listed["tests"] if "standard" in test["tags"]]
    tests = [test for test in tests if test["module"] == "bb_sample"]
    run = ("bb_test_sample", "plain", ["bb_sample"], tests, ["/bb_sample"], [ADDONS])
    outcomes = by_name(testrun.odoo_job(*run))
    LOGS["sample"] = (testrun.LOG / "bb_test_sample.log").read_text(encoding="utf-8")
    return outcomes


pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


@pytest.mark.parametrize(
    ("test", "state", "why"),
    [
        ("TestOutcomes.test_passes", "passed", ""),
        ("TestOutcomes.test_fails", "failed", "AssertionError: 'a' != 'b'"),
        ("TestOutcomes.test_breaks", "failed", "ValueError: broken"),
        ("TestOutcomes.test_some_subtests_fail", "failed", "(number=2)"),
        ("TestOutcomes.test_tear_down_breaks", "failed", "ZeroDivisionError"),
        ("TestOutcomes.test_skipped", "skipped", "no printer here"),
        ("TestOutcomes.test_skips_itself", "skipped", "not today"),
        ("TestSkippedClass.test_three", "skipped", "whole class out of order"),
        ("TestNeverStarts.test_one", "failed", "no ground to stand on"),
        ("TestNeverStarts.test_two", "failed", "no ground to stand on"),
        ("TestInherits.test_own", "passed", ""),
        (f"{BROWSER}TestBrowser.test_fails_in_the_browser", "failed", "Screenshot in: "),
        ("odoo.addons.bb_sample.tests.test_install:TestAtInstall.test_passes", "passed", ""),
        ("odoo.addons.bb_sample.tests.test_install:TestAtInstall.test_fails", "failed", "one is"),
    ],
)
def test_each_outcome_is_what_it_is(outcomes, test, state, why):
    """One real test of each kind of outcome."""
    assert outcomes[test].state == state
    assert why in outcomes[test].why


def test_a_warning_in_the_log_is_a_failure(outcomes):
    """A test that passes but leaves a warning makes the run fail, and the warning is shown."""
    assert outcomes["TestOutcomes.test_warns"].state == "passed"
    log = next(outcome for name, outcome in outcomes.items() if "its log" in name)
    assert log.state == "failed"
    assert log.why.splitlines() == [
        "WARNING odoo.addons.bb_sample.tests.test_sample: something is fishy"
    ]


def test_nothing_else_is_counted(outcomes):
    """The tests of the sample, and one outcome for the log."""
    assert len(outcomes) == 16


def test_tests_out_of_reach_are_named(listed):
    """A file that tests/__init__.py forgot, and a method that Odoo does not inherit."""
    assert [name.rpartition(":")[2] for name in listed["unreachable"]] == [
        "TestForgotten.test_forgotten",
        "Inherited.test_inherited",
    ]
    states = {outcome.state for outcome in testrun.judge_list(listed)}
    assert states == {"failed"}


def test_a_module_that_does_not_install_fails_its_tests(listed):
    """Its tests never started, and Odoo's own words are shown."""
    tests = [test for test in listed["tests"] if test["module"] == "bb_broken"]
    run = ("bb_test_sample", "plain", ["bb_broken"], tests, ["/bb_broken"], [ADDONS])
    outcomes = testrun.odoo_job(*run)
    assert [outcome.state for outcome in outcomes] == ["failed", "failed"]
    assert outcomes[0].why == "it never started"
    assert "bb.no.such.model" in outcomes[1].why


def test_a_hanging_test_and_those_after_it_have_failed(listed):
    """The log of a real run that was ended at its time limit, in the middle of a test."""
    tests = [test["id"] for test in listed["tests"] if "bb_sample_hang" in test["tags"]]
    report = testlog.read((FIXTURES / "hanging.log").read_text(encoding="utf-8"))
    outcomes = by_name(testlog.judge(tests, report, -9, "installation"))
    assert outcomes["TestHangs.test_a_passes"].state == "passed"
    assert outcomes["TestHangs.test_b_hangs"].why == "it did not end"
    assert outcomes["TestHangs.test_c_never_reached"].why == "it never started"
    assert (
        "did not come to the end" in outcomes["installation: nothing but the tests in its log"].why
    )


def test_an_exit_code_counts():
    """A run that ends badly without saying why is not a good run."""
    (outcome,) = testlog.judge([], testlog.Report(finished=True), 1, "installation")
    assert outcome.state == "failed" and "exit code 1" in outcome.why


def test_a_run_that_takes_too_long_is_ended_with_its_children(tmp_path):
    """Nothing of it stays behind to disturb the next run."""
    script = f"sleep 60 & echo $! > {tmp_path}/child; wait"
    code = testrun.run_limited(["sh", "-c", script], tmp_path / "log", None, 1)
    assert code == -9
    child = Path("/proc", (tmp_path / "child").read_text().strip(), "status")
    deadline = time.monotonic() + 5
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(child)


def is_alive(status):
    """Whether a process still works, by its file in /proc."""
    try:
        return "State:\tZ" not in status.read_text()
    except OSError:
        return False


PYTEST_SAMPLE = """
import os, pytest
def test_passes(): pass
def test_fails(): assert 1 == 2
def test_breaks(broken): pass
@pytest.fixture
def broken(): raise ValueError("broken")
@pytest.mark.skip(reason="no printer here")
def test_skipped(): pass
"""


def pytest_outcomes(tmp_path, text):
    """The outcomes of a real run of pytest on a file with this text."""
    (tmp_path / "test_sample.py").write_text(text)
    report, log = tmp_path / "report.xml", tmp_path / "log"
    command = [venv.python(), "-m", "pytest", "-c", os.devnull, f"--junitxml={report}", tmp_path]
    code = testrun.run_limited(command, log, None, 60)
    return testlog.judge_junit(report, code, log)


def test_pytest_is_counted_the_same_way(tmp_path):
    """Passed, failed, broken and skipped."""
    outcomes = pytest_outcomes(tmp_path, PYTEST_SAMPLE)
    assert [(outcome.name.split("::")[1], outcome.state) for outcome in outcomes] == [
        ("test_passes", "passed"),
        ("test_fails", "failed"),
        ("test_breaks", "failed"),
        ("test_skipped", "skipped"),
    ]


@pytest.mark.parametrize("text", ["import no_such_module", "def test_a(): import os; os._exit(0)"])
def test_pytest_that_breaks_is_a_failure(tmp_path, text):
    """A file that cannot be read, and a run that dies, even with a good exit code."""
    assert "failed" in [outcome.state for outcome in pytest_outcomes(tmp_path, text)]


def test_the_last_line_counts(capsys):
    """Skipped tests are listed with their reason, failed ones are named again before the end."""
    state = [("a", "passed", ""), ("b", "failed", "broken"), ("c", "skipped", "no printer")]
    assert verdict.tell([testlog.Outcome(*each) for each in state]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "SKIPPED c: no printer"
    assert lines[1:] == ["", "FAILED b", "  broken", "1 passed, 1 failed, 1 skipped"]
    assert verdict.tell([testlog.Outcome("a", "passed")]) == 0
    assert capsys.readouterr().out.splitlines() == ["1 passed, 0 failed"]


def test_one_reason_is_told_once(capsys):
    """When a module does not install, its tests are named and the reason is not repeated."""
    outcomes = [testlog.Outcome(f"t{n}", "failed", "it never started") for n in range(100)]
    assert verdict.tell(outcomes) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines.count("  it never started") == 1
    assert [f"FAILED t{n}" for n in range(100)] == lines[1:101]
    assert lines[-2:] == ["  … and 60 more, all named above", "0 passed, 100 failed"]


def test_no_test_is_no_success(capsys):
    """Nothing done is not all well."""
    assert verdict.tell([]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 0 failed"


def test_a_piece_of_work_that_breaks_is_a_failure_among_the_others():
    """The outcomes of the other pieces are kept, and the count is still printed."""

    def breaks():
        raise Problem("no ground to stand on")

    good = testlog.Outcome("good", "passed")
    outcomes = testrun.run_jobs([("breaks", breaks), ("good", lambda: [good])])
    assert [(outcome.name, outcome.state) for outcome in outcomes] == [
        ("breaks", "failed"),
        ("good", "passed"),
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_test_is_in_one_part(listed, count):
    """Nothing is lost or run twice, and the parts are the same at each run."""
    tests = [test | {"class": f"{test['class']}{n}"} for n in range(9) for test in listed["tests"]]
    parts = testrun.deal(tests, count, least=9)
    assert len(parts) == count and parts == testrun.deal(tests, count, least=9)
    assert sorted(test["class"] + test["method"] for part in parts for test in part) == sorted(
        test["class"] + test["method"] for test in tests
    )
    classes = [{test["class"] for test in part} for part in parts]
    assert len(set().union(*classes)) == sum(map(len, classes)), "a class is set up once"


def test_parts_take_about_as_long(listed):
    """Browsers and requests are in every part, and known slow classes count for what they take."""
    tests = [test | {"class": f"{test['class']}{n}"} for n in range(9) for test in listed["tests"]]
    slow = {"bb_sample.TestOutcomes0": 40, "bb_sample.TestInherits0": 40}
    parts = testrun.deal(tests, 2, least=9, slow=slow)
    needs = [Counter(test["needs"] for test in part) for part in parts]
    assert all(need["browser"] in (4, 5) for need in needs), "nine of them in two parts"
    assert [sum(test["class"] == "TestOutcomes0" for test in part) for part in parts].count(0) == 1
    expected = [
        sum(
            slow.get(name) or sum(testrun.SECONDS[test["needs"]] for test in same)
            for name, same in by_class(part).items()
        )
        for part in parts
    ]
    assert abs(expected[0] - expected[1]) <= testrun.SECONDS["browser"], expected


def by_class(tests):
    """The tests of a part by the name of their class."""
    classes = {}
    for test in tests:
        classes.setdefault(f"{test['module']}.{test['class']}", []).append(test)
    return classes


def test_what_a_test_needs_is_seen(listed):
    """A browser where the code opens one; a class that asks nothing over HTTP takes a database."""
    needs = {test["class"]: test["needs"] for test in listed["tests"]}
    assert needs["TestBrowser"] == "browser" and needs["TestOutcomes"] == "database"


def test_the_slow_classes_are_read_from_odoos_own_statistics(outcomes):
    """Each class has a line, and a browser takes longer than none."""
    seconds = testlog.seconds(LOGS["sample"])
    assert {"TestBrowser", "TestOutcomes", "TestAtInstall"} <= {
        name.removeprefix("bb_sample.") for name in seconds
    }
    assert seconds["bb_sample.TestBrowser"] > seconds["bb_sample.TestInherits"] >= 0


def test_the_slow_classes_are_written_as_they_are_read(tmp_path, monkeypatch):
    """Classes of some weight, without those that stopped the clock."""
    monkeypatch.setattr(testrun, "LOG", tmp_path)
    line = "2026-01-01 00:00:00,000 1 DEBUG bb_test_1 odoo.tests.stats: Detailed Tests Report:\n"
    (tmp_path / "bb_test_1.log").write_text(
        line
        + "\tbb_sample: 99.00s 9 queries\n"
        + "\tbb_sample.test_a.TestSlow: 25.40s 9 queries\n"
        + "\tbb_sample.test_a.TestSlow.test_it: 25.40s 9 queries\n"
        + "\tbb_sample.test_a.TestQuick: 2.00s 9 queries\n"
        + "\tbb_sample.test_b.TestFrozen: 86400000.00s 9 queries\n"
    )
    testrun.write_seconds(tmp_path / "seconds.json")
    assert json.loads((tmp_path / "seconds.json").read_text()) == {"bb_sample.TestSlow": 25}


def test_the_checked_in_seconds_can_be_read(listed):
    """Every line is `module.Class` with seconds above nought."""
    slow = json.loads(testrun.SLOW.read_text(encoding="utf-8"))
    assert all(name.count(".") == 1 and seconds > 0 for name, seconds in slow.items())


def test_few_tests_are_one_part(listed):
    """Installing the modules again would take longer than it saves."""
    assert len(testrun.deal(listed["tests"], 4)) == 1
    assert testrun.deal([], 4) == [[]]


def test_a_part_that_does_not_run_its_tests_has_failed(listed):
    """Each part answers for its own tests: what it was given and did not start is a failure."""
    for part in testrun.deal(listed["tests"], 2, least=1):
        outcomes = testlog.judge(
            [test["id"] for test in part], testlog.Report(finished=True), 0, ""
        )
        assert [outcome.why for outcome in outcomes[:-1]] == ["it never started"] * len(part)


def test_no_two_runs_get_the_same_port():
    """Also when the first has not opened it yet."""
    ports = [testrun.free_port() for _number in range(50)]
    assert len(set(ports)) == 50


@pytest.mark.parametrize(
    ("name", "count"),
    [("bb_broken", 1), ("TestHangs", 3), ("test_own", 1), ("TestOutcomes.test_fails", 1)],
)
def test_tests_go_by_module_class_and_method(listed, name, count):
    """The names that one has at hand."""
    plans, arguments, with_lint = testrun.choose([name], listed)
    assert (len(plans["plain"]), arguments, with_lint) == (count, [], False)


def test_tests_go_by_file(listed):
    """A path, as the shell completes it; also of the setup's own tests."""
    file = ADDONS / "bb_sample" / "tests" / "test_install.py"
    assert len(testrun.choose([os.path.relpath(file)], listed)[0]["plain"]) == 2
    assert testrun.choose([__file__], listed)[1] == [__file__]
    own = testrun.choose(["test_tests_go_by_file"], listed)[1]
    assert own == ["tests/test_testrun.py::test_tests_go_by_file"]


def test_what_is_long_runs_only_by_name(listed):
    """Not with all the rest, nor with the tests of the setup."""
    arguments = testrun.choose(["long"], listed)[1]
    assert "tests/long_alone.py" in arguments
    assert testrun.choose([arguments[0]], listed)[1] == arguments[:1]
    assert not {testrun.ROOT / name for name in arguments} & {*testrun.pytest_files()}


def test_a_name_that_matches_nothing_is_a_sentence(listed):
    """A typing error must not pass as a run without failures."""
    with pytest.raises(Problem, match="no test is called test_typo"):
        testrun.choose(["test_typo"], listed)
