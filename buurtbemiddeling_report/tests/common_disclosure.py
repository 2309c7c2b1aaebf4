import random

from ..tools.disclosure_file import File, Shown, Table
from .attacker import Attacker

THRESHOLD = 5
COLUMNS = "registered closed running suitable handled positive complex self closed_positive".split()
# code: suitable, handled, positive
RESULTS = {"SOLVED": "yyy", "ADVICE": "yyy", "NOT": "yyn", "GONE": "ynn", "UNFIT": "nnn"}
SHARES = (
    ("registered", "suitable"), ("registered", "positive"), ("suitable", "positive"),
    ("handled", "positive"), ("registered", "complex"), ("registered", "self"),
    ("closed", "closed_positive"),
)  # fmt: skip
FIGURES = (
    *({column} for column in COLUMNS[:6]), *(set(share) for share in SHARES),
)  # fmt: skip
# the second is part of the first, in every row of everything
PARTS = (
    *SHARES, ("registered", "handled"), ("suitable", "handled"), ("closed", "handled"),
    ("closed_positive", "positive"),
)  # fmt: skip
# of these the rest in a row counts cases of this year that are told apart by no other figure
NESTED = (("registered", "handled"), ("suitable", "handled"))
PARENTS = {
    "referrer": (), "municipality": (), "area": ("municipality",), "result": (),
    "nuisance": (), "main_nuisance": (), "referrer_area": ("referrer", "area"),
    "area_nuisance": ("area", "main_nuisance"), "referrer_year": ("referrer", None),
}  # fmt: skip


class World:
    """Cases made at random, and what a benchmark counts of them."""

    def __init__(self, seed, size, areas=6, referrers=5, nuisances=4, evenness=1.0):
        rng = random.Random(seed)

        def weights(count):
            return [rng.random() ** (3 / evenness) + 0.01 for _i in range(count)]

        names = {
            "referrer": ["ZELF", *(f"R{i}" for i in range(1, referrers))],
            "area": [f"A{i}" for i in range(areas)],
            "nuisance": ["NONE", *(f"N{i}" for i in range(1, nuisances))],
            "result": list(RESULTS),
        }
        odds = {name: weights(len(codes)) for name, codes in names.items()}
        complexity, carried, open_share = rng.random(), rng.random() * 0.5, rng.random() * 0.5
        self.names = names
        self.cases = []
        for _i in range(size):
            case = {name: rng.choices(names[name], odds[name])[0] for name in names}
            case["municipality"] = f"M{int(case['area'][1:]) % 3}"
            case["main_nuisance"] = case["nuisance"]
            case["year"] = "now" if rng.random() > carried else "before"
            case["is_complex"] = rng.random() < complexity / 3
            case["when"] = rng.random()  # when it came in, and when it was closed
            case["closed"] = case["when"] + rng.random() * open_share * 2
            self.cases.append(case)

    def count(self, cases, moment):
        """Return ``{column: count}`` at a moment between 0 and 1."""
        result = dict.fromkeys(COLUMNS, 0)
        for case in cases:
            if case["year"] == "now" and case["when"] > moment:
                continue
            registered = case["year"] == "now"
            closed = case["closed"] <= moment
            flags = [flag == "y" for flag in RESULTS[case["result"]]] if closed else [True, 0, 0]
            result["registered"] += registered
            result["closed"] += closed
            result["running"] += not closed
            result["suitable"] += registered and flags[0]
            result["handled"] += registered and flags[1]
            result["positive"] += registered and flags[2]
            result["complex"] += registered and case["is_complex"]
            result["self"] += registered and case["referrer"] == "ZELF"
            result["closed_positive"] += closed and flags[2]
        return result

    def rows_of(self, case, moment):
        """Yield the table and the row under which a case counts."""
        result = case["result"] if case["closed"] <= moment else "NONE"
        for name in PARENTS:
            if name == "result":
                yield name, (result,)
            else:
                yield name, tuple(case[part] for part in self.split(name))

    @staticmethod
    def split(name):
        return [name] if name == "main_nuisance" else name.split("_")

    def file(self, moment=1.0, inside=None, tables=tuple(PARENTS)):
        """Return the ``File`` of a benchmark, of all or of one municipality."""
        cases = [case for case in self.cases if inside in (None, case["municipality"])]
        members = {name: {} for name in tables}
        for case in cases:
            for name, row in self.rows_of(case, moment):
                if name in members:
                    members[name].setdefault(row, []).append(case)
        found = {}
        for name, rows in members.items():
            counted = {row: self.count(rows[row], moment) for row in rows}
            if "year" in name:  # with what came in, those closed would tell those running
                for counts in counted.values():
                    del counts["closed"], counts["closed_positive"], counts["running"]
            rows = {row: counts for row, counts in counted.items() if any(counts.values())}
            above = tuple(
                (
                    parent if parent in tables else None,
                    {row: self.above(name, row, index) for row in rows},
                )
                for index, parent in enumerate(PARENTS[name])
                if parent is None or parent in tables or len(PARENTS[name]) > 1
            )
            twin = {"nuisance": "main_nuisance", "main_nuisance": "nuisance"}.get(name)
            found[name] = Table(rows, above, twin)
        return File(
            self.count(cases, moment),
            found,
            tuple(frozenset(figure) for figure in FIGURES),
            SHARES,
            ("running", "registered", "closed"),
            frozenset(["running"]),
            ({"suitable": 1, "handled": -1, "running": -1},),
            NESTED,
        )

    @staticmethod
    def above(name, row, index):
        return (f"M{int(row[0][1:]) % 3}",) if name == "area" else (row[index],)

    def universe(self, name):
        """Return all rows that a table may have."""
        codes = [
            {
                "municipality": ["M0", "M1", "M2"],
                "result": [*RESULTS, "NONE"],
                "year": ["now", "before"],
                "main_nuisance": self.names["nuisance"],
            }.get(part)
            or self.names[part]
            for part in self.split(name)
        ]
        if len(codes) == 1:
            return [(code,) for code in codes[0]]
        return [(first, second) for first in codes[0] for second in codes[1]]


class Primary:
    """What is shown when only the small numbers themselves are hidden."""

    def __init__(self, file):
        def small(counts):
            return {column for column, count in counts.items() if 0 < count < THRESHOLD} | {
                part
                for base, part in SHARES
                if 0 < counts.get(base, 0) - counts.get(part, 0) < THRESHOLD
            }

        self.totals = frozenset(file.totals.keys() - small(file.totals))
        self.tables = {}
        for name, table in file.tables.items():
            rows = {row for row, counts in table.rows.items() if not small(counts) & self.totals}
            self.tables[name] = (self.totals, frozenset(rows))


def visible(columns):
    """Return the columns that the figures tell of which all columns are shown."""
    return set().union(*(figure for figure in FIGURES if figure <= set(columns)))


class Attack:
    """What can be found out from files and what is shown of them."""

    def __init__(self, world):
        self.world = world
        self.attacker = Attacker()
        self.wanted = {}
        self.told = {}  # shares that tell how each of a few cases ended
        self.listed = {}  # rows that are not there are known to be zero

    def learn_version(self, version, file, shown):
        """Learn all that one version shows; want all that is small and not shown."""
        total = (version, "", ())
        self.learn_row(total, file.totals, visible(shown.totals))
        self.want(total, file.totals, visible(shown.totals))
        for name, table in file.tables.items():
            columns, rows = shown.tables.get(name, ((), ()))
            seen = visible(columns) if rows else set()
            listed = table.rows if seen else self.world.universe(name)
            self.listed[version, name] = set(listed)
            for row in listed:
                counts = table.rows.get(row, dict.fromkeys(COLUMNS, 0))
                place = (version, name, row)
                self.learn_row(place, counts, seen if row in rows else set())
                self.learn_structure(name, row, place)
                self.want(place, counts, seen if row in rows else set())
            self.learn_sums(version, name, listed, file, rows)

    def learn_row(self, place, counts, seen):
        for column in COLUMNS:
            if column in seen and column in counts:
                self.attacker.learn({(*place, column): 1}, counts[column])
        for base, part in PARTS:
            self.attacker.learn_at_most({(*place, part): 1, (*place, base): -1})
        # whoever came in is closed or running
        self.attacker.learn_at_most(
            {(*place, "registered"): 1, (*place, "closed"): -1, (*place, "running"): -1}
        )

    def learn_structure(self, name, row, place):
        """Learn what follows from the meaning of a row."""
        same = []
        if "referrer" in name:
            same.append(("self", "registered" if row[0] == "ZELF" else None))
        if name == "result":
            flags = RESULTS.get(row[0], "ynn")
            for flag, column in zip(flags, ("suitable", "handled", "positive"), strict=True):
                same.append((column, "registered" if flag == "y" else None))
            same.append(("closed_positive", "closed" if flags[2] == "y" else None))
            same.append(("closed", None) if row[0] == "NONE" else ("running", None))
        if row[1:] == ("before",):
            same += [(column, None) for column in COLUMNS[3:8]] + [("registered", None)]
        for column, other in same:
            terms = {(*place, column): 1}
            if other:
                terms[*place, other] = -1
            self.attacker.learn(terms, 0)
        if row[1:] == ("now",):
            self.attacker.learn(
                {(*place, "registered"): 1, (*place, "closed"): -1, (*place, "running"): -1}, 0
            )

    def learn_sums(self, version, name, listed, file, rows):
        """Rows add up to what they are part of; the sum of those hidden is wanted too."""
        sums = {("", ()): list(listed)}
        for index, parent in enumerate(PARENTS[name]):
            if parent in file.tables:
                for row in listed:
                    sums.setdefault((parent, self.world.above(name, row, index)), []).append(row)
        for (parent, above), members in sums.items():
            for column in COLUMNS[:1] + COLUMNS[3:8] if "year" in name else COLUMNS:
                terms = {(version, name, row, column): 1 for row in members}
                terms[version, parent, above, column] = -1
                self.attacker.learn(terms, 0)
                hidden = [row for row in members if row not in rows]
                self.want_sum(
                    (version, name, *hidden),
                    [(version, name, row) for row in hidden],
                    {row: file.tables[name].rows.get(row, {}) for row in hidden},
                    column,
                )

    def want(self, place, counts, seen):
        for column in counts:
            if 0 < counts[column] < THRESHOLD:
                self.wanted[*place, column] = ({(*place, column): 1}, counts[column])
        for base, part in {*SHARES, *(NESTED if place[1] else ())}:
            rest = counts.get(base, 0) - counts.get(part, 0)
            if 0 < rest < THRESHOLD:
                self.wanted[*place, base, part] = (
                    {(*place, base): 1, (*place, part): -1}, rest
                )  # fmt: skip
            is_share = (base, part) in SHARES and {base, part} <= seen & counts.keys()
            if is_share and 0 < counts[base] < 2 * THRESHOLD:
                if counts[part] in (0, counts[base]):
                    self.told[*place, base, part] = counts[part]

    def want_sum(self, key, places, rows, column):
        total = sum(counts.get(column, 0) for counts in rows.values())
        if len(places) > 1 and 0 < total < THRESHOLD and column != "running":
            self.wanted[*key, column] = ({(*place, column): 1 for place in places}, total)

    def compare(self, earlier, later, files, has_grown):
        """Learn that nothing became less, or that the one is a part of the other; want what the
        versions differ by."""
        old, new = files
        for name in ("", *new.tables):
            rows = {("", ()): old.totals} if not name else old.tables[name].rows
            newer = new.totals if not name else None
            for row in [()] if not name else new.tables[name].rows:
                now = newer or new.tables[name].rows[row]
                then = (old.totals if not name else rows.get(row)) or dict.fromkeys(COLUMNS, 0)
                for column in COLUMNS:
                    terms = {(later, name, row, column): 1}
                    if not name or row in self.listed[earlier, name]:
                        terms[earlier, name, row, column] = -1
                    if not has_grown or (column in ("registered", "closed") and row != ("NONE",)):
                        self.attacker.learn_at_most({k: -f for k, f in terms.items()})
                    if has_grown and not name:
                        continue
                    if 0 < abs(now[column] - then[column]) < THRESHOLD:
                        self.wanted["difference", name, row, column] = (
                            terms, now[column] - then[column]
                        )  # fmt: skip

    def leaks(self, most=None):
        goals = {key: terms for key, (terms, _value) in self.wanted.items()}
        if most:  # what shares tell is known without looking for it
            goals = {key: terms for key, terms in goals.items() if key not in self.told}
        found = self.attacker.find(goals, most=most)
        wrong = {key for key, value in found.items() if value != self.wanted[key][1]}
        assert not wrong, f"the attacker knows something that is not so: {wrong}"
        return found | self.told


def attack(world, file, shown):
    game = Attack(world)
    game.learn_version("now", file, shown)
    return game.leaks()


def attack_versions(world, pairs, has_grown):
    """Attack two versions at once, ``pairs`` of a file and what is shown of it.

    What the totals alone tell of the time between two versions is no leak.
    """

    def play(pairs):
        game = Attack(world)
        for version, (file, shown) in zip(("before", "now"), pairs, strict=True):
            game.learn_version(version, file, shown)
        game.compare("before", "now", [file for file, _shown in pairs], has_grown)
        return game.leaks()

    leaks = play(pairs)
    if has_grown and any(key[0] == "difference" for key in leaks):
        by_totals = play([(file, Shown(shown.totals, {})) for file, shown in pairs])
        leaks = {key: value for key, value in leaks.items() if key not in by_totals}
    return leaks
