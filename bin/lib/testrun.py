"""Running tests: which, in which database, and what came of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from . import database, lint, odoo, terms, testlog, venv
from .build import lock
from .paths import LOCAL, LOG, ROOT, modules, test_modules
from .run import end, end_all, failure_sentence, spawn
from .say import Problem, detail, step
from .testlog import Outcome

LONG = "long"  # the name of the tests that take many minutes, and only run when asked for
DEMO_TAG = "buurtbemiddeling_demo"  # tests with this tag run on the database with demo data
SCREENSHOTS = LOCAL / "screenshots"
# pieces of work at the same time: one for each processor that we may use
AT_ONCE = int(os.environ.get("BB_TEST_AT_ONCE") or min(4, len(os.sched_getaffinity(0))))
# and one more, for the tests of the setup: those mostly wait for a server to start or to be killed
LANES = AT_ONCE + (AT_ONCE > 1)
PART = 150  # as many tests at least are worth an installation of their own
# Seconds that a test takes on average, by what it needs; slow classes are in SLOW by name.
SECONDS = {"database": 0.5, "web server": 0.8, "browser": 9}
# {"module.Class": seconds}; a full run measures them anew, in .local/log (docs/environment.md)
SLOW = ROOT / "tests" / "seconds.json"
SLOW_FROM = 10  # a class of fewer seconds is not worth a line there
ports_given = set()
# seconds for one run of Odoo or pytest
TIME_LIMIT = int(os.environ.get("BB_TEST_TIME_LIMIT", "3000"))
# Odoo's own checks of modules that say something about ours; those left out test its checkers,
# need tools that nobody has, or take minutes for all of Odoo (bin/lint runs pylint on ours).
# Modules of Odoo that ours work with and do not need: installed beside ours with the demo data, so
# that both an Odoo with them and one without is tested.
OPTIONAL = ("analytic", "website")
TEST_LINT = "test_lint"
TEST_LINT_LEFT_OUT = ("test_checkers", "test_eslint", "test_l10n", "test_pylint")


def run(names):
    """Run the tests called `names` (none: everything) and return their outcomes."""
    listed = list_tests()
    plans, pytest_arguments, with_lint = choose(names, listed)
    work = jobs(plans, pytest_arguments, with_lint, listed, bool(names))
    with lock(LOCAL / "test.lock", "test run"):
        outcomes = run_jobs(work)
    if not names:
        write_seconds(LOG / SLOW.name)
    return outcomes


def list_tests(names=None, addons_path=None):
    """What `list_tests.py` says about our modules; tests and files are found without a database."""
    names = [*modules(), *test_modules()] if names is None else names
    if not names:
        return {"tests": [], "unreachable": [], "broken": {}}
    path = ",".join(map(str, addons_path or odoo.addons_path()))
    done = subprocess.run(
        [odoo.python(), "-P", Path(__file__).with_name("list_tests.py"), path, *names],
        env=odoo.environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Problem(
            failure_sentence(
                "Listing the tests", [odoo.python(), "list_tests.py"], done.stderr, LOG
            )
        )
    return json.loads(done.stdout.splitlines()[-1])


def choose(names, listed):
    """Odoo's tests by the database they run on, pytest's arguments, and whether to lint."""
    if not names:
        return split(listed["tests"]), (["tests"] if pytest_files() else []), True
    chosen, pytest_arguments, with_lint = [], [], False
    for name in names:
        if name == "lint":
            with_lint = True
            continue
        matching = [test for test in listed["tests"] if matches(name, test)]
        if name == "tests":
            arguments = ["tests"]
        elif name == LONG:
            arguments = [str(file.relative_to(ROOT)) for file in long_files()]
        elif pytest_file(name):
            arguments = [name]
        else:
            arguments = [
                f"{file.relative_to(ROOT)}::{test}"
                for file in [*pytest_files(), *long_files()]
                for test in pytest_names(file)
                if name == test
            ]
        if not matching and not arguments:
            raise Problem(
                f"no test is called {name}. Name a module, a file of tests, a class, a method, "
                "Class.method, `tests` (those of the setup), `long` or `lint`."
            )
        chosen += [test for test in matching if test not in chosen]
        pytest_arguments += arguments
    return split(chosen), pytest_arguments, with_lint


def matches(name, test):
    """Whether a test goes by this name: module, file, class, method or Class.method."""
    own = (
        test["module"],
        test["class"],
        test["method"],
        f"{test['class']}.{test['method']}",
        test["id"],
    )
    return name in own or Path(name).suffix == ".py" and Path(name).resolve() == Path(test["file"])


def split(tests):
    """Tests by the database that they need."""
    demo = [test for test in tests if DEMO_TAG in test["tags"]]
    return {"plain": [test for test in tests if test not in demo], "demo": demo}


def pytest_files():
    """The files of the setup's own tests."""
    return sorted((ROOT / "tests").glob("test_*.py"))


def long_files():
    """Those that only run by their name, or as `long`."""
    return sorted((ROOT / "tests").glob("long_*.py"))


def pytest_file(name):
    """Whether a name is one of those files."""
    return Path(name.partition("::")[0]).resolve() in [*pytest_files(), *long_files()]


def pytest_names(file):
    """The names of the tests in one of those files."""
    return re.findall(r"^def (test_\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)


def jobs(plans, pytest_arguments, with_lint, listed, partly):
    """The pieces of work as (name, function), the longest first."""
    work = []
    if plans["plain"] or not partly and modules():
        work += plain_jobs(plans["plain"], partly)
    if plans["demo"] or not partly and modules():
        work.append(("demo data, and Odoo's own checks", lambda: demo_job(plans["demo"], partly)))
    work += pytest_jobs(pytest_arguments)
    if with_lint:
        work.append(("lint", lint.static_checks))
    if not partly or listed["broken"]:
        work.append(("list of tests", lambda: judge_list(listed)))
    return work


def run_jobs(work):
    """Do the work, some pieces at a time; the outcomes in the order of the work."""
    pool = ThreadPoolExecutor(max_workers=LANES)
    try:
        results = [pool.submit(do_job, *piece) for piece in work]
        return [outcome for result in results for outcome in result.result()]
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        end_all()
        raise
    finally:
        pool.shutdown()


def do_job(name, function):
    """Do one piece of work and say how it went."""
    started = time.monotonic()
    outcomes = guarded(name, function)
    failed = sum(outcome.state == "failed" for outcome in outcomes)
    seconds = time.monotonic() - started
    step(f"{name}: {len(outcomes) - failed} good, {failed} failed ({seconds:.0f} s)")
    return outcomes


def guarded(name, function, *args):
    """The outcomes of a function; if it breaks, that is a failure among the others."""
    try:
        return function(*args)
    except Problem as problem:
        return [Outcome(name, "failed", str(problem))]
    except Exception:
        return [Outcome(name, "failed", traceback.format_exc())]


def judge_list(listed):
    """Test methods that nothing would run, and tests that cannot be read, are failures."""
    outcomes = [
        Outcome(
            name,
            "failed",
            "Odoo never runs it: tests/__init__.py does not import its file, or it is "
            "merely inherited (Odoo runs the methods of a class's own body only)",
        )
        for name in listed["unreachable"]
    ]
    outcomes += [
        Outcome(f"tests of {module}", "failed", error) for module, error in listed["broken"].items()
    ]
    return outcomes or [Outcome("list of tests: all within reach", "passed")]


def plain_jobs(tests, partly):
    """The tests of the modules as pieces of work: each part has a database of its own."""
    parts = deal(tests, AT_ONCE)
    if len(parts) == 1:
        return [("tests of the modules", partial(plain_job, "bb_test", tests, partly, True))]
    return [
        (
            f"tests of the modules, part {number} of {len(parts)}",
            partial(plain_job, f"bb_test_{number}", part, partly, number == 1),
        )
        for number, part in enumerate(parts, 1)
    ]


def deal(tests, count, least=PART, slow=None):
    """Cut tests into at most so many parts that take about as long, without chance.

    Classes stay whole (of one name in one module they are one). The longest are dealt first, each
    to the part that has least to do. Every part has a database, port and browser of its own.
    """
    slow = json.loads(SLOW.read_text(encoding="utf-8")) if slow is None else slow
    parts = [[] for _number in range(max(1, min(count, len(tests) // least)))]
    classes = {}
    for test in tests:
        classes.setdefault(f"{test['module']}.{test['class']}", []).append(test)
    expected = {
        name: slow.get(name) or sum(SECONDS[test["needs"]] for test in same)
        for name, same in classes.items()
    }
    busy = [0] * len(parts)
    for name in sorted(classes, key=lambda name: (-expected[name], name)):
        part = busy.index(min(busy))
        parts[part] += classes[name]
        busy[part] += expected[name]
    return parts


def write_seconds(file):
    """Write how long the slow classes took in the run that just ended, as in SLOW."""
    slow = {}
    for number in range(1, AT_ONCE + 1):
        log = LOG / f"bb_test_{number}.log"
        if log.exists():
            slow |= testlog.seconds(log.read_text(encoding="utf-8", errors="replace"))
    # a class that stops the clock may seem to have taken years
    slow = {
        name: round(slow[name]) for name in sorted(slow) if SLOW_FROM <= slow[name] <= TIME_LIMIT
    }
    file.write_text(json.dumps(slow, indent=2) + "\n", encoding="utf-8")


def plain_job(name, tests, partly, with_terms):
    """Tests on a database without demo data, and after a full run the terms in it."""
    outcomes = odoo_job(name, "plain", wanted(tests, partly), tests, tags(tests, partly))
    if with_terms and not partly:
        outcomes += guarded("lint: translations", terms.check, name)
    return outcomes


def demo_job(tests, partly):
    """Installation with demo data, the tests that look at it, and Odoo's own checks."""
    install, checks = wanted(tests, partly), []
    if not partly:
        install.append(TEST_LINT)
        found = list_tests([TEST_LINT], [odoo.home() / "odoo" / "addons"])["tests"]
        checks = [test for test in found if Path(test["file"]).stem not in TEST_LINT_LEFT_OUT]
    both = [*tests, *checks]
    return odoo_job("bb_test_demo", "demo", install, both, tags(both), first=OPTIONAL)


def wanted(tests, partly):
    """The modules to install: all of ours, or those that the chosen tests belong to."""
    if partly:
        return sorted({test["module"] for test in tests})
    return [*modules(), *test_modules()]


def tags(tests, partly=True):
    """Odoo's --test-tags for tests: each by its name, or in a full run by that of its class."""
    if partly:
        return sorted({f"*/{test['module']}:{test['class']}.{test['method']}" for test in tests})
    return [*sorted({f"*/{test['module']}:{test['class']}" for test in tests}), f"-{DEMO_TAG}"]


def odoo_job(
    name, kind, install, tests, test_tags, addons_path=None, time_limit=TIME_LIMIT, first=()
):
    """Install modules in a fresh copy of the template with their tests on, and judge the log.

    What is installed `first` has no tests and no demo data here.
    """
    shutil.rmtree(SCREENSHOTS / name, ignore_errors=True)  # where Odoo puts those of this database
    database.copy(database.template(kind, f"{name}-template.log"), name)
    if first:
        database.install(name, first, f"{name}-first.log", "plain")
    log = LOG / f"{name}.log"
    command = odoo.command(
        *("-d", name, "-i", ",".join(install), "--stop-after-init", "--http-port", free_port()),
        *("--screenshots", SCREENSHOTS),
        *(["--with-demo"] if kind == "demo" else []),
        *(["--addons-path", ",".join(map(str, addons_path))] if addons_path else []),
        *(["--test-enable", "--test-tags", ",".join(test_tags)] if test_tags else []),
        *("--log-handler", "odoo.tests.stats:DEBUG"),  # how long each class took
    )
    exit_code = run_limited(command, log, odoo.environment(), time_limit)
    report = testlog.read(log.read_text(encoding="utf-8", errors="replace"))
    if not test_tags:
        report.finished = exit_code == 0
    ids = [test["id"] for test in tests]
    return testlog.judge(ids, report, exit_code, f"installation in {name}")


def free_port():
    """A TCP port that nobody uses at the moment, and that no other run of ours was given."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port not in ports_given:
            ports_given.add(port)
            return port


def run_limited(command, log, env, seconds):
    """Run a command for so long at most; return its exit code (-9: time is up)."""
    with spawn(command, log, env=env, cwd=ROOT) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            detail(f"A run takes longer than {seconds} s and is ended. Its log is {log}.")
            process.send_signal(signal.SIGQUIT)  # Odoo and pytest write where they were in the log
            time.sleep(1)
            end(process)  # which lets pytest stop the servers of its tests
            return -9


def pytest_jobs(arguments):
    """The setup's own tests as pieces of work, a file each."""
    files = {}
    for argument in arguments:
        for name in pytest_files() if argument == "tests" else [argument]:
            file, colon, test = str(name).partition("::")
            files.setdefault(Path(file).stem, []).append(f"{ROOT / file}{colon}{test}")
    return [(f"tests/{name}.py", partial(pytest_job, name, files[name])) for name in files]


def pytest_job(name, arguments):
    """The tests in one of the setup's own files."""
    report, log = LOG / f"{name}.xml", LOG / f"{name}.log"
    report.unlink(missing_ok=True)
    exit_code = run_limited(
        [venv.python(), "-m", "pytest", f"--junitxml={report}", *arguments], log, None, TIME_LIMIT
    )
    return testlog.judge_junit(report, exit_code, log)
