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

from .disclosure_counts import is_small
from .disclosure_file import Shown, View
from .disclosure_rings import bridges
from .disclosure_rows import Rows
from .disclosure_totals import Totals


def protect(file, threshold, references=()):
    """Return what of a ``File`` may be ``Shown``.

    >>> from odoo.addons.buurtbemiddeling_report.tools.disclosure_file import (
    ...     File, Table, reference
    ... )
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


class _Protection(Totals, Rows):
    """The work of ``protect``; ``shown`` grows table by table, parents first."""

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

    # -- tables by one fact --------------------------------------------------

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

    def _is_better(self, view, other):
        """Say whether more columns are worth the rows that they cost: never over a quarter."""
        enough = 4 * len(view.rows) >= 3 * len(other.rows)
        return enough and self._worth(view) >= self._worth(other)

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
