"""What the tests of the setup share; they run in the project's environment, on real programs."""

import faulthandler
import signal
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lib import database

ROOT = Path(__file__).resolve().parents[1]


class RecordingHandler(SimpleHTTPRequestHandler):
    """Serves a folder and keeps the paths that were asked for."""

    def log_message(self, *_args):
        """Be quiet; remember the path."""
        self.server.asked.append(self.path)


def pytest_configure():
    """Whoever is ended before the end stops the servers that it started, and says where it was."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    faulthandler.register(signal.SIGQUIT)


@pytest.fixture
def web(tmp_path):
    """A small web server on the folder `web.folder`; `web.asked` lists what was fetched."""
    folder = tmp_path / "web"
    folder.mkdir()
    handler = partial(RecordingHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked, server.folder = [], folder
    server.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def command():
    """Run one of the commands in bin/ as a user would: `command("demo", "--port", "80")`."""

    def run(name, *arguments, **kwargs):
        return subprocess.run(
            [ROOT / "bin" / name, *arguments], capture_output=True, text=True, timeout=60, **kwargs
        )

    return run


@pytest.fixture(scope="session")
def installed():
    """The name of a database with our modules, to copy; made again when they change."""
    return database.installed()


@pytest.fixture
def silent_address():
    """The address of a port on which nobody listens."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        return f"http://127.0.0.1:{server.server_port}"
