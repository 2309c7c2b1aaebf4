"""A running Odoo on a PostgreSQL of its own, and what can go wrong with them: by design or by luck.

BB_FAULTS says how often a test kills what it watches; without it a few times, so that it is soon
done. The moments come from a generator with a seed: they are the same every time.
"""

import os
import random
import resource
import subprocess
import threading
import time
from contextlib import contextmanager

import psutil
import requests

from lib import database, paths
from tests.office import Office, run_sql, shell, user_script, wait_for

# How often a process is killed in each test.
KILLS = int(os.environ.get("BB_FAULTS") or 2)
WHOLE_SERVER = 4  # of so many kills one is of the whole server
# Everything that only chance would start rests; who needs a job wakes it.
REST = "UPDATE ir_cron SET nextcall = now() + interval '1 year'; DELETE FROM ir_cron_trigger"
# What Odoo does now: its transactions.
WORKING = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND xact_start IS NOT NULL AND application_name LIKE 'odoo-%'
"""
GROUPS = (
    "buurtbemiddeling_case.group_manager",
    "buurtbemiddeling_report.group_reporting",
    "base.group_allow_export",
)


class FragileOffice(Office):
    """An Odoo with workers, of which one does the jobs, and somebody who may do everything."""

    def __init__(self, name, log, cluster, *options, environment=None):
        super().__init__(
            name,
            log,
            *("--workers=3", "--max-cron-threads=1", "--limit-time-real=600", *options),
            environment={**cluster.environment(), **(environment or {})},
            program=(paths.ROOT / "tests" / "fixtures" / "plain_odoo.py",),
        )
        self.cluster = cluster
        self.killed = 0
        self.boss = None

    def prepare(self, script=""):
        """Make the user, and let all jobs rest."""
        shell(
            self.name,
            user_script("boss", *GROUPS) + script + "\nenv.cr.commit()\n",
            self.cluster.environment(),
        )
        self.sql(REST)

    def start(self):
        """Start, and log in."""
        super().start()
        if self.boss:  # who was logged in still is
            return
        self.boss = self.browser("boss")

    def sql(self, text):
        """Run SQL in the database."""
        return run_sql(self.name, text, self.cluster)

    def rows(self, text):
        """The rows of a query, as lists of texts."""
        return [line.split("|") for line in self.sql(text).splitlines()]

    def run_script(self, script):
        """Run Python in an Odoo of its own beside the server."""
        return shell(self.name, script + "\nenv.cr.commit()\n", self.cluster.environment())

    def wake(self, job):
        """Make a job due, as time does, and tell the server so.

        Odoo puts off a job of which the process ended three times without having done anything.
        """
        self.sql(
            f"""
            WITH job AS (
                SELECT id FROM ir_cron
                 WHERE id = (SELECT res_id FROM ir_model_data WHERE model = 'ir.cron'
                                AND module || '.' || name = '{job}')
                   FOR UPDATE SKIP LOCKED
            ), past AS (
                DELETE FROM ir_cron_progress USING job WHERE cron_id = job.id
            )
            UPDATE ir_cron SET nextcall = now() - interval '1 minute', failure_count = 0
              FROM job WHERE ir_cron.id = job.id
            """
        )
        run_sql("postgres", f"NOTIFY cron_trigger, '{self.name}'", self.cluster)

    def works(self, condition=""):
        """Whether Odoo works in the database now."""
        return self.sql(f"{WORKING} {condition}") != "0"

    def kill_workers(self):
        """Kill all that work with -9; now and then the server itself as well."""
        self.killed += 1
        if self.killed % WHOLE_SERVER == 0:
            self.kill()
            self.start()
        else:
            for worker in psutil.Process(self.server.pid).children():
                if "gevent" not in worker.cmdline():  # that of Odoo's bus takes long to start
                    worker.kill()

    def settle(self):
        """Wait until PostgreSQL has noticed who is gone, which it does after a statement."""
        wait_for(lambda: not self.works(), 60)

    def fill_disk(self, full=True):
        """Let no process of the server write in any file, as if the disk were full; or free it."""
        limit = 0 if full else resource.RLIM_INFINITY
        for worker in psutil.Process(self.server.pid).children():
            worker.rlimit(psutil.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def restart_postgres(self, mode):
        """Restart PostgreSQL under whatever runs on it."""
        subprocess.run(
            self.cluster.as_owner(
                *(self.cluster.program("pg_ctl"), "-D", self.cluster.data, "-m", mode, "-w"),
                *("-l", self.cluster.folder / "server.log", "restart"),
            ),
            cwd="/",
            check=True,
            capture_output=True,
        )

    def kill_while(self, job, is_done, check=None, times=KILLS, longest=1.5):
        """Let a job do its work, and kill it now and then meanwhile; return how often.

        `check` is called after each time: what is there then must be whole. `longest` is after
        how many seconds of work at most.
        """
        chance = random.Random(job)
        killed = 0
        while not is_done():
            # a process that has just begun may not listen yet
            wait_for(lambda: is_done() or self.works() or self.wake(job), 90)
            if killed == times:
                wait_for(lambda: is_done() or not self.works(), 300)
                continue
            # the first time at once: a fast machine is soon done
            time.sleep(chance.uniform(0, longest) if killed else 0)
            if self.works() and not is_done():
                self.kill_workers()
                self.settle()
                killed += 1
                if check:
                    check()
        return killed

    @contextmanager
    def stuck(self, table, ask):
        """Let `ask(browser)` run until it waits for a table, and yield it.

        It is let go afterwards, if it is still there.
        """
        browser = self.browser("boss")
        lock = subprocess.Popen(
            ["psql", "-Xq", "-d", self.name],
            env=self.cluster.environment(),
            stdin=subprocess.PIPE,
        )
        try:
            lock.stdin.write(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE;\n".encode())
            lock.stdin.flush()
            wait_for(
                lambda: (
                    self.sql(
                        "SELECT count(*) FROM pg_locks WHERE granted"
                        f" AND mode = 'AccessExclusiveLock' AND relation = '{table}'::regclass"
                    )
                    == "1"
                )
            )
            asking = Asking(browser, ask)
            waiting = "AND wait_event_type = 'Lock'"
            wait_for(lambda: self.works(waiting) or asking.ended, 60)
            assert not asking.ended, f"it did not wait for {table}: {asking.outcome}"
            yield asking
        finally:
            lock.communicate(b"COMMIT;\n", timeout=10)
        asking.join(60)
        self.settle()


class Asking(threading.Thread):
    """A question of a browser that is under way; `outcome` is the answer, or what went wrong."""

    def __init__(self, browser, ask):
        super().__init__(daemon=True)
        self.browser, self.ask, self.outcome = browser, ask, None
        self.start()

    def run(self):
        """Ask."""
        try:
            self.outcome = self.ask(self.browser)
        except Exception as error:
            self.outcome = error

    @property
    def ended(self):
        """Whether there is an answer."""
        return not self.is_alive()


def list_files(name):
    """The names of all files of attachments, without the list of those to be swept."""
    folder = database.filestore(name)
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    return {file for file in files if not file.startswith("checklist/")}


class Desk(threading.Thread):
    """Somebody who registers cases and plans talks, and remembers what was said of each."""

    def __init__(self, office, name):
        super().__init__(daemon=True)
        self.browser, self.desk_name = office.browser("boss"), name
        self.number, self.is_open = 0, True
        self.said = {"kept": set(), "refused": set(), "unknown": set()}
        self.start()

    def run(self):
        """Go on until it is closed."""
        while self.is_open:
            self.number += 1
            name = f"{self.desk_name} {self.number}"
            self.said[self.register(name)].add(name)

    def register(self, name):
        """Register a case with a talk in one transaction; tell what the server said of it."""
        values = {
            "reporter_name": name,
            "reporter_street": "Dorpsstraat 1",
            "meeting_ids": [[0, 0, {"kind": "talk_a", "start": "2030-01-01 19:00:00"}]],
        }
        try:
            answer = self.browser.ask_call("buurtbemiddeling.case", "create", [values])
        except (requests.RequestException, ValueError):
            return "unknown"
        return "refused" if "error" in answer else "kept"


def wait_for_more(desks):
    """Wait until everybody has registered two more cases."""
    goals = [len(desk.said["kept"]) + 2 for desk in desks]
    wait_for(
        lambda: all(
            len(desk.said["kept"]) >= goal for desk, goal in zip(desks, goals, strict=True)
        ),
        90,
    )
