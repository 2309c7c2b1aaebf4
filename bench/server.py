"""Odoo as a script: a server with workers starts itself once more, by the name of its script.

`python -m odoo` has no such name.
"""

from odoo.cli.command import main

main()
