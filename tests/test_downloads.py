"""Downloads and what is built from them: nothing half, wrong or unchecked is ever used."""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from lib import apt, build, venv
from lib.say import Problem

PACKAGE = "bb-sample"


@pytest.fixture
def mirror(web):
    """A Debian mirror with one real package."""
    content = web.folder / "content"
    (content / "DEBIAN").mkdir(parents=True)
    (content / "usr").mkdir()
    (content / "usr" / "hello").write_text("hello")
    (content / "DEBIAN" / "control").write_text(
        f"Package: {PACKAGE}\nVersion: 1.0\nArchitecture: all\nMaintainer: Nobody <n@example.com>\n"
        "Description: a sample\n"
    )
    deb = web.folder / f"{PACKAGE}_1.0_all.deb"
    subprocess.run(["dpkg-deb", "-b", "--root-owner-group", content, deb], check=True)
    index = (content / "DEBIAN" / "control").read_text() + (
        f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\nSHA256: {build.sha256(deb)}\n"
    )
    (web.folder / "Packages").write_text(index)
    digest = hashlib.sha256(index.encode()).hexdigest()
    (web.folder / "Release").write_text(f"Suite: x\nSHA256:\n {digest} {len(index)} Packages\n")
    web.deb = deb
    return web


@pytest.fixture
def private_apt(mirror, tmp_path):
    """A private apt on that mirror, its index fetched."""
    store = apt.PrivateApt(tmp_path / "store", f"deb [trusted=yes] {mirror.address} ./\n")
    store.update()
    return store


def fetched(web):
    """How often the package itself was asked for."""
    return sum(path.endswith(".deb") for path in web.asked)


def test_a_package_is_fetched_once(mirror, private_apt):
    """A .deb in the cache that matches the index is used again."""
    first = private_apt.fetch([PACKAGE])
    assert build.sha256(first[0]) == build.sha256(mirror.deb)
    assert private_apt.fetch([PACKAGE]) == first
    assert fetched(mirror) == 1


@pytest.mark.parametrize("damage", ["half", "other bytes"])
def test_a_damaged_package_is_fetched_again(mirror, private_apt, damage, tmp_path):
    """Half a download is noticed by its size, other bytes by the checksum."""
    whole = mirror.deb.read_bytes()
    bad = whole[: len(whole) // 2] if damage == "half" else bytes(len(whole))
    target = private_apt.debs / mirror.deb.name
    target.write_bytes(bad)
    debs = private_apt.fetch([PACKAGE])
    assert debs == [target] and target.read_bytes() == whole
    apt.unpack(debs, tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "usr" / "hello").read_text() == "hello"


def test_a_mirror_that_serves_something_else_is_refused(mirror, private_apt):
    """What does not match the signed index never reaches the cache."""
    mirror.deb.write_bytes(bytes(mirror.deb.stat().st_size))
    with pytest.raises(Problem, match="does not match its checksum|Hash Sum"):
        private_apt.fetch([PACKAGE])
    assert not list(private_apt.debs.iterdir())


def test_a_package_that_the_index_lacks_is_a_sentence(private_apt):
    """Debian's unstable suite may drop a package."""
    with pytest.raises(Problem, match="no-such-package"):
        private_apt.fetch(["no-such-package"])


def test_no_network_is_a_sentence(tmp_path, silent_address):
    """A mirror that cannot be reached is named as such, not as a failure of apt."""
    store = apt.PrivateApt(tmp_path, f"deb [trusted=yes] {silent_address} ./\n")
    with pytest.raises(Problem, match="network or the package server cannot be reached"):
        store.update()


def test_without_a_source_in_apt_the_mirror_can_be_named(monkeypatch):
    """A release that apt has no source for gives a sentence; BB_DEBIAN_MIRROR helps."""
    with pytest.raises(Problem, match="BB_DEBIAN_MIRROR"):
        apt.mirror("no-such-release")
    monkeypatch.setenv("BB_DEBIAN_MIRROR", "http://mirror.example/debian")
    assert apt.mirror("no-such-release") == "http://mirror.example/debian"


def wheel():
    """A small wheel: its name and bytes."""
    record = "bb_sample-1.0.dist-info/RECORD"
    files = {
        "bb_sample.py": "ANSWER = 42\n",
        "bb_sample-1.0.dist-info/METADATA": "Metadata-Version: 2.1\n"
        "Name: bb-sample\nVersion: 1.0\n",
        "bb_sample-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    lines = [
        f"{name},sha256="
        + base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        + f",{len(text)}\n"
        for name, text in files.items()
    ]
    files[record] = "".join(lines) + f"{record},,\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return "bb_sample-1.0-py3-none-any.whl", buffer.getvalue()


@pytest.fixture
def index(web, tmp_path, monkeypatch):
    """A package index with that wheel, and the list that pins it."""
    web.wheel, content = wheel()
    simple = web.folder / "simple" / "bb-sample"
    simple.mkdir(parents=True)
    (simple / web.wheel).write_bytes(content)
    (simple / "index.html").write_text(f'<a href="{web.wheel}">{web.wheel}</a>')
    web.pins = tmp_path / "pins.txt"
    web.pins.write_text(f"bb-sample==1.0 --hash=sha256:{hashlib.sha256(content).hexdigest()}\n")
    monkeypatch.setenv("PIP_INDEX_URL", f"{web.address}/simple/")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    return web


def test_a_damaged_wheel_is_fetched_again(index, tmp_path):
    """A wheel that was cut off in the cache does not end up in the environment."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / index.wheel).write_bytes(wheel()[1][:100])
    target = tmp_path / "venv"
    build.build_folder(target, lambda unfinished: venv.fill(unfinished, index.pins, wheels))
    served = index.folder / "simple" / "bb-sample" / index.wheel
    assert (wheels / index.wheel).read_bytes() == served.read_bytes()
    answer = [target / "bin" / "python", "-c", "import bb_sample; print(bb_sample.ANSWER)"]
    assert subprocess.run(answer, capture_output=True, text=True).stdout == "42\n"


def test_a_wheel_with_other_content_is_refused(index, tmp_path):
    """A package that changed behind its version number does not match its pin."""
    served = index.folder / "simple" / "bb-sample" / index.wheel
    served.write_bytes(served.read_bytes() + b"\0")
    with pytest.raises(Problem, match="does not match its checksum"):
        venv.fill(tmp_path / "venv", index.pins, tmp_path / "wheels")


def test_no_network_for_python_packages_is_a_sentence(index, tmp_path, monkeypatch, silent_address):
    """pip's pages of retries become one sentence."""
    monkeypatch.setenv("PIP_INDEX_URL", f"{silent_address}/simple/")
    with pytest.raises(Problem, match="network or the package server cannot be reached"):
        venv.fill(tmp_path / "venv", index.pins, tmp_path / "wheels")


def test_a_half_built_folder_is_never_taken_for_the_real_one(tmp_path):
    """A build that breaks leaves no folder of the real name, and its left-overs do no harm."""
    target = tmp_path / "built"

    def broken(folder):
        (folder / "half").touch()
        raise Problem("no network")

    with pytest.raises(Problem):
        build.build_folder(target, broken)
    assert not target.exists()
    build.build_folder(target, lambda folder: (folder / "whole").touch())
    assert [file.name for file in target.iterdir()] == ["whole"]
    assert not build.build_folder(target, broken), "a complete folder is left alone"


def test_a_killed_build_is_done_again(tmp_path):
    """kill -9 in the middle of a build leaves nothing that counts."""
    target = tmp_path / "built"
    code = (
        "import os, sys; from pathlib import Path; from lib import build\n"
        "def make(folder):\n"
        "    (folder / 'half').touch()\n"
        "    os.kill(os.getpid(), 9)\n"
        f"build.build_folder(Path({str(target)!r}), make)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], env=with_lib())
    assert done.returncode == -9 and not target.exists()
    build.build_folder(target, lambda folder: (folder / "whole").touch())
    assert [file.name for file in target.iterdir()] == ["whole"]


def test_two_runs_wait_for_each_other(tmp_path):
    """The second run says that it waits, and goes on when the first is done."""
    code = (
        "import sys; from lib import build\n"
        f"with build.lock({str(tmp_path / 'lock')!r}):\n"
        "    print('mine', flush=True)\n"
        "    sys.stdin.readline()\n"
    )
    start = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": with_lib()}
    with subprocess.Popen([sys.executable, "-c", code], **start) as first:
        assert first.stdout.readline() == "mine\n"
        with subprocess.Popen([sys.executable, "-c", code], **start) as second:
            assert "Waiting for another setup" in second.stdout.readline()
            first.communicate("go\n")
            assert second.stdout.readline() == "mine\n"
            second.communicate("go\n")


def with_lib():
    """An environment in which a new Python finds the setup's modules."""
    return {**os.environ, "PYTHONPATH": str(build.__file__).rpartition("/lib/")[0]}


def test_too_little_disk_space_is_said_beforehand(tmp_path):
    """Before a long download there is a look at the free space."""
    plenty = shutil.disk_usage(tmp_path).free // 2**20 + 1000
    with pytest.raises(Problem, match="needs .* MB .* free(.|\n)*Free some space"):
        build.require_space(tmp_path / "not" / "there" / "yet", plenty, "Odoo")
    build.require_space(tmp_path, 0, "Nothing")
