"""Filling a database, part after part."""

from . import cases, peers, volunteers, world


def generate(env, size, say):
    """Write a country of this `Size`; `say(text)` tells how far it is. The caller commits."""
    made = world.make(env, size, say)
    made_cases = cases.make(env, size, made, say)
    volunteers.make(env, size, made, made_cases, say)
    peers.make(env, size, made, made_cases, say)
    for table in dict.fromkeys(made.tables):
        env.cr.execute(f'ANALYZE "{table}"')
