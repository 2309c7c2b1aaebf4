"""Reading from a replica of the database, as Odoo does with ``--db_replica_host``, without harm.

A replica is a moment behind, and Odoo does not ask how long. Here it matters: who has just closed
a case must find it closed in the figures, and who may no longer see a case must not find it on a
replica that nobody feeds any more. docs/operations.md tells an operator about both.
"""

from odoo.http import request
from odoo.tools import SQL, config

MAX_LAG = 10  # seconds
COOKIE = "buurtbemiddeling_wrote"
# A replica that nobody feeds, or that received what it has not shown for so long. What was received
# and shown is up to date, however long ago that was.
BEHIND = """
    SELECT pg_is_in_recovery()
       AND (NOT EXISTS (SELECT FROM pg_stat_wal_receiver)
            OR COALESCE(pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn(), TRUE)
           AND COALESCE(pg_last_xact_replay_timestamp() < now() - %s * interval '1 s', TRUE))
"""


def from_replica(*_rule):
    """Tell whether a page may come from a replica: not when its reader wrote a moment ago.

    To be given to a route as ``readonly``, which asks it for every request.
    """
    return COOKIE not in request.httprequest.cookies


def is_behind(cr):
    """Tell whether a cursor reads from a replica that is more than ``MAX_LAG`` seconds behind."""
    if not config["db_replica_host"] or not cr.readonly:
        return False
    cr.execute(SQL(BEHIND, MAX_LAG))
    return cr.fetchone()[0]


def open_cursor(registry, readonly):
    """Return a cursor for after the request, on the replica where ``readonly``; to be closed."""
    cr = registry.cursor(readonly=readonly)
    if is_behind(cr):
        cr.close()
        cr = registry.cursor()
    return cr


def remember_write():
    """Let the browser tell for a while that its user wrote something in this request."""
    cr = request.env.cr
    if config["db_replica_host"] and not cr.readonly:
        request.env.flush_all()
        cr.execute("SELECT pg_current_xact_id_if_assigned()")
        if cr.fetchone()[0]:
            request.future_response.set_cookie(
                COOKIE, "1", max_age=MAX_LAG, expires=None, httponly=True, samesite="Lax"
            )
