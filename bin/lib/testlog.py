"""Reading the logs of Odoo and pytest: which tests ran, how each ended, what else went wrong."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)$"
)
STARTING = re.compile(r"^Starting (?P<test>[\w.]+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<test>[\w.]+) : (?P<reason>.*)$")
FAILURE = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>[\w.]+)(?: .*)?$")
CLASS_FAILURE = re.compile(
    r"^ERROR: (?P<what>setUpClass|tearDownClass|setUpModule|tearDownModule) \((?P<name>[\w.]+)\)$"
)
SUMMARY = re.compile(r"^\d+ failed, \d+ error\(s\) of \d+ tests when loading database")
STATISTICS = re.compile(r"^\t(?P<module>\w+)\.\w+\.(?P<cls>\w+): (?P<seconds>[\d.]+)s ", re.M)
SCREENSHOT = re.compile(r"^Screenshot in: \S+")

# Warnings and worse that repeat what is counted already, or that no code of ours can change.
NOISE = (
    ("odoo.tests.result", SUMMARY),
    (
        "odoo.modules.loading",
        re.compile(r"^Module \w+: \d+ failures, \d+ errors of \d+ tests|^At least one test failed"),
    ),
    # the browser's own words: what matters in them fails the tour
    (re.compile(r"\.browser$"), re.compile("")),
)


@dataclass
class Record:
    """One entry of the log, with the lines that belong to it."""

    level: str
    logger: str
    text: str

    def __str__(self):
        return f"{self.level} {self.logger}: {self.text}"


@dataclass
class Report:
    """What a log says. Tests are named `module.path:Class.method`."""

    started: list = field(default_factory=list)
    failed: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)
    broken_classes: dict = field(
        default_factory=dict
    )  # `module.path:Class` whose setUpClass failed
    broken_ends: dict = field(default_factory=dict)  # the same for tearDownClass
    warnings: list = field(default_factory=list)
    screenshots: dict = field(default_factory=dict)  # the files by test
    finished: bool = False


@dataclass
class Outcome:
    """How one test or check ended: "passed", "failed" or "skipped", and why."""

    name: str
    state: str
    why: str = ""


def records(log):
    """The entries of a log; lines without a time belong to the entry before them."""
    current = None
    for line in log.splitlines():
        if match := LINE.match(line):
            if current:
                yield current
            current = Record(match["level"], match["logger"], match["text"].rstrip())
        elif current:
            current.text += "\n" + line
    if current:
        yield current


def read(log):
    """Make a Report of a log."""
    report = Report()
    for record in records(log):
        first = record.text.split("\n", 1)[0].rstrip()
        test = f"{record.logger}:"
        if match := SCREENSHOT.search(first):
            module, cls, method = record.logger.rsplit(".", 2)
            report.screenshots.setdefault(f"{module}:{cls}.{method}", []).append(match[0])
        if record.logger == "odoo.tests.result" and SUMMARY.match(first):
            report.finished = True
        elif record.level == "INFO" and (match := STARTING.match(first)):
            report.started.append(test + match["test"])
        elif record.level == "INFO" and (match := SKIPPED.match(first)):
            report.skipped[test + match["test"]] = match["reason"]
        elif record.level == "ERROR" and (match := CLASS_FAILURE.match(first)):
            module, _, name = match["name"].rpartition(".")
            broken = (
                report.broken_classes if match["what"].startswith("setUp") else report.broken_ends
            )
            broken[f"{module}:{name}"] = record.text
        elif record.level == "ERROR" and (match := FAILURE.match(first)):
            name = test + match["test"]
            report.failed[name] = "\n".join(filter(None, (report.failed.get(name), record.text)))
        elif record.level in ("WARNING", "ERROR", "CRITICAL") and not is_noise(record):
            report.warnings.append(record)
    return report


def seconds(log):
    """How many seconds each class took, by `module.Class`: Odoo's own statistics in a log."""
    return {
        f"{match['module']}.{match['cls']}": float(match["seconds"])
        for match in STATISTICS.finditer(log)
    }


def is_noise(record):
    """Whether a warning says nothing about our code that is not counted elsewhere."""
    return any(
        (logger == record.logger if isinstance(logger, str) else logger.search(record.logger))
        and text.search(record.text)
        for logger, text in NOISE
    )


def judge(expected, report, exit_code, what):
    """The outcomes of a run: a test has passed if it started, ended and complained of nothing."""
    outcomes = []
    last_started = report.started[-1] if report.started else None
    for test in dict.fromkeys([*expected, *report.started]):
        if test in report.failed:
            why = [report.failed[test].rstrip(), *report.screenshots.get(test, ())]
            outcomes.append(Outcome(test, "failed", "\n".join(why)))
        elif test.rpartition(".")[0] in report.broken_classes:
            outcomes.append(Outcome(test, "failed", report.broken_classes[test.rpartition(".")[0]]))
        elif test in report.skipped:
            outcomes.append(Outcome(test, "skipped", report.skipped[test]))
        elif test not in report.started:
            outcomes.append(Outcome(test, "failed", "it never started"))
        elif test == last_started and not report.finished:
            outcomes.append(Outcome(test, "failed", "it did not end"))
        else:
            outcomes.append(Outcome(test, "passed"))
    outcomes += [
        Outcome(f"{name} (clean-up of the class)", "failed", text)
        for name, text in report.broken_ends.items()
    ]
    outcomes += [
        Outcome(f"{name} (set-up)", "failed", text)
        for name, text in report.broken_classes.items()
        if not any(test.startswith(f"{name}.") for test in expected)
    ]
    outcomes.append(_judge_log(report, exit_code, what, any(o.state == "failed" for o in outcomes)))
    return outcomes


def _judge_log(report, exit_code, what, failures):
    """One outcome for the run as a whole: no warning in its log, and a good end."""
    reasons = [str(record) for record in report.warnings]
    if exit_code and not failures and not reasons:
        reasons.append(f"Odoo ended with exit code {exit_code}")
    if not report.finished:
        reasons.append("Odoo did not come to the end of its work")
    return Outcome(
        f"{what}: nothing but the tests in its log",
        "failed" if reasons else "passed",
        "\n".join(reasons),
    )


def judge_junit(report, exit_code, log):
    """The outcomes in a JUnit report; a missing report or an unexplained exit code is a failure."""
    outcomes = []
    if report.exists():
        for case in ET.parse(report).getroot().iter("testcase"):
            name = "::".join(filter(None, (case.get("classname"), case.get("name"))))
            bad = [child for child in case if child.tag in ("failure", "error")]
            skipped = case.find("skipped")
            if bad:
                outcomes.append(
                    Outcome(name, "failed", "\n".join(child.text or "" for child in bad))
                )
            elif skipped is not None:
                outcomes.append(Outcome(name, "skipped", skipped.get("message", "")))
            else:
                outcomes.append(Outcome(name, "passed"))
    if (
        not report.exists()
        or exit_code
        and not any(outcome.state == "failed" for outcome in outcomes)
    ):
        last = log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
        outcomes.append(
            Outcome("run of pytest", "failed", f"pytest ended with exit code {exit_code}\n{last}")
        )
    return outcomes
