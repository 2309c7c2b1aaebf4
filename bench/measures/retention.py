"""Forgetting: of cases whose term is over, what tells who the residents are is removed.

It can not be undone, so it happens in a copy of the database that is dropped afterwards, in real
transactions. The lists of the organisations are made and warned for as every week; then of every
two batches of cases one is forgotten by us, and one by the plain statements below.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import psutil

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_retention_removal_mixin import (
    BATCH_SIZE,
)

from bench.timing import Result

TOPIC = "retention"
CASES = 50_000
MEMORY_FROM, MEMORY_LIMIT = 500, 20  # cases, after which caches are full; MB
RUN = "buurtbemiddeling.retention.run"
CASE, PARTY = "buurtbemiddeling.case", "buurtbemiddeling.case.party"

# What the plain statements need to know, and what they do: to the same rows, each of them once.
PARTIES = "SELECT id FROM buurtbemiddeling_case_party WHERE case_id = ANY(%(cases)s)"
EVENTS = (
    "SELECT event_id FROM buurtbemiddeling_meeting"
    " WHERE case_id = ANY(%(cases)s) AND event_id IS NOT NULL"
)
CONTACTS = """
    SELECT DISTINCT contact.id
      FROM buurtbemiddeling_case_party party JOIN res_partner contact ON contact.id = partner_id
     WHERE party.case_id = ANY(%(cases)s) AND contact.is_confidential
       AND NOT EXISTS (SELECT FROM buurtbemiddeling_case_party other
                        WHERE other.partner_id = contact.id AND other.case_id != ALL(%(cases)s))
"""
HANGING = {
    "mail_message": "model",
    "mail_followers": "res_model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",
}
RECORDS = {
    CASE: "cases",
    PARTY: "parties",
    "calendar.event": "events",
    "res.partner": "contacts",
}
STATEMENTS = (
    "UPDATE buurtbemiddeling_case SET referrer_ref = NULL, retention_hold_reason = NULL,"
    " anonymized_date = CURRENT_DATE WHERE id = ANY(%(cases)s)",
    "UPDATE buurtbemiddeling_case_party SET partner_id = NULL, street = NULL, zip = NULL,"
    " city = NULL, story = NULL, mediator_note = NULL, anonymized_date = CURRENT_DATE"
    " WHERE id = ANY(%(parties)s)",
    "UPDATE buurtbemiddeling_case_phase SET reason = NULL"
    " WHERE case_id = ANY(%(cases)s) AND reason IS NOT NULL",
    "UPDATE buurtbemiddeling_case_agreement SET name = '' WHERE case_id = ANY(%(cases)s)",
    "UPDATE buurtbemiddeling_feedback SET text = '' WHERE case_id = ANY(%(cases)s)",
    "UPDATE buurtbemiddeling_extra_signal SET note = NULL"
    " WHERE case_id = ANY(%(cases)s) AND note IS NOT NULL",
    "UPDATE buurtbemiddeling_meeting SET location = NULL, event_id = NULL"
    " WHERE case_id = ANY(%(cases)s) AND (location IS NOT NULL OR event_id IS NOT NULL)",
    *(
        f"DELETE FROM {table} WHERE {column} = '{model}' AND res_id = ANY(%({ids})s)"  # noqa: S608
        for table, column in HANGING.items()
        for model, ids in RECORDS.items()
    ),
    "DELETE FROM calendar_event WHERE id = ANY(%(events)s)",
    "DELETE FROM res_partner WHERE id = ANY(%(contacts)s)",
)


def measure(office, quick):
    """Forget `CASES` cases, or half of all that are due, and as many by plain SQL."""
    wanted = BATCH_SIZE if quick else CASES
    with office.copied() as copy, copy.request(commit=True) as env:
        listed, listing = make_lists(env, wanted)
        if not listed:
            return []
        ours, peer = remove(env, share_out(env, wanted))
    if not 0.9 < ours.rows_a_case / peer.rows_a_case < 1.25:
        raise RuntimeError(
            f"They are not the same rows: {ours.rows_a_case:.1f} and {peer.rows_a_case:.1f} a case."
        )
    grown = Result(
        TOPIC,
        f"memory that grows after the first {MEMORY_FROM} cases",
        ours.grown,
        limit=MEMORY_LIMIT,
        unit="MB",
        rows=ours.cases,
    )
    return [
        Result(TOPIC, "list what is due and warn", listing, rows=listed, linear=True),
        *compare(ours, peer, listing / listed * ours.cases),
        grown,
    ]


def compare(ours, peer, listing):
    """The time that removing took beside plain SQL, without and with what goes before it."""
    plain = peer.seconds / peer.rows * ours.rows  # a few tables are left to us alone
    rows = f"rows a case: {ours.rows_a_case:.1f} and {peer.rows_a_case:.1f}"
    per_case = f"{1000 * ours.seconds / ours.cases:.2f} ms a case to remove"
    for what, seconds, remark in (
        ("remove personal data of cases", ours.seconds, f"{ours.cases:,} cases; {rows}"),
        ("all of it: list, warn, remove", ours.seconds + listing, per_case),
    ):
        yield Result(
            TOPIC,
            what,
            seconds,
            plain,
            "plain UPDATE and DELETE of the same rows",
            limit=3,
            rows=ours.cases,
            linear=True,
            remark=remark,
        )


@dataclass
class Side:
    """What one of both did."""

    seconds: float = 0
    cases: int = 0
    rows: int = 0
    first: float | None = None  # MB in use after the first batches
    grown: float = 0  # MB, at most, since

    @property
    def rows_a_case(self):
        """How many rows were changed or deleted for each case."""
        return self.rows / self.cases

    @contextmanager
    def working(self, cr):
        """Time a transaction, and count the rows that it changes or deletes."""
        before = count_rows(cr)
        started = perf_counter()
        yield
        paused = perf_counter()
        self.rows += count_rows(cr) - before
        resumed = perf_counter()
        cr.commit()
        self.seconds += perf_counter() - resumed + paused - started

    def note_memory(self):
        """Note how much more memory the process uses than after the first cases."""
        used = psutil.Process().memory_info().rss / 2**20
        if self.first is None and self.cases >= MEMORY_FROM:
            self.first = used
        self.grown = max(self.grown, used - (self.first or used))


def count_rows(cr):
    """How many rows this connection changed or deleted lately, the log of the runs left out."""
    cr.execute(
        "SELECT COALESCE(SUM(n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"
        " WHERE relname NOT LIKE 'buurtbemiddeling_retention_%'"
    )
    return int(cr.fetchone()[0])


def make_lists(env, wanted):
    """List and warn, an organisation at a time, until there are enough cases for both.

    Returns how many were listed, and the seconds that took.
    """
    listed = seconds = 0
    for company in env["res.company"].search([]):
        started = perf_counter()
        run = env[RUN].with_company(company).create({"company_id": company.id})
        run._warn()
        env.cr.commit()
        seconds += perf_counter() - started
        listed += run.line_count
        env.invalidate_all()
        if listed >= 2 * wanted:
            break
    return listed, seconds


def share_out(env, wanted):
    """Let the days of warning be over, and take half of the cases off the lists.

    Returns lists of ids of those, a batch each, for the plain statements.
    """
    size = f"LEAST({BATCH_SIZE}, (COUNT(*) OVER () + 1) / 2)"
    env.cr.execute(
        f"""
        WITH numbered AS (
            SELECT id, (ROW_NUMBER() OVER (ORDER BY run_id, id) - 1) / {size} AS batch
              FROM buurtbemiddeling_retention_line
             WHERE state = 'waiting' AND model = '{CASE}' AND due_date <= CURRENT_DATE
        ), given AS (
            UPDATE buurtbemiddeling_retention_line line SET ready_date = CURRENT_DATE,
                   state = CASE WHEN batch %% 2 = 0 THEN 'waiting' ELSE 'skipped' END
              FROM numbered
             WHERE numbered.id = line.id AND batch / 2 * {BATCH_SIZE} < %s
         RETURNING batch, res_id
        )
        SELECT array_agg(res_id) FROM given WHERE batch %% 2 = 1 GROUP BY batch ORDER BY batch
        """,  # noqa: S608
        [wanted],
    )
    batches = [ids for (ids,) in env.cr.fetchall()]
    env.cr.commit()
    env.cr.execute("ANALYZE buurtbemiddeling_retention_line")  # as the server does by itself
    env.cr.commit()
    return batches


def remove(env, batches):
    """Forget by our runs and by plain statements, a batch in turn, until there are no more."""
    ours, peer = Side(), Side()
    runs = env[RUN].search([("state", "=", "warned")])
    runs._start()
    env.cr.commit()
    for run in runs:
        handled = True
        while handled:
            with ours.working(env.cr):
                handled = run._remove_batch()
            ours.cases += handled
            ours.note_memory()
            if handled and batches:
                cases = batches.pop(0)
                with peer.working(env.cr):
                    remove_plainly(env.cr, cases)
                peer.cases += len(cases)
    return ours, peer


def remove_plainly(cr, cases):
    """Do to these cases what has to be done, and nothing else: no checks, no log."""
    cr.execute("SET LOCAL jit = off")
    ids = {"cases": cases}
    for name, query in (("parties", PARTIES), ("events", EVENTS), ("contacts", CONTACTS)):
        cr.execute(query, ids)
        ids[name] = [id_ for (id_,) in cr.fetchall()]
    for statement in STATEMENTS:
        cr.execute(statement, ids)
