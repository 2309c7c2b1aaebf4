"""The project's Odoo: unpacked from Debian's package, or the one that ODOO_HOME names."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from . import apt, postgres, venv
from .build import build_folder, require_space
from .paths import CACHE, LOCAL, ROOT, modules, test_modules
from .run import capture
from .say import Problem, step
from .system import os_release

RECIPE = 1  # raise it when what is unpacked below changes
PACKAGES = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
PYTHON_FOLDER = Path("usr/lib/python3/dist-packages")
# Left out of Debian's build (background blur in video calls); without it every tour sees an error.
LEFT_OUT = PYTHON_FOLDER / "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def prepare():
    """Bring Odoo's source into the cache unless it is there or ODOO_HOME names one."""
    if own := own_home():
        return own
    if here := unpacked():
        return here / PYTHON_FOLDER
    step("Fetching Odoo 19 from Debian's unstable suite (to be unpacked, not installed) …")
    require_space(CACHE, 2500, "Odoo with its indexes")
    codename = os_release().get("VERSION_CODENAME", "")
    store = apt.private_apt(CACHE / "apt")
    store.update()
    packages = [
        "odoo-19/unstable",
        *(f"{name}/unstable" for name in PACKAGES),
        f"fonts-font-awesome/{codename}",  # unstable's lacks the web font that Odoo asks for
    ]
    version = check_version(store.look_up(packages[:1])[0][0])
    debs = store.fetch(packages)
    step(f"Unpacking Odoo {version} …")
    target = CACHE / f"odoo-{version}-r{RECIPE}"
    build_folder(target, lambda folder: unpack(debs, folder))
    return target / PYTHON_FOLDER


def own_home():
    """The folder of the user's own Odoo 19, checked; None when ODOO_HOME is not set."""
    if not (name := os.environ.get("ODOO_HOME")):
        return None
    home = Path(name).expanduser().resolve()
    release = home / "odoo" / "release.py"
    if not release.exists():
        raise Problem(
            f"ODOO_HOME is {home}, but there is no odoo/release.py in it. Name the folder that "
            "contains the `odoo` package (and odoo-bin), or unset ODOO_HOME."
        )
    if not re.search(
        r"^version_info\s*=\s*\(\s*19\s*,\s*0\b", release.read_text(encoding="utf-8"), re.M
    ):
        raise Problem(
            f"the Odoo in ODOO_HOME ({home}) is not version 19.0. Name one that is, or unset it."
        )
    return home


def unpacked():
    """The newest completely unpacked Odoo in the cache, or None."""
    folders = sorted(CACHE.glob(f"odoo-19.0*-r{RECIPE}"), key=lambda folder: folder.stat().st_mtime)
    return folders[-1] if folders else None


def check_version(deb_name):
    """The version in a .deb's file name; refuse any other series than 19.0."""
    version = deb_name.split("_")[1]
    if not version.startswith("19.0"):
        raise Problem(
            f"Debian now carries Odoo {version}, and this project is for 19.0. "
            "Name an Odoo 19.0 of your own with ODOO_HOME."
        )
    return version


def unpack(debs, folder):
    """Unpack Odoo and what its web client links to, and put in what Debian left out."""
    apt.unpack(debs, folder)
    (folder / LEFT_OUT).parent.mkdir(parents=True, exist_ok=True)
    (folder / LEFT_OUT).touch()
    shutil.rmtree(folder / "usr/share/doc", ignore_errors=True)


def python():
    """The interpreter that runs Odoo: ODOO_PYTHON for one's own Odoo, else the project's."""
    return own_python() or venv.python()


def own_python():
    """The interpreter of the user's own Odoo, checked; None when ODOO_PYTHON is not set."""
    name = os.environ.get("ODOO_PYTHON")
    if not name or not own_home():
        return None
    if capture([name, "-c", "import psycopg2, lxml, werkzeug"]) is None:
        raise Problem(
            f"ODOO_PYTHON is {name}, but it does not run or lacks Odoo's Python packages. Name the "
            "interpreter with which your Odoo runs, or unset ODOO_PYTHON."
        )
    return Path(name)


def addons_path():
    """Our own folders for Odoo's addons path; Odoo adds its own."""
    return [
        path for path, filled in ((ROOT, modules()), (ROOT / "tests", test_modules())) if filled
    ]


def home():
    """Where the `odoo` package is, once `prepare()` has brought it."""
    return own_home() or unpacked() / PYTHON_FOLDER


def config_file():
    """Write Odoo's configuration for this checkout and return its path."""
    config = LOCAL / "odoo.conf"
    text = "\n".join(
        [
            "[options]",
            "# Written by bin/odoo at every run: change bin/lib/odoo.py instead.",
            *([f"addons_path = {','.join(map(str, addons_path()))}"] if addons_path() else []),
            f"data_dir = {LOCAL / 'data'}",
            "http_interface = 127.0.0.1",
            "http_port = 8069",
            "max_cron_threads = 0",
            "",
        ]
    )
    if not config.exists() or config.read_text(encoding="utf-8") != text:
        config.parent.mkdir(parents=True, exist_ok=True)
        unfinished = config.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(config)
    return config


def environment():
    """The environment in which Odoo runs: its source, its configuration, its PostgreSQL."""
    return {
        **postgres.environment(),
        "PYTHONPATH": str(home()),
        "ODOO_RC": str(config_file()),
        "PYTHONUNBUFFERED": "1",
    }


def command(*args):
    """The command line of an Odoo command. -P: the current folder is no place to import from."""
    return [str(python()), "-P", "-m", "odoo", *map(str, args)]
