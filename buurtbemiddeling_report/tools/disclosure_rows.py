"""Which rows of a table have to be hidden, and which columns left out, for the others to tell
nothing of them."""

from .disclosure_file import View
from .disclosure_groups import Groups


class Rows(Groups):
    """The rows of one table."""

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

    # -- columns that are left out together ----------------------------------

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

    def _get_dependents(self, name, column):
        """Return the columns to leave out with a column of which a total still tells the sum in
        some rows: those of a share with it."""
        positions = range(max(1, len(self.file.tables[name].parents)))
        if not any(self._get_known_parts(name, position, column) for position in positions):
            return set()
        pairs = [*self.pairs, self.none_forward]
        return {other for pair in pairs if column in pair for other in pair}
