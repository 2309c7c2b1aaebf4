"""Everything that must be there before Odoo runs, in order; what is there already costs no time."""

from __future__ import annotations

from . import odoo, postgres, system, venv
from .build import lock
from .paths import CACHE


def prepare(tests=False, checks=False):
    """Bring what is missing: system packages, Odoo, Python packages, PostgreSQL.

    `tests` asks for a browser too, `checks` for the tools of bin/lint; tests need those as well.
    """
    system.check_python()
    with_venv = tests or checks or not odoo.own_python()
    if not complete(tests, with_venv):
        with lock(CACHE / "setup.lock"):
            wanted = system.wanted_packages(tests, postgres.is_own())
            if wanted or not odoo.own_home():
                system.check_system()
            system.install_packages(wanted)
            odoo.prepare()
            if with_venv:
                venv.prepare()
    postgres.ensure_running()


def complete(tests, with_venv):
    """Whether nothing has to be installed, fetched or unpacked."""
    return bool(
        (odoo.own_home() or odoo.unpacked())
        and (venv.folder().is_dir() or not with_venv)
        and (system.has_postgresql() or not postgres.is_own())
        and (system.has_chromium() or not tests)
    )
