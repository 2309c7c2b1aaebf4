"""What `bin/bench` runs in Odoo's Python: `generate`, `measure`, `load` or `record` a database."""

import argparse
import sys
from pathlib import Path
from time import monotonic

from bench import measures, table
from bench.office import Office
from bench.sizes import SIZES

STARTED = monotonic()


def say(text):
    """Tell how far it is."""
    print(f"[{monotonic() - STARTED:4.0f} s] {text}", flush=True)


def main():
    """Read the arguments and do what they ask."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("work", choices=("generate", "measure", "load", "record"))
    parser.add_argument("database")
    parser.add_argument("names", nargs="*", help="a size, or the measurements (default: all)")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--url", help="of the server that has the load")
    parser.add_argument("--coordinators", type=int)
    parser.add_argument("--portal", type=int)
    parser.add_argument("--seconds", type=int)
    arguments = parser.parse_args()
    office = Office(arguments.database)
    if arguments.work == "generate":
        from bench.generator.generate import generate

        with office.request(commit=True) as env:
            generate(env, SIZES[arguments.names[0]], say)
        return 0
    if arguments.work == "load":
        from bench import load

        plan = load.Plan(arguments.coordinators, arguments.portal, arguments.seconds)
        return load.run(office, arguments.url, plan, arguments.json, say)
    if arguments.work == "record":
        from bench.measures import pages

        pages.record(office)
        return 0
    results = []
    for name in arguments.names or measures.MEASURES:
        if not arguments.quick:
            office.tidy()
        say(f"Measuring {name} …")
        results += measures.get(name).measure(office, arguments.quick)
        if arguments.json:  # at once: a run takes long, and a later measurement may fail
            table.save(arguments.json, arguments.database, results)
    print(table.as_text(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
