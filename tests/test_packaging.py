"""The modules as wheels: what is in them, and an Odoo that has them from pip and nowhere else."""

import fnmatch
import json
import re
import subprocess
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from lib import database, odoo, paths, venv
from lib.run import run
from lib.testlog import read

DATABASE = "bb_test_wheels"
NOT_IN_A_WHEEL = {"pyproject.toml"}  # it tells pip how to make the wheel
LOOK = """
import importlib, json
from odoo.tools import file_open
found = {{}}
for name in {names}:
    module = env["ir.module.module"].search([("name", "=", name)])
    with file_open(f"{{name}}/static/description/icon.png", "rb") as icon:
        found[name] = {{
            "state": module.state,
            "version": module.latest_version,
            "code": importlib.import_module(f"odoo.addons.{{name}}").__file__,
            "icon": icon.name,
        }}
print("FOUND", json.dumps(found))
"""

pytestmark = pytest.mark.timeout(600)  # the first run on a machine makes the template database


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """``{module: its wheel}``, made by bin/build."""
    folder = tmp_path_factory.mktemp("wheels")
    command = [paths.ROOT / "bin" / "build", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr
    return {file.name.removeprefix("odoo_addon_").split("-")[0]: file for file in folder.iterdir()}


@pytest.fixture(scope="module")
def python(wheels, tmp_path_factory):
    """The interpreter of a new environment, in which pip has installed the wheels.

    Besides them it has what Odoo itself needs, lent by the environment of the project.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([odoo.python(), "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    own, lent = packages_of(python), packages_of(odoo.python())
    (own / "lent.pth").write_text(f"{lent}\n")
    pip = [venv.python(), "-m", "pip", "--python", python, "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, *wheels.values()], check=True, capture_output=True)
    return python


@pytest.fixture(scope="module")
def running(python, tmp_path_factory):
    """The log of Odoo while it installs the last of our modules, and what it knows of all three."""
    config = tmp_path_factory.mktemp("configuration") / "odoo.conf"
    config.write_text(f"[options]\ndata_dir = {paths.LOCAL / 'data'}\nmax_cron_threads = 0\n")
    environment = {**odoo.environment(), "ODOO_RC": str(config)}
    program = [python, "-P", "-m", "odoo"]
    database.copy(database.template("plain", "tests-template.log"), DATABASE)
    log = run(
        "Installing the modules from their wheels",
        [
            *(*program, "-d", DATABASE, "-i", paths.modules()[-1]),
            *("--stop-after-init", "--no-http"),
        ],
        "test-wheels.log",
        env=environment,
        cwd=config.parent,
    )
    looked = subprocess.run(
        [*program, "shell", "-d", DATABASE, "--no-http", "--log-level=warn"],
        input=LOOK.format(names=paths.modules()),
        env=environment,
        cwd=config.parent,
        capture_output=True,
        text=True,
    )
    assert "FOUND " in looked.stdout, looked.stdout + looked.stderr
    yield log + looked.stderr, json.loads(looked.stdout.partition("FOUND ")[2].splitlines()[0])
    database.drop(DATABASE)


def packages_of(python):
    """The folder in which an interpreter has its packages."""
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    return Path(subprocess.check_output([python, "-c", code], text=True).strip())


def metadata(wheel):
    """What a wheel says of itself."""
    with zipfile.ZipFile(wheel) as content:
        (name,) = [name for name in content.namelist() if name.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(content.read(name).decode())


@pytest.mark.parametrize("module", paths.MODULES)
def test_a_wheel_holds_what_git_knows_of_its_module(wheels, module):
    """Data, views, pictures, translations, migrations and tests, and nothing that lies beside."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=paths.ROOT / module, text=True)
    with zipfile.ZipFile(wheels[module]) as content:
        files = [name for name in content.namelist() if ".dist-info/" not in name]
    assert sorted(files) == sorted(
        f"odoo/addons/{module}/{name}"
        for name in set(filter(None, listed.split("\0"))) - NOT_IN_A_WHEEL
    )


@pytest.mark.parametrize("module", paths.MODULES)
def test_a_wheel_says_what_it_is_and_needs(wheels, module):
    """The manifest's version and licence, this Odoo, the module that it is built on, a text."""
    manifest, said = database.manifest(module), metadata(wheels[module])
    assert said["Name"] == f"odoo-addon-{module}"
    assert said["Version"] == manifest["version"]
    assert said["License"] == manifest["license"]
    assert set(said.get_all("Requires-Dist")) == {
        "odoo==19.0.*",
        *(f"odoo-addon-{name}==19.0.*" for name in manifest["depends"] if name in paths.MODULES),
    }
    assert said["Description-Content-Type"] == "text/markdown"
    assert said.get_payload().startswith(f"# {manifest['name']}\n")


def test_the_container_takes_all_wheels(wheels):
    """What the Containerfile copies out of dist/ is what bin/build puts there."""
    text = (paths.ROOT / "Containerfile").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"^COPY (\S+) ", text, re.MULTILINE)
    names = [file.name for file in wheels.values()]
    assert fnmatch.filter(names, pattern) == names


def test_odoo_runs_the_modules_from_their_wheels(running, python):
    """Without a folder of ours in its addons path, nor anything else of this checkout."""
    _log, found = running
    packages = packages_of(python) / "odoo" / "addons"
    assert found == {
        module: {
            "state": "installed",
            "version": database.manifest(module)["version"],
            "code": str(packages / module / "__init__.py"),
            "icon": str(packages / module / "static" / "description" / "icon.png"),
        }
        for module in paths.modules()
    }


def test_installing_from_wheels_warns_of_nothing(running):
    """Odoo's log has no warning and no error."""
    log, _found = running
    assert "Module buurtbemiddeling_report loaded" in log
    assert not read(log).warnings
