"""A running Odoo with users at their browsers, for tests that need real sessions side by side."""

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress

import psutil
import requests

from lib import database, odoo, paths, postgres

PASSWORD = "office-test"  # nosec B105
USER = """
from odoo import Command
env["res.users"].create({{
    "name": {login!r}, "login": {login!r}, "password": {password!r},
    "email": {login!r} + "@example.com",
    "company_id": env.company.id, "company_ids": [Command.set(env.company.ids)],
    "group_ids": [Command.set([env.ref(group).id for group in {groups!r}])],
}})
"""


class Office:
    """An Odoo on a database, in a process of its own.

    `options` are for its command line; `environment` is added to that of Odoo, `log` is the file
    for what it says. It is started by `start` or as a context.
    """

    def __init__(self, name, log, *options, environment=None, program=("-m", "odoo")):
        self.name, self.log, self.options, self.program = name, log, options, program
        self.environment = {**odoo.environment(), **(environment or {})}
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.server = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exception):
        self.stop()

    def start(self):
        """Start the server and wait until it answers."""
        self.server = subprocess.Popen(
            [
                *(odoo.python(), "-P", *self.program),
                *("-d", self.name, "--db-filter", f"^{self.name}$", "--no-database-list"),
                *(f"--http-port={self.port}", f"--gevent-port={free_port()}"),
                *map(str, self.options),
            ],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log.open("a"),
            stderr=subprocess.STDOUT,
        )
        wait_for(self.answers, 60)

    def answers(self):
        """Whether the server answers; an error when it has ended."""
        assert self.server.poll() is None, f"Odoo has ended:\n{self.log.read_text()[-4000:]}"
        try:
            return requests.get(f"{self.address}/web/health", timeout=10).ok
        except requests.RequestException:
            return False

    def stop(self):
        """Stop the server."""
        if self.server and self.server.poll() is None:
            self.server.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):  # a worker that waits for a mail server, say
                self.server.wait(timeout=20)
            self.kill()

    def kill(self):
        """Kill the server and its workers with -9, as a machine that fails does."""
        if self.server and self.server.poll() is None:
            server = psutil.Process(self.server.pid)
            for process in (server, *server.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            self.server.wait()

    def browser(self, login):
        """A browser in which somebody has logged in."""
        return Browser(self.address, self.name, login)


class Browser(requests.Session):
    """A user's browser."""

    def __init__(self, address, name, login=None):
        super().__init__()
        self.address = address
        if login:
            self.post_json("/web/session/authenticate", db=name, login=login, password=PASSWORD)

    def ask(self, path, **params):
        """The whole answer of a JSON-RPC route: a `result` or an `error`."""
        return self.post(self.address + path, json={"params": params}, timeout=120).json()

    def post_json(self, path, **params):
        """The result of a JSON-RPC route."""
        answer = self.ask(path, **params)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def ask_call(self, model, method, *args, door="kw", **kwargs):
        """Call a method as the web client does: a `result` or an `error`."""
        return self.ask(
            f"/web/dataset/call_{door}/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def call(self, model, method, *args, door="kw", **kwargs):
        """Call a method as the web client does, and return its result."""
        answer = self.ask_call(model, method, *args, door=door, **kwargs)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def fetch(self, path):
        """The content behind an address."""
        answer = self.get(self.address + path, timeout=120)
        assert answer.ok, answer.text[:500]
        return answer.content

    def find(self, model, domain=()):
        """The id of the first record of a model."""
        (row,) = self.call(model, "search_read", list(domain), ["id"], limit=1, order="id")
        return row["id"]


def shell(name, script, environment=None, level="warn"):
    """Run Python in an Odoo on a database, as `bin/odoo shell` does; return all that it says."""
    done = subprocess.run(
        odoo.command("shell", "-d", name, "--no-http", f"--log-level={level}"),
        input=script,
        env={**odoo.environment(), **(environment or {})},
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    )
    output = done.stdout + done.stderr
    assert not done.returncode, output
    return output


def user_script(login, *groups):
    """Python for `shell` that makes a user with `PASSWORD`, in the first company."""
    return USER.format(login=login, password=PASSWORD, groups=groups)


def run_sql(name, text, cluster=None):
    """Run SQL in a database, of the checkout's own cluster or of another one."""
    return subprocess.run(
        ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", name, "-c", text],
        env=cluster.environment() if cluster else postgres.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def bring_database(source, target, cluster):
    """Bring a database of the checkout's own cluster to another one, with its attachments."""
    database.drop(target)
    run_sql("postgres", f'CREATE DATABASE "{target}"', cluster)
    dump = subprocess.Popen(
        ["pg_dump", "--format=custom", "--compress=0", source],
        env=postgres.environment(),
        stdout=subprocess.PIPE,
    )
    subprocess.run(
        ["pg_restore", "--no-owner", "--exit-on-error", "--dbname", target],
        env=cluster.environment(),
        stdin=dump.stdout,
        check=True,
    )
    assert not dump.wait()
    shutil.copytree(database.filestore(source), database.filestore(target), copy_function=os.link)


def wait_for(condition, seconds=20):
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.05)


def free_port():
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
