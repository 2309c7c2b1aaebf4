"""The table of what was measured, for people, and the same as JSON, for machines."""

import json

HEADINGS = ("topic", "action", "ours", "peer", "", "ratio", "limit", "")
VERDICTS = {True: "ok", False: "MISSED", None: ""}


def shown(value, unit):
    """A value with its unit.

    >>> shown(0.01234, "s"), shown(2.5, "s"), shown(81.2, "MB"), shown(None, "s")
    ('12.3 ms', '2.50 s', '81 MB', '')
    """
    if value is None:
        return ""
    if unit == "s":
        return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"
    return f"{value:.0f} {unit}"


def as_text(results):
    """All results as lines of a table."""
    rows = [HEADINGS]
    for result in results:
        rows.append(
            (
                result.topic,
                result.action,
                shown(result.ours, result.unit),
                shown(result.peer, result.unit),
                result.peer_name,
                f"{result.ratio:.2f}" if result.ratio is not None else "",
                f"{result.limit:g}" if result.limit is not None else "",
                f"{VERDICTS[result.is_met]} {result.remark}".strip(),
            )
        )
    return aligned(rows)


def growth_as_text(growths, smaller, larger):
    """The growth of all actions as lines of a table; `smaller` and `larger` name the databases."""
    rows = [("topic", "action", smaller, larger, "", "times", "limit", "")]
    for growth in growths:
        rows.append(
            (
                growth.topic,
                growth.action,
                shown(growth.smaller, growth.unit),
                shown(growth.larger, growth.unit),
                f"a row, of {growth.smaller_rows} and {growth.larger_rows}"
                if growth.per_row
                else "",
                f"{growth.ratio:.2f}" if growth.ratio is not None else "",
                f"{growth.limit:g}" if growth.limit is not None else "",
                VERDICTS[growth.is_met] or ("" if growth.limit is None else "?"),
            )
        )
    return aligned(rows)


def aligned(rows):
    """Rows of cells as lines, in columns.

    >>> print(aligned([("a", "b"), ("long", "c"), ("d", "")]))
    a     b
    long  c
    d
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def save(path, database, results):
    """Write all results of a database to a file, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = {"database": database, "results": [result.as_dict() for result in results]}
    path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
