import json
from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.json import json_default

from .common_access_table import (
    COLUMNS,
    OPERATIONS,
    REFUSING,
    WHOSE,
    AccessTableCase,
    InProcess,
)

REFUSALS = ("AccessError", "SessionExpiredException", "UserError", "ValidationError")
ARCHIVED_TOO = {"active_test": False}


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
        """Records in some state: role x whose record x read, write, create, unlink, then undone.

        All others are tried over JSON-RPC, below.
        """
        rows = []
        for key in sorted(self.table.cells):
            if key[1] and key[0] in self.env and key[0] not in self.failed:
                found, wrong = self.find_row(key)
                if wrong:
                    rows += [" ".join(key), *wrong, found]
        if rows:
            self.fail("\n".join(["", *rows]))

    def find_row(self, key):
        """Return the row of the table as it is now, and what is wrong with what it says."""
        cells, wrong = {}, []
        for column in COLUMNS:
            cells[column], problems = self.find_rights(key, column)
            expected = self.table.get_rights(key, column)
            wrong += [f"    {column}: {problem}" for problem in problems]
            for letter, operation in OPERATIONS.items():
                if (letter in expected) != (letter in cells[column]):
                    words = ("refused", "allowed")
                    wrong.append(
                        f"    {column}: {operation} must be {words[letter in expected]},"
                        f" and is {words[letter in cells[column]]}"
                    )
        row = [*key, *(cells[column] or "-" for column in COLUMNS), self.table.get_why(key)]
        return f"    as it is now: {','.join(row)}", wrong

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

    def call_for(self, letter, role, model, worlds):
        """Do one thing to the rows of these worlds in one request.

        :return: the worlds in which it was done, and the error if any
        """
        rows = {name: self.worlds[name].get_row(model) for name in worlds}
        ids = [row_id for row in rows.values() for row_id in row.ids]
        if letter == "r":
            names = self.get_readable(self.as_user(self.users[role], model))
            result, error = self.call(model, "read", ids, names)
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
                done, error = self.call_for(letter, role, model, names)
                if error and names == allowed:  # what is right for one may not be for all at once
                    done = set()
                    for name in names:
                        with self.try_out():
                            done |= self.call_for(letter, role, model, [name])[0]
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
        """As a browser, or somebody with a script and the password, asks it; each is undone."""
        wrong = {}
        door = InProcess()
        self.addCleanup(door.close)
        for role, user in self.users.items():
            login = user.login if role != "public" else None
            self.authenticate(login, login)
            self.opener.mount(self.base_url(), door)
            for model in self.get_models():
                if model not in self.failed:
                    with self.try_out(user=user, model=model):
                        if found := self.find_rights_by_web(role, model):
                            wrong.setdefault(model, []).extend(found)
        rows = [line for model, lines in wrong.items() for line in lines]
        rows += [self.find_row((model, ""))[0] for model in wrong]
        if rows:
            self.fail("\n".join(["", *rows]))

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
