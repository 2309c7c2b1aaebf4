"""When things happen in a case. Plain dates, no records."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from odoo.addons.buurtbemiddeling_case.tools import due_day

from . import shares
from .shares import Draw

PHASES = ("new", "intake", "assigned", "talk_a", "approach_b", "talk_b", "mediation")
TALKS = ("talk_a", "talk_b", "mediation")  # the phases that end with a talk
ATTEMPTS = {"visit": 6, "letter": 2, "phone": 2}
UNREACHED = {"visit": "nobody", "phone": "nobody", "letter": "left"}

draw_ending, draw_waiting, draw_pause, draw_attempt = (
    Draw(table) for table in (shares.ENDINGS, shares.WAITING_REASONS, shares.PAUSES, ATTEMPTS)
)
draw_reason = {ending: Draw(ending.reasons) for ending in shares.ENDINGS}


class WorkingDays:
    """The days on which organisations work, Monday to Friday, in order."""

    def __init__(self, first, last, holidays):
        every = (first + timedelta(n) for n in range((last - first).days + 1))
        self.days = [day for day in every if day.weekday() < 5 and day not in holidays]

    def on_or_after(self, day):
        """The first working day from `day` on."""
        return self.days[bisect_left(self.days, day)]

    def due(self, since, norm, pauses=()):
        """The last day of a norm of so many working days; None without a norm."""
        if not norm:
            return None
        if pauses:
            return due_day(self.days, since, norm, pauses)
        return self.days[bisect_right(self.days, since) + norm - 1]


class Season:
    """Draws days of a year, more of them in summer and fewer at weekends and on holidays."""

    def __init__(self, year, holidays):
        first = date(year, 1, 1)
        self.days = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
        self.limits = list(
            accumulate(
                shares.MONTHS[day.month - 1]
                * shares.WEEKDAYS[6 if day in holidays else day.weekday()]
                for day in self.days
            )
        )

    def days_of(self, number, chance):
        """So many days of the year, in order."""
        total = self.limits[-1]
        return sorted(
            self.days[bisect_left(self.limits, chance.random() * total)] for _case in range(number)
        )


@dataclass
class Journey:
    """The course of one case, as far as it is known on the last day."""

    ending: object
    reason: str
    stays: list = field(default_factory=list)  # (phase, entered on)
    talks: list = field(default_factory=list)  # (kind, day, planned on, how it ended or None)
    attempts: list = field(default_factory=list)  # to reach the other party: (day, mode, outcome)
    pause: tuple | None = None  # (reason, first day, last day or None)
    waiting_reason: str | None = None
    decision_date: date | None = None
    close_date: date | None = None
    aftercare_date: date | None = None
    wants_aftercare: bool = False
    aftercare_outcome: str | None = None

    @property
    def phase(self):
        """The phase in which it is."""
        return self.stays[-1][0]

    def pauses(self, before=date.max):
        """The pauses that began before a day, as pairs of dates."""
        return [self.pause[1:]] if self.pause and self.pause[1] < before else []

    def last_talk(self):
        """The day of the last talk that was held, or None."""
        return max((talk[1] for talk in self.talks if talk[3]), default=None)


def walk(start, working, chance):
    """The whole course of a case that comes in on the day `start`."""
    random = chance.random
    ending = draw_ending(chance)
    journey = Journey(ending, draw_reason[ending](chance))
    phases = list(PHASES[: PHASES.index(ending.last_phase) + 1])
    if "assigned" in phases and random() < shares.WAITING:
        phases.insert(2, "waiting")
        journey.waiting_reason = draw_waiting(chance)
    paused = phases[3 + int(random() * (len(phases) - 3))] if len(phases) > 3 else None
    if paused and random() >= shares.PAUSED:
        paused = None
    day = start
    for phase in phases:
        journey.stays.append((phase, day))
        gap = timedelta(_between(shares.GAPS[phase], random))
        entered, day = day, working.on_or_after(day + gap)
        if phase == paused:
            first = entered + timedelta(1)
            last = first + timedelta(6 + int(20 * random()))
            journey.pause = (draw_pause(chance), first, last)
            day = working.on_or_after(max(day, last) + timedelta(1))
        if phase == "intake":
            journey.decision_date = day
        elif phase == "approach_b":
            _attempt(journey, entered, day, chance)
        elif phase in TALKS:
            journey.talks.append((phase, day, entered, _talk_outcome(ending, phase)))
    _end(journey, day, working, random)
    return journey


def _between(limits, random):
    return limits[0] + int((limits[1] - limits[0] + 1) * random())


def _attempt(journey, entered, day, chance):
    """Attempts to reach the other party: the last one on `day`, and what came of it."""
    outcome = journey.ending.outcome
    result = {"B_WEIGERT": "refuses", "COACHING": "refuses", "B_ONBEREIKBAAR": None}
    result = result.get(outcome, "willing")
    count = 3 if result is None else 1 + (chance.random() < 0.3)
    for number in range(count):
        last = number == count - 1
        when = day if last else entered + (day - entered) * number // count
        mode = draw_attempt(chance)
        reached = last and result
        if reached and mode == "letter":
            mode = "phone"
        journey.attempts.append((when, mode, reached or UNREACHED[mode]))


def _talk_outcome(ending, phase):
    """How the talk in a phase ended."""
    if phase != ending.last_phase:
        return "onward"
    if ending.outcome == "OPG_BEM":
        return "agreements"
    if ending.is_positive():
        return "solved"
    return "no_agreement" if phase == "mediation" else "stops"


def _end(journey, day, working, random):
    """Close the case, and ask how it is: before that, after it, or not at all."""
    ending = journey.ending
    asked = random() < ending.aftercare
    closing = timedelta(_between(shares.CLOSING, random))
    later = timedelta(_between(shares.GAPS["aftercare"], random))
    if asked:
        journey.wants_aftercare = True
        journey.aftercare_date = working.on_or_after(day + later)
        draw, journey.aftercare_outcome = random(), ending.outcome
        for outcome, share in ending.later.items():
            if draw < share:
                journey.aftercare_outcome = outcome
    if asked and journey.talks and random() < shares.AFTERCARE_PHASE:
        journey.stays.append(("aftercare", day))
        journey.close_date = working.on_or_after(journey.aftercare_date + closing)
    else:
        journey.close_date = working.on_or_after(day + closing)
        if asked and journey.aftercare_date < journey.close_date:
            journey.aftercare_date = journey.close_date
    journey.stays.append(("closed", journey.close_date))


def until(journey, today):
    """Leave out what comes after `today`; a talk of the phase it is in is planned."""
    if journey.close_date <= today and (journey.aftercare_date or today) <= today:
        return journey
    journey.stays = [stay for stay in journey.stays if stay[1] <= today]
    journey.talks = [
        talk if talk[1] <= today else (*talk[:3], None)
        for talk in journey.talks
        if talk[2] <= today
    ]
    journey.attempts = [attempt for attempt in journey.attempts if attempt[0] <= today]
    if journey.pause and journey.pause[1] > today:
        journey.pause = None
    elif journey.pause and journey.pause[2] > today:
        journey.pause = (*journey.pause[:2], None)
    if journey.close_date > today:
        journey.close_date = None
    if journey.decision_date > today:
        journey.decision_date = None
    if journey.aftercare_date and journey.aftercare_date > today:
        journey.aftercare_date = journey.aftercare_outcome = None
    return journey
