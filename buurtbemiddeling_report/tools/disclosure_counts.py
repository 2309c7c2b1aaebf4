"""What is too small to show, and how the columns of a file hang together."""

from operator import le


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


class Counts:
    """A file, with what is asked again and again of its numbers."""

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

    def _rows(self, name):
        return self.file.tables[name].rows

    def _get_column(self, name, column):
        """Return the counts of a column in all rows of a table, in order."""
        key = (name, column)
        if key not in self.columns:
            self.columns[key] = [counts.get(column, 0) for counts in self._rows(name).values()]
        return self.columns[key]

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

    def _is_least(self, name, part, whole):
        """Say whether a column counts no more than another one in every row of a table."""
        key = (name, part, whole)
        if key not in self.within:
            columns = self._get_column(name, part), self._get_column(name, whole)
            self.within[key] = all(map(le, *columns))
        return self.within[key]

    def _classify(self, rows, parts):
        """Return rows by the columns in which they count."""
        classes = {}
        for row, counts in rows.items():
            classes.setdefault(tuple(bool(counts.get(part)) for part in parts), []).append(row)
        return classes
