import inspect
from contextlib import suppress

import psycopg2

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_access_table import REFUSING, AccessTableCase

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


@tagged("post_install", "-at_install")
class TestAccessMethods(AccessTableCase):
    """Methods that a browser can call, whoever has no right to the model."""

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
