import csv
import inspect
import json
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.models import MAGIC_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger
from odoo.tools.json import json_default

from .common_worlds import OURS, STATES, AccessScene

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
    "employee@any", "other_apps@any", "odoo_admin@any",
    "mediator@live", "mediator@ended", "mediator@never",
    "referrer@own", "referrer@others", "public@any",
)  # fmt: skip
HEADER = ["model", "state", *COLUMNS, "why"]
# a text that may be changed without anything following from it, most fitting first
TEXTS = ("note", "notes", "description", "explanation", "comment", "text", "location", "name")
# what else may be changed
CHANGES = {"buurtbemiddeling.import": "filename", "buurtbemiddeling.plan": "date_start"}
DULL = ("char", "text", "integer", "boolean", "float", "date", "datetime", "selection", "many2one")
REFUSALS = ("AccessError", "SessionExpiredException", "UserError", "ValidationError")
# what says in the log that something was refused
REFUSING = (
    "odoo.sql_db", "odoo.http", "odoo.models", "odoo.addons.mail.models.mail_thread",
    "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule",
)  # fmt: skip
# a method refuses, or can do nothing with what it is given
REFUSED_OR_BROKEN = (
    UserError, AssertionError, AttributeError, KeyError, TypeError, ValueError
)  # fmt: skip
# what would tell who is in a case
SECRETS = ("Anna", "Bert", "straat 1", "straat 3")
# Odoo's own methods that show or make records, with what they ask besides the records
READERS = {
    "name_search": ["n"],
    "search_count": [[]],
    "search_read": [[]],
    "web_search_read": [[], {"display_name": {}}],
    "formatted_read_group": [[], [], ["__count"]],
    "read": [["display_name"]],
    "web_read": [{"display_name": {}}],
    "export_data": [["display_name"]],
    "copy": [],
    "copy_data": [],
    "web_save": [{}, {}],
}
MAIL = """From: anna@example.com
To: zaken@example.com
Subject: Klacht
Message-Id: <table@example.com>

Mijn buurman maakt lawaai.
"""
# who manages Odoo's mail lets mail in; it becomes mail without a place
RIGHTLY = {("odoo_admin", "message_process")}
ARGUMENTS = {
    "vals": {}, "vals_list": [{}], "values": {}, "field_names": [], "fields": ["display_name"],
    "fields_spec": {"display_name": {}}, "specification": {"display_name": {}},
    "model": "buurtbemiddeling.unsorted.mail", "message": MAIL, "message_dict": {},
    "msg_dict": {"subject": "Klacht", "from": "anna@example.com"},
    "domain": [], "groupby": ["id"], "grouping_sets": [["id"]], "group_by": "id",
    "progress_bar": {"field": "id", "colors": {}}, "field_name": "id", "fields_to_export": ["id"],
}  # fmt: skip
ARCHIVED_TOO = {"active_test": False}


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

    def do(self, letter, user, model, world):
        """Do one thing as a user, and return whether it was done.

        :raise AccessError: or another error that says why not
        """
        row = world.get_row(model)
        mine = self.as_user(user, model, row)
        if letter == "r":
            names = [
                name
                for name, field in mine._fields.items()
                if field.store and field.column_type and mine._has_field_access(field, "read")
            ]
            found = mine.with_context(active_test=False).search([("id", "in", row.ids)])
            try:
                read = bool(mine.read([*names, "display_name"]))
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


@tagged("post_install", "-at_install")
class TestAccessTable(AccessTableCase):
    """Who may do what is said in ``access_table.csv``; here each cell is tried.

    A model that is not in the table fails, and the message gives the row as it is now: read it, and
    only then add it.
    """

    def test_the_table_is_about_every_model_and_can_be_read(self):
        models = {model for model, _state in self.table.cells}
        problems = list(self.table.problems)
        for model in sorted(models - set(self.get_models())):
            problems.append(f"{model} is in the table, and does not exist")
        for model in sorted(set(self.get_models()) - models):
            problems.append(f"{model} is not in the table")
        problems += [f"{text}\nadd to VALUES what it needs" for text in self.failed.values()]
        if problems:
            self.fail("\n".join(["", *problems]))

    @mute_logger(*REFUSING)
    def test_what_each_role_may_do(self):
        """Role x whose record x read, write, create, unlink; each is tried, and undone."""
        rows, keys = [], [*self.table.cells]
        keys += [(model, "") for model in self.get_models() if (model, "") not in self.table.cells]
        for key in sorted(keys):
            if key[0] in self.failed or key[0] not in self.env:
                continue
            found, wrong = {}, []
            for column in COLUMNS:
                found[column], problems = self.find_rights(key, column)
                expected = self.table.get_rights(key, column)
                wrong += [f"{column}: {problem}" for problem in problems]
                for letter, operation in OPERATIONS.items():
                    if (letter in expected) != (letter in found[column]):
                        words = ("refused", "allowed")
                        wrong.append(
                            f"{column}: {operation} must be {words[letter in expected]},"
                            f" and is {words[letter in found[column]]}"
                        )
            if wrong:
                row = [*key, *(found[column] or "-" for column in COLUMNS)]
                rows += [" ".join(key), *(f"    {line}" for line in wrong)]
                rows.append(f"    as it is now: {','.join(row)},{self.table.get_why(key)}")
        if rows:
            self.fail("\n".join(["", *rows]))

    # ------------------------------------------------------------
    # OVER THE WEB
    # ------------------------------------------------------------

    def call(self, model, method, *args, **kwargs):
        """Call a method as a browser does, and return ``(result, None)`` or ``(None, error)``."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.opener.post(
            f"{self.base_url()}/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "params": params}, default=json_default),
            headers={"Content-Type": "application/json"},
            timeout=60,
        ).json()
        return answer.get("result"), answer.get("error", {}).get("data", {}).get("name")

    def call_for(self, letter, model, worlds):
        """Do one thing to the rows of these worlds in one request.

        :return: the worlds in which it was done, and the error if any
        """
        rows = {name: self.worlds[name].get_row(model) for name in worlds}
        ids = [row_id for row in rows.values() for row_id in row.ids]
        if letter == "r":
            result, error = self.call(model, "read", ids, ["display_name"])
            found = {values["id"] for values in result or ()}
            return {name for name, row in rows.items() if set(row.ids) & found}, error
        if letter == "w":
            args = ids, self.get_change(next(iter(rows.values())))
        elif letter == "c":
            args = ([self.worlds[name].get_new_values(model) for name in worlds],)
        else:
            args = (ids,)
        _result, error = self.call(model, OPERATIONS[letter], *args)
        return set() if error else set(worlds), error

    def find_rights_by_web(self, role, model):
        """Return what a role may do by the table and may not, or the other way round, as lines."""
        wrong = []
        columns = [column for column in COLUMNS if column.split("@")[0] == role]
        worlds = {name: column for column in columns for name in WHOSE[column.split("@")[1]]}
        for letter, operation in OPERATIONS.items():
            allowed = [
                name
                for name, column in worlds.items()
                if letter in self.table.get_rights((model, ""), column)
            ]
            denied = [name for name in worlds if name not in allowed]
            requests = [allowed] if allowed else []
            # where the role can do it to nothing at all, one request is enough for all records
            requests += [[name] for name in denied] if allowed else [denied]
            for names in filter(None, requests):
                done, error = self.call_for(letter, model, names)
                if error and names == allowed:  # what is right for one may not be for all at once
                    done = set()
                    for name in names:
                        with self.try_out():
                            done |= self.call_for(letter, model, [name])[0]
                if done != set(allowed) & set(names):
                    wrong.append(f"{model}, {role}: {operation} of {names}: {error or 'done'}")
                elif error and error.split(".")[-1] not in REFUSALS:
                    wrong.append(f"{model}, {role}: {operation} of {names}: {error}")
            if letter == "r":
                ids = [row for name in worlds for row in self.worlds[name].get_row(model).ids]
                found, _error = self.call(
                    model, "search_read", [["id", "in", ids]], ["id"], context=ARCHIVED_TOO
                )
                expected = {row for name in allowed for row in self.worlds[name].get_row(model).ids}
                if {values["id"] for values in found or ()} != expected:
                    wrong.append(f"{model}, {role}: finds {found} instead of {expected}")
        return wrong

    @mute_logger(*REFUSING, "werkzeug")
    def test_what_each_role_may_do_over_json_rpc(self):
        """The same as a browser, or somebody with a script and the password, asks it."""
        wrong = []
        for role, user in self.users.items():
            login = user.login if role != "public" else None
            self.authenticate(login, login)
            for model, state in self.table.cells:
                if not state and model in self.env and model not in self.failed:
                    with self.try_out(user=user, model=model):
                        wrong += self.find_rights_by_web(role, model)
        if wrong:
            self.fail("\n".join(["", *wrong]))

    @mute_logger(*REFUSING, "odoo.addons.rpc.controllers.jsonrpc")
    def test_the_other_doors_for_scripts_keep_to_the_table_as_well(self):
        """``/json/2`` and ``/jsonrpc`` with a key, of a coordinator and of a mediator."""
        case, note = "buurtbemiddeling.case", "buurtbemiddeling.coach.note"
        for role, mine in (("coordinator", {"own", "colleague"}), ("mediator", set())):
            user = self.users[role]
            key = self.env["res.users.apikeys"].with_user(user).sudo()
            key = key._generate("rpc", "Test", datetime.now() + timedelta(days=1))
            for model in (case, note):
                rows = {name: world.get_row(model).id for name, world in self.worlds.items()}
                expected = {rows[name] for name in mine}
                domain = [["id", "in", list(rows.values())]]
                answers = [
                    self.opener.post(
                        f"{self.base_url()}/json/2/{model}/search_read",
                        json={"domain": domain, "fields": ["id"]},
                        headers={"Authorization": f"Bearer {key}"},
                    ).json()
                ]
                args = [self.cr.dbname, user.id, key, model, "search_read", [domain, ["id"]]]
                answers.append(
                    self.opener.post(
                        f"{self.base_url()}/jsonrpc",
                        json={
                            "jsonrpc": "2.0",
                            "params": {"service": "object", "method": "execute_kw", "args": args},
                        },
                    )
                    .json()
                    .get("result", {})
                )
                for found in answers:
                    found = {row["id"] for row in found} if isinstance(found, list) else set()
                    self.assertEqual(found, expected, f"{role}, {model}")

    # ------------------------------------------------------------
    # METHODS
    # ------------------------------------------------------------

    def get_methods(self, role, model):
        """Return ``{name: arguments}`` of what can be called from outside and shows or does more.

        Those are all methods of ours, and of Odoo's own those that show records.
        """
        cls = self.env.registry[model]
        ours = [base for base in cls.mro() if base.__module__.startswith("odoo.addons.buurtbem")]
        names = {name for base in ours for name in vars(base) if not name.startswith("_")}
        row_ids = self.worlds["own"].get_row(model).ids
        found = {}
        for name in sorted(names | READERS.keys()):
            method = getattr(cls, name, None)
            private = any(
                getattr(vars(base).get(name), "_api_private", False) for base in cls.mro()
            )
            if inspect.isroutine(method) and not private and (role, name) not in RIGHTLY:
                args = READERS[name] if name in READERS else self.get_arguments(method)
                found[name] = args if hasattr(method, "_api_model") else [row_ids, *args]
        return found

    def get_arguments(self, method):
        """Return something for each argument that a method can not do without."""
        required = [
            parameter.name
            for parameter in list(inspect.signature(method).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        return [ARGUMENTS[name] for name in required]

    def count_changes(self):
        """Return how many rows this transaction has made, changed and deleted so far."""
        self.env.flush_all()
        self.cr.execute(
            "SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
        )
        return self.cr.fetchone()[0]

    def walk(self, role, model):
        """Call every method of a model as somebody who may do nothing there, in one go.

        :return: lines of what was told
        """
        self.env.invalidate_all()  # a request begins with nothing in memory
        told = []
        for name, args in self.get_methods(role, model).items():
            with suppress(*REFUSED_OR_BROKEN):
                told += self.listen(role, model, name, args)
        return told

    def walk_apart(self, role, model):
        """Call every method, and undo each.

        :return: lines of what was told, and of what was changed
        """
        told, changed = [], []
        for name, args in self.get_methods(role, model).items():
            before = after = self.count_changes()
            self.env.invalidate_all()
            with suppress(*REFUSED_OR_BROKEN, psycopg2.Error), self.try_out():
                told += self.listen(role, model, name, args)
                after = self.count_changes()
            if after != before:
                changed.append(f"{role}: {model}.{name} changes something")
        return told, changed

    def listen(self, role, model, name, args):
        """Call a method, and return in a line what it tells; no line when that is nothing."""
        result = call_kw(self.as_user(self.users[role], model), name, args, {})
        is_way = isinstance(result, dict) and result.get("type", "").startswith("ir.actions.")
        is_way = is_way or name == "mail_allowed_qweb_expressions"  # the same for every record
        if not result or result == [{}]:
            return []
        if is_way and not any(word in str(result) for word in SECRETS):
            return []
        return [f"{role}: {model}.{name} tells {str(result)[:200]}"]

    @mute_logger(*REFUSING, "py.warnings")  # also methods of Odoo that are deprecated
    def test_no_method_tells_or_does_anything_for_whoever_has_no_right_to_a_model(self):
        """Each public method of ours, for people of all kinds without a role here.

        What leads to a screen or a file may be asked for: it tells the way, and nothing is there.
        """
        wrong = []
        for role in ("employee", "odoo_admin", "mediator", "referrer", "public", "figures"):
            closed = [
                model
                for model in self.get_models()
                if model not in self.failed
                and not self.as_user(self.users[role], model).has_access("read")
            ]
            before = self.count_changes()
            with self.try_out():
                for model in closed:
                    wrong += self.walk(role, model)
                after = self.count_changes()
            if after != before:
                for model in closed:
                    wrong += self.walk_apart(role, model)[1]
        if wrong:
            self.fail("\n".join(["", *wrong]))

    @mute_logger(*REFUSING, "py.warnings")  # also methods of Odoo that are deprecated
    def test_who_sees_figures_only_changes_nothing_by_any_method_and_hears_no_name(self):
        """Also on what the steering group reads: its meetings, reports, plans and budgets."""
        wrong = []
        for model in set(self.get_models()) - self.failed.keys():
            if self.as_user(self.users["figures"], model).has_access("read"):
                told, changed = self.walk_apart("figures", model)
                wrong += [line for line in told if any(word in line for word in SECRETS)]
                if model != "buurtbemiddeling.download":  # the choices for one's own download
                    wrong += changed
        if wrong:
            self.fail("\n".join(["", *wrong]))
