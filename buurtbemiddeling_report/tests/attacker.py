"""An attacker on what leaves the organisation. Knows nothing of how numbers were hidden.

Everything that is known of the numbers becomes a linear equation or inequality: what is shown, that
rows add up to totals, municipalities and single breakdowns, that one condition is part of another,
that some rows count fully or not at all in a column, that cases only come. The smallest and the
largest value that a hidden number can have then tell whether it is found.
"""

import math
import random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


class Attacker:
    """Collects what is known, by names of unknown counts, and looks for what follows."""

    def __init__(self):
        self.index = {}
        self.equal = []  # pairs ({name: factor}, value)
        self.at_most = []

    def learn(self, terms, value):
        """The sum of ``{name: factor}`` is ``value``."""
        self.equal.append((self._number(terms), value))

    def learn_at_most(self, terms, value=0):
        self.at_most.append((self._number(terms), value))

    def _number(self, terms):
        return {
            self.index.setdefault(name, len(self.index)): factor for name, factor in terms.items()
        }

    def _get_system(self):
        """Return what is known as two pairs of a matrix and its right hand side."""
        system = []
        for known in (self.equal, self.at_most):
            data = [(row, i, f) for row, (terms, _v) in enumerate(known) for i, f in terms.items()]
            rows, columns, factors = zip(*data, strict=True) if data else ((), (), ())
            shape = (len(known), len(self.index))
            matrix = csr_matrix((factors, (rows, columns)), shape)
            system.append((matrix, [value for _terms, value in known]))
        return system

    def _solve(self, goal):
        """Return the solution that makes the goal as small as possible."""
        (equal, values), (at_most, limits) = self.system
        result = linprog(
            goal,
            A_ub=at_most if limits else None,
            b_ub=limits or None,
            A_eq=equal if values else None,
            b_eq=values or None,
            bounds=(0, 100_000),
            method="highs",
        )
        if result.status != 0:
            raise AssertionError(f"what is shown contradicts itself: {result.message}")
        return result.x

    def find(self, expressions, seed=0, most=None):
        """Return ``{key: value}`` of the expressions that can have one value only.

        :param expressions: ``{key: {name: factor}}``
        :param most: do not look for more than so many
        """
        rng = random.Random(seed)
        numbered = {key: self._number(terms) for key, terms in expressions.items()}
        goals = {key: np.zeros(len(self.index)) for key in expressions}
        for key, terms in numbered.items():
            for number, factor in terms.items():
                goals[key][number] = factor
        bounds = {key: [math.inf, -math.inf] for key in goals}

        def look(solution):
            for key, goal in goals.items():
                value = float(goal @ solution)
                bounds[key] = [min(bounds[key][0], value), max(bounds[key][1], value)]

        def is_open(key):
            low, high = bounds[key]
            return math.floor(high + 1e-6) > math.ceil(low - 1e-6)

        self.system = self._get_system()
        unknown, tried = list(goals), 0
        while unknown and tried < 4:  # most are open: one solution may tell so of many
            look(self._solve(sum(rng.uniform(-1, 1) * goals[key] for key in unknown)))
            left = [key for key in unknown if not is_open(key)]
            tried = tried + 1 if len(left) == len(unknown) else 0
            unknown = left
        found = {}
        for key, goal in goals.items():
            if len(found) == most:
                break
            if not is_open(key):
                look(self._solve(goal))
            if not is_open(key):
                look(self._solve(-goal))
            if not is_open(key):
                found[key] = round(bounds[key][1])
        return found
