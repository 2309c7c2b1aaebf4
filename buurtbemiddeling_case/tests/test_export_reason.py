import json
from datetime import timedelta

from odoo import http
from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..wizard.buurtbemiddeling_export_reason import VALID_MINUTES
from .common_trace import MARKER, TraceCase

REASON = "Addresses for the letter about our new office"


class ExportCase(TraceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator.group_ids |= cls.env.ref("base.group_allow_export")
        cls.reasons = cls.env["buurtbemiddeling.export.reason"].with_user(cls.coordinator)
        cls.parties = cls.case.party_ids


@tagged("post_install", "-at_install")
class TestExportReason(ExportCase):
    def test_personal_data_are_exported_with_a_reason_only(self):
        with self.assertRaises(RedirectWarning) as caught:
            self.parties.export_data(["story"])
        _message, action, _button = caught.exception.args[:3]
        self.assertEqual(
            self.env["ir.actions.actions"].browse(action).sudo().type, "ir.actions.act_window"
        )
        self.assertFalse(self.trace.search([("action", "=", "export")]))
        self.reasons.create({"reason": REASON})
        self.assertIn([MARKER], self.parties.export_data(["story"])["datas"])
        row = self.trace.search([("action", "=", "export")])
        self.assertEqual(
            (row.user_id, row.reason, row.field_names, row.record_count, row.res_ids),
            (self.coordinator, REASON, "story", 2, sorted(self.parties.ids)),
        )

    def test_a_way_around_by_another_model_asks_the_reason_as_well(self):
        stages = self.case.stage_id
        contact = self.party.partner_id
        for records, paths in (
            (self.case, ["party_ids/story"]),
            (self.case, ["party_ids"]),
            (self.case, ["party_ids/.id"]),
            (contact, ["phone"]),
        ):
            with self.subTest(records=records, paths=paths):
                self.assertRaises(RedirectWarning, records.export_data, paths)
        stages.export_data(["name"])  # not about anybody
        self.reasons.create({"reason": REASON})
        self.case.export_data(["name", "party_ids/story", "party_ids/partner_id/phone"])
        self.assertEqual(
            {row.model for row in self.trace.search([("action", "=", "export")])},
            {"buurtbemiddeling.case", "buurtbemiddeling.case.party", "res.partner"},
        )

    def test_logging_an_export_costs_two_queries(self):
        self.reasons.create({"reason": REASON})
        self.env.flush_all()
        trace = self.trace.with_user(self.coordinator)
        paths = ["name", "party_ids/story"]
        trace._add_export(self.case, paths)  # what is exported is read once, by either
        with self.assertQueryCount(2):
            trace._add_export(self.case, paths)

    def test_a_reason_counts_for_its_own_user_and_for_some_minutes(self):
        self.manager.group_ids |= self.env.ref("base.group_allow_export")
        reason = self.reasons.create({"reason": REASON})
        with self.assertRaises(RedirectWarning):
            self.parties.with_user(self.manager).export_data(["story"])
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_export_reason SET create_date = create_date - %s"
            " WHERE id = %s",
            [timedelta(minutes=VALID_MINUTES + 1), reason.id],
        )
        with self.assertRaises(RedirectWarning):
            self.parties.export_data(["story"])

    def test_a_reason_says_something(self):
        for reason in ("", "   ", "nodig", " " * 20):
            with self.subTest(reason=reason), self.assertRaises(ValidationError):
                self.reasons.create({"reason": reason})

    def test_who_may_not_export_is_told_so_first(self):
        self.coordinator.group_ids -= self.env.ref("base.group_allow_export")
        with self.assertRaises(UserError) as caught:
            self.parties.export_data(["story"])
        self.assertNotIsInstance(caught.exception, RedirectWarning)

    def test_other_colleagues_export_their_contacts_as_before(self):
        office = self.env["res.partner"].create({"name": "Office", "phone": "0000-00 00 11"})
        office = office.with_user(self.colleague)
        self.assertEqual(office.export_data(["phone"])["datas"], [["0000-00 00 11"]])
        self.assertEqual(office.with_user(self.coordinator).export_data(["phone"])["datas"][0][0],
                         "0000-00 00 11")  # fmt: skip
        self.assertEqual(self.rows(), [])


@tagged("post_install", "-at_install")
class TestExportOverHttp(ExportCase, HttpCase):
    def export(self, kind, import_compat=False, **values):
        data = {
            "model": self.party._name,
            "fields": [{"name": "story", "label": "Story", "type": "text"}],
            "ids": self.parties.ids,
            "domain": [],
            "import_compat": import_compat,
            **values,
        }
        return self.url_open(
            f"/web/export/{kind}",
            data={"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)},
        )

    def test_the_screen_asks_for_the_reason_and_exports_after_it(self):
        self.authenticate(self.coordinator.login, self.coordinator.login)
        doors = (
            ("csv", {}), ("xlsx", {}), ("csv", {"import_compat": True}),
            ("csv", {"ids": False, "domain": [("id", "in", self.parties.ids)]}),
            ("xlsx", {"groupby": ["side"]}),
        )  # fmt: skip
        for kind, values in doors:
            with (
                self.subTest(kind=kind, values=values),
                mute_logger("odoo.http", "odoo.addons.web.controllers.export"),
            ):
                refused = self.export(kind, **values)
                self.assertEqual(refused.status_code, 500)
                self.assertIn("odoo.exceptions.RedirectWarning", refused.text)
                self.assertNotIn(MARKER, refused.text)
        self.reasons.create({"reason": REASON})
        for kind, values in doors:
            with self.subTest(kind=kind, values=values):
                before = len(self.rows(action="export"))
                self.assertEqual(self.export(kind, **values).status_code, 200)
                self.assertEqual(len(self.rows(action="export")), before + 1)
        self.assertIn(MARKER, self.export("csv").text)
