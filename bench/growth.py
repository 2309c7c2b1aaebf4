"""Does it stay as quick when there is more? What was measured in two databases, side by side."""

from dataclasses import asdict, dataclass

LIMIT = 1.5  # how many times as long a page may take in the larger database, or a row of work
JUDGED = ("s", "queries")  # memory has a limit of its own


@dataclass
class Growth:
    """One action in a smaller and in a larger database: ours, as in a `Result`.

    `per_row` says that the work is judged by the row, as that of an export: twice the rows may take
    twice the time.
    """

    topic: str
    action: str
    unit: str
    smaller: float | None
    larger: float | None
    per_row: bool = False
    smaller_rows: int = 0
    larger_rows: int = 0
    limit: float = LIMIT

    @property
    def ratio(self):
        """How many times as much it takes, or takes a row; None when that can not be told."""
        if not self.smaller or self.larger is None:
            return None
        ratio = self.larger / self.smaller
        if self.per_row:
            if not self.smaller_rows or not self.larger_rows:
                return None
            ratio *= self.smaller_rows / self.larger_rows
        return ratio

    @property
    def is_met(self):
        """Whether it is within its limit; None when that can not be told."""
        return None if self.ratio is None else self.ratio <= self.limit

    def as_dict(self):
        """All of it as plain values, for JSON."""
        return {**asdict(self), "ratio": self.ratio, "is_met": self.is_met}


def named(result):
    """What tells a measurement from the others."""
    return result["topic"], result["action"], result["unit"]


def compare(smaller, larger):
    """The growth of each action that was measured in seconds or queries.

    :param smaller: results as `Result.as_dict` gives them, of the smaller database
    :param larger: the same of the larger one; its actions are compared, in its order,
        but for those that do not tell how it grows
    """
    before = {named(each): each for each in smaller}
    found = []
    for after in larger:
        if after["unit"] not in JUDGED or not after["grows"]:
            continue
        first = before.get(named(after), {})
        found.append(
            Growth(
                after["topic"],
                after["action"],
                after["unit"],
                first.get("ours"),
                after["ours"],
                after["linear"],
                first.get("rows", 0),
                after["rows"],
            )
        )
    return found


def missed(results, growths, size):
    """A sentence for each limit that was missed, by results of a size or in growing to it."""
    return [
        f"{each['topic']}, {each['action']} ({size}): "
        + (
            f"{each['ratio']:.2f} times {each['peer_name']}, and {each['limit']:g} is allowed."
            if each["peer"]
            else f"{each['ours']:g} {each['unit']}, and {each['limit']:g} is allowed."
        )
        for each in results
        if each["is_met"] is False
    ] + [
        f"{each.topic}, {each.action}: {'a row ' if each.per_row else ''}takes {each.ratio:.2f} "
        f"times as much in {size}, and {each.limit:g} is allowed."
        for each in growths
        if each.is_met is False
    ]
