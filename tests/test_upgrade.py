"""A database of the first version is brought up to the present code, and nothing is lost by it.

The database is that of ``fixtures/first_version``: the demo data, and cases that were merged.
"""

import lzma
import re
import subprocess

import pytest

from lib import database, paths, postgres
from lib.testlog import read
from tests.databases import checksums, columns, count, query, structure
from tests.office import run_sql

DATABASE = "bb_test_upgrade"
DUMP = paths.ROOT / "tests" / "fixtures" / "first_version" / "dump.sql.xz"
# What Odoo writes anew at each update, or keeps of itself.
OF_ODOO = (
    "ir_", "base_", "bus_", "report_paperformat", "res_groups", "res_lang", "mail_template",
    "mail_activity_plan", "mail_message_subtype", "decimal_precision", "orm_signaling",
    "res_config", "web_tour",
)  # fmt: skip
KEPT_BY_ODOO = ("ir_attachment", "ir_filters", "ir_sequence", "ir_sequence_date_range")
# A dump writes the same condition with other casts and brackets.
CASTS = re.compile(r"::(character varying|text)(\[\])?|[()\s]")
# What Odoo notes in the thread of a new job, and the icons of our menus: those may be new.
FORGET = (
    "DELETE FROM mail_message WHERE model LIKE 'ir.%';"
    " DELETE FROM ir_attachment WHERE res_model = 'ir.ui.menu';"
    # kinds of attention that came after the first version: they stand beside those of before
    " DELETE FROM buurtbemiddeling_attention WHERE code = 'POST'"
)
WRITTEN = {"write_date", "write_uid"}
# Of records that a module brings: what they are called by, and what makes them what they are.
BROUGHT = {
    "ir_rule": "domain_force, perm_read, perm_write, perm_create, perm_unlink, active, name",
    "ir_model_access": "perm_read, perm_write, perm_create, perm_unlink, active",
    "ir_cron": "interval_number, interval_type, active",
    "res_groups": "name, comment, share",
    "ir_ui_menu": "name, sequence, split_part(action, ',', 1), active",
    # what it refers to by number has another number there
    "ir_ui_view": "name, model, type, mode, priority, active,"
    " regexp_replace(arch_db::text, '[0-9]+', '#', 'g')",
    "ir_act_window": "name, res_model, domain, context, view_mode",
    "mail_template": "name, subject, body_html",
    "mail_activity_type": "name, res_model, active",
}

pytestmark = pytest.mark.timeout(600)  # the first run on a machine makes the template database


def is_kept(table):
    """Whether every row of a table stays what it is."""
    return table in KEPT_BY_ODOO or not table.startswith(OF_ODOO) and "wizard" not in table


@pytest.fixture(scope="module")
def upgraded(installed):
    """What was in a database of the first version, and what the log of its upgrade says."""
    database.drop(DATABASE)
    postgres.psql("postgres", f'CREATE DATABASE "{DATABASE}"')
    subprocess.run(
        ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", DATABASE],
        input=lzma.decompress(DUMP.read_bytes()),
        env=postgres.environment(),
        check=True,
    )
    kept = {
        table: [name for name in names if name not in WRITTEN]
        for table, names in columns(DATABASE).items()
        if is_kept(table)
    }
    run_sql(DATABASE, FORGET)
    before = checksums(DATABASE, kept)
    modules = paths.modules()
    database.install(DATABASE, modules[:1], "test-upgrade.log", "plain", action="-u")
    log = (paths.LOG / "test-upgrade.log").read_text(encoding="utf-8")
    yield {"columns": kept, "before": before, "log": log, "fresh": installed}
    database.drop(DATABASE)


def test_first_version_is_the_first_one(upgraded):
    """Control: the dump is of before, with data of each kind, and all three came along."""
    versions = query(DATABASE, "SELECT name, latest_version FROM ir_module_module")
    versions = {row["name"]: row["latest_version"] for row in versions}
    for module in paths.modules():
        assert versions[module] == database.manifest(module)["version"] != "19.0.1.0.0"
    assert "merged_external_refs" not in upgraded["columns"]["buurtbemiddeling_case"]
    filled = {table for (table, _column), checksum in upgraded["before"].items() if checksum}
    assert len(filled) > 100
    assert count(DATABASE, "buurtbemiddeling_case") > 200


def test_upgrade_warns_of_nothing(upgraded):
    """Odoo's log has no warning and no error."""
    assert not read(upgraded["log"]).warnings


def test_every_row_is_what_it_was(upgraded):
    """Whatever was in a table before is there unchanged, and nothing came with it."""
    run_sql(DATABASE, FORGET)
    after = checksums(DATABASE, upgraded["columns"])
    assert not {each for each in after if after[each] != upgraded["before"][each]}


def test_import_knows_merged_cases_again(upgraded):
    """Numbers of the old system, and no others, go from the former numbers to their own field."""
    rows = query(
        DATABASE,
        "SELECT external_ref, merged_external_refs AS merged FROM buurtbemiddeling_case"
        " WHERE former_numbers != '' ORDER BY id DESC LIMIT 3",
    )
    assert [(row["external_ref"], row["merged"]) for row in rows] == [
        ("OUD-8", None),
        (None, None),
        ("OUD-1", ["OUD-2", "2024-0007"]),
    ]


def test_structure_is_that_of_a_new_database(upgraded):
    """The same tables, columns, indexes, constraints and views as after a new installation."""
    old, new = (
        {(*place, CASTS.sub("", definition)) for *place, definition in structure(name)}
        for name in (DATABASE, upgraded["fresh"])
    )
    assert not sorted(each for each in old ^ new if each[:2] != ("relation", "S"))


@pytest.mark.parametrize("table", BROUGHT)
def test_what_a_module_brings_is_that_of_a_new_database(upgraded, table):
    """The same rules, rights, jobs, groups, menus and screens, with the same words."""
    text = f"""
        SELECT known.module || '.' || known.name AS xmlid, found.* FROM ir_model_data known
          JOIN (SELECT id AS res_id, {BROUGHT[table]} FROM {table}) found USING (res_id)
         WHERE known.model = '{table.replace("_", ".")}' AND known.module LIKE 'buurtbem%'
           AND known.name NOT LIKE 'demo%'
    """
    model = {"ir_act_window": "ir.actions.act_window", "ir_ui_view": "ir.ui.view"}.get(table)
    if model:
        text = text.replace(f"'{table.replace('_', '.')}'", f"'{model}'")
    old, new = (
        {row.pop("xmlid"): {k: v for k, v in row.items() if k != "res_id"} for row in rows}
        for rows in (query(DATABASE, text), query(upgraded["fresh"], text))
    )
    assert old.keys() == new.keys()
    assert len(old) > 1
    assert not {name: (old[name], new[name]) for name in old if old[name] != new[name]}
