"""The commands in bin/ say what is wrong in a sentence and never show a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lib import database, demo, odoo, run, say, system, venv
from lib.say import Problem

BIN = Path(say.__file__).parents[1]


def talk(code, log):
    """Run code under `say.main` in a new Python; return its exit code and what it said."""
    script = f"from pathlib import Path; from lib import say\ndef main():\n    {code}\n"
    script += f"say.main(main, Path({str(log)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(BIN)},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stderr.strip()


def test_a_full_disk_is_a_sentence(tmp_path):
    """The device that is always full gives the real error."""
    code, said = talk("open('/dev/full', 'w').write('x' * 100000)", tmp_path / "log")
    assert code == 1
    assert said == "Error: the disk is full. Free some space and run the command again."


def test_the_unforeseen_is_a_sentence_and_a_log(tmp_path):
    """What nobody thought of is said in one line; the details are in a file."""
    code, said = talk("return {}['key']", tmp_path / "log" / "error.log")
    assert code == 1 and "something unforeseen" in said and "error.log" in said
    assert "Traceback" in (tmp_path / "log" / "error.log").read_text()


def test_a_problem_is_its_own_sentence(tmp_path):
    """A foreseen problem is shown as it was put."""
    assert talk("raise say.Problem('no bread.')", tmp_path / "log") == (1, "Error: no bread.")


def test_being_stopped_is_no_error(tmp_path):
    """Ctrl-C and SIGTERM end a command quietly."""
    stop = "import os, signal, time; os.kill(os.getpid(), signal.SIGTERM); time.sleep(5)"
    assert talk(stop, tmp_path / "log") == (130, "Stopped.")


@pytest.mark.parametrize(
    ("release", "kernel", "named"),
    [
        ({"ID": "fedora", "PRETTY_NAME": "Fedora Linux 44"}, "Linux", "Fedora Linux 44"),
        ({}, "Darwin", "Darwin"),
        ({}, "Linux", "an unknown Linux"),
    ],
)
def test_a_wrong_system_is_named_with_a_way_out(release, kernel, named):
    """Where packages cannot be brought, the user hears what would do."""
    with pytest.raises(Problem, match=f"this is {named}(.|\n)*ODOO_HOME"):
        system.check_system(release, kernel)


def test_debian_and_its_children_are_right():
    """Debian itself, and what calls itself like it."""
    system.check_system({"ID": "debian"}, "Linux")
    system.check_system({"ID": "ubuntu", "ID_LIKE": "debian"}, "Linux")


def test_an_old_python_is_refused():
    """Odoo 19 does not run on Python 3.10."""
    with pytest.raises(Problem, match="3.11 or newer is needed and this is 3.10"):
        system.check_python((3, 10, 4))


def test_without_root_the_exact_command_is_given(monkeypatch):
    """Whoever may not install system packages hears what to ask for."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(Problem, match="sudo apt-get install -y --no-install-recommends git$"):
        try:
            system.install_packages([("no-such-package", "git")])
        except Problem as problem:
            raise Problem(str(problem).splitlines()[1].strip()) from None


def test_optional_packages_may_be_absent():
    """Debian 13 has no wkhtmltopdf; the first name that exists is taken."""
    has = {"new-name", "needed"}.__contains__
    wanted = [("gone", None), ("old-name", "new-name"), ("needed",)]
    assert system.choose(wanted, has) == (["new-name", "needed"], ["gone"])


def test_the_packages_cluster_setting_is_put_back(tmp_path):
    """Debian's PostgreSQL makes no cluster during our installation; its settings stay."""
    folder = tmp_path / "createcluster.d"
    with system.no_default_cluster(True, folder):
        (setting,) = folder.iterdir()
        assert setting.read_text() == "create_main_cluster = false\n"
    assert not list(folder.iterdir())


def test_a_port_in_use_is_a_sentence(command):
    """The demo looks before it starts anything."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = command("demo", "--port", str(port))
    assert done.returncode == 1
    assert f"port {port} is in use" in done.stderr and "--port" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", [70000, -1])
def test_a_number_that_is_no_port_is_a_sentence(port):
    """Ports end at 65535."""
    with pytest.raises(Problem, match="not a port"):
        demo.check_port(port)


@pytest.mark.parametrize("arguments", [("test", "no_such_test"), ("setup", "--nonsense")])
def test_a_wrong_argument_is_a_sentence(command, arguments):
    """A name that matches nothing is a failure, not an empty success."""
    done = command(*arguments)
    assert done.returncode == 1
    assert arguments[1] in done.stderr and "Traceback" not in done.stderr


def test_odoo_home_must_hold_odoo_19(monkeypatch, tmp_path):
    """Another folder, or another version, is refused with the reason."""
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(Problem, match="no odoo/release.py"):
        odoo.own_home()
    (tmp_path / "odoo").mkdir()
    release = tmp_path / "odoo" / "release.py"
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    with pytest.raises(Problem, match="not version 19.0"):
        odoo.own_home()
    release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    assert odoo.home() == tmp_path


def test_odoo_home_is_used(command):
    """Whoever has an Odoo says so; here it is the project's own, by its path."""
    done = command("odoo", "--version", env={**os.environ, "ODOO_HOME": str(odoo.home())})
    assert done.returncode == 0 and "Odoo Server 19.0" in done.stdout


def test_another_version_of_odoo_is_not_taken():
    """When Debian moves on to 20, the setup says so instead of going on."""
    assert odoo.check_version("odoo-19_19.0.0+dfsg-1_all.deb") == "19.0.0+dfsg-1"
    with pytest.raises(Problem, match="20.0"):
        odoo.check_version("odoo-19_20.0.0+dfsg-1_all.deb")


def test_a_python_that_does_not_run_is_named(monkeypatch):
    """BB_PYTHON may name another interpreter, if it is one."""
    monkeypatch.setenv("BB_PYTHON", "/bin/false")
    venv.base_python.cache_clear()
    venv.base_version.cache_clear()
    try:
        with pytest.raises(Problem, match="/bin/false(.|\n)*BB_PYTHON"):
            venv.base_version()
    finally:
        monkeypatch.undo()
        venv.base_python.cache_clear()
        venv.base_version.cache_clear()


def test_a_failing_program_is_quoted():
    """What is not a known cause is quoted, with the place of the rest."""
    with pytest.raises(Problem, match="Trying failed(.|\n)*out of paper(.|\n)*whole log is"):
        run.run("Trying", ["sh", "-c", "echo out of paper; exit 3"], "test-run.log")
    with pytest.raises(Problem, match="the disk is full"):
        run.run("Trying", ["sh", "-c", "cat /proc/version > /dev/full"], "test-run.log")


def test_demo_data_that_failed_are_no_success(tmp_path):
    """Odoo only warns when demo data fail, and installs the module without them."""
    log = tmp_path / "demo.log"
    log.write_text("INFO module installed\n", encoding="utf-8")
    database.check_demo_data(log)
    log.write_text("WARNING Module x demo data failed to install, installed without demo data\n")
    with pytest.raises(Problem, match="demo data could not be loaded"):
        database.check_demo_data(log)
