"""PostgreSQL: a private cluster in the checkout, or the server that the PG* variables name.

The private cluster listens on a socket only and is started when needed. No other one is touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket as sockets
import stat
import subprocess
import time
from pathlib import Path

from .build import lock
from .paths import LOCAL
from .run import capture, run
from .say import Problem, step
from .system import POSTGRESQL_BIN

USER = "odoo"  # Odoo refuses to work as `postgres`
PORT = "5432"  # part of the socket's name only: nothing listens on TCP
INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
LONGEST_SOCKET_PATH = 100  # the system's limit is 107 bytes
SETTINGS = """\
# Written by bin/setup at every start: change bin/lib/postgres.py instead.
# For development and tests: data survives a killed server, but perhaps not a power cut.
fsync = off
full_page_writes = off
shared_buffers = 512MB
max_connections = 100
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
"""


def is_own():
    """Whether the private cluster is used: no PG* variable names another server."""
    return not any(os.environ.get(name) for name in ("PGHOST", "PGHOSTADDR", "PGPORT", "PGSERVICE"))


def environment():
    """The environment in which PostgreSQL's clients, Odoo among them, find the server."""
    if not is_own():
        return dict(os.environ)
    return Cluster().environment()


def ensure_running():
    """Start the private cluster, or check that the server named by PG* answers."""
    if is_own():
        Cluster().ensure_running()
    elif psql("postgres", "SELECT 1", check=False) is None:
        where = os.environ.get("PGHOST") or os.environ.get("PGSERVICE") or "the PG* variables"
        raise Problem(
            f"no PostgreSQL server answers at {where}. Start it, correct the PG* variables, or "
            "unset them to use a private cluster."
        )


def psql(database, sql, check=True):
    """Run SQL and return its unadorned output; None when it fails and `check` is off."""
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
        env=environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        return done.stdout.strip()
    if check:
        raise Problem(f"PostgreSQL refused: {done.stderr.strip()}")
    return None


class Cluster:
    """The private cluster under a folder (by default the checkout's .local/pg).

    `settings` are lines for postgresql.conf, beside SETTINGS.
    """

    def __init__(self, folder=LOCAL / "pg", settings=""):
        self.folder = Path(folder)
        self.settings = settings
        self.data = self.folder / "data"
        self.socket = socket_folder(self.folder)

    @property
    def socket_file(self):
        """The socket on which the server listens."""
        return self.socket / f".s.PGSQL.{PORT}"

    def environment(self):
        """The environment for clients; other PG* variables are left out."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return {**kept, "PGHOST": str(self.socket), "PGPORT": PORT, "PGUSER": USER}

    def answers(self):
        """Whether our server accepts connections on its socket (it may still be starting up)."""
        with sockets.socket(sockets.AF_UNIX) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self.socket_file))
            except OSError:
                return False
        return self.postmaster() in self.processes()

    def postmaster(self):
        """The server's process id according to its pid file, or None."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def processes(self):
        """The server processes at work on our data: PostgreSQL makes that their current folder."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):  # ended meanwhile, or another user's
                if entry.name.isdigit() and is_postgres(entry):
                    if os.readlink(entry / "cwd") == str(self.data.resolve()):
                        found.append(int(entry.name))
        return found

    def ensure_running(self):
        """Make the cluster if there is none and start it if it does not run."""
        if self.data.is_dir() and self.answers():
            return
        with lock(self.folder.with_name(self.folder.name + ".lock"), "start of PostgreSQL"):
            if not self.data.is_dir():
                self._make()
            elif self.answers():
                return
            self._mend()
            self._start()

    def stop(self):
        """Stop the server if it runs."""
        if self.answers():
            stop = (self.program("pg_ctl"), "-D", self.data, "-m", "fast", "-w", "stop")
            run("Stopping PostgreSQL", self.as_owner(*stop), "pg-stop.log", cwd="/")
        elif self.data.is_dir():
            self._mend()

    def _make(self):
        step("Making a private PostgreSQL cluster …")
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give_away(self.folder, unfinished)
        self._fill(unfinished)
        unfinished.rename(self.data)

    def _fill(self, unfinished):
        run(
            "Making the PostgreSQL cluster",
            self.as_owner(
                self.program("initdb"), f"--pgdata={unfinished}", f"--username={USER}", *INITDB
            ),
            "pg-initdb.log",
            cwd="/",
        )
        with open(unfinished / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write("include = 'buurtbemiddeling.conf'\n")

    def _mend(self):
        """Clear away what a killed server left behind: orphaned processes, pid file, socket."""
        pid_file = self.data / "postmaster.pid"
        processes = self.processes()
        if self.postmaster() in processes and _wait_for(self.answers, 10):
            return  # it was starting up
        if processes:
            step("Ending what is left of a PostgreSQL server that was killed …")
            for pid in processes:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            _wait_for(lambda: not self.processes(), 10)
        if pid_file.exists():
            step("Clearing away what a killed PostgreSQL server left behind …")
        socket_lock = self.socket_file.with_name(self.socket_file.name + ".lock")
        for left_over in (pid_file, self.socket_file, socket_lock):
            left_over.unlink(missing_ok=True)

    def _start(self):
        if self.answers():
            return
        step("Starting PostgreSQL …")
        make_private_folder(self.socket)
        settings = self.data / "buurtbemiddeling.conf"
        settings.write_text(
            SETTINGS.format(port=PORT, socket=self.socket) + self.settings, encoding="utf-8"
        )
        self._give_away(self.folder, self.data, self.socket, settings)
        log = self.folder / "server.log"
        log.unlink(missing_ok=True)
        try:
            run(
                "Starting PostgreSQL",
                self.as_owner(
                    self.program("pg_ctl"), "-D", self.data, "-l", log, "-w", "-t", "60", "start"
                ),
                "pg-start.log",
                cwd="/",
            )
        except Problem as problem:
            if not log.exists():
                raise
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-5:]
            said = "\n  ".join(last)
            raise Problem(f"PostgreSQL does not start. Its log says:\n  {said}") from problem

    def program(self, name):
        """The path of a server program, of the version that made the cluster."""
        if (self.data / "PG_VERSION").exists():
            version = (self.data / "PG_VERSION").read_text().strip()
            if (program := POSTGRESQL_BIN / version / "bin" / name).exists():
                return program
            if not (own := shutil.which(name)) or f" {version}." not in (
                capture([own, "--version"]) or ""
            ):
                raise Problem(
                    f"the cluster in {self.folder} was made by PostgreSQL {version}, which is "
                    "not installed any more. Move that folder away; a new one is made."
                )
            return own
        versions = sorted(
            POSTGRESQL_BIN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3])
        )
        if not versions and not shutil.which(name):
            raise Problem(
                "PostgreSQL's server is not installed. Run bin/setup, or name a server with PGHOST."
            )
        return versions[-1] if versions else Path(shutil.which(name))

    def as_owner(self, *command):
        """The command line to run a program as the cluster's owner; PostgreSQL refuses root."""
        if os.geteuid() != 0:
            return list(command)
        owner = server_user()
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
        if capture([*prefix, "test", "-x", self.folder]) is None:
            # a checkout under /root, say: let that user pass through folders that are closed to it
            prefix += [f"--inh-caps=+{_passing_right()}", f"--ambient-caps=+{_passing_right()}"]
        return [*prefix, *command]

    def _give_away(self, *paths):
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, server_user().pw_uid, server_user().pw_gid)


class Standby(Cluster):
    """A cluster that follows another one, and can be read while it does (hot standby)."""

    def __init__(self, primary, folder, settings=""):
        super().__init__(folder, settings)
        self.primary = primary

    def _fill(self, unfinished):
        run(
            "Copying the PostgreSQL cluster",
            self.as_owner(
                *(self.primary.program("pg_basebackup"), f"--pgdata={unfinished}"),
                *(f"--host={self.primary.socket}", f"--port={PORT}", f"--username={USER}"),
                *("--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
            ),
            "pg-basebackup.log",
            cwd="/",
        )


def server_user():
    """The user who runs the server when we are root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem(
        "PostgreSQL cannot run as root and there is no user `postgres`. Use another user than root."
    )


def socket_folder(folder):
    """A folder for the socket: beside the data, or under /tmp where that path would be too long."""
    beside = Path(folder).resolve() / "socket"
    if len(os.fsencode(beside / f".s.PGSQL.{PORT}.lock")) <= LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
    # make_private_folder refuses a folder that somebody else put there
    return Path("/tmp") / f"buurtbemiddeling-{os.geteuid()}-{name}"  # nosec B108


def make_private_folder(folder):
    """Make a folder that is closed to others; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    owners = {os.geteuid(), server_user().pw_uid} if os.geteuid() == 0 else {os.geteuid()}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
        raise Problem(f"{folder} belongs to somebody else. Remove it and run the command again.")
    folder.chmod(0o700)


def is_postgres(process):
    """Whether a folder of /proc is a PostgreSQL server process."""
    return Path(process / "comm").read_text().strip() in ("postgres", "postmaster")


def _passing_right():
    """The least capability we hold that lets another user pass closed folders."""
    status = Path("/proc/self/status").read_text()
    held = int(re.search(r"^CapEff:\s*(\w+)", status, re.MULTILINE)[1], 16)
    return "dac_read_search" if held >> 2 & 1 else "dac_override"


def _wait_for(condition, seconds):
    deadline = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bool(met)
