"""What an organisation does to forget people, from the first list to the last file."""

from dateutil.relativedelta import relativedelta

from odoo.fields import Date

from .world import World

DUE_MARKERS, KEPT_MARKERS = 0, 50000  # numbers of the first ones


def seed(env):
    """Make two worlds, of which one is due; return ``{which: its markers and files}``."""
    today = Date.today()
    worlds = {
        "due": World(env, DUE_MARKERS, today - relativedelta(years=12)),
        "kept": World(env, KEPT_MARKERS, today - relativedelta(months=1)),
    }
    env.cr.commit()
    return {
        which: {"markers": world.markers.as_dict(), "files": sorted(world.files)}
        for which, world in worlds.items()
    }


def forget(env):
    """Forget who is due, in real transactions, and let a night pass."""
    long_ago = Date.today() - relativedelta(years=8)
    env["buurtbemiddeling.case"].search([("close_date", "<", long_ago)])._anonymize()
    env.cr.commit()
    sweep(env)


def sweep(env):
    """Do what Odoo does every night."""
    job = env.ref("base.autovacuum_job")
    job.method_direct_trigger()
    env.cr.commit()
