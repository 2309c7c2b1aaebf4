"""Which numbers of a file may leave the organisation. Knows nothing of records.

A *file* is one row of totals and a number of *tables*; a table is one breakdown: rows of *columns*,
each column the count of the cases that meet one condition. What people read are *figures*: a count
shows one column, a share two (and with them their difference).

**Too small** is every count of 1 up to the threshold, seen or worked out: a column, the rest of a
share (base less part), in a row the rest of any count that is part of another, the cases brought
forward from last year. So is a share of 0 or 100 % on a
base under twice the threshold: it tells of each of those few cases how it ended. Zero is nobody.

**What is hidden** follows from a few plain rules:

1. A column that is too small in total is hidden in total and stands in no table. So is one that
   tells, with others, the sum of some rows that is too small.
2. In a table some columns are left out as a whole, such that most figures remain; a row in which
   one of the others is too small is hidden as a whole. So the columns of one row tell nothing of
   each other.
3. The hidden rows of a table, together, are never too small in any column, and never just one row:
   the smallest of the other rows is hidden too until that is so. Then everything of the hidden rows
   could as well belong to any one of them.
4. That holds within each row of a table that this one adds up to (a municipality with its
   neighbourhoods), and within rows of which a total tells the sum (the results that count as
   solved). A row whose parent is hidden is hidden. Where this can not be had, nothing of the table
   is shown.
5. A breakdown by two facts shows either columns in which nothing is too small, or one column. Then
   every hidden number that is too small lies on a ring of hidden numbers along which cases could
   move without a sum changing.
6. Rule 3 holds as well within rows of which the sum was told elsewhere (those that make up a part
   that has a version of its own), and within all others.
7. What an earlier version showed is subtracted, and the differences obey the same rules, but for
   the totals of the same organisation: that some cases came in since says nothing about a row.
"""

from itertools import combinations
from operator import le
from typing import NamedTuple

HIDDEN = object()  # stands for all rows of a parent that are hidden: only their sum is known


class Table(NamedTuple):
    """One breakdown. ``parents`` are pairs ``(name of a table, {row: row of that table})``; with
    none the rows add up to the totals. A name of ``None`` is a breakdown that is not in the file.
    """

    rows: dict
    parents: tuple = ()
    twin: str | None = None  # a table of the same rows whose numbers say nearly the same


class File(NamedTuple):
    """All that a version holds. Columns stand in order of weight: the last one is hidden first."""

    totals: dict  # {column: count}
    tables: dict  # {name: Table}
    figures: tuple  # sets of columns: what must be shown for one figure
    shares: tuple = ()  # pairs (base, part) of columns
    # (running, registered, closed): running last year = running + closed - registered
    balance: tuple | None = None
    total_only: frozenset = frozenset()  # columns that stand in no table
    # sums {column: factor} that count cases when none came from last year, or none is running
    rests: tuple = ()
    nested: tuple = ()  # more pairs (base, part): no figure tells the rest, but subtracting does
    told: dict = {}  # {table: sets of its rows of which the sum is known from elsewhere}


class Reference(NamedTuple):
    """What else is known: an earlier version, or what earlier versions differ by."""

    totals: dict  # {column: count} of those shown
    tables: dict  # {name: ({row: {column: count}}, rows shown, columns shown)}; counts of all rows
    is_same_scope: bool = True


class Shown(NamedTuple):
    """What may be shown: the columns of the totals, and ``{table: (columns, rows)}``."""

    totals: frozenset
    tables: dict


def is_small(count, threshold):
    """Say whether a count is too small to show.

    >>> [is_small(count, 5) for count in (0, 1, 4, 5, -3)]
    [False, True, True, False, True]
    """
    return 0 < abs(count) < threshold


def is_telling(base, part, threshold):
    """Say whether a share tells how each of a few cases ended: all of them, or none.

    >>> [is_telling(*share, 5) for share in ((9, 9), (9, 0), (9, 5), (10, 10), (0, 0))]
    [True, True, False, False, False]
    """
    return 0 < abs(base) < 2 * threshold and part in (0, base)


def protect(file, threshold, references=()):
    """Return what of a ``File`` may be ``Shown``.

    >>> rows = {"A": {"n": 3}, "B": {"n": 6}, "C": {"n": 20}}
    >>> file = File({"n": 29}, {"area": Table(rows)}, ({"n"},))
    >>> shown = protect(file, 5)
    >>> sorted(shown.tables["area"].rows)  # B too, or the total less B and C would be A
    ['C']
    >>> protect(file, 5, [reference(file, shown)]) == shown
    True

    What may be shown now depends on what was shown before: 23 less 20 would be the new cases of C.

    >>> rows["C"]["n"], file.totals["n"] = 23, 32
    >>> then = {"area": Table({**rows, "C": {"n": 20}})}
    >>> known = reference(file._replace(totals={"n": 29}, tables=then), shown)
    >>> protect(file, 5, [known]).tables
    {}
    """
    return _Protection(file, threshold, references).run()


def reference(file, shown, is_same_scope=True):
    """Return the ``Reference`` that a version is to later ones."""
    return Reference(
        {column: file.totals[column] for column in shown.totals},
        {
            name: (file.tables[name].rows, view.rows, view.columns)
            for name, view in shown.tables.items()
        },
        is_same_scope,
    )


class View(NamedTuple):
    """What is shown of one table."""

    columns: frozenset
    rows: frozenset


class _Protection:
    """The work of ``protect``; ``shown`` grows table by table, parents first."""

    def __init__(self, file, threshold, references):
        self.file = file
        self.threshold = threshold
        self.references = references
        self.order = list(file.totals)
        self.shown = {}
        self.structural = {}  # found already, as are the next five
        self.numbers = {}
        self.columns = {}
        self.within = {}
        self.groups = {}
        self.sums = {}
        self.none_forward = ()
        self.pairs = {*file.shares, *file.nested}
        if file.balance:
            running, registered, closed = (file.totals[column] for column in file.balance)
            self.forward = running + closed - registered
            if not self.forward:
                self.none_forward = file.balance[1:]
                self.file = file._replace(shares=(*file.shares, *self._get_same_shares()))
                self.pairs.update(self.file.shares)

    def _get_same_shares(self):
        """Return the shares that columns have too that can not differ from those of the shares.

        When no case came from last year, cases closed came in this year.
        """
        _running, registered, closed = self.file.balance
        rows = [self.file.totals]
        rows += [counts for table in self.file.tables.values() for counts in table.rows.values()]
        for base, part in self.file.shares:
            if base == closed:
                same = {
                    other
                    for whole, other in self.file.shares
                    if whole == registered
                    and all(row[part] == row[other] for row in rows if {part, other} <= row.keys())
                }
                yield from ((whole, part) for whole, other in self.file.shares if other in same)

    def run(self):
        self.totals = self._protect_totals()
        for names in self._in_order():
            self._protect_tables(names)
        return Shown(frozenset(self.totals), self.shown)

    def _in_order(self):
        """Return the names of the tables, parents first, twins together."""
        tables, done, result = self.file.tables, set(), []

        def visit(name):
            if name in done or name not in tables:
                return
            names = [name, tables[name].twin] if tables[name].twin in tables else [name]
            done.update(names)
            for member in names:
                for parent, _rows in tables[member].parents:
                    visit(parent)
            result.append(names)

        for name in tables:
            visit(name)
        return result

    # -- what is too small ---------------------------------------------------

    def _secrets(self, counts, pairs=None):
        """Return the sets of columns that together show something too small in one row."""
        small, secrets = self.threshold, set()
        for column, count in counts.items():
            if is_small(count, small):
                secrets.add(frozenset([column]))
        for base, part in self.pairs if pairs is None else pairs:
            if base in counts and part in counts:
                rest = counts[base] - counts[part]
                if is_small(rest, small):
                    secrets.add(frozenset([base, part]))
        for base, part in self.file.shares:
            if base in counts and part in counts:
                if is_telling(counts[base], counts[part], small):
                    secrets.add(frozenset([base, part]))
        if self.none_forward and {*self.none_forward} <= counts.keys():
            registered, closed = self.none_forward  # the rest of a row is running
            if is_small(counts[registered] - counts[closed], small):
                secrets.add(frozenset(self.none_forward))
        return secrets

    def _protect_totals(self):
        """Return the columns that are shown in total."""
        totals, shares = self.file.totals, self.file.shares
        secrets = self._secrets(totals, shares)
        for known in self.references:
            if not known.is_same_scope:
                both = known.totals.keys() & totals.keys()
                secrets |= self._secrets({c: totals[c] - known.totals[c] for c in both}, shares)
        if self.file.balance:
            self._add_balance_secrets(secrets)
        kept, apart = set(totals), set()
        while True:
            for secret in sorted(secrets, key=lambda each: (len(each), self._places(each))):
                if secret <= kept:
                    kept.discard(max(secret, key=self.order.index))
            secrets = self._find_told_rows(kept)
            if not secrets:
                return kept - self._get_near(totals.keys() - kept, apart)
            apart.update(frozenset(pair) for each in secrets for pair in combinations(each, 2))

    def _add_balance_secrets(self, secrets):
        """Add what running, registered and closed tell of each other and of last year."""
        totals = self.file.totals
        running, _registered, closed = self.file.balance
        if is_small(self.forward, self.threshold):
            secrets.add(frozenset(self.file.balance))
        if not self.forward or not totals[running]:
            for rest in self.file.rests:
                count = sum(totals[column] * factor for column, factor in rest.items())
                if is_small(count, self.threshold):
                    secrets.add(frozenset(rest))
        # with last year's version the one of these would follow from the other
        for column, other in ((running, closed), (closed, running)):
            if frozenset([column]) in secrets:
                secrets.add(frozenset([other]))

    def _get_near(self, hidden, apart):
        """Return the totals that differ too little from a hidden one to be shown themselves.

        Such as the cases solved among those closed, next to those solved among those registered.
        What was hidden to keep a difference a secret leaves the other side of it, and whatever
        says the same as that side in every row.

        :param apart: more pairs of which only the difference is a secret
        """
        pairs = apart | {frozenset(pair) for pair in self.pairs}
        if self.file.balance:
            pairs |= {frozenset(pair) for pair in combinations(self.file.balance, 2)}
        totals, near = self.file.totals, set()
        for column in hidden:
            sides = {self._get_numbers(o) for o in totals if frozenset([column, o]) in pairs}
            for other in totals.keys() - hidden:
                if (
                    abs(totals[column] - totals[other]) < self.threshold
                    and self._get_numbers(other) not in sides
                    and self._is_within(column, other)
                ):
                    near.add(other)
        return near

    def _get_numbers(self, column):
        """Return all numbers of a column, of every row of every table; ``None`` where it is not."""
        if column not in self.numbers:
            self.numbers[column] = tuple(
                counts.get(column)
                for table in self.file.tables.values()
                for counts in table.rows.values()
            )
        return self.numbers[column]

    def _is_within(self, column, other):
        """Say whether the one column may count a part of what the other counts."""
        pairs = zip(self._get_numbers(column), self._get_numbers(other), strict=True)
        pairs = [pair for pair in pairs if None not in pair]
        return all(one <= two for one, two in pairs) or all(one >= two for one, two in pairs)

    def _find_told_rows(self, kept):
        """Return the sets of columns of which the totals tell the sum of some rows, too small.

        Cases less those of which it is known how long the quarrel was going on, are those of which
        it is not; cases less those from residents and from institutions came from nobody known.
        """
        secrets = set()
        for name, table in self.file.tables.items():
            if len(table.parents) > 1:
                continue
            rows = table.rows
            for whole in kept:
                if sum(row.get(whole, 0) for row in rows.values()) != self.file.totals[whole]:
                    continue  # not counted here, or counted in several rows
                parts = [p for p in kept - {whole} if self._is_structural(name, whole, p)]
                for members in self._classify(rows, parts).values():
                    if is_small(sum(rows[row].get(whole, 0) for row in members), self.threshold):
                        needed = self._get_needed(rows, parts, members)
                        if needed:
                            secrets.add(frozenset([whole, *needed]))
        return secrets

    def _classify(self, rows, parts):
        """Return rows by the columns in which they count."""
        classes = {}
        for row, counts in rows.items():
            classes.setdefault(tuple(bool(counts.get(part)) for part in parts), []).append(row)
        return classes

    def _get_needed(self, rows, parts, members):
        """Return the columns without which these rows would not be told from others."""
        needed = sorted(parts, key=self.order.index, reverse=True)
        for part in [*needed]:
            fewer = [other for other in needed if other != part]
            if members in self._classify(rows, fewer).values():
                needed = fewer
        return needed

    def _places(self, columns):
        return sorted(map(self.order.index, columns))

    # -- one table, or two twins ---------------------------------------------

    def _protect_tables(self, names):
        """Find what is shown of a table; what one twin hides the other hides too."""
        limits = {name: (None, frozenset()) for name in names}
        while True:
            found = {name: self._protect_table(name, *limits[name]) for name in names}
            views = [view for view in found.values() if view]
            if len(views) < 2:
                break
            columns = views[0].columns & views[1].columns
            hidden = {row for name in names for row in self._rows(name).keys() - found[name].rows}
            limits = {name: (columns, frozenset(hidden)) for name in names}
            if all(view.columns == columns and not view.rows & hidden for view in views):
                break
        self.shown.update({name: view for name, view in found.items() if view})

    def _rows(self, name):
        return self.file.tables[name].rows

    def _protect_table(self, name, columns, hidden):
        """Return the ``View`` of one table, ``None`` when nothing of it can be shown."""
        table = self.file.tables[name]
        parents = [self.shown.get(parent) for parent, _rows in table.parents if parent]
        if not all(parents) or not table.rows:
            return None
        present = {column for counts in table.rows.values() for column in counts}
        kept = (self.totals & present) - self.file.total_only
        for view in parents:
            kept &= view.columns
        if columns is not None:
            kept &= columns
        kept -= self._giving_away(name)
        kept -= self._still_hidden_columns(name, kept)
        for parent, above in table.parents:
            if parent:
                hidden |= {row for row in table.rows if above[row] not in self.shown[parent].rows}
        hidden = frozenset(hidden & table.rows.keys())
        attempts = (
            [self._without_hiding, self._one_column]
            if len(table.parents) > 1
            else [self._whole_rows]
        )
        views = [view for attempt in attempts if (view := attempt(name, kept, hidden))]
        best = max(views, key=self._worth, default=None)
        return best if best and self._worth(best) else None

    def _worth(self, view):
        """Return what a view is worth: rather some figures of most rows than all of a few."""
        return len(view.rows) ** 2 * sum(figure <= view.columns for figure in self.file.figures)

    def _giving_away(self, name):
        """Return the columns of which some rows add up to a column that is hidden in total.

        Such as the results that count as solved, when the number of solved cases is hidden.
        """
        return {
            whole
            for whole in self.totals
            for part in self.file.totals.keys() - self.totals
            if self._is_structural(name, whole, part)
        }

    def _is_structural(self, name, whole, part):
        """Say whether every row counts fully in a column or not at all: then the column tells the
        sum of those rows."""
        key = (name, whole, part)
        if key not in self.structural:
            wholes, parts = self._get_column(name, whole), self._get_column(name, part)
            self.structural[key] = any(parts) and all(
                count in (0, most) for count, most in zip(parts, wholes, strict=True)
            )
        return self.structural[key]

    def _get_column(self, name, column):
        """Return the counts of a column in all rows of a table, in order."""
        key = (name, column)
        if key not in self.columns:
            self.columns[key] = [counts.get(column, 0) for counts in self._rows(name).values()]
        return self.columns[key]

    def _is_least(self, name, part, whole):
        """Say whether a column counts no more than another one in every row of a table."""
        key = (name, part, whole)
        if key not in self.within:
            columns = self._get_column(name, part), self._get_column(name, whole)
            self.within[key] = all(map(le, *columns))
        return self.within[key]

    # -- earlier versions ----------------------------------------------------

    def _get_known(self, name):
        """Yield ``(counts, rows, columns)`` of what else is known of a table."""
        for known in self.references:
            if name in known.tables:
                yield known.tables[name]

    def _still_hidden_columns(self, name, kept):
        """Return the columns that were left out of an earlier version of the table and grew too
        little since to be told now."""
        hidden = set()
        for known in self.references:
            if name in known.tables:
                before = known.tables[name][2]
                for column in (kept & known.totals.keys()) - before:
                    growth = self.file.totals[column] - known.totals[column]
                    # a column of which some rows are those of the other was told with it
                    if abs(growth) < self.threshold or any(
                        self._is_structural(name, *pair)
                        for other in before & self.file.totals.keys()
                        for pair in ((column, other), (other, column))
                    ):
                        hidden.add(column)
        return hidden

    def _still_hidden_rows(self, name, kept):
        """Return the rows that were hidden in an earlier version of the table, where showing them
        now would tell what they were."""
        rows, hidden = self._rows(name), set()
        for known, shown, columns in self._get_known(name):
            before = known.keys() - shown
            for column in kept & columns:
                then = sum(known[row].get(column, 0) for row in before)
                now = sum(rows[row].get(column, 0) for row in before & rows.keys())
                if (then or now) and abs(now - then) < self.threshold:
                    hidden |= before & rows.keys()
        return hidden

    def _differences(self, name, row):
        """Yield what one row differs from each earlier version that shows it."""
        counts = self._rows(name)[row]
        for known, shown, columns in self._get_known(name):
            if row in shown or row not in known:
                then = known.get(row, {})
                yield {
                    column: count - then.get(column, 0)
                    for column, count in counts.items()
                    if column in columns
                }

    # -- tables by one fact --------------------------------------------------

    def _row_secrets(self, name, kept):
        """Return ``{row: sets of columns that show something too small}``."""
        result = {}
        for row, counts in self._rows(name).items():
            own = {column: count for column, count in counts.items() if column in kept}
            secrets = self._secrets(own)
            for difference in self._differences(name, row):
                secrets |= self._secrets({c: n for c, n in difference.items() if c in kept})
            result[row] = secrets
        return result

    def _whole_rows(self, name, kept, hidden):
        """Hide whole rows, and leave out columns such that most remains.

        The column of most weight comes first; another joins where it costs few rows or none.
        """
        hidden = hidden | self._still_hidden_rows(name, kept)
        secrets = self._row_secrets(name, kept)
        lost = {column: kept - self._without(name, kept, column) for column in kept}
        best, chosen = None, frozenset()
        for column in sorted(kept, key=self.order.index):
            if column in chosen:
                continue
            columns = self._complete(chosen | {column}, lost)
            small = {row for row, found in secrets.items() if any(s <= columns for s in found)}
            view = self._hide_more(name, columns, hidden | small)
            if view and view.rows and (best is None or self._is_better(view, best)):
                best, chosen = view, columns
        return best

    def _complete(self, columns, lost):
        """Return the columns with those that can not be left out while these are shown.

        :param lost: ``{column: columns left out with it}``
        """
        columns = set(columns)
        while True:
            needed = {c for c, others in lost.items() if c not in columns and others & columns}
            if not needed:
                return frozenset(columns)
            columns |= needed

    def _is_better(self, view, other):
        """Say whether more columns are worth the rows that they cost: never over a quarter."""
        enough = 4 * len(view.rows) >= 3 * len(other.rows)
        return enough and self._worth(view) >= self._worth(other)

    def _without(self, name, columns, column):
        """Return the columns less one, and less those that would give it away: columns that lie
        between it and others so closely that their sums tell nearly the same."""
        dropped, new = set(), {column}
        while new:
            column = new.pop()
            dropped.add(column)
            new |= self._get_dependents(name, column) & columns
            new |= self._get_neighbours(name, column, columns)
            new -= dropped
        return columns - dropped

    def _get_neighbours(self, name, column, columns):
        """Return the columns that are a part of a column, or it of them, of nearly all of it."""
        result, sums = set(), self._get_sums(name, column)
        for other in columns - {column}:
            if (other, column) in self.pairs:
                continue
            if self._is_least(name, column, other) or self._is_least(name, other, column):
                if any(
                    one and abs(one - two) < self.threshold
                    for one, two in zip(sums, self._get_sums(name, other), strict=True)
                ):
                    result.add(other)
        return result

    def _get_sums(self, name, column):
        """Return what a column adds up to in each of the groups of rows of a table."""
        key = (name, column)
        if key not in self.sums:
            counts = dict(zip(self._rows(name), self._get_column(name, column), strict=True))
            self.sums[key] = [sum(map(counts.get, group)) for group in self._get_groups(name)]
        return self.sums[key]

    def _get_dependents(self, name, column):
        """Return the columns to leave out with a column of which a total still tells the sum in
        some rows: those of a share with it."""
        positions = range(max(1, len(self.file.tables[name].parents)))
        if not any(self._get_known_parts(name, position, column) for position in positions):
            return set()
        pairs = [*self.pairs, self.none_forward]
        return {other for pair in pairs if column in pair for other in pair}

    def _get_groups(self, name):
        """Return the groups of rows of which the sum is known.

        They depend on what is shown of the parents of the table, which are there before it.
        """
        if name not in self.groups:
            self.groups[name] = self._find_groups(name)
        return self.groups[name]

    def _find_groups(self, name):
        groups = {}
        for row in self._rows(name):
            for node in self._get_nodes(name, row):
                groups.setdefault(node, []).append(row)
        groups = list(groups.values())
        if self._adds_up_twice(name):
            groups.append(list(self._rows(name)))
        return [*groups, *self._get_told_groups(name)]

    def _get_told_groups(self, name):
        """Return the groups of which the sum was told elsewhere, and what is left without them."""
        rows = self._rows(name)
        told = [set(rows) & group for group in self.file.told.get(name, ())]
        apart = set()
        for group in sorted(told, key=len):
            apart |= group if apart.isdisjoint(group) else set()
        groups = [*told, *(rows.keys() - group for group in told), rows.keys() - apart]
        return [sorted(group) for group in groups if told and group]

    def _adds_up_twice(self, name):
        """Say whether the rows of a table add up to the total too, whatever its parent says: the
        parent may count a case in two rows, or more than these rows do."""
        return len(self.file.tables[name].parents) == 1

    def _get_nodes(self, name, row):
        """Return what a row adds up to, one for each fact."""
        parents = self.file.tables[name].parents or ((None, {}),)
        nodes = []
        for position, (parent, above) in enumerate(parents):
            if not parent:
                nodes.append((position, None))
            elif above[row] in self.shown[parent].rows:
                nodes.append((position, above[row]))
            else:
                nodes.append((position, HIDDEN))
        return nodes

    def _get_known_parts(self, name, position, whole):
        """Return the columns of which a parent shows the sum, and with it how much of ``whole``
        there is in some of the rows."""
        parents = self.file.tables[name].parents
        above = parents[position][0] if parents else None
        known = self.shown[above].columns if above else self.totals
        return [part for part in known - {whole} if self._is_structural(name, whole, part)]

    def _is_known_further_up(self, name, whole):
        """Say whether a table above tells of some of the rows what the parent does not show: a
        parent of a parent, or an earlier version. No ring of a table by two facts keeps to that.
        """
        for parent, _above in self.file.tables[name].parents:
            if not parent:
                continue
            shown = self.shown[parent].columns
            told = self._get_told_before(parent) - shown
            for higher, _rows in self.file.tables[parent].parents:
                if higher in self.shown:
                    told |= self.shown[higher].columns - shown
                    told |= self._get_told_before(higher) - self.shown[higher].columns
            if any(self._is_structural(name, whole, part) for part in told):
                return True
        return False

    def _get_told_before(self, name):
        """Return the columns that an earlier version showed of a table."""
        return set().union(*(columns for _counts, _rows, columns in self._get_known(name)))

    def _get_classed_nodes(self, name, column):
        """Return ``{row: nodes}``, where rows are apart of which a total tells the sum apart."""
        rows, result = self._rows(name), {}
        parents = self.file.tables[name].parents
        parts = []
        for position in range(max(1, len(parents))):
            known = self._get_known_parts(name, position, column)
            hidden = [
                part
                for part in self.totals - {column} - set(known)
                if parents
                and self._is_structural(name, column, part)
                and self._is_of_parents(name, position, part)
            ]
            parts.append((known, hidden))
        for row, counts in rows.items():
            result[row] = []
            for position, above in self._get_nodes(name, row):
                known, hidden = parts[position]
                looked_at = [*known, *hidden] if above is HIDDEN else known
                result[row].append(
                    (position, above, *(bool(counts.get(part)) for part in looked_at))
                )
        return result

    def _is_of_parents(self, name, position, part):
        """Say whether all rows below a row of the parent count alike in a column."""
        _parent, above = self.file.tables[name].parents[position]
        kinds = {}
        for row, counts in self._rows(name).items():
            kinds.setdefault(above[row], set()).add(bool(counts.get(part)))
        return all(len(kind) == 1 for kind in kinds.values())

    def _hide_more(self, name, columns, hidden):
        """Hide the smallest rows too until the hidden ones tell nothing of each other."""
        rows, hidden = self._rows(name), set(hidden)
        whole_groups = [(group, columns, True) for group in self._get_groups(name)]
        part_groups = []
        for column in columns:
            classes = {}
            for row, nodes in self._get_classed_nodes(name, column).items():
                for node in nodes:
                    if len(node) > 2:
                        classes.setdefault(node, []).append(row)
            if self._adds_up_twice(name):
                parts = [p for p in self.totals - {column} if self._is_structural(name, column, p)]
                if parts:
                    classes.update(self._classify(rows, parts))
            part_groups += [(group, frozenset([column]), False) for group in classes.values()]
        changed = True
        while changed:
            changed = False
            for group, looked_at, is_whole in whole_groups + part_groups:
                while self._tells(name, group, looked_at, hidden, is_whole):
                    left = [row for row in group if row not in hidden]
                    if left:
                        hidden.add(min(left, key=lambda row: self._size(rows[row], looked_at)))
                        changed = True
                    elif is_whole:  # the sum is that of the parent, which may be shown
                        break
                    else:
                        return None
        return View(frozenset(columns), frozenset(rows.keys() - hidden))

    def _size(self, counts, columns):
        """Return a key to sort rows by: small ones first, but one that hides something."""
        total = sum(counts.get(column, 0) for column in columns)
        return (total == 0, total)

    def _tells(self, name, group, columns, hidden, is_whole):
        """Say whether the sum of the hidden rows of a group is too small, now or since before."""
        rows = self._rows(name)
        inside = [row for row in group if row in hidden]
        if not inside:
            return False
        if is_whole and len(inside) == 1:
            return True
        sums = {c: sum(rows[row].get(c, 0) for row in inside) for c in columns}
        if self._secrets(sums):
            return True
        for known, shown, known_columns in self._get_known(name):
            both = columns & known_columns
            outside = [
                row for row in group if row not in hidden and (row in shown or row not in known)
            ]
            everything = self._growth(name, known, group, both)
            seen = self._growth(name, known, outside, both)
            rest = {column: everything[column] - seen[column] for column in both}
            # what the parent tells of all its rows together is told already
            is_told = is_whole and rest == everything
            if not is_told and self._secrets(rest):
                return True
            # a row hidden before among rows that can not count in a column was not hidden at all
            if len(inside) < len(group) and self._secrets(self._growth(name, known, inside, both)):
                return True
        return False

    def _growth(self, name, known, members, columns):
        rows = self._rows(name)
        return {
            column: sum(
                rows[row].get(column, 0) - known.get(row, {}).get(column, 0) for row in members
            )
            for column in columns
        }

    # -- tables by two facts -------------------------------------------------

    def _without_hiding(self, name, kept, hidden):
        """Return the columns in which no row is too small; nothing is hidden in them."""
        if hidden or self._still_hidden_rows(name, kept):
            return None
        secrets = set().union(*self._row_secrets(name, kept).values())
        columns = kept
        for secret in sorted(secrets, key=lambda secret: (len(secret), self._places(secret))):
            if secret <= columns:
                columns = self._without(name, columns, max(secret, key=self.order.index))
        return View(frozenset(columns), frozenset(self._rows(name))) if columns else None

    def _one_column(self, name, kept, hidden):
        """Return the one column of which most can be shown, with some rows hidden."""
        views = []
        for column in sorted(kept, key=self.order.index):
            if self._is_known_further_up(name, column) or any(
                column in self._get_dependents(name, other) for other in kept - {column}
            ):
                continue
            view = self._hide_in_rings(name, column, hidden)
            if view:
                views.append(view)
        return max(views, key=self._worth, default=None)

    def _hide_in_rings(self, name, column, hidden):
        """Hide more rows until every small hidden number lies on a ring of hidden ones."""
        rows, columns = self._rows(name), frozenset([column])
        hidden = set(hidden) | self._still_hidden_rows(name, columns)
        hidden |= {row for row, found in self._row_secrets(name, columns).items() if found}
        while True:
            view = self._hide_more(name, columns, hidden)
            if not view:
                return None
            hidden = rows.keys() - view.rows
            nodes = self._get_classed_nodes(name, column)
            edges = {row: nodes[row] for row in hidden if rows[row].get(column)}
            exposed = [row for row in bridges(edges) if is_small(rows[row][column], self.threshold)]
            if not exposed:
                return view
            near = {node for row in exposed for node in nodes[row]}
            left = [
                row for row in view.rows if rows[row].get(column) and near.intersection(nodes[row])
            ]
            if not left:
                return None
            hidden = hidden | {min(left, key=lambda row: rows[row][column])}


def bridges(edges):
    """Return the edges of a graph that lie on no ring.

    :param edges: ``{name: (node, node)}``, also several between the same two nodes

    >>> sorted(bridges({"a": (1, 2), "b": (2, 3), "c": (3, 1), "d": (3, 4)}))
    ['d']
    >>> bridges({"a": (1, 2), "b": (1, 2)})
    []
    """
    ends = {}
    for name, (first, second) in edges.items():
        ends.setdefault(first, []).append((name, second))
        ends.setdefault(second, []).append((name, first))
    seen, low, result = {}, {}, []
    for root in ends:
        if root in seen:
            continue
        seen[root] = low[root] = len(seen)
        path = [(root, None, iter(ends[root]))]
        while path:
            node, came_by, following = path[-1]
            for name, other in following:
                if name == came_by:
                    continue
                if other in seen:
                    low[node] = min(low[node], seen[other])
                else:
                    seen[other] = low[other] = len(seen)
                    path.append((other, name, iter(ends[other])))
                    break
            else:
                path.pop()
                if path:
                    above = path[-1][0]
                    low[above] = min(low[above], low[node])
                    if low[node] > seen[above]:
                        result.append(came_by)
    return result
