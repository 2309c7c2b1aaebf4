"""What is said of the outcomes of tests at the end of a run."""

from __future__ import annotations

NAMED = 40  # failed tests that are named once more at the end


def tell(outcomes):
    """Print what was skipped and what failed, then the summary; return the exit code."""
    skipped = [outcome for outcome in outcomes if outcome.state == "skipped"]
    failed = [outcome for outcome in outcomes if outcome.state == "failed"]
    passed = len(outcomes) - len(skipped) - len(failed)
    for outcome in skipped:
        print(f"SKIPPED {short(outcome.name)}: {outcome.why}")
    for why, names in by_reason(failed).items():
        print("", *(f"FAILED {name}" for name in names), *shortened(why), sep="\n")
    if len(failed) > 1:
        print("\nFailed:", *(f"  {short(outcome.name)}" for outcome in failed[:NAMED]), sep="\n")
        if len(failed) > NAMED:
            print(f"  … and {len(failed) - NAMED} more, all named above")
    if not passed and not failed:
        print("No test ran.")
    print(f"{passed} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" * bool(skipped)))
    return 1 if failed or not passed else 0


def by_reason(failed):
    """The names of failed tests by the reason they give: often one reason fails many."""
    reasons = {}
    for outcome in failed:
        reasons.setdefault(outcome.why, []).append(short(outcome.name))
    return reasons


def shortened(text, longest=60):
    """The lines of a text, indented, the middle left out when there are many."""
    lines = [f"  {line}" for line in text.splitlines()]
    if len(lines) <= longest:
        return lines
    return [
        *lines[: longest // 3],
        f"  … {len(lines) - longest} lines …",
        *lines[-longest * 2 // 3 :],
    ]


def short(name):
    """A test's name as one types it: module/tests/file.py Class.method."""
    if not name.startswith("odoo.addons."):
        return name
    path, _, test = name.removeprefix("odoo.addons.").partition(":")
    return f"{path.replace('.', '/')}.py {test}"
