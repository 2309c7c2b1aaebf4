"""The Python packages of Odoo and of our checks: a virtual environment in the user's cache."""

from __future__ import annotations

import os
import platform
import sys
from functools import lru_cache

from .build import build_folder, hash_of, require_space
from .paths import CACHE, ROOT
from .run import capture, run
from .say import Problem, step

WHEELS = CACHE / "wheels"


@lru_cache
def base_python():
    """The interpreter to build on: BB_PYTHON, else the system's, else the one that runs this."""
    if own := os.environ.get("BB_PYTHON"):
        return own
    return "/usr/bin/python3" if os.access("/usr/bin/python3", os.X_OK) else sys.executable


@lru_cache
def base_version():
    """The version of that interpreter, such as "3.11.2"."""
    ask = [base_python(), "-c", "import platform; print(platform.python_version())"]
    version = platform.python_version()
    if not os.path.samefile(base_python(), sys.executable):
        version = (capture(ask) or "").strip()
    if not version or tuple(map(int, version.split(".")[:2])) < (3, 11):
        raise Problem(
            f"{base_python()} is Python {version or '(it does not run)'}, and 3.11 or newer is "
            "needed. Name a newer one in BB_PYTHON."
        )
    return version


def requirements():
    """The pinned packages for this Python: one list for 3.11 and 3.12, one from 3.13 on."""
    minor = int(base_version().split(".")[1])
    return ROOT / ("requirements-3.11.txt" if minor < 13 else "requirements-3.13.txt")


def folder():
    """Where the environment for these packages and this Python is, or will be."""
    return CACHE / f"venv-{hash_of(requirements(), base_python(), base_version())}"


def python():
    """The environment's interpreter; tools are run as modules of it, never by script."""
    return folder() / "bin" / "python"


def prepare():
    """Build the environment, unless it is there."""
    if folder().is_dir() and python().exists():
        return
    require_space(CACHE, 1500, "The set of Python packages")
    step(f"Building the Python environment ({requirements().name}, Python {base_version()}) …")
    build_folder(folder(), lambda unfinished: fill(unfinished, requirements(), WHEELS))


def fill(unfinished, pins, wheels):
    """Make the environment and install the pinned packages; wheels are kept and checked by hash."""
    run(
        "Making a Python environment",
        [base_python(), "-m", "venv", "--clear", unfinished],
        "venv.log",
    )
    pip = [unfinished / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    exact = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", pins]
    wheels.mkdir(parents=True, exist_ok=True)
    run(
        "Fetching Python packages",
        [
            *pip,
            "download",
            "--retries=2",
            "--timeout=60",
            "--progress-bar=off",
            "-d",
            wheels,
            *exact,
        ],
        "pip-download.log",
    )
    step("Installing the Python packages …")
    run(
        "Installing Python packages",
        [*pip, "install", "--no-index", "--find-links", wheels, "--no-compile", *exact],
        "pip-install.log",
    )
