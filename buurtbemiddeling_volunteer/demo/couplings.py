"""Who mediates in which demo case: fair, near the language, never in the own neighbourhood."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from odoo.addons.buurtbemiddeling_case.demo.journeys import SEED

HALF_YEAR = timedelta(days=183)
FIRST_WEEKS = timedelta(days=40)


class Couplings:
    """Chooses two mediators for each case, in order of time, as a coordinator would."""

    def __init__(self, members):
        """Take the members.

        :param members: dictionaries with key, since, until, area, languages, max, novice, and login
            for who logs in to the demo, and so has a case to look at
        """
        self.members = members
        self.periods = defaultdict(list)  # member key -> [(first day, last day or None)]

    def choose(self, number, first, last, area, language):
        """Return the keys of two members for a case from ``first`` until ``last``."""
        rng = Random(f"{SEED}/coupling/{number}")
        chosen = []
        for _each in range(2):
            novice_there = any(member["novice"] for member in chosen)
            best = min(
                (
                    member
                    for member in self.members
                    if member not in chosen
                    and member["since"] <= first
                    and (not member["until"] or (last and last <= member["until"]))
                    and not (novice_there and member["novice"])
                ),
                key=lambda member: (
                    member["area"] == area,
                    bool(last or not member.get("login") or self._open(member)),
                    not last and self._open(member) >= member["max"],
                    self._running(member, first) >= member["max"],
                    bool(language) and language not in member["languages"] and not chosen,
                    self._load(member, first),
                    rng.random(),
                ),
            )
            chosen.append(best)
            self.periods[best["key"]].append((first, last))
        return [member["key"] for member in chosen]

    def _running(self, member, day):
        """Return in how many cases a member is at work on a day."""
        return sum(until is None or until >= day for _since, until in self.periods[member["key"]])

    def _open(self, member):
        """Return how many cases of a member last until today."""
        return sum(until is None for _since, until in self.periods[member["key"]])

    def _load(self, member, day):
        """Return how many cases someone had lately, for the room and the time there was."""
        recent = sum(since > day - HALF_YEAR for since, _until in self.periods[member["key"]])
        return recent / member["max"] / min(day - member["since"] + FIRST_WEEKS, HALF_YEAR).days
