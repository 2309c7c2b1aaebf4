"""Many people at once, at human pace, on a server with two workers; and then the same on peers.

Every action is timed, every answer that is no answer is counted, and every write carries a mark
that is looked for in the database afterwards.
"""

import json
import re
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import quantiles
from threading import Lock, Thread
from uuid import uuid4

from .portal_visitors import Mediator, Referrer, TicketOwner
from .visitors import Coordinator, Seller

LOGINS_AT_ONCE = 4
SLOWEST_FIRST = 20  # seconds in which everybody begins
# which action of a peer is compared with which of ours
PAIRS = {
    "Coordinator": "Seller",
    "Mediator": "TicketOwner",
    "Referrer": "TicketOwner",
}
NAMES = {"case": "opened", "report": "new"}  # of the peer, where it is called otherwise


@dataclass
class Plan:
    """How many people, for how long."""

    coordinators: int = 60
    portal: int = 200
    seconds: int = 300


class Load:
    """One run of visitors of some kinds against a server."""

    WRITES = ("change", "note", "new", "report")

    def __init__(self, office, url, plan):
        self.office = office
        self.database = office.database
        self.url = url
        self.plan = plan
        self.at_desks = max(plan.coordinators, 1)  # among so many the records are divided
        self.run = uuid4().hex[:8]
        self.lock = Lock()
        self.marks = 0
        self.writes = []
        self.seconds = defaultdict(list)
        self.errors = []
        # short runs are for seeing that it works: people think less
        self.slowness = min(1, plan.seconds / 120)
        self.first_thought = min(SLOWEST_FIRST, plan.seconds / 4)

    def random(self, name):
        """Chance, the same in each run."""
        return Random(f"load of {name}")

    def mark(self):
        """A text that stands nowhere else."""
        with self.lock:
            self.marks += 1
            return f"m{self.run}x{self.marks:06d}"

    def written(self, model, field, mark, record_id=None):
        """The server said that a mark was kept."""
        with self.lock:
            self.writes.append((model, field, mark, record_id))

    def timed(self, visitor, name, action):
        """Do something, and note how long it took or what was wrong."""
        started = time.perf_counter()
        try:
            action()
        except Exception as error:  # whatever it is, it is counted
            with self.lock:
                self.errors.append((type(visitor).__name__, name, visitor.login, str(error)[:300]))
            return
        taken = time.perf_counter() - started
        with self.lock:
            self.seconds[type(visitor).__name__, name].append(taken)

    def go(self, visitors, say):
        """Let them log in, and work until time is over."""
        say(f"{len(visitors)} people log in …")

        def begin(visitor):
            try:
                visitor.log_in()
                visitor.prepare()
            except Exception as error:  # counted, and the others go on
                self.errors.append((type(visitor).__name__, "log in", visitor.login, str(error)))
                return None
            return visitor

        def look(visitor):
            try:
                visitor.warm_up()
            except Exception as error:
                self.errors.append((type(visitor).__name__, "first", visitor.login, str(error)))

        with ThreadPoolExecutor(LOGINS_AT_ONCE) as pool:
            visitors = list(filter(None, pool.map(begin, visitors)))
            # some of each kind, so that each worker has seen everything
            list(pool.map(look, [row for row in visitors if row.place < LOGINS_AT_ONCE]))
        say(f"… and work for {self.plan.seconds} seconds …")
        until = time.monotonic() + self.plan.seconds
        threads = [Thread(target=visitor.work, args=(until,)) for visitor in visitors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def find_not_done(self, visitors):
        """The actions that nobody came to, as `Coordinator board`: then nothing is known of them.

        A run that is only to see whether it works is too short for all of them.
        """
        if self.slowness < 1:
            return []
        planned = {(type(each).__name__, name) for each in visitors for name, _ in each.script}
        return [f"{who} {action}" for who, action in sorted(planned - self.seconds.keys())]

    def find_lost(self):
        """The writes that the server confirmed and that are not in the database."""
        latest = {}
        for model, field, mark, record_id in self.writes:
            latest[model, field, record_id or mark] = mark  # of one text, the last counts
        marks = defaultdict(list)
        for (model, field, _key), mark in latest.items():
            marks[model, field].append(mark)
        lost = []
        with self.office.request() as env:
            for (model, field), expected in marks.items():
                records = env[model].with_context(active_test=False)
                texts = records.search([(field, "like", f"m{self.run}x")]).mapped(field)
                there = set(re.findall(rf"m{self.run}x\d+", " ".join(map(str, texts))))
                lost += [(model, field, mark) for mark in expected if mark not in there]
        return lost


def find_visitors(load, kinds):
    """People of each kind: `[(class, logins, how many)]`; who is there twice has two browsers."""
    visitors = []
    for kind, pattern, number in kinds:
        with load.office.request() as env:
            users = env["res.users"].search([("login", "=like", pattern)], order="id")
            logins = users.mapped("login")
        if number and not logins:
            raise RuntimeError(f"Nobody is called {pattern}: there is no {kind.__name__}.")
        visitors += [kind(load, logins[place % len(logins)], place) for place in range(number)]
    return visitors


def measure(office, url, plan, say):
    """Ours and then the peers; returns what is saved."""
    half = plan.portal // 2
    runs = {
        "ours": [
            (Coordinator, "coordinator%", plan.coordinators),
            (Mediator, "mediator%", half),
            (Referrer, "referrer%", plan.portal - half),
        ],
    }
    with office.request() as env:
        if "crm.lead" in env and "helpdesk.ticket" in env:
            runs["peers"] = [
                (Seller, "sales_%", plan.coordinators),
                (TicketOwner, "mediator%", half),
                (TicketOwner, "referrer%", plan.portal - half),
            ]
    found = {}
    for name, kinds in runs.items():
        load = Load(office, url, plan)
        visitors = find_visitors(load, kinds)
        say(f"The load of {name}:")
        load.go(visitors, say)
        found[name] = {
            "people": Counter(type(visitor).__name__ for visitor in visitors),
            "actions": {
                f"{who} {action}": summary(seconds)
                for (who, action), seconds in sorted(load.seconds.items())
            },
            "errors": load.errors,
            "not done": load.find_not_done(visitors),
            "writes": len(load.writes),
            "lost": load.find_lost(),
        }
    return found


def summary(seconds):
    """How often, and how long: half of them, and 19 of 20, took at most so long.

    >>> summary([1.0] * 10)
    {'count': 10, 'p50': 1.0, 'p95': 1.0}
    """
    points = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 19
    return {"count": len(seconds), "p50": points[9], "p95": points[18]}


def as_text(found):
    """What was found as lines of a table, with that of the peer beside it."""
    lines = [
        f"{'':24}{'ours':>6}{'p50':>8}{'p95':>8}   {'peer':24}{'':>6}{'p50':>8}{'p95':>8}"
        f"{'p50':>7}{'p95':>7}"
    ]
    peers = found.get("peers", {}).get("actions", {})
    for name, ours in found["ours"]["actions"].items():
        who, action = name.split()
        other = f"{PAIRS[who]} {NAMES.get(action, action)}"
        line = f"{name:24}{ours['count']:6}{ours['p50'] * 1000:8.0f}{ours['p95'] * 1000:8.0f}"
        if peer := peers.get(other):
            line += (
                f"   {other:24}{peer['count']:6}{peer['p50'] * 1000:8.0f}"
                f"{peer['p95'] * 1000:8.0f}{ours['p50'] / peer['p50']:7.2f}"
                f"{ours['p95'] / peer['p95']:7.2f}"
            )
        lines.append(line)
    lines.append("(milliseconds; the last two columns are ours divided by the peer)")
    for name, run in found.items():
        people = ", ".join(f"{count} {who}" for who, count in run["people"].items())
        lines.append(
            f"{name}: {people}; {sum(row['count'] for row in run['actions'].values())} actions,"
            f" {len(run['errors'])} errors, {run['writes']} writes, {len(run['lost'])} lost"
        )
        if run["not done"]:
            lines.append(f"  never done: {', '.join(run['not done'])}")
        for (who, action, _login, text), count in Counter(map(tuple, run["errors"])).most_common(9):
            lines.append(f"  {count} × {who} {action}: {text}")
    return "\n".join(lines)


def run(office, url, plan, file, say):
    """Measure, print and save; 1 when something went wrong."""
    found = measure(office, url, plan, say)
    print(as_text(found))
    if file:
        path = Path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = {"database": office.database, **vars(plan), **found}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return int(any(run["errors"] or run["lost"] or run["not done"] for run in found.values()))
