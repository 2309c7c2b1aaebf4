"""Uninstalling leaves nothing of ours behind, nor of the people in it; installing again works.

A database with something in every table of ours is compared with one in which our modules never
were.
"""

import json
import re
import subprocess

import pytest

from lib import database, paths, postgres
from tests.databases import count, query, structure, tables
from tests.office import run_sql, shell
from tests.searching import find_everywhere

DATABASE = "bb_test_uninstall"
# People and what hangs on them everywhere, and what is only made while it is used.
SEED = """
from dateutil.relativedelta import relativedelta
from odoo.fields import Date
from odoo.addons.test_buurtbemiddeling.forgetting.world import World
world = World(env, 0, Date.today() - relativedelta(months=1))
env["ir.filters"].create({"name": "Jansen", "model_id": "buurtbemiddeling.case"})
env["ir.exports"].create({"name": "Mine", "resource": "buurtbemiddeling.volunteer"})
env["base_import.mapping"].create(
    {"res_model": "buurtbemiddeling.target", "column_name": "a", "field_name": "year"})
env["buurtbemiddeling.check"]._note_backup()
env["ir.sequence"]._buurtbemiddeling_certificate(env.company.id).next_by_id()
benchmark = env["buurtbemiddeling.benchmark"].create({"year": 2025})
benchmark.action_compute()
env.cr.commit()
"""
NOTE = """
import json
json.dump(world.markers.as_dict(), open({file!r}, "w"))
"""
UNINSTALL = """
modules = env["ir.module.module"].search([("name", "in", {names!r})])
modules.button_immediate_uninstall()
env.cr.commit()
"""
# Tables with more rows than in a database without us; in some of them we leave some.
ABOUT = ("calendar_event", "mail_activity")
GONE = (
    "ir_config_parameter", "ir_cron", "ir_exports", "ir_filters", "ir_sequence",
    "ir_sequence_date_range", "mail_activity_type", "mail_template", "res_groups",
)  # fmt: skip
FILLED = (
    *GONE, *ABOUT, "buurtbemiddeling_benchmark_line", "buurtbemiddeling_case",
    "buurtbemiddeling_volunteer", "ir_attachment", "mail_followers", "mail_message", "res_partner",
)  # fmt: skip
# Odoo's own list of modules that could be installed
LISTED = ("ir_module_module", "ir_module_module_dependency", "ir_module_category")
# What Odoo itself leaves behind of any module: names of what no longer is.
LEFT_BY_ODOO = """
    (model = 'ir.model.inherit' OR model = 'ir.model.fields.selection') AND module NOT LIKE 'buurt%'
"""
OURS = re.compile(rb"buurtbem", re.IGNORECASE)

pytestmark = pytest.mark.timeout(600)  # the first run on a machine makes the template database


def find_ours(name):
    """``{table: rows}`` of a dump with a name of ours in them, without the list of modules."""
    dump = subprocess.run(
        ["pg_dump", "--dbname", name], env=postgres.environment(), capture_output=True, check=True
    ).stdout
    found, table = {}, "structure"
    for line in dump.split(b"\n"):
        if line.startswith(b"COPY "):
            table = line.split()[1].decode().removeprefix("public.")
        elif line == b"\\.":
            table = "structure"
        elif OURS.search(line) and table not in LISTED:
            found.setdefault(table, []).append(line[:200])
    return found


@pytest.fixture(scope="module")
def uninstalled(installed, tmp_path_factory):
    """The counts of rows before, and what Odoo said while it removed the three modules."""
    database.copy(installed, DATABASE)
    file = tmp_path_factory.mktemp("uninstall") / "markers.json"
    shell(DATABASE, SEED + NOTE.format(file=str(file)))
    markers = {int(number): place for number, place in json.loads(file.read_text()).items()}
    before = {table: count(DATABASE, table) for table in FILLED}
    said = shell(DATABASE, UNINSTALL.format(names=["buurtbemiddeling_case"]))
    # what Odoo leaves of any module is no concern of ours
    run_sql(DATABASE, f"DELETE FROM ir_model_data WHERE {LEFT_BY_ODOO}")
    run_sql(
        DATABASE,
        "DELETE FROM ir_model_constraint WHERE type = 'f' AND module IN"
        " (SELECT id FROM ir_module_module WHERE state = 'uninstalled')",
    )
    shell(DATABASE, "env['ir.attachment']._gc_file_store()\nenv.cr.commit()")  # Odoo: each day
    found, _files = find_everywhere(DATABASE)
    left = {markers[number]: places for number, places in found.items()}
    yield {
        "left": left,
        "markers": markers,
        "before": before,
        "said": said,
        "without": database.template("plain", "tests.log"),
    }
    database.drop(DATABASE)


def test_there_was_something_to_leave_behind(uninstalled):
    """Control: there were rows of people, appointments, files, numbers and settings."""
    present = tables(uninstalled["without"])
    for table, rows in uninstalled["before"].items():
        assert rows > (count(uninstalled["without"], table) if table in present else 0), table


def test_uninstalling_says_nothing(uninstalled):
    """Odoo's log has no warning and no error."""
    assert not uninstalled["said"].strip()


def test_schema_is_as_if_we_never_were_there(uninstalled):
    """No table, column, index, constraint, view, function, trigger or counter stays or is gone."""
    assert structure(DATABASE) == structure(uninstalled["without"])


def test_no_row_names_us(uninstalled):
    """No row of any table has a name of ours in it: no job, parameter, group, filter, message."""
    found = find_ours(DATABASE)
    found.pop("ir_model_data")
    found.pop("bus_bus", None)  # Odoo empties it each day
    assert not found
    names = query(
        DATABASE,
        "SELECT module, name, model FROM ir_model_data"
        " WHERE concat(module, name, model) LIKE '%buurtbem%'"
        " AND model NOT IN ('ir.module.module', 'ir.module.category')",
    )
    assert not names


def test_residents_are_gone_and_their_appointments(uninstalled):
    """Contacts of volunteers and referrers stay; of residents nothing does."""
    kept = "res_model IN ('res.partner', 'calendar.event')"  # contacts that stay, and theirs
    for table in ABOUT:
        others = f"SELECT res_model FROM {table} WHERE ({kept}) IS NOT TRUE"
        assert not query(DATABASE, others), table
    for table in GONE:
        assert count(DATABASE, table) == count(uninstalled["without"], table), table
    assert count(DATABASE, "res_partner") > count(uninstalled["without"], "res_partner")


def test_nothing_that_anybody_told_is_left(uninstalled):
    """Neither in a table nor in a file: of contacts that stay only what stands on themselves."""
    assert len(uninstalled["markers"]) > 3000
    # emptied by Odoo within a day: what was shown, and a dialog
    passing = {"bus_bus.message", "privacy_lookup_wizard.name", "privacy_lookup_wizard.email"}
    stays = re.compile(
        "(volunteer|applicant|referrer): |.* on res.partner$|login|signature|name of"
    )
    assert not {
        place: where
        for place, where in uninstalled["left"].items()
        if where - passing and not stays.match(place)
    }


def test_it_can_be_installed_again(uninstalled, installed):
    """All is there again, and empty."""
    modules = paths.modules()
    database.install(DATABASE, modules, "test-reinstall.log", "plain")
    log = (paths.LOG / "test-reinstall.log").read_text(encoding="utf-8")
    assert "WARNING" not in log and "ERROR" not in log
    counters = {each for each in structure(DATABASE) ^ structure(installed) if each[1] == "S"}
    assert not (structure(DATABASE) ^ structure(installed)) - counters
    assert not query(DATABASE, "SELECT id FROM buurtbemiddeling_case")
