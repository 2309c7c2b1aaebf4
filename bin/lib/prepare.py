"""Everything that must be there before Odoo runs, in order; what is there already costs no time."""

from __future__ import annotations

import os

from . import odoo, postgres, system, venv
from .build import lock
from .paths import CACHE
from .system import check_python, check_system, install_packages, wanted_packages


def prepare(tests=False):
    """Bring what is missing: system packages, Odoo, Python packages, PostgreSQL."""
    check_python()
    if not complete(tests):
        with lock(CACHE / "setup.lock"):
            if wanted := wanted_packages(tests, postgres.is_own()):
                check_system()
                install_packages(wanted)
            if not os.environ.get("ODOO_HOME"):
                check_system()
            odoo.prepare()
            venv.prepare()
    postgres.ensure_running()


def complete(tests):
    """Whether nothing has to be installed, fetched or unpacked."""
    return bool(
        (odoo.own_home() or odoo.unpacked())
        and venv.folder().is_dir()
        and (system.has_postgresql() or not postgres.is_own())
        and not (tests and not system.has_chromium())
    )
