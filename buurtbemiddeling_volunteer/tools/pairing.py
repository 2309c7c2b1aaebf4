"""Which two mediators fit a case best: plain Python, without records.

A mediator who breaks a hard rule is in no pair. A filter is a wish about the pair; it can be
lifted, and counts how many pairs it removes. What remains is ranked by a score, whose weights are
data. The best pairs are found exactly: sets of candidates are bits of one whole number, in the
order of rank, so that the best partner of a candidate is the lowest bit that is set.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from dataclasses import dataclass, field

# why a mediator is in no pair, in the order in which it is told
HARD_RULES = ("on_case", "not_ready", "resting", "full", "conflict")
# the wishes about a pair, each of which can be lifted
FILTERS = ("language", "competence", "daypart", "mix", "gender", "affinity")


@dataclass(frozen=True)
class Candidate:
    """A mediator as far as coupling is concerned. Sets hold ids; an empty one is not stated."""

    key: int
    on_case: bool = False  # coupled to the case now or before
    ready: bool = True  # trained, signed, in a phase that gets cases
    resting: bool = False  # on pause or away
    running: int = 0
    max_cases: int = 2
    conflict: bool = False  # not independent of a party
    overridden: bool = False  # the coordinator gave a reason why that is no objection
    experienced: bool = True
    gender: str = ""
    languages: frozenset = frozenset()
    competences: frozenset = frozenset()
    dayparts: frozenset = frozenset()
    affinities: frozenset = frozenset()
    cases_last_year: int = 0
    last_case_day: int = 0  # ordinal of a date, 0 when there was none

    def broken_rule(self):
        """Return the first hard rule that is broken, or ``None``."""
        broken = {
            "on_case": self.on_case,
            "not_ready": not self.ready,
            "resting": self.resting,
            "full": self.running >= self.max_cases,
            "conflict": self.conflict and not self.overridden,
        }
        return next((rule for rule in HARD_RULES if broken[rule]), None)


@dataclass(frozen=True)
class Wish:
    """What a case asks of a pair, and which of the filters were lifted."""

    languages: frozenset = frozenset()
    competences: frozenset = frozenset()
    dayparts: frozenset = frozenset()
    affinities: frozenset = frozenset()
    mixed_gender: bool = False
    lifted: frozenset = frozenset()

    def fits(self, name, first, second):
        """Return whether two candidates together meet the wish of the filter ``name``."""
        if name == "language":
            return self.languages <= first.languages | second.languages
        if name == "competence":
            return self.competences <= first.competences | second.competences
        if name == "daypart":
            stated = [s for s in (self.dayparts, first.dayparts, second.dayparts) if s]
            return not stated or bool(frozenset.intersection(*stated))
        if name == "mix":
            return first.experienced or second.experienced
        if name == "gender":
            return not self.mixed_gender or is_mixed(first.gender, second.gender)
        if name == "affinity":
            both = first.affinities | second.affinities
            return not self.affinities or bool(self.affinities & both)
        raise KeyError(name)

    def allows(self, first, second):
        """Return whether two candidates pass every filter that was not lifted."""
        return all(self.fits(name, first, second) for name in FILTERS if name not in self.lifted)


@dataclass(frozen=True)
class Pair:
    """Two mediators, the better placed first, and their score."""

    first: Candidate
    second: Candidate
    score: int


@dataclass
class Proposal:
    """The outcome of :func:`propose`."""

    pairs: list  # the best, in order
    total: int  # how many pairs pass all filters that are on
    removed: dict  # filter -> how many pairs it removes, or would remove when it was lifted
    refused: dict  # candidate key -> the hard rule that was broken
    counts: Counter = field(init=False)  # hard rule -> number of candidates

    def __post_init__(self):
        self.counts = Counter(self.refused.values())


def is_mixed(gender, other):
    """Return whether two stated genders differ; what was not stated says nothing."""
    return bool(gender and other) and gender != other


def own_score(candidate, wish, weights):
    """Return what one candidate brings into the score of a pair, whoever the other is."""
    stated = bool(candidate.dayparts & wish.dayparts)
    return (
        weights.get("daypart", 0) * stated
        - weights.get("load", 0) * candidate.cases_last_year
        - weights.get("running", 0) * candidate.running
    )


def pair_bonus(first, second, wish, weights):
    """Return what two candidates bring into the score together."""
    return (
        weights.get("language", 0) * len(wish.languages & (first.languages | second.languages))
        + weights.get("competence", 0)
        * len(wish.competences & (first.competences | second.competences))
        + weights.get("mix", 0) * (first.experienced != second.experienced)
        + weights.get("gender", 0) * (wish.mixed_gender and is_mixed(first.gender, second.gender))
        + weights.get("affinity", 0) * len(wish.affinities & (first.affinities | second.affinities))
    )


def rank(candidates, wish, weights):
    """Return the candidates, best first; among equals who had fewest cases and waited longest."""
    return sorted(
        candidates,
        key=lambda c: (
            -own_score(c, wish, weights),
            c.cases_last_year,
            c.last_case_day,
            c.running,
            c.key,
        ),
    )


def propose(candidates, wish, weights, limit, fixed=None):
    """Return the ``limit`` best pairs, exactly, and what each rule and filter removes.

    :param candidates: iterable of :class:`Candidate`, with different keys
    :param weights: {criterion: whole number, 0 or more}
    :param fixed: the candidate who is on the case already and needs a second, if any; hard rules
        are not asked of her
    :return: :class:`Proposal`; equal scores are in the order of :func:`rank`

    >>> vera, wim = Candidate(1), Candidate(2, experienced=False)
    >>> found = propose([vera, wim, Candidate(3, resting=True)], Wish(), {"mix": 5}, 10)
    >>> [(pair.first.key, pair.second.key, pair.score) for pair in found.pairs], found.refused
    ([(1, 2, 5)], {3: 'resting'})
    """
    refused, able = {}, []
    for candidate in candidates:
        if fixed and candidate.key == fixed.key:
            continue
        rule = candidate.broken_rule()
        if rule:
            refused[candidate.key] = rule
        else:
            able.append(candidate)
    pool = _Pool(rank(able, wish, weights), wish, weights, fixed)
    total, removed = pool.count()
    return Proposal(pool.best(limit), total, removed, refused)


class _Pool:
    """Ranked candidates; number ``n`` is bit ``n`` of every set."""

    def __init__(self, ranked, wish, weights, fixed=None):
        self.ranked, self.wish, self.weights, self.fixed = ranked, wish, weights, fixed
        self.everyone = (1 << len(ranked)) - 1
        self.who = defaultdict(int)  # (topic, value) -> set of candidates
        self.known = {}  # (filter, what counts of a candidate) -> set of partners
        self.classes = defaultdict(int)  # what counts for a bonus -> set of candidates
        self.example = {}  # the same -> one of them
        self.bonuses = {}  # (the same, the same) -> bonus
        for number, candidate in enumerate(ranked):
            bit = 1 << number
            for topic, value in self._facts(candidate):
                self.who[topic, value] |= bit
            kind = self._class_of(candidate)
            self.classes[kind] |= bit
            self.example.setdefault(kind, candidate)

    def _facts(self, candidate):
        yield "experienced", candidate.experienced
        yield "gender", candidate.gender
        yield from (("language", value) for value in candidate.languages)
        yield from (("competence", value) for value in candidate.competences)
        yield from (("affinity", value) for value in candidate.affinities)
        yield from (("daypart", value) for value in candidate.dayparts or ("any",))

    def _class_of(self, candidate):
        """Return what of a candidate counts for a bonus, or for any filter but the dayparts."""
        return (
            candidate.experienced,
            candidate.gender if self.wish.mixed_gender else "",
            candidate.languages & self.wish.languages,
            candidate.competences & self.wish.competences,
            candidate.affinities & self.wish.affinities,
        )

    # ------------------------------------------------------------
    # PARTNERS
    # ------------------------------------------------------------

    def partners(self, name, candidate):
        """Return the set of candidates who pass filter ``name`` with this one."""
        counts = self._what_counts(name, candidate)
        key = name, counts
        if key not in self.known:
            self.known[key] = self._find_partners(name, counts)
        return self.known[key]

    def _what_counts(self, name, candidate):
        """Return what of a candidate decides who is a partner, for a filter."""
        if name == "language":
            return self.wish.languages - candidate.languages
        if name == "competence":
            return self.wish.competences - candidate.competences
        if name == "daypart":
            return self._common_dayparts(candidate)
        if name == "mix":
            return candidate.experienced
        if name == "gender":
            return candidate.gender
        return bool(self.wish.affinities & candidate.affinities)

    def _common_dayparts(self, candidate):
        """Return when candidate and parties both can, or ``None`` when neither stated anything."""
        stated = [dayparts for dayparts in (candidate.dayparts, self.wish.dayparts) if dayparts]
        return frozenset.intersection(*stated) if stated else None

    def _find_partners(self, name, counts):
        if name in ("language", "competence"):
            found = self.everyone
            for missing in counts:
                found &= self.who[name, missing]
            return found
        if name == "daypart":
            if counts is None:
                return self.everyone
            found = self.who["daypart", "any"] if counts else 0
            for daypart in counts:
                found |= self.who["daypart", daypart]
            return found
        if name == "mix":
            return self.everyone if counts else self.who["experienced", True]
        if name == "gender":
            if not self.wish.mixed_gender:
                return self.everyone
            unmixed = self.who["gender", ""] | self.who["gender", counts]
            return self.everyone & ~unmixed if counts else 0
        if counts or not self.wish.affinities:
            return self.everyone
        found = 0
        for affinity in self.wish.affinities:
            found |= self.who["affinity", affinity]
        return found

    def _firsts(self):
        """Yield the candidates to find a partner for, each with the set of who may be one."""
        if self.fixed:
            yield self.fixed, self.everyone
            return
        for number, candidate in enumerate(self.ranked):
            yield candidate, self.everyone & (-1 << (number + 1))  # every pair once

    # ------------------------------------------------------------
    # COUNT
    # ------------------------------------------------------------

    def count(self):
        """Return how many pairs pass, and how many pairs each filter makes the difference for."""
        active = [name for name in FILTERS if name not in self.wish.lifted]
        total, other = 0, Counter()
        for candidate, rest in self._firsts():
            sets = {name: self.partners(name, candidate) for name in FILTERS}
            passed = rest
            for name in active:
                passed &= sets[name]
            total += passed.bit_count()
            for name in FILTERS:
                if name in self.wish.lifted:
                    other[name] += (passed & sets[name]).bit_count()
                    continue
                without = rest
                for kept in active:
                    if kept != name:
                        without &= sets[kept]
                other[name] += without.bit_count()
        return total, {name: abs(other[name] - total) for name in FILTERS}

    # ------------------------------------------------------------
    # BEST PAIRS
    # ------------------------------------------------------------

    def best(self, limit):
        """Return the best pairs: by score, then by the rank of the first and of the second."""
        own = [own_score(candidate, self.wish, self.weights) for candidate in self.ranked]
        found = []  # (-score, number of the first, number of the second), in order
        for number, (candidate, rest) in enumerate(self._firsts()):
            mine = own_score(candidate, self.wish, self.weights)
            # partners come after the candidate in rank, so nobody who follows can do better
            at_best = mine + (mine if not self.fixed else own[0] if own else 0)
            if len(found) == limit and -(at_best + self._highest_bonus()) > found[-1][0]:
                break
            for name in FILTERS:
                if name not in self.wish.lifted:
                    rest &= self.partners(name, candidate)
            for kind, members in self.classes.items():
                partners = members & rest
                bonus = self._bonus(candidate, kind) if partners else 0
                while partners:
                    lowest = (partners & -partners).bit_length() - 1
                    entry = (-(mine + own[lowest] + bonus), number, lowest)
                    if len(found) == limit and entry > found[-1]:
                        break  # whoever comes after in this class is no better
                    insort(found, entry)
                    del found[limit:]
                    partners &= partners - 1
        return [
            Pair(self.fixed or self.ranked[number], self.ranked[lowest], -negative)
            for negative, number, lowest in found
        ]

    def _bonus(self, candidate, kind):
        """Return the bonus of a candidate with anyone of a class."""
        key = self._class_of(candidate), kind
        if key not in self.bonuses:
            self.bonuses[key] = pair_bonus(candidate, self.example[kind], self.wish, self.weights)
        return self.bonuses[key]

    def _highest_bonus(self):
        """Return a bonus that no pair exceeds."""
        wish, weights = self.wish, self.weights
        return (
            weights.get("language", 0) * len(wish.languages)
            + weights.get("competence", 0) * len(wish.competences)
            + weights.get("mix", 0)
            + weights.get("gender", 0)
            + weights.get("affinity", 0) * len(wish.affinities)
        )
