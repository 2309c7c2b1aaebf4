import json
from types import SimpleNamespace

from odoo.http import Request
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .common_hidden import HiddenCase


def shows_name(answer, it):
    return it.first in answer


def shows_file(answer, it):
    return f"File {it.mark}" in answer


def counts(answer, it):
    return answer.isdigit() and int(answer) > 0


def counts_group(answer, it):
    return any(f'"__count": {number}' in answer for number in range(1, 10))


def gives(*words):
    return lambda answer, it: all(word in answer for word in words)


def links(answer, it):
    return answer.startswith("[{") and f'"id": {it.id},' in answer


class HiddenContactsCase(HiddenCase, HttpCase):
    """The ways to a contact, and what each shows of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model_id = cls.env["ir.model"]._get_id("res.partner")
        cls.zara_words = cls.describe(cls.zara, "Zara Zwijgman")
        cls.client_words = cls.describe(cls.client, "Cleo Openhart")

    @classmethod
    def describe(cls, contact, name):
        """Return what someone who tries a door could have heard of a contact."""
        about = [("res_model", "=", "res.partner"), ("res_id", "=", contact.id)]
        files = cls.env["ir.attachment"]
        return SimpleNamespace(
            id=contact.id,
            name=name,
            first=f"{name.split()[0]} ",
            mark=name.split()[1],
            email=contact.email,
            phone=contact.phone,
            message=cls.env["mail.message"]
            .search(
                [
                    ("model", "=", "res.partner"),
                    ("res_id", "=", contact.id),
                    ("message_type", "=", "email"),
                ]
            )
            .id,
            todo=cls.env["mail.activity"].search(about).id,
            file=files.search([*about, ("name", "=like", "file%")]).id,
            picture=files.search([*about, ("res_field", "=", "image_1920")]).id,
        )

    def rpc(self, route, **params):
        answer = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        if "error" in answer:
            return f"ERR {answer['error']['data']['message']}"
        return json.dumps(answer.get("result"))

    def kw(self, model, method, *args, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def get(self, url):
        answer = self.url_open(url, allow_redirects=False)
        return answer.text if answer.ok else f"ERR {answer.status_code} {answer.text}"

    def picture(self, url):
        """Return whether this is the picture of the contact or one that Odoo draws."""
        return "own" if len(self.url_open(url).content) < 1000 else "drawn"

    def thread(self, it):
        return self.rpc("/mail/thread/messages", thread_model="res.partner", thread_id=it.id)

    def export(self, it):
        data = {
            "model": "res.partner",
            "fields": [{"name": "name", "label": "Name"}],
            "ids": [it.id],
            "domain": [],
            "import_compat": False,
            "groupby": [],
        }
        answer = self.url_open(
            "/web/export/csv",
            data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)},
        )
        return answer.text

    def try_door(self, door, it):
        """Try a door, and undo what it did."""
        ask, gave = door
        self.env.flush_all()
        with (
            self.env.cr.savepoint() as savepoint,
            mute_logger(
                "odoo.http", "odoo.sql_db", "odoo.models", "odoo.addons.web.controllers.export"
            ),
        ):
            answer = ask(self, it)
            savepoint.rollback()
        self.env.invalidate_all()
        return gave(answer, it), answer
