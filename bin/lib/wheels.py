"""The modules as Python packages: wheels, made by whool of what git knows."""

from __future__ import annotations

import os

from . import venv
from .paths import ROOT, modules
from .run import capture, run
from .say import Problem, detail, step


def build(folder):
    """Make a wheel of each module in `folder`, where older ones of them go; return the files."""
    warn_of_changes()
    step(f"Making the wheels in {folder} …")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("odoo_addon_buurtbemiddeling_*.whl"):
        old.unlink()
    run(
        "Making the wheels",
        [
            *(venv.python(), "-m", "pip", "--disable-pip-version-check", "wheel"),
            *("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", folder),
            *(ROOT / name for name in modules()),
        ],
        "build.log",
        # files in a wheel have a time: that of the commit, so that a commit gives the same wheels
        env={**os.environ, "SOURCE_DATE_EPOCH": git("log", "-1", "--format=%ct").strip()},
    )
    return sorted(folder.glob("*.whl"))


def warn_of_changes():
    """Name what is not committed: of that a wheel has only what git knows."""
    for line in git("status", "--porcelain", "--", *modules()).splitlines():
        new = line.startswith("??")
        detail(f"{line[3:]} is {'not known to git, and left out' if new else 'not committed'}")


def git(*arguments):
    """What git says of this checkout. Without git whool would pack whatever lies in the folder."""
    said = capture(["git", *arguments], cwd=ROOT)
    if said is None:
        raise Problem(
            f"git does not know {ROOT}, and a wheel holds what git knows. Clone the project, as "
            "the user who runs this."
        )
    return said
