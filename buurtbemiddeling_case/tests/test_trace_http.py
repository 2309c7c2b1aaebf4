import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_trace import TraceCase


@tagged("post_install", "-at_install")
class TestTraceOverHttp(TraceCase, HttpCase):
    """As browsers and programs come in: on a cursor that can not write, where Odoo uses one."""

    def setUp(self):
        super().setUp()
        self.authenticate(self.coordinator.login, self.coordinator.login)

    def call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def test_a_page_on_a_replica_is_traced_and_not_asked_twice(self):
        """Odoo answers these on a read-only cursor; a second try would be a line in the log."""
        with self.assertNoLogs("odoo.http", "WARNING"):
            self.call(self.case._name, "web_read", self.case.ids, {"name": {}})
            found = self.call(
                self.party._name, "web_search_read", [["case_id", "=", self.case.id]], {"story": {}}
            )
        self.assertEqual(len(found["records"]), 2)
        self.assertTraced("open", self.case)
        self.assertTraced("list", self.case.party_ids)

    def test_programs_with_a_key_are_traced(self):
        expires = fields.Datetime.now() + timedelta(hours=1)
        keys = self.env(user=self.coordinator)["res.users.apikeys"]
        key = keys._generate("rpc", "test", expires)
        response = self.opener.post(
            f"{self.base_url()}/json/2/buurtbemiddeling.case/read",
            json={"ids": self.case.ids, "fields": ["name"]},
            headers={"Authorization": f"Bearer {key}"},
        )
        self.assertEqual(response.json()[0]["name"], self.case.name)
        self.assertTraced("open", self.case)

    def test_nobody_removes_a_line_from_outside(self):
        self.case.read(["name"])
        row = self.trace.search([], limit=1)
        self.authenticate(self.manager.login, self.manager.login)
        for method, args in (
            ("unlink", [row.ids]),
            ("write", [row.ids, {"reason": "x"}]),
            ("create", [{"action": "open", "model": "x"}]),
        ):
            with (
                self.subTest(method=method),
                mute_logger("odoo.http"),
                self.assertRaises(Exception) as caught,
            ):
                self.call("buurtbemiddeling.trace", method, *args)
            self.assertIn("AccessError", str(caught.exception))
        self.assertTrue(row.exists())

    def test_opening_a_file_of_a_party_opens_the_party(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "datas": base64.b64encode(b"text"),
                "res_model": self.party._name,
                "res_id": self.party.id,
            }
        )
        with self.assertNoLogs("odoo.http", "WARNING"):
            response = self.url_open(f"/web/content/{file.id}")
        self.assertEqual(response.content, b"text")
        self.assertTraced("open", self.party)

    def test_a_report_in_the_browser_is_a_print(self):
        letter = (
            self.env["buurtbemiddeling.letter.compose"]
            .with_user(self.coordinator)
            .create({"party_id": self.party.id})
        )
        with self.assertNoLogs("odoo.http", "WARNING"):
            response = self.url_open(
                f"/report/html/buurtbemiddeling_case.report_letter/{letter.id}"
            )
        self.assertEqual(response.status_code, 200)
        self.assertTraced("print", self.party)
