"""Of which rows of a table the sum is known, now or from earlier versions."""

from .disclosure_counts import Counts

HIDDEN = object()  # stands for all rows of a parent that are hidden: only their sum is known


class Groups(Counts):
    """Rows that add up to something that is told."""

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

    def _get_sums(self, name, column):
        """Return what a column adds up to in each of the groups of rows of a table."""
        key = (name, column)
        if key not in self.sums:
            counts = dict(zip(self._rows(name), self._get_column(name, column), strict=True))
            self.sums[key] = [sum(map(counts.get, group)) for group in self._get_groups(name)]
        return self.sums[key]

    # -- earlier versions ----------------------------------------------------

    def _get_known(self, name):
        """Yield ``(counts, rows, columns)`` of what else is known of a table."""
        for known in self.references:
            if name in known.tables:
                yield known.tables[name]

    def _get_told_before(self, name):
        """Return the columns that an earlier version showed of a table."""
        return set().union(*(columns for _counts, _rows, columns in self._get_known(name)))

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

    def _growth(self, name, known, members, columns):
        rows = self._rows(name)
        return {
            column: sum(
                rows[row].get(column, 0) - known.get(row, {}).get(column, 0) for row in members
            )
            for column in columns
        }

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
