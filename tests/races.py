"""Two people who do the same at one moment: an Odoo, what they need there, and the race."""

import ast
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lib import postgres
from tests.office import PASSWORD, Office, run_sql, shell, wait_for

DATABASE = "bb_test_parallel"
GROUPS = (
    "buurtbemiddeling_case.group_manager",
    "buurtbemiddeling_report.group_reporting",
    "base.group_allow_export",
)
# the builders of the modules' own tests make the people; what they do is done over HTTP
SEED = f"""
from odoo import Command
from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon as world
world.company = env.company
world.coordinator = env["res.users"].search([("login", "=", "first")])
env = world.env = env(context={{"tracking_disable": True, "allowed_company_ids": env.company.ids}})
for name in ("Vera", "Wim"):
    volunteer = world.make_volunteer(name, max_cases=50)
    volunteer.user_id = env["res.users"].create({{
        "partner_id": volunteer.partner_id.id, "login": name.lower(), "password": "{PASSWORD}",
        "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        "company_id": env.company.id, "company_ids": [Command.set(env.company.ids)],
    }})
env.company.buurtbemiddeling_request_form = True
env.cr.commit()
"""
# other neighbours each time: who met one of them before is not independent
QUARREL = """
def quarrel(**values):
    number = env["buurtbemiddeling.case"].search_count([])
    return w.make_quarrel(**{
        "reporter_name": f"Anna {number}", "reporter_email": f"anna{number}@example.com",
        "reporter_street": f"Laan {number}", "neighbour_name": f"Bert {number}",
        "neighbour_street": f"Kade {number}", **values,
    })
"""
GRANTED = """SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database
              WHERE mode = 'ShareLock' AND granted AND relation = '%s'::regclass
                AND datname = current_database()"""
WAITING = """SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
              WHERE NOT granted AND datname = current_database()"""
SCRIPTS = {}  # of the tests, by name


class World(Office):
    """An Odoo with two coordinators, and two mediators on their phones."""

    def sql(self, text):
        """Return what SQL gives."""
        return run_sql(DATABASE, text)

    def make_all(self):
        """Make what the tests need, and keep of each what it calls `made`: numbers."""
        scripts = "".join(
            f"{script}\nprint('made:', {name!r}, '=', made)\n" for name, script in SCRIPTS.items()
        )
        start = (
            "from datetime import date, datetime, timedelta\n"
            "from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon as w\n"
            "w.company = env.company\n"
            'w.coordinator = env["res.users"].search([("login", "=", "first")])\n'
            'w.env = env = env(context={"tracking_disable": True})\n'
            'vera, wim = env["buurtbemiddeling.volunteer"].search([], order="id")\n'
        )
        said = shell(DATABASE, f"{start}{QUARREL}{scripts}\nenv.cr.commit()\n")
        found = re.findall(r"^made: (\w+) = (.*)$", said, re.MULTILINE)
        self.made = {name: ast.literal_eval(made) for name, made in found}

    @contextmanager
    def held(self, table, ready):
        """Let nobody write in a table until `ready` says that everybody waits for it."""
        lock = subprocess.Popen(
            ["psql", "-Xq", "-d", DATABASE], env=postgres.environment(), stdin=subprocess.PIPE
        )
        try:
            lock.stdin.write(f"BEGIN; LOCK TABLE {table} IN SHARE MODE;\n".encode())
            lock.stdin.flush()
            wait_for(lambda: self.sql(GRANTED % table) == "1")
            yield
            wait_for(ready)
            lock.communicate(b"COMMIT;\n", timeout=10)
        finally:
            lock.kill()

    def race(self, table, *actions):
        """Return what each action gives; all have read, and write in `table` at one moment."""
        answers = []

        def is_ready():
            """Everybody waits, but for who was told at once that it can not be done."""
            done = sum(answer.done() for answer in answers)
            assert done < len(actions), [answer.result() for answer in answers]
            return int(self.sql(WAITING)) + done >= len(actions)

        with ThreadPoolExecutor(len(actions)) as pool:
            with self.held(table, is_ready):
                answers += [pool.submit(action) for action in actions]
            return [answer.result(timeout=60) for answer in answers]
