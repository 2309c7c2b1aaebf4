"""The private PostgreSQL cluster: it starts, and it comes back after every kind of sudden end."""

import os
import signal
import subprocess
import time

import pytest

from lib import postgres
from lib.say import Problem


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A running scratch cluster; for root, in a folder that is closed to the user `postgres`."""
    cluster = postgres.Cluster(tmp_path_factory.mktemp("pg") / "pg")
    cluster.ensure_running()
    yield cluster
    cluster.stop()


@pytest.fixture(autouse=True)
def _running(cluster):
    cluster.ensure_running()


def sql(cluster, text, **kwargs):
    """Run SQL on the scratch cluster."""
    return subprocess.run(
        ["psql", "-XAtq", "-d", "postgres", "-c", text],
        env=cluster.environment(),
        capture_output=True,
        text=True,
        check=True,
        **kwargs,
    ).stdout.strip()


def kill(cluster):
    """End the server as a crash does; return the process id that it had."""
    killed = cluster.postmaster()
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{killed}") and time.monotonic() < deadline:
        time.sleep(0.02)
    return killed


def test_it_listens_on_its_socket_only(cluster):
    """The cluster opens no TCP port and lets nobody else in."""
    assert sql(cluster, "SHOW listen_addresses") == ""
    assert sql(cluster, "SELECT current_user") == postgres.USER
    assert cluster.socket.stat().st_mode & 0o077 == 0


def test_what_odoo_wants_is_there(cluster):
    """Odoo creates these extensions when they are available."""
    wanted = "SELECT count(*) FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm')"
    assert sql(cluster, wanted) == "2"


def test_a_running_server_is_left_alone(cluster):
    """Starting what runs changes nothing."""
    before = cluster.postmaster()
    cluster.ensure_running()
    assert cluster.postmaster() == before


def test_a_killed_server_comes_back_with_its_data(cluster):
    """After kill -9 the left-over pid file and socket are cleared away."""
    sql(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = kill(cluster)
    assert cluster.socket_file.exists()
    cluster.ensure_running()
    assert cluster.postmaster() != killed
    assert sql(cluster, "SELECT answer FROM kept") == "42"


def test_orphans_of_a_killed_server_are_ended(cluster):
    """A session that keeps computing after its server was killed does not block the next start."""
    endless = subprocess.Popen(
        ["psql", "-Xq", "-d", "postgres", "-c", "DO $$ BEGIN LOOP END LOOP; END $$"],
        env=cluster.environment(),
        stderr=subprocess.DEVNULL,
    )
    busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO %'"
    deadline = time.monotonic() + 20
    while sql(cluster, busy) != "1" and time.monotonic() < deadline:
        time.sleep(0.05)
    kill(cluster)
    cluster.ensure_running()
    endless.wait(timeout=10)
    assert sql(cluster, "SELECT 1") == "1"


def test_a_pid_file_that_names_somebody_else_is_stale(cluster):
    """After a restart of the machine the number in the pid file may be another program's."""
    content = (cluster.data / "postmaster.pid").read_text()
    cluster.stop()
    stale = content.replace(content.splitlines()[0], str(os.getppid()), 1)
    (cluster.data / "postmaster.pid").write_text(stale)
    cluster.socket_file.touch()
    assert not cluster.answers()
    cluster.ensure_running()
    assert sql(cluster, "SELECT 1") == "1"


def test_a_half_made_cluster_is_made_again(tmp_path):
    """What an interrupted initdb left is not taken for a cluster."""
    half = postgres.Cluster(tmp_path / "pg")
    (tmp_path / "pg" / "data.unfinished" / "base").mkdir(parents=True)
    try:
        half.ensure_running()
        assert sql(half, "SELECT 1") == "1"
        assert not (tmp_path / "pg" / "data.unfinished").exists()
    finally:
        half.stop()


def test_a_server_that_cannot_start_is_a_sentence(tmp_path):
    """What PostgreSQL itself says is passed on."""
    broken = postgres.Cluster(tmp_path / "pg")
    broken.ensure_running()
    broken.stop()
    with open(broken.data / "postgresql.conf", "a", encoding="utf-8") as conf:
        conf.write("no_such_setting = on\n")
    with pytest.raises(Problem, match="does not start(.|\n)*no_such_setting"):
        broken.ensure_running()


def test_a_deep_folder_gets_a_short_socket(tmp_path):
    """The path of a socket may be 107 bytes long at most."""
    deep = tmp_path / ("deep" * 10) / ("deeper" * 10) / "pg"
    assert len(str(postgres.socket_folder(deep))) < 60
    assert postgres.socket_folder(deep) == postgres.socket_folder(deep)
    assert postgres.socket_folder(deep) != postgres.socket_folder(deep.with_name("other"))


def test_somebody_elses_socket_folder_is_refused(tmp_path):
    """A folder under /tmp that another user prepared could catch our connections."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "socket").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="belongs to somebody else"):
        postgres.make_private_folder(tmp_path / "socket")


def test_a_server_named_by_pghost_must_answer(command, tmp_path):
    """Whoever names an own server gets a sentence when it is not there, and no other is started."""
    done = command("odoo", "--version", env={**os.environ, "PGHOST": str(tmp_path)})
    assert done.returncode == 1
    assert f"no PostgreSQL server answers at {tmp_path}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_named_by_pghost_is_used(cluster, command):
    """The usual variables are enough to use another server."""
    named = {**os.environ, "PGHOST": str(cluster.socket), "PGUSER": postgres.USER}
    done = command("odoo", "--version", env=named)
    assert done.returncode == 0, done.stderr
