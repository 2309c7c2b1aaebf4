"""What an organisation does to forget people, from the first list to the last file."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.fields import Date

from .world import World

DUE_MARKERS, KEPT_MARKERS = 0, 50000  # numbers of the first ones
RUN = "buurtbemiddeling.retention.run"


def seed(env):
    """Make two worlds, of which one is due; return ``{which: its markers and files}``."""
    today = Date.today()
    due = World(env, DUE_MARKERS, today - relativedelta(years=12), is_old=True)
    env.cr.commit()
    kept = World(env, KEPT_MARKERS, today - relativedelta(months=1))
    env.cr.commit()
    return {
        which: {"markers": world.markers.as_dict(), "files": sorted(world.files)}
        for which, world in (("due", due), ("kept", kept))
    }


def forget(env):
    """Forget who is due, in real transactions, and let a night pass."""
    manager = env["res.users"].search([("login", "=", f"coordinator{DUE_MARKERS}")])
    company = manager.company_id
    runs = env[RUN].with_user(manager).with_company(company)
    run = runs.browse(runs.action_make_list()["res_id"])
    run.action_warn()
    env.cr.commit()
    last_day = max(run.sudo().line_ids.mapped("ready_date"))
    job = env.ref("buurtbemiddeling_case.ir_cron_retention")
    with freeze_time(last_day + timedelta(days=1)):
        run.action_start()
        env.cr.commit()
        job.method_direct_trigger()
        env.cr.commit()
    states = set(run.sudo().line_ids.mapped("state"))
    # a mail of a resident has gone with the case already
    if run.state != "done" or states - {"done", "skipped"}:
        raise AssertionError(f"the run is {run.state}, and its lines are {states}")
    sweep(env)


def sweep(env):
    """Do what Odoo does every night."""
    env.ref("base.autovacuum_job").method_direct_trigger()
    env.cr.commit()
