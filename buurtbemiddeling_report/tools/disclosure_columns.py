"""The columns of a file to protect, made of figures; and what an earlier version told of them."""

from ast import literal_eval
from itertools import permutations

from .disclosure_file import Reference

TOTAL = ""  # the row of a total


def _get_leaves(column):
    """Return the conditions of a column that all have to be met; of a choice, the whole of it.

    >>> _get_leaves(("[('a', '=', True), ('b', 'in', [1, 2])]", 3))
    [('a', '=', True), ('b', 'in', [1, 2])]
    >>> _get_leaves(("['|', ('a', '=', True), ('b', '=', 1)]", 3))
    ["['|', ('a', '=', True), ('b', '=', 1)]"]
    """
    domain = literal_eval(column[0])
    if {"|", "!"} & {leaf for leaf in domain if isinstance(leaf, str)}:
        return [column[0]]
    return [leaf for leaf in domain if leaf != "&"]


def _is_part(leaves, others):
    """Say whether all that meets the one conditions meets the others too.

    >>> _is_part([("a", "=", 1), ("b", "=", 2)], [("a", "in", [1, 3])])
    True
    >>> _is_part([("a", "=", 2)], [("a", "in", [1, 3])]), _is_part([("a", "=", 2)], [])
    (False, False)
    """

    def values(leaf):
        return leaf[2] if leaf[1] == "in" else [leaf[2]]

    def implies(leaf, other):
        if leaf == other:
            return True
        if isinstance(leaf, str) or isinstance(other, str) or leaf[0] != other[0]:
            return False
        if {leaf[1], other[1]} - {"=", "in"}:
            return False
        return all(value in values(other) for value in values(leaf))

    return bool(others) and all(any(implies(leaf, other) for leaf in leaves) for other in others)


class Columns:
    """The counts that lines show, each once: a number of cases may be the base of many shares."""

    def __init__(self, indicators, totals):
        """Take the figures, and the ``Counted`` of their totals."""
        self.order = []
        self.of_figure = {}  # {indicator: columns that its lines show}
        self.count = {}  # {code of an indicator that counts: its column}
        self.shares = set()  # pairs (base, part)
        self.members = {}  # {column: pairs (code of an indicator, 0 numerator or 1 denominator)}
        self.basis = {}  # {column: which cases it counts, see the indicator}
        self.sides = {}  # {indicator: column of the numerator, column of the denominator}
        totals = {line.indicator_id: line for line in totals}
        for indicator in indicators.sorted(lambda each: (each.sequence, each.id)):
            line = totals[indicator.id]
            base = None
            if indicator.kind not in ("count", "percentile", "total"):
                base = self._add(indicator, 1, indicator.denominator_domain, line.denominator)
            part = self._add(indicator, 0, indicator.numerator_domain, line.numerator)
            self.sides[indicator] = (part, base)
            self.of_figure[indicator] = frozenset(filter(None, (part, base)))
            if indicator.kind == "count":
                self.count[indicator.code] = part
            elif indicator.kind == "share" and base != part:
                self.shares.add((base, part))
        for indicator, (part, _base) in self.sides.items():
            if indicator.kind == "ratio":
                self._add_rest(part)

    def _add(self, indicator, side, domain, count):
        """Return the column of a count: that of the same condition if it is there already."""
        column = (repr(literal_eval(domain or "[]")), count)
        if column not in self.members:
            self.order.append(column)
            self.basis[column] = indicator.source == "case" and indicator.basis
        self.members.setdefault(column, []).append((indicator.code, side))
        return column

    def _add_rest(self, part):
        """A ratio counts part of the cases of a figure: less than that, it tells the others.

        Such as the cases in areas of which the inhabitants are known, among all registered.
        """
        for base in self.count.values():
            if base != part and _is_part(_get_leaves(part), _get_leaves(base)):
                self.shares.add((base, part))

    def get_nested(self, rows):
        """Yield the pairs ``(base, part)`` of columns of which the one counts part of the other:
        by its definition, or among figures on the same cases in every row there is.
        """
        for base, part in permutations(self.order, 2):
            if (base, part) not in self.shares and (
                _is_part(_get_leaves(part), _get_leaves(base))
                or (
                    self.basis[base] == self.basis[part] == "registration"
                    and all(row.get(part, 0) <= row.get(base, 0) for row in rows)
                )
            ):
                yield base, part

    def read_release(self, release):
        """Return what a version tells of these columns."""
        counts = dict(release.counts)
        totals = self._read_rows({TOTAL: counts.pop(TOTAL, {}).get(TOTAL, {})})
        return Known(totals, {name: self._read_rows(rows) for name, rows in counts.items()})

    def _read_rows(self, rows):
        """Return ``({row: {column: count}}, rows shown, columns shown)`` of what was noted."""
        shown_figures = {
            code for figures in rows.values() for code, noted in figures.items() if noted[2]
        }
        found = {row: {} for row in rows}
        columns = set()
        for column, members in self.members.items():
            for code, side in members:
                if any(code in figures for figures in rows.values()):
                    for row, figures in rows.items():
                        found[row][column] = figures[code][side] if code in figures else 0
                    if code in shown_figures:
                        columns.add(column)
                        break
        shown = {row for row, figures in rows.items() if any(n[2] for n in figures.values())}
        return found, frozenset(shown), frozenset(columns)


class Known:
    """The totals and tables of a version, of a row of one, or of several together."""

    def __init__(self, totals, tables):
        self.totals = totals
        self.tables = tables

    def get(self, is_same_scope):
        found, _rows, columns = self.totals
        totals = {c: count for c, count in found[TOTAL].items() if c in columns}
        return Reference(totals, self.tables, is_same_scope)

    def without(self, names):
        """Return the same less some tables."""
        names = set(names)
        return Known(self.totals, {n: each for n, each in self.tables.items() if n not in names})

    def get_row(self, counts, columns):
        """Return what one row of a table tells."""
        return Known(({TOTAL: counts}, frozenset([TOTAL]), frozenset(columns)), {})

    def get_places(self):
        """Yield pairs (table, column) of what is shown; the totals are the table ``TOTAL``."""
        for name, (_rows, _shown, columns) in (*self.tables.items(), (TOTAL, self.totals)):
            yield from ((name, column) for column in columns)

    def combine(self, other, sign):
        """Return this with ``sign`` times another one added."""
        return Known(
            self._combine(self.totals, other.totals, sign),
            {
                name: self._combine(table, other.tables[name], sign)
                for name, table in self.tables.items()
                if name in other.tables
            },
        )

    @staticmethod
    def _combine(table, other, sign):
        rows = {
            row: {
                column: table[0].get(row, {}).get(column, 0)
                + sign * other[0].get(row, {}).get(column, 0)
                for column in table[2] & other[2]
            }
            for row in {*table[0], *other[0]}
        }
        hidden = (table[0].keys() - table[1]) | (other[0].keys() - other[1])
        return rows, frozenset(rows.keys() - hidden), table[2] & other[2]
