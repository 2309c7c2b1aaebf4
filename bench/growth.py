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
    limit: float | None = LIMIT

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
        """Whether it is within its limit; None when that can not be told, or there is none."""
        if self.ratio is None or self.limit is None:
            return None
        return self.ratio <= self.limit

    def as_dict(self):
        """All of it as plain values, for JSON."""
        return {**asdict(self), "ratio": self.ratio, "is_met": self.is_met}


def named(result):
    """What tells a measurement from the others."""
    return result["topic"], result["action"], result["unit"]


def compare(smaller, larger):
    """The growth of each action that was measured in seconds or queries, in the order of `larger`.

    Those that show more in a larger database are told and not judged. What stands beside two peers
    is told once.

    :param smaller: results as `Result.as_dict` gives them, of the smaller database
    :param larger: the same of the larger one
    """
    before, after = ({named(each): each for each in results} for results in (smaller, larger))
    found = []
    for name in dict.fromkeys([*after, *before]):
        first, last = before.get(name, {}), after.get(name, {})
        either = last or first
        if either["unit"] not in JUDGED:
            continue
        found.append(
            Growth(
                either["topic"],
                either["action"],
                either["unit"],
                first.get("ours"),
                last.get("ours"),
                either["linear"],
                first.get("rows", 0),
                last.get("rows", 0),
                LIMIT if either["grows"] else None,
            )
        )
    return found


def missed(results, growths, size):
    """A sentence for each limit that was missed, by results of a size or in growing to it."""
    sentences = []
    for each in results:
        if each["is_met"] is False:
            found = (
                f"{each['ratio']:.2f} times {each['peer_name']}"
                if each["peer"]
                else f"{each['ours']:g} {each['unit']}"
            )
            sentences.append(
                f"{each['topic']}, {each['action']} ({size}): {found}, and {each['limit']:g} is"
                " allowed."
            )
    for each in growths:
        subject = f"{each.topic}, {each.action}"
        if each.is_met is False:
            what = "a row takes" if each.per_row else "takes"
            sentences.append(
                f"{subject}: {what} {each.ratio:.2f} times as much in {size}, and {each.limit:g} is"
                " allowed."
            )
        elif each.limit is not None and each.ratio is None:
            sentences.append(f"{subject}: whether it grows can not be told.")
    return sentences
