"""The system underneath: is it a Debian, and which of its packages are missing."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from .run import capture, run
from .say import Problem, step

APT_GET = ("apt-get", "-oDPkg::Lock::Timeout=120", "-oAcquire::Retries=2")
CREATECLUSTER_FOLDER = Path("/etc/postgresql-common/createcluster.d")
HINT = (
    "Use Debian 12 or 13 (a container or a virtual machine will do), or say where your own "
    "Odoo 19 and PostgreSQL are with ODOO_HOME, ODOO_PYTHON and PGHOST (see docs/environment.md)."
)
POSTGRESQL_BIN = Path("/usr/lib/postgresql")


def os_release(path="/etc/os-release"):
    """The fields of os-release as a dictionary; empty where there is no such file."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {key: value.strip("\"'") for key, _, value in (line.partition("=") for line in lines)}


def check_python(version=sys.version_info):
    """Refuse a Python that is too old for Odoo 19."""
    if version < (3, 11):
        raise Problem(
            f"Python 3.11 or newer is needed and this is {version[0]}.{version[1]}. "
            "Run the command with a newer Python: `python3.11 bin/setup`."
        )


def is_debian(release=None):
    """Whether this is Debian or calls itself like it, and has apt-get."""
    release = os_release() if release is None else release
    likes = (release.get("ID"), *release.get("ID_LIKE", "").split())
    return "debian" in likes and bool(shutil.which("apt-get"))


def check_system(release=None, kernel=None):
    """Refuse a system on which we cannot bring packages; say what would do."""
    kernel = kernel or platform.system()
    release = os_release() if release is None else release
    if kernel != "Linux" or not is_debian(release):
        name = release.get("PRETTY_NAME", "an unknown Linux") if kernel == "Linux" else kernel
        raise Problem(
            f"this is {name}, and the setup knows Debian and its derivatives only. {HINT}"
        )


def has_chromium():
    """Whether a browser that Odoo's tours can drive is on the PATH."""
    return any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))


def has_postgresql():
    """Whether a PostgreSQL server is installed, Debian's way or on the PATH."""
    return any(POSTGRESQL_BIN.glob("*/bin/initdb")) or bool(shutil.which("initdb"))


def installed(package):
    """Whether dpkg knows the package as fully installed."""
    status = capture(["dpkg-query", "-W", "-f", "${Status}", package]) or ""
    return status.endswith("ok installed")


def wanted_packages(tests, own_postgresql):
    """The system packages this run needs and does not find; each a tuple of equivalent names."""
    needed = (
        (("python3-venv",), capture([sys.executable, "-c", "import ensurepip, venv"]) is not None),
        (("postgresql",), has_postgresql() or not own_postgresql),
        (("postgresql-client",), shutil.which("psql")),
        (("chromium",), has_chromium() or not tests),
    )
    useful = (  # only looked for where they can be brought
        (("libmagic1t64", "libmagic1"), installed("libmagic1") or installed("libmagic1t64")),
        (("fonts-noto-core",), installed("fonts-noto-core") or not tests),
        # Debian 13 has none: reports then come without PDF
        (("wkhtmltopdf", None), shutil.which("wkhtmltopdf")),
    )
    looked_for = (*needed, *useful) if is_debian() else needed
    return [names for names, found in looked_for if not found]


def choose(wanted, available):
    """One name for each wanted package, out of those that the system offers."""
    chosen, absent = [], []
    for names in wanted:
        name = next((name for name in names if name is None or available(name)), names[0])
        if name is None:
            absent.append(names[0])
        else:
            chosen.append(name)
    return chosen, absent


def available(package):
    """Whether apt can install the package."""
    policy = capture(["apt-cache", "policy", package]) or ""
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def install_packages(wanted):
    """Install system packages with apt-get; without the right to, say which command to run."""
    if not wanted:
        return
    if os.geteuid() != 0:
        names, _absent = choose(wanted, available)
        if names:
            raise Problem(
                "some system packages are missing and only root may install them. Run:\n"
                f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends "
                f"{' '.join(names)}\nand then the command again."
            )
        return
    refresh_lists(wanted)
    names, absent = choose(wanted, available)
    for name in absent:
        step(f"This release of the system has no package {name}: going on without.")
    if "postgresql" in names and not installed("postgresql-common"):
        apt_install(["postgresql-common"])
    with no_default_cluster("postgresql" in names):
        apt_install(names)


def refresh_lists(wanted):
    """Fetch apt's lists anew; without a network the old ones may do."""
    step("Refreshing the list of system packages …")
    try:
        run(
            "Refreshing the list of system packages",
            [*APT_GET, "update"],
            "apt-update.log",
            env=apt_env(),
        )
    except Problem:
        if not all(any(name and available(name) for name in names) for names in wanted):
            raise


def apt_install(names):
    """Install packages without questions and without what is merely recommended."""
    if names:
        step(f"Installing system packages: {', '.join(names)} …")
        install = [*APT_GET, "-oDpkg::Use-Pty=0", "install", "-y", "--no-install-recommends"]
        run(
            "Installing system packages",
            [*install, *names],
            f"apt-install-{names[0]}.log",
            env=apt_env(),
        )


def apt_env():
    """An environment in which apt asks nothing and speaks English (its words are searched)."""
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


@contextmanager
def no_default_cluster(active, folder=CREATECLUSTER_FOLDER):
    """Keep Debian's PostgreSQL package from making and starting a cluster that nobody asked for.

    The drop-in is there during our installation only; the system's own settings stay as they are.
    """
    drop_in = Path(folder) / "zz-buurtbemiddeling.conf"
    if not active or not drop_in.parent.parent.is_dir():
        yield
        return
    drop_in.parent.mkdir(exist_ok=True)
    drop_in.write_text("create_main_cluster = false\n", encoding="utf-8")
    try:
        yield
    finally:
        drop_in.unlink(missing_ok=True)
