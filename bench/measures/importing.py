"""Bringing in history: a row a case with both neighbours, beside Odoo's own import of the rows.

Ours is the core of our import, `_import_rows`. Odoo's is `load`, which its import screen calls with
the texts of the file, in batches of 2,000 rows and without tracking, as that screen does by
default; there each case takes two lines, one a neighbour. Both write the same cases, parties and
contacts with the rights of a coordinator, and are rolled back, in a copy: what is rolled back
still takes its place, and what is measured after it would find tables many times as large.
"""

import random
from datetime import date, timedelta
from time import perf_counter

from odoo.tools import split_every

from bench.measures.registering import read_inserted
from bench.timing import Result

WRITTEN = {"buurtbemiddeling_case", "buurtbemiddeling_case_party", "res_partner"}
ROWS = 20_000
QUICK_ROWS = 20
ODOO_BATCH = 2_000  # as Odoo's import screen sends them
LIMIT = 1.0
GROWTH_LIMIT = 1.5  # how many times as long the last rows may take as the first
MEMORY_LIMIT = 100
MEGABYTE = 2**20

LOGIN = "coordinator1"
# our column: the field as Odoo's import names it
CASE_FIELDS = {
    "external_ref": "external_ref",
    "registration_date": "registration_date",
    "channel": "channel",
    "area": "area_id",
    "referrer_type": "referrer_type_id",
    "nuisance": "nuisance_type_ids",
    "intake_decision": "intake_decision",
    "intake_date": "intake_date",
    "stage": "stage_id",
    "intervention": "intervention_id",
    "outcome": "outcome_id",
    "close_date": "close_date",
}
PARTY_FIELDS = {
    "name": "contact_name",
    "phone": "phone",
    "email": "email",
    "street": "street",
    "zip": "zip",
    "city": "city",
    "tenure": "tenure",
    "household": "household",
}


def measure(office, quick):
    """Import the rows both ways, and see that ours keeps its pace and its memory."""
    with office.copied() as copy:
        return measure_copy(copy, quick)


def measure_copy(office, quick):
    """The same, in a database that goes afterwards."""
    count = QUICK_ROWS if quick else ROWS
    codes = read_codes(office)
    ours, marks, memory, written = time_ours(office, codes, count)
    office.tidy()  # the peer finds the tables as ours did
    peer, theirs = time_odoo(office, codes, count)
    if written != theirs:
        raise RuntimeError(f"They did not write the same: {written} and {theirs}.")
    results = [
        Result(
            topic="importing",
            action="import of cases of two neighbours",
            ours=ours,
            peer=peer,
            peer_name="Odoo's import of the same rows",
            limit=LIMIT,
            rows=count,
            linear=True,
        )
    ]
    if not quick:
        results += [
            Result(
                topic="importing",
                action="the last quarter of these rows",
                ours=marks[-1] - marks[len(marks) * 3 // 4],
                peer=marks[len(marks) // 4] - marks[0],
                peer_name="the first quarter",
                limit=GROWTH_LIMIT,
                rows=count // 4,
            ),
            Result(
                topic="importing",
                action="memory that the rows take more than the first thousand",
                ours=memory,
                limit=MEMORY_LIMIT,
                unit="MB",
            ),
        ]
    return results


def time_ours(office, codes, count):
    """`(seconds, the moments at which a row was taken, memory at the end over the start, rows
    inserted)`.
    """
    marks, memory, written = [], [], {}

    def taken(rows):
        for index, row in enumerate(rows):
            if not index % 500:
                marks.append(perf_counter())
                memory.append(resident())
            yield row

    def run(env):
        results = env["buurtbemiddeling.case"]._import_rows(taken(make_rows(codes, count)))
        check([result for result in results if not isinstance(result, int)])
        written.update(read_written(env))

    seconds = office.seconds(LOGIN, run)
    # the first batches fill what is kept for every user: the registry's caches
    warm = memory[min(2, len(memory) - 1)]
    return seconds, marks, max(memory) - warm, written


def time_odoo(office, codes, count):
    """How long Odoo's own import takes for the same rows, in seconds, and the rows inserted.

    Each batch is a request of its own there: what was cached in the one before is gone.
    """
    written = {}
    fields = [
        *CASE_FIELDS.values(),
        "party_ids/side",
        *(f"party_ids/{name}" for name in PARTY_FIELDS.values()),
    ]
    lines = [line for row in make_rows(codes, count) for line in as_lines(row)]

    def run(env):
        cases = env["buurtbemiddeling.case"].with_context(import_file=True, tracking_disable=True)
        for batch in split_every(ODOO_BATCH, lines, list):
            check(cases.load(fields, batch)["messages"])
            env.flush_all()
            env.invalidate_all()
        written.update(read_written(env))

    return office.seconds(LOGIN, run), written


def read_written(env):
    """The rows inserted of what both write, by table."""
    env.flush_all()
    return read_inserted(env.cr, WRITTEN)


def check(refused):
    """Stop when a row was refused: then less would be measured than is said."""
    if refused:
        raise RuntimeError(f"{len(refused)} rows were refused: {refused[0]}")


def resident():
    """The memory of this process, in megabytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 / MEGABYTE


# ------------------------------------------------------------
# THE ROWS
# ------------------------------------------------------------


def read_codes(office):
    """The codes that rows choose from, and the names of our own entries for Odoo's import."""
    with office.request(LOGIN) as env:
        codes = {
            column: env[f"buurtbemiddeling.{model}"].search(domain, limit=50).mapped("code")
            for column, model, domain in (
                ("area", "area", [("kind", "=", "municipality")]),
                ("referrer_type", "referrer.type", []),
                ("nuisance", "nuisance.type", []),
                ("intervention", "intervention", []),
                ("outcome", "outcome", []),
            )
        }
        stages = env["buurtbemiddeling.case.stage"]._get_of_company(env.company)
        codes["stage"] = stages.filtered("is_closed")[:1].mapped("code")
        party = env["buurtbemiddeling.case.party"]
        for name in ("tenure", "household"):
            codes[name] = party._fields[name].get_values(env)
    return codes


def make_rows(codes, count):
    """Yield rows of closed cases of the last ten years, the same ones every time."""
    chance = random.Random(9)
    for number in range(count):
        registered = date(2016, 1, 1) + timedelta(days=chance.randrange(3_500))
        yield {
            "external_ref": f"import-{number}",
            "registration_date": registered.isoformat(),
            "channel": chance.choice(("phone", "email")),
            **{
                column: chance.choice(codes[column])
                for column in ("area", "referrer_type", "nuisance", "intervention", "outcome")
            },
            "intake_decision": "suitable",
            "intake_date": (registered + timedelta(days=3)).isoformat(),
            "stage": codes["stage"][0],
            "close_date": (registered + timedelta(days=60)).isoformat(),
            **make_party("a_", number, chance, codes),
            **make_party("b_", number, chance, codes),
        }


def make_party(prefix, number, chance, codes):
    """The columns of one neighbour."""
    party = {
        "name": f"{prefix[0].upper()} van Import {number}",
        "phone": f"06 {chance.randrange(10_000_000, 99_999_999)}",
        "email": f"{prefix}{number}@example.com",
        "street": f"Importstraat {2 * number + (prefix == 'b_')}",
        "zip": f"{chance.randrange(1000, 9999)} AB",
        "city": "Importdorp",
        **{name: chance.choice(codes[name]) for name in ("tenure", "household")},
    }
    return {f"{prefix}{name}": value for name, value in party.items()}


def as_lines(row):
    """The same row as lines of a file for Odoo's import: the other neighbour is the second."""
    case = [row[column] for column in CASE_FIELDS]
    sides = [["a" if p == "a_" else "b", *(row[p + n] for n in PARTY_FIELDS)] for p in ("a_", "b_")]
    return [[*case, *sides[0]], [*([""] * len(case)), *sides[1]]]
