"""The addons of others that bin/bench measures beside ours; no other command sees them."""

from __future__ import annotations

from . import venv
from .build import build_folder, hash_of
from .paths import CACHE, ROOT
from .run import run
from .say import step

PINS = ROOT / "requirements-bench.txt"
MODULES = ("crm", "helpdesk_mgmt")


def folder():
    """Where they are, or will be."""
    return CACHE / f"peers-{hash_of(PINS)}"


def addons_path():
    """The folder for Odoo's addons path."""
    return folder() / "odoo" / "addons"


def prepare():
    """Bring them, unless they are there."""
    if not folder().is_dir():
        step("Fetching the addons to compare with …")
        build_folder(folder(), fill)


def fill(unfinished):
    """Unpack the pinned wheels. Never their dependencies: those are Odoo itself."""
    run(
        "Fetching the addons to compare with",
        [
            venv.python(),
            *("-m", "pip", "--disable-pip-version-check", "--no-input", "install"),
            *("--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-compile"),
            *("--retries=2", "--timeout=60", "--progress-bar=off"),
            *("--target", unfinished, "-r", PINS),
        ],
        "peers.log",
    )
