"""The tests of a module pass with only that module and what it needs installed.

Takes a quarter of an hour: no module knows anything of those that come after it.
"""

import pytest

from lib import testrun

pytestmark = pytest.mark.timeout(3000)


@pytest.mark.parametrize("module", ["buurtbemiddeling_case", "buurtbemiddeling_volunteer"])
def test_module_passes_its_tests_alone(module):
    """Without the modules that are built on it."""
    found = testrun.list_tests([module])["tests"]
    tests = [test for test in testrun.split(found)["plain"] if test["needs"] != "browser"]
    assert len(tests) > 500
    name = f"bb_long_{module.rpartition('_')[2]}"
    outcomes = testrun.odoo_job(name, "plain", [module], tests, testrun.tags(tests, partly=False))
    assert not [outcome for outcome in outcomes if outcome.state == "failed"]
