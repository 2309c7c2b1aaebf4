"""Two people who do the same at one moment: an Odoo, what they need there, and the race.

Each race is run on purpose and not by luck: a table is locked for writing until everybody has read
what they need and waits to write; then all go on at once.
"""

import ast
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from lib import database, postgres
from tests.office import PASSWORD, Office, run_sql, shell, user_script, wait_for

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


class World(Office):
    """An Odoo with two coordinators, and two mediators on their phones."""

    def sql(self, text):
        """Return what SQL gives."""
        return run_sql(self.name, text)

    def make_all(self, scripts):
        """Run what tests need, a script by its name; keep of each what it calls `made`: numbers."""
        script = "".join(
            f"{script}\nprint('made:', {name!r}, '=', made)\n" for name, script in scripts.items()
        )
        start = (
            "from datetime import date, datetime, timedelta\n"
            "from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon as w\n"
            "w.company = env.company\n"
            'w.coordinator = env["res.users"].search([("login", "=", "first")])\n'
            'w.env = env = env(context={"tracking_disable": True})\n'
            'vera, wim = env["buurtbemiddeling.volunteer"].search([], order="id")\n'
        )
        said = shell(self.name, f"{start}{QUARREL}{script}\nenv.cr.commit()\n")
        found = re.findall(r"^made: (\w+) = (.*)$", said, re.MULTILINE)
        self.made = {name: ast.literal_eval(made) for name, made in found}

    @contextmanager
    def held(self, table, ready):
        """Let nobody write in a table until `ready` says that everybody waits for it."""
        lock = subprocess.Popen(
            ["psql", "-Xq", "-d", self.name], env=postgres.environment(), stdin=subprocess.PIPE
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


@contextmanager
def running(installed, name, log, scripts):
    """Give a running Odoo with what tests need; everybody has logged in."""
    database.copy(installed, name)
    users = "".join(user_script(login, *GROUPS) for login in ("first", "second"))
    shell(name, f"{users}env.cr.commit()\n{SEED}")
    world = World(name, log, "--workers=0", "--max-cron-threads=0")
    world.make_all(scripts)
    with world:
        for login in ("first", "second", "vera", "wim"):
            setattr(world, login, world.browser(login))
        yield world
    database.drop(name)


def needs(script):
    """Mark a test that needs what this Python makes; its last line is `made = …`."""

    def keep(test):
        test.script = script
        return test

    return keep


def needed(request):
    """Return what the tests of a file need, by their names; of those only that are run."""
    return {
        item.name: item.function.script
        for item in request.session.items
        if item.module is request.module and hasattr(item.function, "script")
    }


def sentence(answer):
    """What a user is told; nothing when it was done."""
    error = answer.get("error")
    return error and error["data"]["message"]


def one_done(answers):
    """Return what the others are told, when exactly one of several was done."""
    told = [sentence(answer) for answer in answers]
    assert told.count(None) == 1, told
    return [text for text in told if text]


def fill_in(browser, path, **answers):
    """Open a form on the portal, and return what sends it."""
    page = browser.fetch(path).decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return lambda: browser.post(
        browser.address + path, data={**hidden, **answers}, timeout=60, allow_redirects=False
    )


def ask_aftercare(browser, case, outcome, result, parties):
    """Open the window of aftercare, fill it in, and return what saves it."""
    wizard = browser.call(
        "buurtbemiddeling.case.aftercare",
        "create",
        [
            {
                "case_id": case,
                "outcome_id": outcome,
                "line_ids": [
                    [0, 0, {"party_id": party, "aftercare_result": result}] for party in parties
                ],
            }
        ],
    )
    return lambda: browser.ask_call(
        "buurtbemiddeling.case.aftercare", "action_save", wizard, door="button"
    )
