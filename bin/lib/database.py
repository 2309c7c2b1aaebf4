"""Databases with their filestores: made, copied, dropped; and the template that saves time."""

from __future__ import annotations

import ast
import os
import shutil

from . import odoo
from .build import hash_of, lock
from .paths import LOCAL, LOG, MODULES, TEST_MODULE, module_folder, modules, test_modules
from .postgres import psql
from .run import run
from .say import Problem, step

TEMPLATE = "bb_template_"
INSTALLED = "bb_installed_"
# The first language becomes every user's: Dutch in the demo, English in tests (Dutch is at hand).
LANGUAGES = {"demo": "nl_NL,en_US", "plain": "en_US,nl_NL"}
# What makes up the behaviour of a module; its tests do not.
NO_CODE = {"__pycache__", "tests", "readme", "description", "README.md", "pyproject.toml"}


def exists(name):
    """Whether there is a database of this name."""
    return name in names()


def names():
    """The names of all databases."""
    return psql("postgres", "SELECT datname FROM pg_database").splitlines()


def filestore(name):
    """The folder of a database's attachments."""
    return LOCAL / "data" / "filestore" / name


def drop(name):
    """Remove a database and its filestore, if they are there."""
    psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(filestore(name), ignore_errors=True)


def copy(source, target):
    """Make `target` a copy of `source`, attachments included; an older `target` goes."""
    drop(target)
    psql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if filestore(source).is_dir():
        # Odoo never changes a file of a filestore (its name is its content), so a link is a copy
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)


def rename(source, target):
    """Give a database and its filestore another name."""
    psql("postgres", f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        filestore(source).rename(filestore(target))


def manifest(module):
    """A module's manifest."""
    return ast.literal_eval((module_folder(module) / "__manifest__.py").read_text(encoding="utf-8"))


def outer_depends():
    """The modules of Odoo itself that ours depend on."""
    named = {
        name
        for module in [*modules(), *test_modules()]
        for name in manifest(module).get("depends", ())
    }
    return sorted(named - {*MODULES, TEST_MODULE}) or ["base"]


def code_hash(names):
    """A name for the present content of modules: it changes when a database must be updated."""
    files = sorted(
        file
        for name in names
        for file in module_folder(name).rglob("*")
        if file.is_file() and not NO_CODE & set(file.relative_to(module_folder(name)).parts)
    )
    return hash_of(
        *(part for file in files for part in (str(file.relative_to(file.parents[1])), file))
    )


def template(kind, log_name):
    """The name of a database with those modules of Odoo that ours need; made when it is missing.

    `kind` is "demo" (ready for the demo data of our modules) or "plain" (without). Odoo's own demo
    data, English companies and messages, stays out of both.
    """
    outer = outer_depends()
    name = f"{TEMPLATE}{kind}_{hash_of(str(odoo.home()), *outer, LANGUAGES[kind], 'own demo')}"
    if exists(name):
        return name
    with lock(LOCAL / f"{TEMPLATE}{kind}.lock", "run that makes a template database"):
        if exists(name):
            return name
        step(f"Making a template database, {kind} ({', '.join(outer)}) …")
        unfinished = f"{TEMPLATE}{kind}_unfinished"
        drop(unfinished)
        install(unfinished, outer, log_name, "plain", f"--load-language={LANGUAGES[kind]}")
        if kind == "demo":
            # a module gets its demo data only when those it depends on have theirs
            psql(unfinished, "UPDATE ir_module_module SET demo = true WHERE state = 'installed'")
        for old in names():
            if old.startswith(f"{TEMPLATE}{kind}_") and old != unfinished:
                drop(old)
        rename(unfinished, name)
    return name


def installed():
    """The name of a database with our modules and no demo data, to copy; made when they change."""
    name = f"{INSTALLED}{code_hash(modules())}"
    with lock(LOCAL / "installed.lock", "run that installs the modules"):
        if not exists(name):
            for old in names():
                if old.startswith(INSTALLED):
                    drop(old)
            step("Installing the modules …")
            unfinished = f"{INSTALLED}unfinished"
            copy(template("plain", "installed-template.log"), unfinished)
            install(unfinished, modules(), "installed.log", "plain")
            rename(unfinished, name)
    return name


def install(name, wanted, log_name, kind, *options, action="-i"):
    """Install (or with action="-u" update) modules in a database, which is made when missing."""
    run(
        f"Installing {', '.join(wanted)} in the database {name}",
        odoo.command(
            "-d",
            name,
            action,
            ",".join(wanted),
            "--stop-after-init",
            "--no-http",
            *(["--with-demo"] if kind == "demo" else []),
            *options,
        ),
        log_name,
        env=odoo.environment(),
    )
    if kind == "demo":
        check_demo_data(LOG / log_name)


def check_demo_data(log):
    """Refuse a database of which the demo data failed: Odoo only warns, and goes on without."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if "demo data failed to install" in text:
        raise Problem(f"the demo data could not be loaded. Why is in the log: {log}.")
