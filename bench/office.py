"""Working in a database as one of its users, the way a request of a browser does."""

import gc
import os
import shutil
from contextlib import contextmanager
from time import perf_counter

import odoo
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config


@contextmanager
def autocommitting(database="postgres"):
    """A cursor for statements that no transaction can hold, as those that make or drop one."""
    with db_connect(database).cursor() as cr:
        cr._cnx.autocommit = True
        yield cr


class Office:
    """A database that is measured, and its users.

    Each `request` has a cursor and a cache of its own, as each request of a browser has, and what
    it wrote is rolled back.
    """

    def __init__(self, database):
        # Odoo takes its settings from ODOO_RC and the command line; the peers are ours to name
        peers = f"--addons-path={os.environ['BENCH_ADDONS_PATH']}"
        config.parse_config([peers, "-d", database, "--log-level=warn"], setup_logging=True)
        self.database = database
        self.registry = Registry(database)
        self.logins = {}

    @contextmanager
    def request(self, login=None, commit=False):
        """An environment of the user with this login (or the system), with an empty cache."""
        with self.registry.cursor() as cr:
            yield self.environment(cr, login)
            if not commit:
                cr.rollback()

    def tidy(self):
        """What PostgreSQL does by itself at night: forget dead rows, know how much there is."""
        with autocommitting(self.database) as cr:
            cr.execute("VACUUM (ANALYZE)")

    @contextmanager
    def copied(self):
        """An office on a copy of the database, for what can not be rolled back; then it goes."""
        name = f"{self.database}_copy"
        close_db(self.database)  # nobody else may be connected either
        with autocommitting() as cr:
            cr.execute(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(name)))
            cr.execute(
                SQL("CREATE DATABASE %s TEMPLATE %s", *map(SQL.identifier, (name, self.database)))
            )
        try:
            yield Office(name)
        finally:
            Registry.delete(name)
            close_db(name)
            config["db_name"] = [self.database]  # as before: the copy took its place
            with autocommitting() as cr:
                cr.execute(SQL("DROP DATABASE %s", SQL.identifier(name)))
            shutil.rmtree(config.filestore(name), ignore_errors=True)

    def environment(self, cr, login=None):
        """An environment on a cursor: of the user with this login, in Dutch, or of the system."""
        if not login:
            return odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        if login not in self.logins:
            cr.execute("SELECT id FROM res_users WHERE login = %s", [login])
            self.logins[login] = cr.fetchone()[0]
        env = odoo.api.Environment(cr, self.logins[login], {})
        return env(context=dict(env["res.users"].context_get()))

    def seconds(self, login, function):
        """How long `function(env)` takes in a request of this user, in seconds."""
        with self.request(login) as env:
            gc.collect()
            started = perf_counter()
            function(env)
            env.flush_all()
            return perf_counter() - started

    def queries(self, login, function):
        """How many queries `function(env)` takes in a request of this user."""
        with self.request(login) as env:
            before = env.cr.sql_log_count
            function(env)
            env.flush_all()
            return env.cr.sql_log_count - before
