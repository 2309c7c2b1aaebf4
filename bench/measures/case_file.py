"""The anonymous case file of all years, as Excel workbook, beside COPY and Odoo's own export.

A file is of one organisation. The largest there can be is made here: all cases are given to one
organisation, in a transaction that is rolled back.
"""

import csv
import io
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from time import perf_counter
from types import SimpleNamespace
from unittest.mock import patch

import xlsxwriter

from bench.office import Office
from bench.timing import Result, medians

COORDINATOR = "coordinator1"
LARGE = 100_000  # rows: the limits are those of a file of the whole country
MEGABYTE = 1024  # kilobytes
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FIRST_NUMBER = 10  # the columns from here on hold numbers

# the same columns as Odoo's export knows them; codes, but for the list in one cell
COLUMNS = (
    "municipality_id/code", "referrer_type_id/code", "registration_date", "tenure", "household",
    "age_band", "main_nuisance_type_id/code", "nuisance_type_ids", "intervention_id/code",
    "outcome_id/code", "is_complex", "is_registered", "is_closed_in_period", "is_running",
    "is_suitable", "is_handled", "is_positive", "own_days", "waiting_days",
)  # fmt: skip

# and as one would write them by hand; nothing is left out for being rare
PLAIN = """
    COPY (
        SELECT COALESCE(town.code, 'NONE'), COALESCE(referrer.code, 'NONE'),
               to_char(facts.registration_date, 'YYYY-MM'), COALESCE(reporter.tenure, 'NONE'),
               COALESCE(reporter.household, 'NONE'), COALESCE(reporter.age_band, 'NONE'),
               COALESCE(main.code, 'NONE'), COALESCE(nuisances.codes, 'NONE'),
               COALESCE(intervention.code, 'NONE'), COALESCE(outcome.code, 'NONE'),
               facts.is_complex::int,
               (facts.registration_date BETWEEN {start} AND {stop})::int,
               (facts.is_closed_then AND facts.close_date >= {start})::int,
               (NOT facts.is_closed_then)::int,
               (outcome.id IS NULL OR COALESCE(outcome.counts_suitable, FALSE))::int,
               COALESCE(outcome.counts_handled, FALSE)::int,
               COALESCE(outcome.counts_positive, FALSE)::int,
               CASE WHEN facts.is_closed_then THEN facts.own_days END,
               CASE WHEN facts.is_closed_then THEN facts.waiting_days END
          FROM (
                SELECT c.*, COALESCE(c.close_date <= {stop}, FALSE) AS is_closed_then,
                       CASE WHEN c.close_date > {stop} THEN NULL
                            WHEN c.aftercare_date <= {stop}
                                 THEN COALESCE(c.aftercare_outcome_id, c.outcome_id)
                            ELSE c.outcome_id END AS counts_id
                  FROM buurtbemiddeling_case c
                 WHERE c.company_id = {company}
               ) facts
     LEFT JOIN buurtbemiddeling_area town ON town.id = facts.municipality_id
     LEFT JOIN buurtbemiddeling_referrer_type referrer ON referrer.id = facts.referrer_type_id
     LEFT JOIN buurtbemiddeling_nuisance_type main ON main.id = facts.main_nuisance_type_id
     LEFT JOIN buurtbemiddeling_intervention intervention
            ON intervention.id = facts.intervention_id
     LEFT JOIN buurtbemiddeling_outcome outcome ON outcome.id = facts.counts_id
     LEFT JOIN (
                SELECT DISTINCT ON (case_id) case_id, tenure, household, age_band
                  FROM buurtbemiddeling_case_party
                 WHERE side = 'a'
              ORDER BY case_id, sequence, id
               ) reporter ON reporter.case_id = facts.id
     LEFT JOIN (
                SELECT named.case_id, string_agg(list.code, '|' ORDER BY list.code) AS codes
                  FROM buurtbemiddeling_case_nuisance_type_rel named
                  JOIN buurtbemiddeling_nuisance_type list ON list.id = named.nuisance_type_id
              GROUP BY named.case_id
               ) nuisances ON nuisances.case_id = facts.id
    ) TO STDOUT (FORMAT csv)
"""


def measure(office, quick):
    """The file of all cases: time, and memory of the process that makes it."""
    with one_organisation(office) as (benchmark, since):
        count = count_rows(benchmark, since)
        cr = benchmark.env.cr
        ways = {
            "ours": lambda: seconds(benchmark, lambda: write_ours(benchmark, since)),
            "plain": lambda: seconds(benchmark, lambda: write_plain(cr, benchmark, since)),
            "odoo": lambda: seconds(benchmark, lambda: export_by_odoo(benchmark, since)),
        }
        repeats, warm_up = (1, 0) if quick else (3, 1)
        taken = medians(ways, repeats, warm_up)
    memory = Result(
        "case_file",
        "anonymous case file, memory over idle",
        measure_memory(office.database),
        limit=100,
        unit="MB",
    )
    return [*compare(taken, count), memory]


def compare(taken, count):
    """The time that it took beside that of the other ways."""
    for way, peer, limit in (
        ("plain", "COPY and bare xlsxwriter, the same cells", 1.3),
        ("odoo", "Odoo's export of the same rows and columns", 0.1),
    ):
        yield Result(
            "case_file",
            "anonymous case file, as workbook",
            taken["ours"],
            taken[way],
            peer,
            limit if count >= LARGE else None,
            rows=count,
            linear=True,
            remark=f"{count:,} rows",
        )


@contextmanager
def one_organisation(office):
    """Yield a benchmark of the last year and the first year, with all cases in one organisation."""
    with office.request() as env:
        user = office.environment(env.cr, COORDINATOR).user.with_env(env)
        user.group_ids += env.ref("base.group_allow_export")
        env.flush_all()
        env.cr.execute(
            "UPDATE buurtbemiddeling_case SET company_id = %s, project_id = NULL, name = id",
            [user.company_id.id],
        )
        env.cr.execute("ANALYZE buurtbemiddeling_case")
        env.cr.execute(
            "SELECT extract(year FROM min(registration_date))::int,"
            " extract(year FROM max(registration_date))::int FROM buurtbemiddeling_case"
        )
        since, year = env.cr.fetchone()
        mine = office.environment(env.cr, COORDINATOR)
        benchmark = mine["buurtbemiddeling.benchmark"].create(
            {"year": year, "company_id": user.company_id.id}
        )
        env.flush_all()
        yield benchmark, since
        env.cr.rollback()


def count_rows(benchmark, since):
    """Return how many rows there are."""
    facts = benchmark._get_case_file_facts(since)
    return facts.search_count(benchmark._get_scope())


def seconds(benchmark, function):
    """How long a function takes, with an empty cache as in a request of its own."""
    benchmark.env.invalidate_all()
    started = perf_counter()
    function()
    return perf_counter() - started


def write_ours(benchmark, since):
    """What the download does: the pieces go out one after another."""
    with TemporaryFile() as file:
        for piece in benchmark._stream_case_workbook(since):
            file.write(piece)


def write_plain(cr, benchmark, since):
    """COPY to a file, and each cell from there to a workbook by xlsxwriter."""
    sql = PLAIN.format(
        start=f"'{since}-01-01'::date",
        stop=f"'{benchmark.reference_date}'::date",
        company=benchmark.company_id.id,
    )
    with TemporaryFile("w+", encoding="utf-8", newline="") as rows, TemporaryFile() as file:
        cr._obj.copy_expert(sql, rows)
        rows.seek(0)
        with xlsxwriter.Workbook(file, OPTIONS) as workbook:
            sheet = workbook.add_worksheet()
            for number, row in enumerate(csv.reader(rows)):
                for column, cell in enumerate(row):
                    if cell and column < FIRST_NUMBER:
                        sheet.write_string(number, column, cell)
                    elif cell:
                        sheet.write_number(number, column, int(cell))


def export_by_odoo(benchmark, since):
    """What Odoo's own export of a list does: search, read, and write a workbook."""
    from odoo.addons.web.controllers import export

    facts = benchmark._get_case_file_facts(since).with_context(import_compat=False)
    records = facts.search(benchmark._get_scope())
    rows = records.export_data(COLUMNS)["datas"]
    fields = [{"type": facts._fields[name.partition("/")[0]].type} for name in COLUMNS]
    with patch.object(export, "request", SimpleNamespace(env=facts.env)):
        with export.ExportXlsxWriter(fields, COLUMNS, len(rows)) as writer:
            for number, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    writer.write_cell(number, column, cell)
    return io.BytesIO(writer.value)


# ------------------------------------------------------------
# MEMORY: of a process that does nothing else
# ------------------------------------------------------------


def measure_memory(database):
    """Return by how many megabytes a process grows at most while it makes the file."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bench.measures.case_file", database],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout.split()[-1])


def read_memory(name):
    """Return what Linux says of the memory of this process, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / MEGABYTE


def main(database):
    """Print by how many megabytes this process grows."""
    with one_organisation(Office(database)) as (benchmark, since):
        benchmark._check_case_file(since)
        idle = read_memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
        write_ours(benchmark, since)
        print(read_memory("VmHWM") - idle)


if __name__ == "__main__":
    main(sys.argv[1])
