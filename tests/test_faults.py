"""Killed, cut off, restarted and full: whatever happens, nothing is half, lost or there twice.

A real server does its work on a PostgreSQL of its own while its processes are killed with -9.
BB_FAULTS=30 kills each more often than the few times of an ordinary run.
"""

import base64
import shutil

import pytest

from lib import database, postgres
from tests.faults import KILLS, FragileOffice
from tests.office import bring_database, wait_for

DATABASE = "bb_test_faults"
BATCH = 500  # rows of an import, and lines of a retention run, in a transaction
OLD = BATCH * max(2, KILLS // 2) + 60  # cases of which the term is over
NEW = 40  # and those of which it is not
IMPORT = "buurtbemiddeling_case.ir_cron_import"
RETENTION = "buurtbemiddeling_case.ir_cron_retention"

pytestmark = pytest.mark.timeout(300 + 60 * KILLS)


@pytest.fixture(scope="module")
def office(installed, tmp_path_factory):
    """An Odoo with workers on a PostgreSQL of its own."""
    folder = tmp_path_factory.mktemp("faults")
    cluster = postgres.Cluster(folder / "pg", "shared_buffers = 64MB\n")
    office = FragileOffice(DATABASE, folder / "odoo.log", cluster)
    try:
        cluster.ensure_running()
        bring_database(installed, DATABASE, cluster)
        office.prepare()
        office.start()
        yield office
    finally:
        office.stop()
        cluster.stop()
        shutil.rmtree(database.filestore(DATABASE), ignore_errors=True)


# ------------------------------------------------------------
# Import
# ------------------------------------------------------------


def make_sheet():
    """A sheet of cases that were closed long ago, and of some that were not."""
    lines = ["Zaaknr;Datum aanmelding;Naam melder;Adres melder;Naam wederpartij;Adres wederpartij"]
    lines[0] += ";Aard overlast;Afsluitdatum;Resultaat"
    for number in range(OLD + NEW):
        year = 2021 if number < OLD else 2026
        lines.append(
            f"OUD-{number};1-2-{year};Melder {number};Dorpsstraat {number};Buur {number}"
            f";Kerkstraat {number};GELUID_PERSONEN;1-4-{year};OPG_BEM"
        )
    return "\n".join(lines).encode()


def try_sheet(office, check=None):
    """Begin an import, kill whoever tries it, and return `(its id, how often it was killed)`."""
    values = {"file": base64.b64encode(make_sheet()).decode(), "filename": "oud.csv"}
    (import_,) = office.boss.call("buurtbemiddeling.import", "create", [values])
    for step in ("action_read", "action_to_codes", "action_check"):
        office.boss.call("buurtbemiddeling.import", step, [import_], door="button")
    state = f"SELECT state FROM buurtbemiddeling_import WHERE id = {import_}"
    killed = office.kill_while(IMPORT, lambda: office.sql(state) == "checked", check)
    return import_, killed


@pytest.fixture(scope="module")
def imported(office):
    """An import of which the process was killed: `(its id, times while trying, while writing)`."""

    def check_trial():
        assert office.sql("SELECT count(*) FROM buurtbemiddeling_case") == "0"

    def check_run():
        assert not office.sql(HALF_CASES)

    import_, trying = try_sheet(office, check_trial)
    office.boss.call("buurtbemiddeling.import", "action_run", [import_], door="button")
    state = f"SELECT state FROM buurtbemiddeling_import WHERE id = {import_}"
    writing = office.kill_while(IMPORT, lambda: office.sql(state) == "done", check_run)
    return import_, trying, writing


# A case of the sheet has both neighbours, a heading, an end, and a row that says that it is in.
HALF_CASES = """
SELECT c.external_ref FROM buurtbemiddeling_case c
 WHERE c.external_ref LIKE 'OUD-%' AND (
       (SELECT string_agg(p.side || ' ' || r.name || ' ' || r.street, ', ' ORDER BY p.side)
          FROM buurtbemiddeling_case_party p JOIN res_partner r ON r.id = p.partner_id
         WHERE p.case_id = c.id)
       != replace('a Melder # Dorpsstraat #, b Buur # Kerkstraat #', '#', substr(c.external_ref, 5))
    OR c.close_date IS NULL OR c.outcome_id IS NULL OR c.main_nuisance_type_id IS NULL
    OR NOT EXISTS (SELECT FROM buurtbemiddeling_case_party p WHERE p.case_id = c.id))
"""


def test_an_import_that_is_killed_goes_on_and_each_row_is_in_once(office, imported):
    """However often: the next time goes on after the last batch that was finished."""
    import_, trying, writing = imported
    assert (trying, writing) == (KILLS, KILLS)
    counted = "SELECT count(*), count(DISTINCT external_ref) FROM buurtbemiddeling_case"
    assert office.rows(counted) == [[str(OLD + NEW)] * 2]
    assert not office.sql(HALF_CASES)
    assert office.rows("SELECT count(*) FROM res_partner WHERE is_confidential") == [
        [str(2 * (OLD + NEW))]
    ]
    (done,) = office.boss.call(
        "buurtbemiddeling.import", "read", [import_], ["made_count", "wrong_count", "there_count"]
    )
    assert (done["made_count"], done["wrong_count"], done["there_count"]) == (OLD + NEW, 0, 0)


def test_the_same_file_after_the_kills_changes_nothing(office, imported):
    """All rows are there already."""
    everything = "SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM buurtbemiddeling_case c"
    before = office.sql(everything)
    values = {"file": base64.b64encode(make_sheet()).decode(), "filename": "oud.csv"}
    (again,) = office.boss.call("buurtbemiddeling.import", "create", [values])
    for step in ("action_read", "action_to_codes", "action_check"):
        office.boss.call("buurtbemiddeling.import", step, [again], door="button")
    office.wake(IMPORT)
    state = f"SELECT state FROM buurtbemiddeling_import WHERE id = {again}"
    wait_for(lambda: office.sql(state) == "checked", 200)
    (done,) = office.boss.call(
        "buurtbemiddeling.import", "read", [again], ["ready_count", "there_count"]
    )
    assert (done["ready_count"], done["there_count"]) == (0, OLD + NEW)
    assert office.sql(everything) == before
