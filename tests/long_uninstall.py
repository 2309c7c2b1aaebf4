"""One module after another goes, each leaves the others whole, and figures come back.

Takes ten minutes.
"""

import json

import pytest

from lib import database, paths
from tests.databases import count, structure
from tests.office import shell
from tests.test_uninstall import SEED

DATABASE = "bb_long_uninstall"
UNINSTALL = """
env["ir.module.module"].search([("name", "=", {name!r})]).button_immediate_uninstall()
env.cr.commit()
"""
FIGURES = """
import json
benchmark = env["buurtbemiddeling.benchmark"].create({"year": Date.today().year})
benchmark.action_compute()
rows = benchmark.line_ids.read(["indicator_code", "dimension_code", "numerator", "denominator"])
print("FIGURES", json.dumps(sorted([str(v) for k, v in row.items() if k != "id"] for row in rows)))
env.cr.commit()
"""
WORK = """
case = env["buurtbemiddeling.case"].create({"registration_date": "2025-03-01"})
env.flush_all()
for model in env:
    if model.startswith("buurtbemiddeling.") and not env[model]._abstract:
        env[model].search([], limit=3).read()
env.cr.commit()
"""
STEPS = tuple(reversed(paths.MODULES))

pytestmark = pytest.mark.timeout(3000)


def compute(name):
    """The figures of this year, computed now."""
    said = shell(name, "from odoo.fields import Date\n" + FIGURES)
    return json.loads(said.partition("FIGURES ")[2].splitlines()[0])


@pytest.fixture(scope="module")
def lived_in(installed):
    """A database in which people worked."""
    database.copy(installed, DATABASE)
    shell(DATABASE, SEED)
    yield DATABASE
    database.drop(DATABASE)


def test_figures_come_back(lived_in):
    """Cases stay when only the figures go; installed again, they are the same."""
    before = compute(lived_in)
    cases, volunteers = (
        count(lived_in, f"buurtbemiddeling_{name}") for name in ("case", "volunteer")
    )
    assert len(before) > 50 and cases and volunteers
    assert not shell(lived_in, UNINSTALL.format(name=STEPS[0])).strip()
    assert count(lived_in, "buurtbemiddeling_case") == cases
    assert count(lived_in, "buurtbemiddeling_volunteer") == volunteers
    database.install(lived_in, [STEPS[0]], "long-reinstall.log", "plain")
    assert compute(lived_in) == before


def test_each_leaves_the_others_whole(lived_in):
    """After each step the rest is what it is where the other never was, and works."""
    for module, rest in zip(STEPS, [*STEPS[1:], None], strict=True):
        assert not shell(lived_in, UNINSTALL.format(name=module)).strip()
        fresh = f"{DATABASE}_fresh"
        database.copy(database.template("plain", "long-template.log"), fresh)
        if rest:
            assert not shell(lived_in, WORK).strip()
            database.install(fresh, [rest], "long-fresh.log", "plain")
        different = structure(lived_in) ^ structure(fresh)
        assert not {each for each in different if each[:2] != ("relation", "S")}
        database.drop(fresh)
