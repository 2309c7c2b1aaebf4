"""Reading from a replica: a primary, a standby that follows it, and Odoo with two workers on both.

Each PostgreSQL server logs the statements that it runs, so it is seen and not believed where a
request was answered.
"""

import io
import re
import shutil
import subprocess
import threading
import zipfile

import pytest

from lib import database, odoo, postgres
from tests.office import PASSWORD, bring_database, wait_for
from tests.replicas import DATABASE, ReplicatedOffice, feed, sql

SETTINGS = """\
shared_buffers = 64MB
log_statement = all
log_line_prefix = '~%d~ '
hot_standby_feedback = on
wal_receiver_timeout = 10s
wal_retrieve_retry_interval = 200ms
"""
SEED = f"""
company = env["res.company"].create({{"name": "Replica BV"}})
groups = ["buurtbemiddeling_case.group_manager", "base.group_allow_export",
          "buurtbemiddeling_report.group_reporting"]
for login in ("writer", "reader"):
    env["res.users"].create({{
        "name": login, "login": login, "password": "{PASSWORD}",
        "company_id": company.id, "company_ids": [(6, 0, company.ids)],
        "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
    }})
env = env(user=env["res.users"].search([("login", "=", "writer")]), context={{
    "allowed_company_ids": company.ids, "tracking_disable": True}})
env["buurtbemiddeling.case"].create([
    {{"registration_date": "2025-03-01", "company_id": company.id}} for number in range(30)])
benchmark = env["buurtbemiddeling.benchmark"].create({{"year": 2025, "company_id": company.id}})
benchmark.action_compute()
env["buurtbemiddeling.year.report"].create({{
    "kind": "annual", "year": 2025, "company_id": company.id}})
env["buurtbemiddeling.target"].create({{
    "year": 2025, "company_id": company.id, "amount": 20, "direction": "at_least",
    "indicator_id": env.ref("buurtbemiddeling_report.indicator_cases_registered").id}})
company.sudo().buurtbemiddeling_request_form = True
env.cr.commit()
"""
# Who reads leaves these, and they are written where one can write.
TRACES = ("INSERT INTO buurtbemiddeling_trace", "INSERT INTO res_device_log")
OURS = re.compile(r'(FROM|JOIN) "?(buurtbemiddeling_\w+)')
pytestmark = pytest.mark.timeout(300)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def office(installed, tmp_path_factory):
    """An Odoo that was started while there was no replica yet."""
    folder = tmp_path_factory.mktemp("replica")
    primary = postgres.Cluster(folder / "primary", SETTINGS)
    standby = postgres.Standby(primary, folder / "standby", SETTINGS)
    office = ReplicatedOffice(primary, standby, folder / "odoo.log")
    try:
        primary.ensure_running()
        bring_database(installed, DATABASE, primary)
        subprocess.run(
            odoo.command("shell", "-d", DATABASE, "--no-http", "--log-level=warn"),
            input=SEED,
            env={**odoo.environment(), **primary.environment()},
            text=True,
            check=True,
        )
        office.start()
        with office.watched() as (_on_primary, office.on_standby_at_first):
            office.count_at_first = office.browser("reader").count()
        office.wait_for_standby()
        yield office
    finally:
        office.stop()
        standby.stop()
        primary.stop()
        shutil.rmtree(database.filestore(DATABASE), ignore_errors=True)


@pytest.fixture
def disturbed(office):
    """The same Odoo, for a test that disturbs its replica."""
    yield office
    office.wait_for_standby()


PAGES = {
    "key figures": lambda user: user.call(
        "buurtbemiddeling.benchmark.line",
        "web_search_read",
        [["dimension_id", "=", False]],
        {"indicator_id": {"fields": {"display_name": {}}}, "value_text": {}, "trend": {}},
        limit=40,
    ),
    "graph": lambda user: user.call(
        "buurtbemiddeling.benchmark.line",
        "formatted_read_group",
        [],
        ["dimension_code"],
        ["value:avg"],
    ),
    "pivot of the cases": lambda user: user.call(
        "buurtbemiddeling.case.report",
        "formatted_read_grouping_sets",
        [],
        [[], ["outcome_id"]],
        ["__count"],
    ),
    "board of targets": lambda user: user.call(
        "buurtbemiddeling.target",
        "web_search_read",
        [],
        {"state": {}, "sentence": {}, "actual_text": {}, "last_year_text": {}},
    ),
    "benchmark": lambda user: user.call(
        "buurtbemiddeling.benchmark",
        "web_read",
        [user.find("buurtbemiddeling.benchmark")],
        {"name": {}, "computed_on": {}, "line_ids": {"fields": {"value_text": {}}, "limit": 40}},
    ),
    "comparison": lambda user: user.call(
        "buurtbemiddeling.benchmark",
        "action_open_comparison",
        [user.find("buurtbemiddeling.benchmark")],
        door="button",
    ),
    "board of cases": lambda user: user.call(
        "buurtbemiddeling.case",
        "web_read_group",
        [],
        ["stage_id"],
        ["__count"],
        auto_unfold=True,
        unfold_read_specification={"name": {}},
        unfold_read_default_limit=20,
    ),
    "progress of the board": lambda user: user.call(
        "buurtbemiddeling.case",
        "read_progress_bar",
        [],
        "stage_id",
        {"field": "activity_state", "colors": {"overdue": "danger"}},
    ),
    **{
        name: lambda user, domain=domain: user.call(
            "buurtbemiddeling.attention",
            "web_search_read",
            domain,
            {"name": {}, "record_count": {}},
        )
        for name, domain in {
            "my day": [["in_my_day", "=", True]],
            "signals about volunteers": [["res_model", "=", "buurtbemiddeling.volunteer"]],
        }.items()
    },
    "preview of the year report": lambda user: user.fetch(
        "/report/html/buurtbemiddeling_report.report_year_report/"
        f"{user.find('buurtbemiddeling.year.report')}"
    ),
    "form for residents": lambda user: user.fetch("/buurtbemiddeling/aanmelden"),
    **{
        f"{kind} of the benchmark": lambda user, kind=kind: user.fetch(
            f"/buurtbemiddeling/benchmark/{user.find('buurtbemiddeling.benchmark')}/{kind}"
        )
        for kind in ("xlsx", "csv", "json")
    },
}


def test_a_server_starts_without_its_replica(office):
    """It answered from the primary before there was any standby."""
    assert office.count_at_first == 30
    assert not office.on_standby_at_first


@pytest.mark.parametrize("page", PAGES)
def test_reading_runs_on_the_standby(office, page):
    """All that is read is read there; only the trace of it goes to the primary."""
    reader = office.browser("reader").rest()
    with office.watched() as (primary, standby):
        assert PAGES[page](reader) is not None
    assert standby
    other = [each for each in primary if not each.startswith(TRACES)]
    assert not other, "\n".join(other)


def count_cases(user, kind):
    """Fetch the file of cases, and count its lines: what it is, headings, cases."""
    benchmark = user.find("buurtbemiddeling.benchmark")
    content = user.fetch(f"/buurtbemiddeling/benchmark/{benchmark}/cases?as={kind}")
    if kind == "csv":
        return len(content.decode().splitlines()) - 1  # the last one says that it is the last
    with zipfile.ZipFile(io.BytesIO(content)) as workbook:
        return workbook.read("xl/worksheets/sheet1.xml").count(b"<row")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_case_file_is_read_from_the_standby(office, kind):
    """That it was taken is noted on the primary; its rows come from the standby."""
    reader = office.browser("reader").rest()
    before = sql(office.primary, "SELECT count(*) FROM buurtbemiddeling_benchmark_release")
    with office.watched() as (primary, standby):
        assert count_cases(reader, kind) == 32
    assert any("ROLLUP" in each for each in standby)
    assert not any("ROLLUP" in each for each in primary)
    after = sql(office.primary, "SELECT count(*) FROM buurtbemiddeling_benchmark_release")
    assert int(after) == int(before) + 1


def test_a_trace_arrives_on_the_primary(office):
    """Who reads on the standby is traced on the primary."""
    reader = office.browser("reader")
    case = reader.find("buurtbemiddeling.case")
    last = sql(office.primary, "SELECT max(id) FROM buurtbemiddeling_trace")
    name = reader.rest().call("buurtbemiddeling.case", "web_read", [case], {"name": {}})
    assert name[0]["name"]
    traced = sql(
        office.primary, f"SELECT action, res_ids FROM buurtbemiddeling_trace WHERE id > {last}"
    )
    assert traced == f"open|[{case}]"


def test_writing_runs_on_the_primary(office):
    """Computing as well, with all that it reads: one moment, and a case closed just now counts."""
    writer = office.browser("writer")
    case = writer.find("buurtbemiddeling.case")
    benchmark = writer.find("buurtbemiddeling.benchmark")
    with office.watched() as (primary, standby):
        writer.call("buurtbemiddeling.case", "write", [case], {"external_ref": "2025-1"})
        writer.call("buurtbemiddeling.benchmark", "action_compute", [benchmark], door="button")
    assert any(each.startswith('UPDATE "buurtbemiddeling_case"') for each in primary)
    assert any(each.startswith('COPY "buurtbemiddeling_benchmark_line"') for each in primary)
    assert not [each for each in standby if OURS.search(each)]


def test_who_wrote_reads_what_was_written(disturbed):
    """However far the standby is behind; others are a moment behind with it, and no longer."""
    writer, reader = disturbed.browser("writer"), disturbed.browser("reader")
    before = reader.rest().count()
    sql(disturbed.standby, "SELECT pg_wal_replay_pause()")
    writer.call("buurtbemiddeling.case", "create", [{"registration_date": "2025-04-01"}])
    assert writer.count() == before + 1
    assert reader.count() == before  # Odoo's own way, and why it may not last
    with disturbed.watched() as (primary, standby):
        wait_for(lambda: reader.count() == before + 1)
    assert any(each.startswith("SELECT COUNT(*)") for each in primary)
    assert writer.rest().count() == before + 1
    assert "The replica is behind, retrying with a read/write cursor" in disturbed.log.read_text()


def test_a_standby_that_nobody_feeds_is_not_read(disturbed):
    """It would show for ever what somebody may no longer see."""
    reader = disturbed.browser("reader").rest()
    source = sql(disturbed.standby, "SHOW primary_conninfo")
    feed(disturbed.standby, "")
    try:
        wait_for(lambda: sql(disturbed.standby, "SELECT count(*) FROM pg_stat_wal_receiver") == "0")
        with disturbed.watched() as (primary, _standby):
            reader.count()
        assert any("buurtbemiddeling_case" in each for each in primary)
    finally:
        feed(disturbed.standby, source.replace("'", "''"))


def test_without_standby_everything_comes_from_the_primary(disturbed):
    """Nobody notices that it stops; Odoo looks again after some time, and uses it again."""
    reader = disturbed.browser("reader").rest()
    before = reader.count()
    disturbed.standby.stop()
    for page in PAGES:
        assert PAGES[page](reader) is not None, page
    assert count_cases(reader, "xlsx") == before + 2
    with disturbed.watched() as (primary, _standby):
        assert reader.count() == before
    assert any("buurtbemiddeling_case" in each for each in primary)
    disturbed.wait_for_standby()
    with disturbed.watched() as (primary, standby):
        assert reader.rest().count() == before
    assert standby and not [each for each in primary if not each.startswith(TRACES)]


def test_a_request_survives_the_standby_that_answers_it(disturbed):
    """It is done again on the primary."""
    reader = disturbed.browser("reader").rest()
    before = reader.count()
    lock = subprocess.Popen(
        ["psql", "-Xq", "-d", DATABASE], env=disturbed.primary.environment(), stdin=subprocess.PIPE
    )
    try:
        # a lock on a table goes to the standby as well: the request waits there
        lock.stdin.write(b"BEGIN; LOCK TABLE buurtbemiddeling_case IN ACCESS EXCLUSIVE MODE;\n")
        lock.stdin.flush()
        locked = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted"
        wait_for(lambda: sql(disturbed.standby, locked) != "0")
        answers = []
        asking = threading.Thread(target=lambda: answers.append(reader.count()))
        asking.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        wait_for(lambda: sql(disturbed.standby, waiting) == "1")
        disturbed.standby.stop()
        wait_for(lambda: sql(disturbed.primary, waiting) == "1")
        lock.communicate(b"COMMIT;\n", timeout=10)
        asking.join(timeout=20)
    finally:
        lock.kill()
    assert answers == [before]


def test_nothing_went_wrong_meanwhile(office):
    """Odoo tells of a replica that was behind or gone, and of nothing else."""
    said = re.findall(
        r"^.* (?:WARNING|ERROR|CRITICAL) .*(?:\nERROR: .*)?$", office.log.read_text(), re.MULTILINE
    )
    expected = re.compile(
        "Failed to open a readonly cursor|The replica (is behind|has gone)"
        r"|bad query: (.|\n)*sqlstate (None|57P\d\d|08\d+)"  # the connection has gone
    )
    assert not [each for each in said if not expected.search(each)]
