"""Proposing pairs of mediators for a case, beside one scan of the tables that this reads.

The pool is that of one organisation. The largest there can be is made here: all volunteers join
one organisation and get cases, in a transaction that is rolled back.
"""

from time import perf_counter

from odoo.tools import SQL

from bench.timing import Result, medians

MOST_QUERIES = 10

# the same rows, each table once: what is known of volunteers, and nothing made of it
SCAN = """
    SELECT volunteer.id, volunteer.max_cases, volunteer.gender, volunteer.pause_until,
           partner.name, partner.street, partner.zip, partner.city, partner.phone_sanitized,
           partner.email_normalized, work.running, work.recent, work.last, documents.kinds,
           trainings.hours, dayparts.ids, languages.ids, competences.ids, affinities.ids,
           away.days, declared.streets
      FROM buurtbemiddeling_volunteer volunteer
      JOIN buurtbemiddeling_volunteer_stage stage ON stage.id = volunteer.stage_id
      JOIN res_partner partner ON partner.id = volunteer.partner_id
 LEFT JOIN (SELECT volunteer_id,
                   count(DISTINCT case_id) FILTER (WHERE state IN ('invited', 'accepted')) running,
                   count(DISTINCT case_id) FILTER (
                       WHERE state IN ('accepted', 'ended')
                         AND date_start >= current_date - interval '1 year') recent,
                   max(date_start) AS last
              FROM buurtbemiddeling_assignment GROUP BY volunteer_id
           ) work ON work.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(kind) AS kinds
              FROM buurtbemiddeling_volunteer_document GROUP BY volunteer_id
           ) documents ON documents.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, max(attended_hours) AS hours
              FROM buurtbemiddeling_training_enrolment GROUP BY volunteer_id
           ) trainings ON trainings.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(daypart_id) AS ids
              FROM buurtbemiddeling_volunteer_daypart_rel GROUP BY volunteer_id
           ) dayparts ON dayparts.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(language_id) AS ids
              FROM buurtbemiddeling_volunteer_language_rel GROUP BY volunteer_id
           ) languages ON languages.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(competence_id) AS ids
              FROM buurtbemiddeling_volunteer_competence_rel GROUP BY volunteer_id
           ) competences ON competences.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(affinity_id) AS ids
              FROM buurtbemiddeling_volunteer_affinity_rel GROUP BY volunteer_id
           ) affinities ON affinities.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(date_from) AS days
              FROM buurtbemiddeling_volunteer_absence GROUP BY volunteer_id
           ) away ON away.volunteer_id = volunteer.id
 LEFT JOIN (SELECT volunteer_id, array_agg(street) AS streets
              FROM buurtbemiddeling_volunteer_declaration GROUP BY volunteer_id
           ) declared ON declared.volunteer_id = volunteer.id
     WHERE volunteer.company_id = %s AND volunteer.active AND stage.is_active
"""


def measure(office, quick):
    """A proposal for a case that needs a mediator, with all volunteers in its pool."""
    with office.request() as env:
        found = find_case(env)
        if not found:
            return []
        company = found.company_id
        mine = office.environment(env.cr, find_coordinator(env, company))
        case = mine["buurtbemiddeling.case"].browse(found.id)
        move_volunteers(env, company.id)
        pool = len(mine["buurtbemiddeling.volunteer"]._get_pool(case))
        if not pool:
            return []
        repeats, warm_up = (1, 0) if quick else (7, 2)
        ways = {
            "ours": lambda: seconds(mine, lambda: propose(case)),
            "scan": lambda: seconds(mine, lambda: scan(env.cr, company.id)),
            "dialog": lambda: seconds(mine, case.action_couple),
        }
        taken = medians(ways, repeats, warm_up)
        queries = count_queries(mine, lambda: propose(case))
        dialog_queries = count_queries(mine, case.action_couple)
        env.cr.rollback()
    what = "pairs out of all volunteers"
    return [
        Result(
            "pairs",
            what,
            taken["ours"],
            taken["scan"],
            "one SQL scan of the same tables",
            rows=pool,
            linear=True,
            remark=f"{pool:,} volunteers",
        ),
        Result("pairs", what, queries, limit=MOST_QUERIES, unit="queries"),
        Result("pairs", "the dialog with the pairs", taken["dialog"], rows=pool, linear=True),
        Result("pairs", "the dialog with the pairs", dialog_queries, unit="queries"),
    ]


def find_case(env):
    """An open case, of which the mediators have stopped."""
    case = env["buurtbemiddeling.case"].search(
        [("is_closed", "=", False), ("party_ids", "!=", False)], limit=1
    )
    env.cr.execute(
        "UPDATE buurtbemiddeling_assignment SET state = 'ended', date_end = date_start"
        " WHERE case_id = ANY(%s) AND state IN ('invited', 'accepted')",
        [case.ids],
    )
    env.invalidate_all()
    return case


def find_coordinator(env, company):
    """The login of the main coordinator of an organisation."""
    users = env["res.users"].search(
        [("login", "=like", "coordinator%"), ("company_id", "=", company.id)], order="id", limit=1
    )
    return users.login


def move_volunteers(env, company_id):
    """Let all volunteers get cases in one organisation, with their contacts and declarations."""
    for table in ("volunteer", "volunteer_declaration", "volunteer_absence", "volunteer_document"):
        name = SQL.identifier(f"buurtbemiddeling_{table}")
        env.cr.execute(SQL("UPDATE %s SET company_id = %s", name, company_id))
    stage = env["buurtbemiddeling.volunteer.stage"].search([("code", "=", "active")])
    env.cr.execute("UPDATE buurtbemiddeling_volunteer SET stage_id = %s, active = TRUE", [stage.id])
    env.cr.execute(
        "UPDATE res_partner SET company_id = %s"
        " WHERE id IN (SELECT partner_id FROM buurtbemiddeling_volunteer)",
        [company_id],
    )
    env.cr.execute(
        "ANALYZE buurtbemiddeling_volunteer; ANALYZE res_partner;"
        " ANALYZE buurtbemiddeling_volunteer_document"
    )
    env.invalidate_all()


def propose(case):
    """What the button *Propose a pair* works out, before anything is written down."""
    return case._propose_pairs(10)


def scan(cr, company_id):
    """Read the same rows by hand."""
    cr.execute(SCAN, [company_id])
    return cr.fetchall()


def seconds(env, function):
    """How long a function takes, with an empty cache as in a request of its own."""
    env.invalidate_all()
    started = perf_counter()
    function()
    env.flush_all()
    return perf_counter() - started


def count_queries(env, function):
    """How many queries a function takes, with an empty cache."""
    env.invalidate_all()
    before = env.cr.sql_log_count
    function()
    env.flush_all()
    return env.cr.sql_log_count - before
