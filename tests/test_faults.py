"""Killed, cut off, restarted and full: whatever happens, nothing is half, lost or there twice.

A real server does its work on a PostgreSQL of its own while its processes are killed with -9.
BB_FAULTS=30 kills each more often than the few times of an ordinary run.
"""

import base64
import io
import shutil
import zipfile

import pytest
import requests

from lib import database, postgres
from tests.faults import KILLS, Desk, FragileOffice, list_files, wait_for_more
from tests.office import bring_database, wait_for

DATABASE = "bb_test_faults"
BATCH = 500  # rows of an import, and lines of a retention run, in a transaction
OLD = BATCH * max(1, KILLS // 2) + 60  # cases of which the term is over
NEW = 40  # and those of which it is not
ROUNDS = max(1, KILLS // 2)  # of what is killed at one place, which takes longer
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
    assert trying and writing
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
    state = f"SELECT state FROM buurtbemiddeling_import WHERE id = {again}"
    wait_for(lambda: office.sql(state) == "checked" or office.wake(IMPORT), 200)
    (done,) = office.boss.call(
        "buurtbemiddeling.import", "read", [again], ["ready_count", "there_count"]
    )
    assert (done["ready_count"], done["there_count"]) == (0, OLD + NEW)
    assert office.sql(everything) == before


# ------------------------------------------------------------
# Retention
# ------------------------------------------------------------

ATTACH = """
for side, limit in (("2021", 60), ("2026", 20)):
    parties = env["buurtbemiddeling.case.party"].search(
        [("case_id.registration_date", "like", side)], limit=limit)
    for party in parties:
        party.message_post(body="Brief", attachments=[
            ("brief.txt", f"brief {side} {party.id}".encode())])
"""
# Of a case everything goes, or nothing; and the list says which.
HALF_FORGOTTEN = """
SELECT c.name FROM buurtbemiddeling_case c
  JOIN buurtbemiddeling_retention_line l
    ON l.res_id = c.id AND l.model = 'buurtbemiddeling.case'
 WHERE (c.anonymized_date IS NOT NULL) != (l.state = 'done')
    OR (c.anonymized_date IS NULL) != EXISTS (
           SELECT FROM buurtbemiddeling_case_party p
            WHERE p.case_id = c.id AND p.partner_id IS NOT NULL)
"""
FILES_OF = """
SELECT store_fname FROM ir_attachment a
  JOIN buurtbemiddeling_case_party p
    ON p.id = a.res_id AND a.res_model = 'buurtbemiddeling.case.party'
  JOIN buurtbemiddeling_case c ON c.id = p.case_id
 WHERE c.registration_date BETWEEN '{year}-01-01' AND '{year}-12-31'
"""


def test_forgetting_that_is_killed_goes_on_and_forgets_all_that_is_due(office, imported):
    """No case is half forgotten, nothing goes that is not due, and no file is left on disk."""
    office.run_script(ATTACH)
    going = set(office.sql(FILES_OF.format(year=2021)).split())
    staying = set(office.sql(FILES_OF.format(year=2026)).split())
    assert (len(going), len(staying)) == (60, 20)
    run = office.boss.call("buurtbemiddeling.retention.run", "action_make_list", [], door="button")
    run = run["res_id"]
    office.boss.call("buurtbemiddeling.retention.run", "action_warn", [run], door="button")
    office.sql(
        "UPDATE buurtbemiddeling_retention_line SET ready_date = current_date"
    )  # time passes
    office.boss.call("buurtbemiddeling.retention.run", "action_start", [run], door="button")
    state = f"SELECT state FROM buurtbemiddeling_retention_run WHERE id = {run}"

    def check():
        assert not office.sql(HALF_FORGOTTEN)

    killed = office.kill_while(RETENTION, lambda: office.sql(state) == "done", check, longest=0.4)
    assert killed
    check()
    forgotten = "SELECT count(*) FROM buurtbemiddeling_case WHERE anonymized_date IS NOT NULL"
    assert office.sql(forgotten) == str(OLD)
    named = "SELECT count(*) FROM res_partner WHERE name LIKE 'Melder %' OR name LIKE 'Buur %'"
    assert office.sql(named) == str(2 * NEW)
    office.run_script("env['ir.attachment']._gc_file_store()")
    there = list_files(DATABASE)
    assert not going & there
    assert staying <= there
    known = office.sql("SELECT DISTINCT store_fname FROM ir_attachment WHERE store_fname != ''")
    assert there == set(known.split())


# ------------------------------------------------------------
# Figures, and what leaves the organisation
# ------------------------------------------------------------


@pytest.fixture(scope="module")
def benchmark(office, imported):
    """A benchmark that was computed."""
    (benchmark,) = office.boss.call("buurtbemiddeling.benchmark", "create", [{"year": 2021}])
    compute(office.boss, benchmark)
    return benchmark


def compute(browser, benchmark):
    """Compute a benchmark."""
    return browser.call("buurtbemiddeling.benchmark", "action_compute", [benchmark], door="button")


def figures(office, benchmark):
    """What is kept of a benchmark: its lines, when they were computed, and its facts."""
    return office.rows(
        f"""
        SELECT count(*), sum(numerator), sum(denominator), b.computed_on, b.state,
               (SELECT count(*) FROM buurtbemiddeling_benchmark_fact f
                 WHERE f.benchmark_id = b.id),
               (SELECT count(*) FROM buurtbemiddeling_benchmark_release r
                 WHERE r.benchmark_id = b.id)
          FROM buurtbemiddeling_benchmark b
          JOIN buurtbemiddeling_benchmark_line l ON l.benchmark_id = b.id
         WHERE b.id = {benchmark} GROUP BY b.id
        """
    )


@pytest.mark.parametrize("place", ["buurtbemiddeling_case", "buurtbemiddeling_benchmark_fact"])
def test_computing_that_is_killed_leaves_the_figures_that_were(office, benchmark, place):
    """The old ones or the new ones, never a part of them; computing again gives the new ones."""
    before = figures(office, benchmark)
    cases = [{"registration_date": "2021-05-01"}] * 7
    office.boss.call("buurtbemiddeling.case", "create", cases)
    for _round in range(ROUNDS):
        with office.stuck(place, lambda browser: compute(browser, benchmark)) as asking:
            office.kill_workers()
        assert isinstance(asking.outcome, requests.ConnectionError)
        assert figures(office, benchmark) == before
    compute(office.boss, benchmark)
    after = figures(office, benchmark)
    assert int(after[0][1]) > int(before[0][1])


def case_file(benchmark, kind="csv"):
    """The address of the anonymous case file."""
    return f"/buurtbemiddeling/benchmark/{benchmark}/cases?as={kind}"


CODES = "buurtbemiddeling_case_nuisance_type_rel"


def test_a_case_file_that_is_cut_off_is_seen_to_be(office, benchmark):
    """That it was taken is noted before it goes; what came of it does not look like all of it."""
    noted = "SELECT count(*) FROM buurtbemiddeling_benchmark_release WHERE kind = 'cases'"
    before = int(office.sql(noted))
    for _round in range(ROUNDS):
        with office.stuck(CODES, lambda browser: browser.fetch(case_file(benchmark))) as asking:
            office.kill_workers()
        # the browser can not tell: Odoo ends a file by ending the connection
        last = asking.outcome.decode().splitlines()[-1]
        assert not last.startswith("# End"), "half a file looks whole"
    assert int(office.sql(noted)) == before + ROUNDS
    whole = office.boss.fetch(case_file(benchmark)).decode().splitlines()
    cases = int(
        office.sql(
            "SELECT count(*) FROM buurtbemiddeling_case WHERE registration_date < '2022-01-01'"
        )
    )
    assert len(whole) == cases + 3
    assert whole[-1] == f"# End of the file: {cases} cases."
    assert int(office.sql(noted)) == before + ROUNDS + 1


def test_freezing_that_is_killed_froze_nothing(office, benchmark):
    """What others know from now on is noted with it, or it is not frozen."""
    before = figures(office, benchmark)

    def freeze(browser):
        return browser.call(
            "buurtbemiddeling.benchmark", "action_freeze", [benchmark], door="button"
        )

    for _round in range(ROUNDS):
        with office.stuck("buurtbemiddeling_benchmark_release", freeze) as asking:
            office.kill_workers()
        assert isinstance(asking.outcome, requests.ConnectionError)
        assert figures(office, benchmark) == before
    freeze(office.boss)
    after = figures(office, benchmark)
    assert after[0][4] == "frozen" and int(after[0][6]) == int(before[0][6]) + 1


# ------------------------------------------------------------
# The disk is full
# ------------------------------------------------------------


@pytest.fixture
def full_disk(office):
    """The office while no file can be written."""
    office.fill_disk()
    yield office
    office.fill_disk(full=False)


def test_a_workbook_needs_no_disk(full_disk, benchmark):
    """Workbooks are made in memory, and sent while they are made."""
    for address in (f"/buurtbemiddeling/benchmark/{benchmark}/xlsx", case_file(benchmark, "xlsx")):
        with zipfile.ZipFile(io.BytesIO(full_disk.boss.fetch(address))) as workbook:
            assert not workbook.testzip()


def test_a_file_that_does_not_fit_is_refused_and_can_be_sent_again(office):
    """Nothing is left of it, neither in the database nor on disk."""
    content = b"Zaaknr;Datum aanmelding\n" + b"1;1-2-2026\n" * 5000
    values = {"file": base64.b64encode(content).decode(), "filename": "vol.csv"}
    imports = "SELECT count(*) FROM buurtbemiddeling_import"
    before, files = office.sql(imports), list_files(DATABASE)
    office.fill_disk()
    try:
        answer = office.boss.ask_call("buurtbemiddeling.import", "create", [values])
    finally:
        office.fill_disk(full=False)
    assert "disk of the server is full" in answer["error"]["data"]["message"]
    assert office.sql(imports) == before
    assert list_files(DATABASE) == files
    (import_,) = office.boss.call("buurtbemiddeling.import", "create", [values])
    office.boss.call("buurtbemiddeling.import", "action_read", [import_], door="button")


# ------------------------------------------------------------
# PostgreSQL restarts
# ------------------------------------------------------------


REGISTERED = """
SELECT r.name, count(DISTINCT c.id), count(DISTINCT m.id), count(DISTINCT m.event_id)
  FROM res_partner r JOIN buurtbemiddeling_case_party p ON p.partner_id = r.id
  JOIN buurtbemiddeling_case c ON c.id = p.case_id
  LEFT JOIN buurtbemiddeling_meeting m ON m.case_id = c.id
 WHERE r.name LIKE 'Desk %' GROUP BY r.name
"""


def test_what_was_acknowledged_survives_a_restart_of_postgresql_once(office):
    """The server goes on by itself; nothing is there twice, and no case without its talk.

    Who was refused, or heard nothing, may only find it kept when the connection broke just then.
    """
    desks = [Desk(office, f"Desk {number}") for number in range(3)]
    try:
        for turn in range(KILLS):
            wait_for_more(desks)
            office.restart_postgres("immediate" if turn % 2 else "fast")
        wait_for_more(desks)
    finally:
        for desk in desks:
            desk.is_open = False
        for desk in desks:
            desk.join()
    said = {what: set().union(*(desk.said[what] for desk in desks)) for what in desks[0].said}
    found = {name: counts for name, *counts in office.rows(REGISTERED)}
    assert said["kept"] <= found.keys(), "something acknowledged is lost"
    assert {tuple(counts) for counts in found.values()} == {("1", "1", "1")}
    assert len(found.keys() & said["refused"]) <= KILLS * len(desks)
    print({what: len(names) for what, names in said.items()}, len(found))
    done = (
        "SELECT lastcall > now() AT TIME ZONE 'UTC' - interval '1 minute' FROM ir_cron WHERE id ="
    )
    done += " (SELECT res_id FROM ir_model_data WHERE name = 'ir_cron_import')"
    wait_for(lambda: office.wake(IMPORT) or office.sql(done) == "t", 90)
