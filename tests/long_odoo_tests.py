"""Odoo's own tests of contacts, calendar and mail pass with ours installed, where they do without.

Takes half an hour or more. All of them run once everything is loaded. Odoo as Debian packs it
fails some of its tests by itself, and some are not made for running so late: only what fails with
ours and not without is a fault of ours.
"""

import pytest

from lib import database, odoo, paths
from lib.testlog import read
from lib.testrun import free_port, run_limited

TESTED = ("contacts", "calendar", "mail")
SECONDS = 3000

pytestmark = pytest.mark.timeout(3 * SECONDS)


def run_tests(name, source):
    """What the log of Odoo's own tests says, on a copy of a database."""
    database.copy(source, name)
    log = paths.LOG / f"{name}.log"
    command = [
        *(odoo.python(), "-P", paths.ROOT / "tests" / "fixtures" / "late_odoo.py"),
        *("-d", name, "--stop-after-init", "--http-port", free_port()),
        *("--test-enable", "--test-tags", ",".join(f"/{module}" for module in TESTED)),
    ]
    exit_code = run_limited(command, log, odoo.environment(), SECONDS)
    database.drop(name)
    assert exit_code != -9, f"it takes too long: {log}"
    report = read(log.read_text(encoding="utf-8", errors="replace"))
    assert report.finished, f"Odoo did not come to the end: {log}"
    return report


def test_odoos_own_tests_pass_with_ours(installed):
    """Whatever passes without our modules passes with them."""
    without = run_tests("bb_long_without", database.template("plain", "long-template.log"))
    with_ours = run_tests("bb_long_with", installed)
    assert len(with_ours.started) >= len(without.started) > 100
    failed = {**with_ours.failed, **with_ours.broken_classes}
    known = {*without.failed, *without.broken_classes}
    assert not {name: why for name, why in failed.items() if name not in known}
