"""Debian packages fetched and unpacked beside the system, with a private apt configuration.

Odoo 19 is in Debian's unstable suite only. The system stays on its own release: apt gets its own
list of sources, its own indexes and its own cache, and nothing is installed, only unpacked.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from .build import sha256
from .run import capture, run
from .say import Problem, detail
from .system import apt_env, os_release

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def mirror(codename):
    """The address of the Debian mirror that this system uses for its own release."""
    if override := os.environ.get("BB_DEBIAN_MIRROR"):
        return override
    targets = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"]
    lines = (capture([*targets, "Created-By: Packages"]) or "").splitlines()
    for uri, _, release in (line.rpartition(" ")[0:3] for line in lines):
        if release in (codename, "stable") and not uri.startswith("cdrom:"):
            return uri
    raise Problem(
        f"apt-get has no source for the release {codename or '(unnamed)'} of this system, so there "
        "is no mirror to fetch Odoo from. Add one to /etc/apt, or name a Debian mirror in "
        "BB_DEBIAN_MIRROR."
    )


def sources(codename):
    """The source list: this system's release and unstable, checked with Debian's own keys."""
    if not KEYRING.exists():
        raise Problem(
            "Debian's archive keys are missing. As root, run "
            "`apt-get install debian-archive-keyring`."
        )
    uri = mirror(codename)
    return "".join(
        f"deb [signed-by={KEYRING}] {uri} {suite} main\n" for suite in (codename, "unstable")
    )


class PrivateApt:
    """An apt of our own in a folder: `update()`, then `fetch()` packages as checked .deb files."""

    def __init__(self, folder, source_list):
        self.folder = Path(folder)
        self.debs = self.folder / "debs"
        for part in (
            self.debs,
            self.folder / "lists" / "partial",
            self.folder / "cache" / "archives" / "partial",
        ):
            part.mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text(source_list, encoding="utf-8")

    def command(self, *args):
        """An apt-get command line on the private configuration."""
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "root",  # apt's own user may not write in a private folder
            "APT::Update::Error-Mode": "any",
            "Acquire::Languages": "none",
            "Acquire::Retries": 2,
            "Acquire::http::Timeout": 30,
        }
        return ["apt-get", *(f"-o{name}={value}" for name, value in options.items()), *args]

    def update(self):
        """Fetch the signed indexes."""
        run(
            "Fetching the index of packages",
            self.command("update"),
            "private-apt-update.log",
            env=apt_env(),
        )

    def look_up(self, packages):
        """(file name, size, SHA256) of each `name/suite`, from the signed index."""
        output = run(
            "Looking up packages",
            self.command("download", "--print-uris", *packages),
            "private-apt-look-up.log",
            env=apt_env(),
        )
        found = {}
        line = r"^'[^']+' (\S+) (\d+) SHA256:([0-9a-f]{64})$"
        for name, size, digest in re.findall(line, output, re.MULTILINE):
            found[name.split("_")[0]] = (name, int(size), digest)
        absent = [package for package in packages if package.split("/")[0] not in found]
        if absent:
            raise Problem(f"the package index does not name {', '.join(absent)} with a checksum.")
        return [found[package.split("/")[0]] for package in packages]

    def fetch(self, packages):
        """The paths of the packages' .deb files, each checked against the index.

        What an earlier run left whole is used again; half a file, or a wrong one, is fetched anew.
        """
        return [
            self._fetch_one(package, *known)
            for package, known in zip(packages, self.look_up(packages), strict=True)
        ]

    def _fetch_one(self, package, name, size, digest):
        target = self.debs / name
        if target.exists():
            if target.stat().st_size == size and sha256(target) == digest:
                return target
            detail(f"{name} is damaged or half: fetching it again.")
            target.unlink()
        detail(f"{name} ({size / 2**20:.1f} MB)")
        arrival = self.folder / "arriving"
        arrival.mkdir(exist_ok=True)
        for left_over in arrival.iterdir():
            left_over.unlink()
        run(
            f"Fetching {package}",
            self.command("download", package),
            "private-apt-download.log",
            cwd=arrival,
            env=apt_env(),
        )
        arrived = arrival / name
        if not arrived.exists() or sha256(arrived) != digest:
            raise Problem(
                f"the download of {name} does not match its checksum. Run the command again."
            )
        arrived.replace(target)
        return target


def unpack(debs, folder):
    """Unpack .deb files into one folder."""
    for deb in debs:
        run(f"Unpacking {deb.name}", ["dpkg-deb", "-x", deb, folder], "unpack.log", env=apt_env())


def private_apt(folder):
    """Our private apt on this system's mirror."""
    return PrivateApt(folder, sources(os_release().get("VERSION_CODENAME", "")))
