"""Is it fast enough? A country of made-up cases, and what it takes beside what else runs in Odoo.

`bin/bench` runs this package in the Python of Odoo. `generator/` writes the data, `measures/` holds
one measurement a file; `docs/speed.md` tells what is measured, and what came of it.
"""
