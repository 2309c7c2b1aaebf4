import csv
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg2
from requests import Response
from requests.adapters import BaseAdapter
from werkzeug.test import EnvironBuilder, run_wsgi_app

from odoo.exceptions import AccessError, UserError
from odoo.http import root
from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase
from odoo.tools import SQL

from .common_scene import AccessScene
from .common_worlds import OURS, STATES

TABLE = Path(__file__).parents[1] / "access_table.csv"
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
#: Whose record a column is about: the worlds in which it is tried.
WHOSE = {
    "own": ("own",),
    "colleague": ("colleague",),
    "closed": ("closed",),
    "elsewhere": ("elsewhere",),
    "live": ("own",),
    "ended": ("colleague",),
    "never": ("closed", "elsewhere"),
    "others": ("colleague", "closed", "elsewhere"),
    "any": ("own", "colleague", "closed", "elsewhere"),
}
COLUMNS = (
    "coordinator@own", "coordinator@colleague", "coordinator@closed", "coordinator@elsewhere",
    "administrator@own", "administrator@colleague", "administrator@closed",
    "administrator@elsewhere",
    "extra@own", "extra@colleague", "extra@closed", "extra@elsewhere",
    "figures@own", "figures@closed", "figures@elsewhere",
    "reader@closed", "coordinator_reader@closed",
    "employee@any", "other_apps@own", "other_apps@others", "odoo_admin@own", "odoo_admin@others",
    "mediator@live", "mediator@ended", "mediator@never",
    "referrer@own", "referrer@others", "public@any",
)  # fmt: skip
HEADER = ["model", "state", *COLUMNS, "why"]
# a text that may be changed without anything following from it, most fitting first
TEXTS = ("note", "notes", "description", "explanation", "comment", "text", "location", "name")
# what else may be changed
CHANGES = {"buurtbemiddeling.import": "filename", "buurtbemiddeling.plan": "date_start"}
DULL = ("char", "text", "integer", "boolean", "float", "date", "datetime", "selection", "many2one")
# what says in the log that something was refused
REFUSING = (
    "odoo.sql_db", "odoo.http", "odoo.models", "odoo.addons.mail.models.mail_thread",
    "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
)  # fmt: skip


class InProcess(BaseAdapter):
    """Hands requests to Odoo in a thread of its own, as its server does, but without a socket: of
    thousands of requests that is half the time."""

    def __init__(self):
        super().__init__()
        self.thread = ThreadPoolExecutor(1)

    def send(self, request, **_options):
        """Return the answer of Odoo."""
        builder = EnvironBuilder(
            request.path_url,
            request.url.removesuffix(request.path_url),
            method=request.method,
            headers=dict(request.headers),
            data=request.body,
            environ_overrides={"REMOTE_ADDR": "127.0.0.1"},
        )
        answer = self.thread.submit(run_wsgi_app, root, builder.get_environ(), buffered=True)
        content, status, headers = answer.result()
        response = Response()
        response.status_code = int(status.partition(" ")[0])
        response.headers.update(headers)
        response._content = b"".join(content)
        response.request, response.url = request, request.url
        return response

    def close(self):
        """End the thread."""
        self.thread.shutdown()


class AccessTable:
    """The table as it is in the file: ``cells[model, state][column]``, such as ``"rw"``."""

    def __init__(self):
        self.problems = []
        self.cells = {}
        with TABLE.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(line for line in file if not line.startswith("#")))
        header, *rows = rows or [[]]
        for name in sorted(set(header) ^ set(HEADER)):
            known = "is missing" if name in HEADER else "is not known"
            self.problems.append(f"the column “{name}” {known}")
        for row in rows:
            cells = dict(zip(header, row, strict=False))
            key = cells.pop("model", ""), cells.pop("state", "")
            if key in self.cells:
                self.problems.append(f"{' '.join(key)} is there twice")
            if key[1] and key[1] not in STATES:
                self.problems.append(f"{key[0]}: the state “{key[1]}” is not known")
            for column in COLUMNS:
                cell = cells.get(column, "").replace("-", "")
                if not set(cell) <= set(OPERATIONS):
                    self.problems.append(f"{key[0]}, {column}: “{cell}” is not a right")
            self.cells[key] = cells

    def get_rights(self, key, column):
        """Return the letters of a cell."""
        return self.cells.get(key, {}).get(column, "").replace("-", "")

    def get_why(self, key):
        return self.cells.get(key, {}).get("why", "")


class AccessTableCase(AccessScene, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = AccessTable()
        cls.failed = cls.make_all_rows()

    # ------------------------------------------------------------
    # TRYING
    # ------------------------------------------------------------

    @contextmanager
    def try_out(self, state="", user=None, model=None):
        """Try something, after which everything is as it was before.

        :param state: what is true of all records meanwhile, see ``STATES``
        :param user: whose the records of the world "own" are meanwhile
        """
        with self.cr.savepoint() as savepoint:
            if state:
                parent, values = STATES[state]
                for name, value in values.items():
                    table = SQL.identifier(self.env[OURS + parent]._table)
                    self.cr.execute(
                        SQL("UPDATE %s SET %s = %s", table, SQL.identifier(name), value)
                    )
                self.env.invalidate_all()
            if user and model and not self.failed.get(model):
                self.worlds["own"].give_to(user, model)
            yield
            savepoint.rollback()

    def get_change(self, row):
        """Return values that change as little as possible in a row."""
        plain = {
            name: field
            for name, field in row._fields.items()
            if field.store
            and name not in (*MAGIC_COLUMNS, "state")
            and not (field.compute or field.related or field.company_dependent)
        }
        for name in (CHANGES.get(row._name), *TEXTS):
            if name in plain and plain[name].type in ("char", "text"):
                return {name: f"{row[name] or ''} x"}
            if name in plain and name in CHANGES.values():
                return {name: plain[name].convert_to_write(row[name], row)}
        for name, field in plain.items():
            if field.type in DULL:
                return {name: field.convert_to_write(row[name], row)}
        return {"id": row.id}

    def as_user(self, user, model, row=None):
        records = self.env[model].with_user(user)
        records = records.with_context(
            allowed_company_ids=user.company_ids.ids, tracking_disable=True
        )
        return records.browse(row.ids if row else [])

    @staticmethod
    def get_readable(records):
        """Return the names of what the user of these records may read of them."""
        names = [
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and records._has_field_access(field, "read")
        ]
        return [*names, "display_name"]

    def do(self, letter, user, model, world):
        """Do one thing as a user, and return whether it was done.

        :raise AccessError: or another error that says why not
        """
        row = world.get_row(model)
        mine = self.as_user(user, model, row)
        if letter == "r":
            found = mine.with_context(active_test=False).search([("id", "in", row.ids)])
            try:
                read = bool(mine.read(self.get_readable(mine)))
            except AccessError:
                read = False
            self.assertEqual(bool(found), read, "what is found, is read, and the other way round")
            if not read:
                raise AccessError(self.env._("Nothing is found."))
        elif letter == "w":
            mine.write(self.get_change(row))
        elif letter == "c":
            mine.browse().create(world.get_new_values(model))
        else:
            mine.unlink()
        self.env.flush_all()

    def find_rights(self, key, column):
        """Return what a role may do, as letters, and what else went wrong.

        A right that is only there for some of the records counts.
        """
        model, state = key
        role, whose = column.split("@")
        user = self.users[role]
        found, problems = set(), []
        rights = self.as_user(user, model)
        may = {letter for letter, name in OPERATIONS.items() if rights.has_access(name)}
        for name in WHOSE[whose]:
            world = self.worlds[name]
            # without a savepoint where nothing can be done: thousands of cells are empty
            owner = user if name == "own" else None
            with self.try_out(state, owner, model) if may and (state or owner) else nullcontext():
                for letter in OPERATIONS:
                    try:
                        with self.try_out() if letter in may else nullcontext():
                            self.do(letter, user, model, world)
                        found.add(letter)
                    except AccessError:
                        continue
                    except UserError as error:
                        if letter in may and not state:
                            problems.append(f"{OPERATIONS[letter]} is refused: {error}")
                    except (AssertionError, psycopg2.Error, ValueError, KeyError) as error:
                        problems.append(f"{OPERATIONS[letter]}: {type(error).__name__} {error}")
        return "".join(letter for letter in OPERATIONS if letter in found), problems
