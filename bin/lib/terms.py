"""Translations: what Odoo exports from a database against the modules' i18n files."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from . import database, odoo, venv
from .lint import outcome
from .paths import LOG, module_folder, modules
from .run import failure_sentence
from .say import Problem

EXPORT = """
from odoo.tools.translate import trans_export
for module in {modules!r}:
    with open({folder!r} + "/" + module + ".pot", "wb") as file:
        trans_export(None, [module], file, "po", env)
print("exported")
"""
DATABASE = "bb_terms"


def check(name=None):
    """One outcome for each module: its template is fresh and its Dutch complete."""
    if not modules():
        return []
    found = compare("check", name or own_database())
    return [
        outcome(f"lint: translation of {module}", problems) for module, problems in found.items()
    ]


def write():
    """Refresh the templates and merge the translations."""
    compare("write", own_database())


def own_database():
    """A database with our modules to ask: a copy, as others copy the same at any moment."""
    database.copy(database.installed(), DATABASE)
    return DATABASE


def compare(action, name):
    """Let Odoo export the terms in a database and compare_terms.py work on each module."""
    with tempfile.TemporaryDirectory() as folder:
        export(name, folder)
        return {
            module: run_compare(action, module, Path(folder) / f"{module}.pot")
            for module in modules()
        }


def export(name, folder):
    """Write each module's template to a folder."""
    done = subprocess.run(
        odoo.command("shell", "-d", name, "--no-http", "--log-level=error"),
        input=EXPORT.format(modules=modules(), folder=str(folder)),
        env=odoo.environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode or "exported" not in done.stdout:
        raise Problem(
            failure_sentence("Exporting terms", ["bin/odoo", "shell", "-d", name], done.stderr, LOG)
        )


def run_compare(action, module, exported):
    """The lines that compare_terms.py prints for a module."""
    done = subprocess.run(
        [
            venv.python(),
            Path(__file__).with_name("compare_terms.py"),
            action,
            module_folder(module),
            exported,
        ],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Problem(
            failure_sentence(
                "Comparing terms", ["compare_terms.py", action, module], done.stderr, LOG
            )
        )
    return [line for line in done.stdout.splitlines() if line]
