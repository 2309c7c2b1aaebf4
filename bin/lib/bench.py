"""Databases to measure, and the run that measures them."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from . import database, demo, odoo, peer
from .build import hash_of, lock
from .paths import LOCAL, LOG, ROOT, modules
from .postgres import psql
from .say import Problem, detail, step

sys.path.insert(0, str(ROOT))
from bench import growth, table  # noqa: E402
from bench.measures import MEASURES  # noqa: E402, F401
from bench.sizes import SIZES  # noqa: E402

GROWTH = ("small", "country")  # what is measured unless told otherwise
FOLDER = LOCAL / "bench"
GENERATOR = ROOT / "bench" / "generator"
WORKERS = 2
WRONG = re.compile(r" \d+ (ERROR|CRITICAL) ")  # in the log of a server
MEMORY = 2 * 1024**3  # bytes that a worker may use before it is replaced by a new one


def name_of(size):
    """The name of the database of a size; any other name is one's own."""
    return f"buurtbemiddeling_bench_{size}" if size in SIZES else size


def make_database(size, name=None):
    """Make the database of a size anew: our modules, their peers, and a made-up country."""
    name = name or name_of(size)
    peer.prepare()
    with lock(LOCAL / "bench.lock", "run of bin/bench"):
        # the country is the same for all sizes until it is filled: installing takes longer
        installed, unfinished = installed_template(), f"{name}_unfinished"
        database.copy(installed, unfinished)
        step(f"Writing {SIZES[size].cases:,} cases …")
        run("generate", unfinished, size)
        psql("postgres", f"COMMENT ON DATABASE \"{unfinished}\" IS '{made_by()}'")
        database.drop(name)
        database.rename(unfinished, name)
        step(f"The database {name} is ready.")


def made_by():
    """What a database is made with, as one word: when it differs, columns and indexes may too."""
    return f"{database.code_hash(modules())}-{hash_of(*sorted(GENERATOR.glob('*.py')))}"


def warn_when_old(name):
    """Say it when a database was made with other code than is here now."""
    query = "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
    if f"{name}|{made_by()}" not in psql("postgres", query).splitlines():
        step(f"{name} was made with other code than this: bin/bench --generate SIZE makes it anew.")


def installed_template():
    """The name of a database with all modules and no cases, made when it is not there."""
    code = database.code_hash(modules())
    name = f"buurtbemiddeling_bench_installed_{code}"
    if not database.exists(name):
        for old in database.names():
            if old.startswith("buurtbemiddeling_bench_installed_"):
                database.drop(old)
        unfinished = "buurtbemiddeling_bench_unfinished"
        database.copy(database.installed(), unfinished)
        step(f"Installing {', '.join(peer.MODULES)} …")
        database.install(unfinished, peer.MODULES, "bench-install.log", "plain", *addons())
        database.rename(unfinished, name)
    return name


def measure(databases, names, quick):
    """Measure, print the tables, and save them; 1 when a limit was missed."""
    found = {}
    for size in databases:
        if not database.exists(name_of(size)):
            if size not in SIZES:
                raise Problem(f"there is no database {size}. Make it: bin/bench --generate SIZE.")
            make_database(size)
        peer.prepare()
        warn_when_old(name_of(size))
        step(f"Measuring {name_of(size)} …")
        # what was measured in part, or only to see that it works, is not taken for the whole
        file = FOLDER / (f"{size}-part.json" if quick or names else f"{size}.json")
        run("measure", name_of(size), *names, "--json", file, *(["--quick"] if quick else []))
        found[size] = json.loads(file.read_text(encoding="utf-8"))["results"]
        detail(f"saved as {file}")
    return 0 if quick else judge(found)


def judge(found):
    """Tell the growth from the smallest to the largest size, and what was missed; 1 if anything.

    :param found: ``{size: results}``; of databases that are no size of ours no growth is told
    """
    missed = [line for size, results in found.items() for line in growth.missed(results, [], size)]
    sizes = sorted(set(found) & set(SIZES), key=lambda size: SIZES[size].cases)
    if len(sizes) > 1:
        smaller, larger = sizes[0], sizes[-1]
        growths = growth.compare(found[smaller], found[larger])
        step(f"From {SIZES[smaller].cases:,} cases to {SIZES[larger].cases:,}:")
        print(table.growth_as_text(growths, smaller, larger))
        file = FOLDER / "growth.json"
        table.save(file, f"{smaller}, {larger}", growths)
        detail(f"saved as {file}")
        missed += growth.missed([], growths, larger)
    for line in missed:
        step(f"Missed: {line}")
    return 1 if missed else 0


def load(name, port, people):
    """Let many people work at once on a server with two workers; 1 when something went wrong.

    They work in a copy of the database, which goes afterwards.

    :param people: `{"coordinators": number, "portal": number, "seconds": number}`
    """
    if not database.exists(name_of(name)):
        if name not in SIZES:
            raise Problem(f"there is no database {name}. Make it: bin/bench --generate SIZE.")
        make_database(name)
    peer.prepare()
    for number in (port, port + 1):
        demo.check_port(number)
    LOG.mkdir(parents=True, exist_ok=True)
    log = LOG / "bench-server.log"
    busy = f"{name_of(name)}_load"
    step(f"Copying {name_of(name)} …")
    database.copy(name_of(name), busy)
    step(f"Starting a server with {WORKERS} workers …")
    with open(log, "w", encoding="utf-8") as stream:
        server = start_server(busy, port, stream)
        try:
            demo.wait_for_page(server, port, log)
            file = FOLDER / f"{name}-load.json"
            url = f"http://127.0.0.1:{port}"
            options = [part for key, number in people.items() for part in (f"--{key}", number)]
            code = ask("load", busy, "--url", url, "--json", file, *options)
            detail(f"saved as {file}; what the server said is in {log}")
        finally:
            demo.stop(server)
            database.drop(busy)
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if WRONG.search(line)]
    for line in said[:9]:
        step(f"The server said: {line}")
    return 1 if said else code


def start_server(name, port, stream):
    """A server on a database, as in production; what it says goes to a file."""
    return subprocess.Popen(
        [
            *(str(odoo.python()), "-P", str(ROOT / "bench" / "server.py"), *addons()),
            *("-d", name, "--db-filter", f"^{name}$", "--no-database-list"),
            *("--workers", str(WORKERS), "--max-cron-threads", "0", "--log-level", "warn"),
            *("--http-interface", "127.0.0.1", "--http-port", str(port)),
            *("--gevent-port", str(port + 1)),
            *("--limit-memory-soft", str(MEMORY), "--limit-memory-hard", str(2 * MEMORY)),
        ],
        env={**odoo.environment(), **environment(), "PYTHONSAFEPATH": "1"},
        stdin=subprocess.DEVNULL,
        stdout=stream,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def record(size):
    """Let a real browser record anew what `bench.measures.pages` asks."""
    if not database.exists(name_of(size)):
        make_database(size)
    peer.prepare()
    step(f"Opening pages of {name_of(size)} …")
    run("record", name_of(size))


def run(*arguments):
    """Run the package `bench` in Odoo's Python; what it prints goes to the screen."""
    if ask(*arguments):
        raise Problem("measuring failed: the reason is above.")


def ask(*arguments):
    """Run the package `bench` in Odoo's Python and return how it ended."""
    return subprocess.run(
        [str(odoo.python()), "-P", "-m", "bench", *map(str, arguments)],
        env={**odoo.environment(), **environment()},
        stdin=subprocess.DEVNULL,
    ).returncode


def addons():
    """The option that adds the peers to Odoo's addons path."""
    return (f"--addons-path={','.join(map(str, [*odoo.addons_path(), peer.addons_path()]))}",)


def environment():
    """What the package needs beyond Odoo's own environment: to find itself, and the peers."""
    return {
        "PYTHONPATH": f"{odoo.home()}:{ROOT}:{ROOT / 'bin'}",
        "BENCH_ADDONS_PATH": ",".join(map(str, [*odoo.addons_path(), peer.addons_path()])),
    }
