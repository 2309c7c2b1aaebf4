"""Which totals may be shown."""

from itertools import combinations

from .disclosure_counts import Counts, is_small


class Totals(Counts):
    """The totals: too small themselves, or telling with others what is."""

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

    def _places(self, columns):
        return sorted(map(self.order.index, columns))

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

    def _get_needed(self, rows, parts, members):
        """Return the columns without which these rows would not be told from others."""
        needed = sorted(parts, key=self.order.index, reverse=True)
        for part in [*needed]:
            fewer = [other for other in needed if other != part]
            if members in self._classify(rows, fewer).values():
                needed = fewer
        return needed
