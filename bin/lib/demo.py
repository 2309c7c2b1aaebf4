"""The demo: its database and its server."""

from __future__ import annotations

import errno
import http.client
import json
import signal
import socket
import subprocess
import time
from contextlib import contextmanager

from . import database, odoo
from .build import lock
from .paths import LOCAL, LOG, modules
from .say import Problem, detail, step

DATABASE = "buurtbemiddeling_demo"
LOGINS = (  # role and login; the password is the same as the login
    ("coördinator", "coordinator"),
    ("beheerder", "beheerder"),
    ("stuurgroep", "stuurgroep"),
    ("bemiddelaar", "bemiddelaar1"),
    ("bemiddelaar", "bemiddelaar2"),
    ("verwijzer", "verwijzer"),
)
PATIENCE = 120  # seconds that the server may take to serve its first page


def check_port(port):
    """Refuse a port that is in use, before anything else takes time."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            raise Problem(f"{port} is not a port. Choose one from 1024 to 65535.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem(
                    f"port {port} is in use, perhaps by another bin/demo. Stop that program, or "
                    f"choose another port: bin/demo --port {port + 1 if port < 65535 else 8070}"
                ) from None
            raise Problem(
                f"port {port} cannot be used ({error.strerror}). Choose one from 1024 to 65535."
            ) from None


def make_database(fresh, name=DATABASE):
    """Make a demo database, or bring the one that is there up to the present code."""
    if not modules():
        raise Problem("there are no modules in this checkout. Is it complete?")
    with lock(LOCAL / "demo.lock", "run that makes the demo database"):
        code = database.code_hash(modules())
        # the code that the database was last installed or updated with
        stamp = LOCAL / f"{name}-code"
        if fresh or not database.exists(name):
            unfinished = f"{name}_unfinished"
            database.copy(database.template("demo", "demo-template.log"), unfinished)
            step("Installing the modules with their demo data …")
            database.install(unfinished, modules(), "demo-install.log", "demo")
            database.drop(name)
            database.rename(unfinished, name)
        elif not stamp.exists() or stamp.read_text(encoding="utf-8") != code:
            step("The code has changed: updating the demo database …")
            database.install(name, modules(), "demo-update.log", "demo", action="-u")
        else:
            step(f"The demo database {name} is there and up to date.")
        stamp.write_text(code, encoding="utf-8")


def serve(port):
    """Serve until Ctrl-C; say where, and who can log in, once it is true."""
    try:
        with running(DATABASE, port, LOG / "demo-server.log") as server:
            tell(port)
            return server.wait()
    except KeyboardInterrupt:
        print()
        step("The server has stopped.")
        return 0


@contextmanager
def running(name, port, log):
    """A server on a database of ours, from its first page on; it ends with the context."""
    LOG.mkdir(parents=True, exist_ok=True)
    step("Starting the server …")
    with open(log, "w", encoding="utf-8") as stream:
        # a session of its own: Ctrl-C reaches us only, and we stop the server in good order
        server = subprocess.Popen(
            odoo.command(
                *("-d", name, "--db-filter", f"^{name}$", "--no-database-list"),
                *("--http-port", port, "--max-cron-threads", 1),
            ),
            env=odoo.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_for_page(server, port, log)
            yield server
        finally:
            stop(server)


def stop(server):
    """Ask the server to end, and insist after a while."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def wait_for_page(server, port, log):
    """Wait until the login page is served."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise Problem(f"the server ended at once: {' '.join(last)}\nThe whole log is {log}.")
        try:
            if request(port, "GET", "/web/login")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.3)
    raise Problem(
        f"the server does not serve its login page within {PATIENCE} s. Its log is {log}."
    )


def tell(port):
    """Print the address and the logins, each of them tried."""
    step(f"Serving. Open http://127.0.0.1:{port}/ and log in; the password is as the login:")
    for role, login in LOGINS:
        remark = "" if can_log_in(port, login) else "   (does not work)"
        detail(f"{role:<12} {login}{remark}")
    detail("Ctrl-C stops the server; bin/demo --fresh starts over with new data.")


def can_log_in(port, login):
    """Whether this login opens a session."""
    params = {"db": DATABASE, "login": login, "password": login}
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
    try:
        status, text = request(port, "POST", "/web/session/authenticate", body)
        return status == 200 and bool((json.loads(text).get("result") or {}).get("uid"))
    except (OSError, ValueError, http.client.HTTPException):
        return False


def request(port, method, path, body=None):
    """One HTTP request to our server: its status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
