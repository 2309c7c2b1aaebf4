from dataclasses import replace
from itertools import combinations
from random import Random
from time import perf_counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.pairing import (
    FILTERS,
    Candidate,
    Wish,
    own_score,
    pair_bonus,
    propose,
    rank,
)

WEIGHTS = {
    "language": 40, "competence": 30, "mix": 20, "gender": 15, "affinity": 10, "daypart": 10,
    "load": 8, "running": 6,
}  # fmt: skip
LIMIT = 7


def pools(count):
    """Return settings for ``count`` generated pools, the same in every run: red is red again."""
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=count,
        suppress_health_check=list(HealthCheck),
    )


def some(count):
    return st.frozensets(st.integers(1, count), max_size=count)


CANDIDATE = st.builds(
    Candidate,
    key=st.integers(),
    on_case=st.sampled_from([False, False, False, True]),
    ready=st.sampled_from([True, True, True, False]),
    resting=st.sampled_from([False, False, False, True]),
    running=st.integers(0, 2),
    max_cases=st.integers(0, 3),
    conflict=st.booleans(),
    overridden=st.booleans(),
    experienced=st.booleans(),
    gender=st.sampled_from(["", "woman", "man", "other"]),
    languages=some(3),
    competences=some(3),
    dayparts=some(4),
    affinities=some(3),
    cases_last_year=st.integers(0, 4),
    last_case_day=st.integers(0, 3),
)
POOL = st.lists(CANDIDATE, max_size=9).map(
    lambda pool: [replace(candidate, key=key) for key, candidate in enumerate(pool, 1)]
)
WISH = st.builds(
    Wish,
    languages=some(3),
    competences=some(3),
    dayparts=some(4),
    affinities=some(3),
    mixed_gender=st.booleans(),
    lifted=st.frozensets(st.sampled_from(FILTERS)),
)
WEIGHT = st.fixed_dictionaries({name: st.integers(0, 50) for name in WEIGHTS})


def by_brute_force(pool, wish, weights, fixed=None):
    """Return ``[(first key, second key, score)]`` of all pairs that are allowed, best first."""
    ranked = rank([c for c in pool if not c.broken_rule() and c != fixed], wish, weights)
    if fixed:
        couples = [((0, fixed), (place, other)) for place, other in enumerate(ranked)]
    else:
        couples = combinations(enumerate(ranked), 2)
    found = []
    for (place, first), (other_place, second) in couples:
        if wish.allows(first, second):
            score = own_score(first, wish, weights) + own_score(second, wish, weights)
            score += pair_bonus(first, second, wish, weights)
            found.append((-score, place, other_place, first.key, second.key))
    return [(first, second, -score) for score, _place, _other, first, second in sorted(found)]


@tagged("post_install", "-at_install")
class TestPairing(BaseCase):
    """The best pairs, in plain Python: no rule is ever broken, and no better pair is missed."""

    @pools(1000)
    @given(POOL, WISH, WEIGHT)
    def test_no_proposal_breaks_a_hard_rule(self, pool, wish, weights):
        proposal = propose(pool, wish, weights, LIMIT)
        self.assertLessEqual(len(proposal.pairs), LIMIT)
        for pair in proposal.pairs:
            self.assertNotEqual(pair.first.key, pair.second.key)
            for candidate in (pair.first, pair.second):
                self.assertFalse(candidate.on_case)
                self.assertTrue(candidate.ready)
                self.assertFalse(candidate.resting)
                self.assertLess(candidate.running, candidate.max_cases)
                self.assertTrue(candidate.overridden or not candidate.conflict)
            both_new = not (pair.first.experienced or pair.second.experienced)
            self.assertFalse(both_new and "mix" not in wish.lifted)
            self.assertTrue(wish.allows(pair.first, pair.second))

    @pools(300)
    @given(POOL, WISH, WEIGHT)
    def test_the_result_is_that_of_trying_every_pair(self, pool, wish, weights):
        proposal = propose(pool, wish, weights, LIMIT)
        every = by_brute_force(pool, wish, weights)
        found = [(pair.first.key, pair.second.key, pair.score) for pair in proposal.pairs]
        self.assertEqual(found, every[:LIMIT])
        self.assertEqual(proposal.total, len(every))
        for name in FILTERS:
            other = by_brute_force(pool, replace(wish, lifted=wish.lifted ^ {name}), weights)
            self.assertEqual(proposal.removed[name], abs(len(other) - len(every)), name)

    @pools(200)
    @given(POOL.filter(bool), WISH, WEIGHT)
    def test_a_second_is_found_for_the_one_who_is_there(self, pool, wish, weights):
        proposal = propose(pool, wish, weights, LIMIT, fixed=pool[0])
        every = by_brute_force(pool, wish, weights, fixed=pool[0])
        found = [(pair.first.key, pair.second.key, pair.score) for pair in proposal.pairs]
        self.assertEqual(found, every[:LIMIT])
        self.assertEqual(proposal.total, len(every))

    @pools(200)
    @given(POOL, WISH, WEIGHT, st.randoms(use_true_random=False))
    def test_the_order_in_which_volunteers_come_in_changes_nothing(self, pool, wish, weights, rng):
        shuffled = list(pool)
        rng.shuffle(shuffled)
        self.assertEqual(
            propose(pool, wish, weights, LIMIT).pairs,
            propose(shuffled, wish, weights, LIMIT).pairs,
        )

    def propose(self, *candidates, **wish):
        return propose(candidates, Wish(**wish), WEIGHTS, LIMIT)

    def keys(self, proposal):
        return [{pair.first.key, pair.second.key} for pair in proposal.pairs]

    def test_one_experienced_with_one_new_comes_first_and_two_new_never(self):
        pool = [
            Candidate(1),
            Candidate(2),
            Candidate(3, experienced=False),
            Candidate(4, experienced=False),
        ]
        found = self.keys(self.propose(*pool))
        self.assertNotIn({3, 4}, found)
        self.assertEqual(found[-1], {1, 2})
        self.assertIn({3, 4}, self.keys(self.propose(*pool, lifted=frozenset({"mix"}))))

    def test_work_is_shared_fairly_and_who_waited_longest_goes_first(self):
        busy = Candidate(1, cases_last_year=3)
        free = Candidate(2, last_case_day=20)
        waits = Candidate(3, last_case_day=10)
        found = self.propose(busy, free, waits)
        self.assertEqual((found.pairs[0].first.key, found.pairs[0].second.key), (3, 2))
        self.assertEqual(found.pairs[-1].second, busy)

    def test_one_of_the_two_speaks_the_language_and_a_filter_says_what_it_removes(self):
        pool = [Candidate(1, languages=frozenset({7})), Candidate(2), Candidate(3)]
        found = self.propose(*pool, languages=frozenset({7}))
        self.assertEqual(found.removed["language"], 1)
        self.assertEqual(found.total, 2)
        self.assertTrue(all(1 in keys for keys in self.keys(found)))

    def test_a_filter_that_empties_the_list_can_be_lifted_and_the_wish_still_counts(self):
        pool = [
            Candidate(1),
            Candidate(2),
            Candidate(3, languages=frozenset({7}), experienced=False),
            Candidate(4, experienced=False),
        ]
        wish = {"languages": frozenset({7}), "affinities": frozenset({5})}
        self.assertFalse(self.propose(*pool, **wish).pairs)
        lifted = self.propose(*pool, **wish, lifted=frozenset({"affinity"}))
        self.assertTrue(lifted.pairs)
        both = self.propose(*pool, **wish, lifted=frozenset({"affinity", "language"}))
        self.assertIn(3, self.keys(both)[0])

    def test_dayparts_that_were_not_stated_are_in_nobodys_way(self):
        monday, tuesday = frozenset({1}), frozenset({2})
        pool = [Candidate(1, dayparts=monday), Candidate(2, dayparts=tuesday), Candidate(3)]
        self.assertCountEqual(self.keys(self.propose(*pool)), [{1, 3}, {2, 3}])
        self.assertEqual(self.keys(self.propose(*pool, dayparts=monday)), [{1, 3}])

    def test_every_refusal_has_its_own_reason(self):
        found = self.propose(
            Candidate(1, on_case=True),
            Candidate(2, ready=False),
            Candidate(3, resting=True),
            Candidate(4, running=2),
            Candidate(5, conflict=True),
            Candidate(6, conflict=True, overridden=True),
        )
        self.assertEqual(
            found.refused,
            {1: "on_case", 2: "not_ready", 3: "resting", 4: "full", 5: "conflict"},
        )
        self.assertEqual(found.counts["full"], 1)

    def test_the_whole_country_is_ranked_in_a_blink(self):
        rng = Random("national")

        def draw(count, share):
            return frozenset(value for value in range(count) if rng.random() < share)

        pool = [
            Candidate(
                key,
                max_cases=3,
                running=rng.randint(0, 2),
                experienced=rng.random() < 0.7,
                gender=rng.choice(["", "woman", "man"]),
                languages=draw(6, 0.2),
                competences=draw(6, 0.3),
                dayparts=draw(21, 0.3),
                affinities=draw(8, 0.2),
                cases_last_year=rng.randint(0, 8),
                last_case_day=rng.randint(0, 400),
            )
            for key in range(3300)
        ]
        wish = Wish(frozenset({1}), frozenset({2, 3}), frozenset({1, 5, 8}), frozenset({1}), True)
        start = perf_counter()
        self.assertEqual(len(propose(pool, wish, WEIGHTS, LIMIT).pairs), LIMIT)
        self.assertLess(perf_counter() - start, 3, "usually a tenth of a second")
