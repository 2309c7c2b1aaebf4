"""The demo of which pictures are taken, its server, and the run of the camera."""

from __future__ import annotations

import socket
import subprocess

from . import database, demo, odoo
from .paths import LOG, ROOT
from .say import Problem, step

DATABASE = "buurtbemiddeling_pictures"


def take(pictures, fresh=True):
    """Take these pictures of a demo of our own; 1 when one could not be taken."""
    if not fresh and not database.exists(DATABASE):
        raise Problem("there is no database of an earlier run: leave out --keep.")
    demo.make_database(fresh, DATABASE)
    port = free_port()
    with demo.running(DATABASE, port, LOG / "screenshots-server.log"):
        step(f"Taking {len(pictures)} pictures …")
        return subprocess.run(
            [
                *(str(odoo.python()), "-P", "-m", "lib.camera", f"http://127.0.0.1:{port}"),
                *(DATABASE, *(picture.name for picture in pictures)),
            ],
            env={**odoo.environment(), "PYTHONPATH": f"{odoo.home()}:{ROOT / 'bin'}"},
            stdin=subprocess.DEVNULL,
        ).returncode


def free_port():
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
