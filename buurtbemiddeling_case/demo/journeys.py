"""When things happen in the demo cases, and how they end. Plain dates, no records.

Shares and seasons follow what Dutch organisations publish: about one in ten requests is not
suitable, one in six is helped by advice, a little over a quarter comes to a talk with both
neighbours, seven in ten of the handled cases are solved, and summers are busier than winters.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from dateutil.easter import easter

SEED = 9901
DAYS, NEWEST_CLOSED = 730, 8
MONTH_WEIGHTS = (65, 65, 80, 90, 105, 110, 110, 100, 85, 75, 60, 55)
WEEKDAY_WEIGHTS = (125, 110, 100, 100, 85, 12, 14)
# days ago -> share of the requests since then that is closed again: most are the open ones
CLOSED_SHARES = {25: 0.1, 80: 0.5, DAYS: 1}

# phase -> days that a case stays in it
GAPS = {
    "new": (0, 2),
    "intake": (0, 6),
    "waiting": (6, 24),
    "assigned": (1, 6),
    "talk_a": (3, 9),
    "approach_b": (2, 10),
    "talk_b": (2, 9),
    "mediation": (5, 14),
    "aftercare": (14, 36),
}
TALK_PHASES = ("talk_a", "approach_b", "talk_b", "mediation")
PHASES = ("new", "intake", "assigned", *TALK_PHASES)
WAITING_SHARE = 0.28
PAUSE_SHARE = 0.22
SECOND_VISIT_SHARE = 0.2
CANCELLED_SHARE = 0.06


@dataclass(frozen=True)
class Ending:
    """How a case ends: codes of the lists, the last phase before the end, and whether aftercare."""

    outcome: str
    intervention: str | None
    last_phase: str
    aftercare: bool
    aftercare_outcome: str | None = None
    decision: str | None = "suitable"


ENDINGS = [
    (38, Ending("OPG_BEM", "BEMIDDELING", "mediation", True)),
    (4, Ending("OPG_BEM", "GROEP", "mediation", True)),
    (2, Ending("OPG_BEM", "EXTRA", "mediation", True)),
    (1, Ending("OPG_BEM", "SAMEN_PROF", "mediation", True)),
    (2, Ending("OPG_BEM", "BEMIDDELING", "mediation", True, "NIET_OPG")),
    (6, Ending("OPG_PENDEL", "PENDEL", "talk_b", True)),
    (12, Ending("OPG_1P", "GESPREK_1P", "talk_a", True)),
    (14, Ending("OPG_1P", "GESPREK_1P", "talk_b", True)),
    (3, Ending("OPG_1P", "TELEFONISCH_ONLINE", "talk_b", True)),
    (4, Ending("OPG_1P", "GESPREK_1P", "approach_b", False)),
    (1, Ending("OPG_1P", "GESPREK_1P", "talk_b", True, "DEELS")),
    (11, Ending("OPG_ADVIES", "ADVIES", "intake", True, decision="advice")),
    (12, Ending("OPG_ADVIES", "ADVIES", "intake", False, decision="advice")),
    (1, Ending("DEELS", "BEMIDDELING", "mediation", True, "OPG_BEM")),
    (2, Ending("DEELS", "BEMIDDELING", "mediation", True)),
    (3, Ending("DEELS", "GESPREK_1P", "talk_b", False)),
    (6, Ending("NIET_OPG", "BEMIDDELING", "mediation", False)),
    (3, Ending("NIET_OPG", "ADVIES", "intake", False, decision="advice")),
    (4, Ending("COACHING", "COACHING", "approach_b", False)),
    (21, Ending("B_WEIGERT", "GESPREK_1P", "approach_b", False)),
    (6, Ending("B_ONBEREIKBAAR", "GESPREK_1P", "approach_b", False)),
    (6, Ending("A_TREKT_TERUG", None, "intake", False)),
    (4, Ending("A_TREKT_TERUG", "GESPREK_1P", "talk_a", False)),
    (5, Ending("OPG_ZELF", None, "intake", False)),
    (2, Ending("OPG_ZELF", "GESPREK_1P", "talk_a", False)),
    (2, Ending("VERHUISD", None, "intake", False)),
    (2, Ending("VERHUISD", "GESPREK_1P", "talk_a", False)),
    (7, Ending("DOORVERWEZEN", None, "intake", False, decision="refer")),
    (12, Ending("ONGESCHIKT", None, "intake", False, decision="unsuitable")),
]


@dataclass(frozen=True)
class Script:
    """Where an open case stands today, and what is going on in it.

    ``days`` in its phase, None: the norm of its phase ends today. ``talk``: days until the talk in
    that phase; a day in the past was not noted yet. ``user``: number of the coordinator, 0 nobody.
    """

    phase: str
    days: int | None
    user: int
    talk: int | None = None
    pause: str | None = None
    waits_for: str | None = None
    is_silent: bool = False
    b_is_informed: bool = True


OPEN = [
    Script("new", 0, 0),
    Script("new", 1, 1),
    Script("new", 6, 1),
    Script("new", 1, 2),
    Script("intake", 1, 2),
    Script("intake", None, 1),
    Script("intake", 12, 1, b_is_informed=False),
    Script("waiting", 6, 1, waits_for="no_mediators"),
    Script("waiting", 15, 2, waits_for="resident"),
    Script("waiting", 37, 1, waits_for="no_pair", is_silent=True),
    Script("assigned", 2, 1),
    Script("assigned", 16, 2, is_silent=True),
    Script("talk_a", 3, 1, talk=1),
    Script("talk_a", 4, 1, talk=0, b_is_informed=False),
    Script("approach_b", 4, 1, talk=2),
    Script("approach_b", 21, 2, pause="party_b"),
    Script("talk_b", 5, 2, talk=4),
    Script("talk_b", 6, 1, talk=-1),
    Script("mediation", 7, 1, talk=5),
    Script("mediation", 29, 1, pause="interpreter"),
    Script("aftercare", 29, 2),
    Script("aftercare", 30, 1, talk=2),
    Script("aftercare", 47, 1),
]
NORM_OF_INTAKE = 5


@dataclass
class Journey:
    """The dates of one case. ``phases`` are (phase, entered on), the first is the registration."""

    ending: Ending | None
    phases: list
    talks: list = field(default_factory=list)  # (kind, day, state)
    pauses: list = field(default_factory=list)  # (reason, first day, last day or None)
    decision_date: date | None = None
    aftercare_date: date | None = None
    close_date: date | None = None
    script: Script | None = None

    @property
    def registration_date(self):
        return self.phases[0][1]

    @property
    def phase(self):
        return "closed" if self.close_date else self.phases[-1][0]

    def passed(self, phase):
        """Tell whether the case has left ``phase`` behind after having been in it."""
        known = [code for code, _day in self.phases]
        return phase in known and (bool(self.close_date) or known[-1] != phase)

    def entered(self, phase):
        """Return the day on which the case came into ``phase``, None when it did not."""
        return dict(self.phases).get(phase)

    def stays(self):
        """Return ``[(phase, first day, day on which it was left or None)]``, the last is now."""
        course = [*self.phases]
        if self.close_date:
            course.append(("closed", self.close_date))
        ends = [day for _phase, day in course[1:]]
        return [(*stay, end) for stay, end in zip(course, [*ends, None], strict=True)]

    def outcome_of(self, number):
        """Return how the talk of that number, which was held, ended."""
        kind = self.talks[number][0]
        later = {talk[0] for talk in self.talks[number + 1 :] if talk[2] != "cancelled"}
        if kind == "approach_b" and kind in later:
            return "no_show"
        if kind == "talk_b" and "mediation" in (later | {self.phase}):
            return "follow_up"
        if (later - {"aftercare"}) or kind in ("talk_a", "approach_b") and not self.ending:
            return "onward"
        if not self.ending:
            return "agreements" if kind == "mediation" else "onward"
        outcome = self.ending.outcome
        if kind == "aftercare":
            return "solved" if self.is_positive() else "no_agreement"
        if kind == "mediation" or outcome == "OPG_PENDEL":
            return "agreements" if outcome.startswith("OPG") else "no_agreement"
        endings = {"B_ONBEREIKBAAR": "no_show", "DEELS": "no_agreement", "NIET_OPG": "no_agreement"}
        return endings.get(outcome) or ("solved" if outcome.startswith("OPG") else "stops")

    def is_positive(self):
        """Tell whether it was solved, by what is known last."""
        last = self.ending.aftercare_outcome or self.ending.outcome
        return last.startswith("OPG")


def is_workday(day):
    """Tell whether people hold talks on this day: no weekend and no Dutch public holiday."""
    fixed = {(1, 1), (27, 4), (25, 12), (26, 12)}
    after_easter = (day - easter(day.year)).days
    return (
        day.weekday() < 5 and (day.day, day.month) not in fixed and after_easter not in (1, 39, 50)
    )


def workday(day, step=1):
    """Return ``day``, or the nearest working day after it (before it with ``step`` -1)."""
    while not is_workday(day):
        day += timedelta(days=step)
    return day


def weekdays_before(day, count):
    """Return the day from which ``count`` days, Monday to Friday, end on ``day`` or thereafter."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def season(today, count):
    """Return ``count`` days of registration in the past two years, busy in summer, in order."""
    days = [today - timedelta(days=ago) for ago in range(DAYS, NEWEST_CLOSED, -1)]
    weights = list(
        accumulate(
            MONTH_WEIGHTS[day.month - 1]
            * WEEKDAY_WEIGHTS[day.weekday()]
            * next(share for ago, share in CLOSED_SHARES.items() if (today - day).days <= ago)
            for day in days
        )
    )
    rng = Random(f"{SEED}/season")
    return [
        days[bisect_left(weights, (number + rng.random()) / count * weights[-1])]
        for number in range(count)
    ]


def gaps_of(phases, rng):
    return {phase: rng.randint(*GAPS[phase]) for phase in phases}


def phases_until(last_phase, rng):
    """Return the phases up to the last one; some cases stand on the waiting list in between."""
    phases = list(PHASES[: PHASES.index(last_phase) + 1])
    if "assigned" in phases and rng.random() < WAITING_SHARE:
        phases.insert(phases.index("assigned"), "waiting")
    return phases


class ClosedPlan:
    """The course of a closed case before it has a date: how long everything takes."""

    def __init__(self, number, ending):
        rng = Random(f"{SEED}/closed/{number}")
        self.ending = ending
        phases = phases_until(ending.last_phase, rng)
        self.gaps = gaps_of(phases + ["aftercare"] * ending.aftercare, rng)
        talks = [phase for phase in phases if phase in TALK_PHASES]
        self.visits = 2 if ending.outcome == "B_ONBEREIKBAAR" else 0
        if "approach_b" in talks and rng.random() < SECOND_VISIT_SHARE:
            self.visits = self.visits or 1
        if self.visits:
            self.gaps["approach_b"] += 6 * self.visits
        self.pause = None
        if len(talks) > 1 and rng.random() < PAUSE_SHARE:
            reason = rng.choices(["party_b", "holiday", "party_a", "interpreter"], (6, 5, 2, 1))[0]
            self.pause = (rng.choice(talks[1:]), reason, rng.randint(6, 20))
            self.gaps[self.pause[0]] += self.pause[2] + 2
        self.cancelled = rng.choice(talks) if talks and rng.random() < CANCELLED_SHARE else None
        if self.cancelled:
            self.gaps[self.cancelled] += 7
        waits_for_advice = ending.last_phase == "intake" and ending.decision != "unsuitable"
        self.closing = rng.randint(4, 16) if waits_for_advice else rng.randint(0, 5)

    def walk(self, start):
        """Return the journey of this case when it is registered on ``start``."""
        journey = Journey(self.ending, [])
        day = start
        for phase, gap in self.gaps.items():
            journey.phases.append((phase, day))
            entered, day = day, workday(day + timedelta(days=gap))
            if phase == "intake":
                journey.decision_date = day
            elif phase == "aftercare":
                journey.aftercare_date = day
                journey.talks.append(("aftercare", day, "done"))
            elif phase in TALK_PHASES:
                self._hold_talks(journey, phase, entered, day)
        journey.close_date = workday(day + timedelta(days=self.closing))
        return journey

    def _hold_talks(self, journey, phase, entered, day):
        if phase == "approach_b":
            for visit in range(self.visits):
                visited = workday(entered + timedelta(days=1 + 5 * visit))
                journey.talks.append((phase, visited, "done"))
        if self.pause and self.pause[0] == phase:
            first = entered + timedelta(days=1)
            last = first + timedelta(days=self.pause[2] - 1)
            journey.pauses.append((self.pause[1], first, last))
        if self.cancelled == phase:
            journey.talks.append((phase, workday(day - timedelta(days=6), -1), "cancelled"))
        journey.talks.append((phase, day, "done"))


def open_journey(number, today, script):
    """Return the journey of a case that stands in a phase today, walked back to registration."""
    phase, talk_in = script.phase, script.talk
    rng = Random(f"{SEED}/open/{number}")
    last = "mediation" if phase == "aftercare" else phase
    if phase == "waiting":
        phases = ["new", "intake"]
    else:
        phases = [code for code in phases_until(last, rng) if code != phase]
    if script.days is None:
        day = weekdays_before(today, NORM_OF_INTAKE)
    else:
        day = today - timedelta(days=script.days)
        if phase != "new":
            day = workday(day, -1)
    entered = [(phase, day)]
    journey = Journey(None, entered, script=script)
    for code in reversed(phases):
        if code == "intake":
            journey.decision_date = day
        elif code in TALK_PHASES:
            journey.talks.insert(0, (code, day, "done"))
        gap = max(1, rng.randint(*GAPS[code]))
        day = workday(day - timedelta(days=gap), -1)
        entered.insert(0, (code, day))
    if talk_in is not None:
        planned = workday(today + timedelta(days=talk_in), -1 if talk_in < 0 else 1)
        journey.talks.append((phase, planned, "planned"))
    if script.pause:
        journey.pauses.append((script.pause, entered[-1][1] + timedelta(days=8), None))
    return journey


def take(pool, suits):
    """Take the first of the pool that suits out of it, or else simply the first."""
    chosen = next((entry for entry in pool if suits(entry)), pool[0])
    pool.remove(chosen)
    return chosen


def plan_journeys(today):
    """Return all journeys in order of registration: the same ones each time, moved to today."""
    rng = Random(f"{SEED}/endings")
    # each ending is spread evenly over the two years
    endings = [
        ((number + rng.random()) / count, ending)
        for count, ending in ENDINGS
        for number in range(count)
    ]
    endings.sort(key=lambda entry: entry[0])
    pool = [ClosedPlan(number, ending) for number, (_place, ending) in enumerate(endings)]
    journeys = [open_journey(number, today, script) for number, script in enumerate(OPEN)]
    for start in reversed(season(today, len(pool))):
        plan = take(pool, lambda plan, start=start: plan.walk(start).close_date < today)
        journeys.append(plan.walk(start))
    return sorted(journeys, key=lambda journey: journey.registration_date)
