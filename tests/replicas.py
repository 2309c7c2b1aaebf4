"""An Odoo on a primary and a standby, of which the logs tell who answered what."""

import re
import time
from contextlib import contextmanager

from lib import paths
from tests.office import Browser, Office, run_sql, wait_for

DATABASE = "bb_test_replica"
# Each statement in the log of a server begins so; the log of Odoo's bus is of another database.
LOG = f"~{DATABASE}~ "
CONTROL = re.compile(r"(BEGIN|COMMIT|ROLLBACK|DISCARD|SET|SHOW|RESET|ABORT)\b")


class Log:
    """What a PostgreSQL server runs in the database, from its log."""

    def __init__(self, cluster):
        self.file = cluster.folder / "server.log"
        self.position = 0

    def skip(self):
        """Forget what was run until now."""
        self.position = self.file.stat().st_size if self.file.exists() else 0

    def statements(self):
        """The statements since `skip`, without those that only begin or end a transaction."""
        with open(self.file, "rb") as stream:
            stream.seek(self.position)
            text = stream.read().decode()
        found = []
        for entry in re.split(r"^(?=~\w*~ )", text, flags=re.MULTILINE):
            if entry.startswith(LOG) and "statement: " in entry:
                statement = " ".join(entry.partition("statement: ")[2].split())
                if not CONTROL.match(statement):
                    found.append(statement)
        return found


class ReplicatedOffice(Office):
    """An Odoo with two workers and a replica, and users at their browsers."""

    def __init__(self, primary, standby, log):
        super().__init__(
            DATABASE,
            log,
            *(f"--db_replica_host={standby.socket}", "--workers=2", "--max-cron-threads=0"),
            environment=primary.environment(),
            program=(paths.ROOT / "tests" / "fixtures" / "impatient_odoo.py",),
        )
        self.primary, self.standby = primary, standby
        self.primary_log, self.standby_log = Log(primary), Log(standby)

    def browser(self, login):
        """A browser in which somebody has logged in."""
        return Reader(self.address, self.name, login)

    @contextmanager
    def watched(self):
        """Return ``(statements on the primary, statements on the standby)`` of a block."""
        self.primary_log.skip()
        self.standby_log.skip()
        primary, standby = [], []
        yield primary, standby
        primary += self.primary_log.statements()
        if self.standby_log.file.exists():
            standby += self.standby_log.statements()

    def wait_for_standby(self):
        """Wait until the standby has everything, and every worker reads from it."""
        self.standby.ensure_running()
        sql(self.standby, "SELECT pg_wal_replay_resume()")
        end = sql(self.primary, "SELECT pg_current_wal_flush_lsn()")
        wait_for(lambda: sql(self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{end}'") == "t")
        reader = self.browser("reader")
        in_a_row = 0
        deadline = time.monotonic() + 20
        while in_a_row < 6:
            with self.watched() as (_primary, standby):
                reader.count()
            in_a_row = in_a_row + 1 if standby else 0
            assert time.monotonic() < deadline, "the standby is not used"
            time.sleep(0 if standby else 0.2)


class Reader(Browser):
    """A user's browser, in which cases are looked at."""

    def count(self):
        """How many cases there are."""
        return self.call("buurtbemiddeling.case", "search_count", [])

    def rest(self):
        """Let the time pass in which what was written is read from the primary."""
        self.cookies.pop("buurtbemiddeling_wrote", None)
        return self


def sql(cluster, text):
    """Run SQL on a server."""
    return run_sql(DATABASE, text, cluster)


def feed(standby, source):
    """Change from where a standby is fed."""
    sql(standby, f"ALTER SYSTEM SET primary_conninfo = '{source}'")
    sql(standby, "SELECT pg_reload_conf()")
