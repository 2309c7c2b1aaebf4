"""Why a figure differs between two moments, from the facts of then and now. Knows no records."""

from collections import defaultdict, namedtuple

from .places import places

#: One record at one moment: ``facts`` by name, and ``met``: the keys of the conditions it meets
Seen = namedtuple("Seen", "facts met")


class Changes:
    """What became of the records behind the figures of a benchmark.

    :param then: ``{id: Seen}`` when the figures were computed
    :param now: ``{id: Seen}`` today; a record that no longer belongs there meets nothing
    :param fates: ``{id: kind}`` of records of which facts can not tell it: added, gone, ...
    :param follows: ``{fact: facts from which it follows}``; a change is told by those, if they
        changed, else by the fact itself
    :param scope: the facts by which a record belongs here at all: told when nothing else changed
    :param lists: ``{fact: the code list that decides it}``; when nothing else changed, the list did

    >>> then = {1: Seen({"outcome": 5, "positive": True}, {"solved"})}
    >>> now = {1: Seen({"outcome": 6, "positive": False}, set())}
    >>> Changes(then, now, {}, {}, {"positive": "outcome"}).explain(
    ...     {"solved": None}, [], [], (), ["positive"])
    {('facts', ('outcome',)): [1]}
    >>> now = {1: Seen({"outcome": 5, "positive": False}, set())}
    >>> Changes(then, now, {}, {}, {"positive": "outcome"}).explain(
    ...     {"solved": None}, [], [], (), ["positive"])
    {('list', ('outcome',)): [1]}
    """

    def __init__(self, then, now, fates, follows, lists, scope=()):
        self.then, self.now, self.fates = then, now, fates
        self.follows, self.lists, self.scope = follows, lists, scope
        self._indexes = {}

    def get_moved(self, groups):
        """Return the ids that count elsewhere: in other figures, or in other rows of them.

        :param groups: pairs ``(keys, names)``: which figures are broken down by which facts
        """

        def place(seen):
            rows = []
            for keys, names in groups if seen else ():
                met = seen.met.intersection(keys)
                rows.append(met and (met, [seen.facts.get(name) for name in names]))
            return [row for row in rows if row]

        ids = sorted(self.then.keys() | self.now.keys())
        return [key for key in ids if place(self.then.get(key)) != place(self.now.get(key))]

    def explain(self, keys, names_then, names_now, values, relevant):
        """Return ``{(kind, facts): ids}`` of the records that make one figure differ.

        :param keys: ``{condition of the figure: the fact that is measured there, if any}``
        :param names_then: the facts of the breakdown then; ``names_now`` those of today
        :param values: the row of the breakdown, see ``places``; ``()`` for the total
        :param relevant: the facts by which the figure is defined
        """

        def sign(seen):
            return [
                (key, seen.facts.get(measure)) for key, measure in keys.items() if key in seen.met
            ]

        causes = defaultdict(list)
        found_then = self._get_index("then", names_then).get(values, set())
        found_now = self._get_index("now", names_now).get(values, set())
        for key in sorted(found_then | found_now):
            before = sign(self.then[key]) if key in found_then else []
            after = sign(self.now[key]) if key in found_now else []
            if before != after:
                causes[self._get_cause(key, {*relevant, *names_then})].append(key)
        return dict(causes)

    def _get_cause(self, key, names):
        if key in self.fates:
            return self.fates[key], ()
        before, after = self.then[key].facts, self.now[key].facts

        def is_changed(name):
            return name in before and before[name] != after.get(name)

        facts, lists = set(), set()
        for name in filter(is_changed, names):
            roots = self.follows.get(name, ())
            if name in self.lists:
                roots = (self.lists[name],)
            changed = set(filter(is_changed, roots))
            if changed:
                facts |= changed
            elif name in self.lists:
                lists.add(self.lists[name])
            else:
                facts.add(name)
        if not facts and not lists:
            facts.update(filter(is_changed, self.scope))
        if facts:
            return "facts", tuple(sorted(facts))
        return ("list", tuple(sorted(lists))) if lists else ("other", ())

    def _get_index(self, moment, names):
        """Return ``{row of the breakdown: ids}`` at one moment."""
        index = self._indexes.get((moment, *names))
        if index is None:
            index = self._indexes[(moment, *names)] = defaultdict(set)
            for key, seen in getattr(self, moment).items():
                for values in places([seen.facts.get(name) for name in names]):
                    index[values].add(key)
        return index
