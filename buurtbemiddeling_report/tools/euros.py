"""How an amount of euros is written, the same in every text."""

from odoo.tools.misc import formatLang


def say_euros(env, amount):
    """Return an amount as people read it: € 1,234.50, in Dutch € 1.234,50."""
    return f"€\N{NO-BREAK SPACE}{formatLang(env, amount, digits=2)}"
