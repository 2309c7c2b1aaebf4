"""Every door of the module over HTTP, tried by those for whom it is closed."""

from datetime import date

from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .common_doors import REFUSED, DoorCase

#: What figures only may open of a record that it may read: figures, and no case.
OPEN_TO_REPORTING = {
    "benchmark": {
        "action_download_xlsx",
        "action_open_comparison",
        "action_open_differences",
        "action_open_download",
        "action_open_lines",
        "action_open_previous",
        "action_open_public_lines",
    },
    "benchmark.line": {
        "action_open_breakdowns",
        "action_open_dashboard",
        "action_open_projects",
        "action_open_years",
    },
    "download": {"action_download"},
    "plan": {
        "action_open_activities",
        "action_open_evaluations",
        "action_open_late",
        "action_preview",
        "action_print",
    },
    "recognition": {"action_open_criteria", "action_print"},
    "target": {"action_open_trend"},
    "year.report": {"action_preview", "action_print"},
}


@tagged("post_install", "-at_install")
class TestDoors(DoorCase):
    """Nobody gets in by search, by id, by grouping, by export, by a button, by file or by paper."""

    # ------------------------------------------------------------
    # MODELS AND BUTTONS
    # ------------------------------------------------------------

    def test_there_is_a_record_of_every_model(self):
        found = {f"buurtbemiddeling.{name}" for name in self.records}
        self.assertEqual(found, self.get_models())
        self.assertTrue(all(self.records.values()))

    def test_other_organisations_get_nothing_of_ours(self):
        own = {
            name: record
            for name, record in self.records.items()
            if "company_id" in record._fields or record._transient
        }
        self.assertGreater(len(own), 20)
        for name in ("stranger", "figures_stranger"):
            self.login(name)
            for record in own.values():
                with self.subTest(user=name):
                    self.assertClosed(record, self.get_actions(record, only_on_record=True))

    def test_portal_and_visitors_get_nothing_at_all(self):
        for name in ("portal", None):
            if name:
                self.login(name)
            else:
                self.authenticate(None, None)
            for record in self.records.values():
                with self.subTest(user=name):
                    self.assertClosed(record, self.get_actions(record))

    def test_figures_only_gets_no_fact_and_changes_nothing(self):
        self.login("reporting")
        for name, record in self.records.items():
            rights = record.with_user(self.users["reporting"]).browse().has_access("read")
            allowed = OPEN_TO_REPORTING.get(name, ())
            actions = self.get_actions(record)
            if not rights or record._transient:
                self.assertClosed(record, actions)
                continue
            for method, args in (
                ("write", [record.ids, {"display_name": "X"}]),
                ("unlink", [record.ids]),
                ("copy", [record.ids]),
                *((action, args) for action, args in actions.items() if action not in allowed),
            ):
                self.assertRefused(record._name, method, *args)

    def test_a_dialog_of_their_own_about_our_record_tells_nothing(self):
        dialogs = {
            "download": ("benchmark_id", ["company_id"], "action_download"),
            "referral.card": ("referral_partner_id", ["figures_html"], "action_print"),
            "year.report.finish": ("report_id", ["basis", "names"], "action_finish"),
        }
        for name in ("stranger", "figures_stranger"):
            self.login(name)
            for dialog, (about, told, action) in dialogs.items():
                record = self.records[dialog]
                with self.subTest(user=name, model=dialog):
                    ids = self.call(record._name, "create", {about: record[about].id})
                    if ids not in REFUSED:
                        self.assertIn(self.call(record._name, "read", ids, told), REFUSED)
                        if action == "action_print":
                            url = f"/report/html/buurtbemiddeling_report.report_referral_card/{ids}"
                            self.assertIn(self.fetch(url).status_code, (403, 404))
                        else:
                            self.assertIn(self.call(record._name, action, ids), REFUSED)
        self.assertEqual(self.records["year.report"].state, "draft")

    def test_another_organisation_is_not_smuggled_into_the_context(self):
        self.login("stranger")
        benchmark = self.records["benchmark"]
        for context in ({"allowed_company_ids": self.company.ids}, {"company_id": self.company.id}):
            for method, args in (
                ("search", [[("id", "=", benchmark.id)]]),
                ("read", [benchmark.ids, ["name"]]),
            ):
                with mute_logger("odoo.http"), self.subTest(context=context, method=method):
                    try:
                        reply = self.make_jsonrpc_request(
                            f"/web/dataset/call_kw/{benchmark._name}/{method}",
                            {
                                "model": benchmark._name,
                                "method": method,
                                "args": args,
                                "kwargs": {"context": context},
                            },
                        )
                    except JsonRpcException as error:
                        reply = str(error)
                    self.assertIn(reply, [[], "odoo.exceptions.AccessError"])

    # ------------------------------------------------------------
    # FILES AND PAPER
    # ------------------------------------------------------------

    def test_files_and_papers_of_others_are_not_there(self):
        routes = self.get_routes()
        self.assertEqual(
            sorted(route.rpartition("/")[2] for route in routes), ["cases", "csv", "json", "xlsx"]
        )
        for name in ("stranger", "figures_stranger", "portal"):
            self.login(name)
            for url in (*routes, *self.get_files()):
                with self.subTest(user=name, url=url):
                    self.assertEqual(self.fetch(url).status_code, 404)
            for url in self.get_papers():
                with self.subTest(user=name, url=url):
                    self.assertIn(self.fetch(url).status_code, (403, 404))

    def test_visitors_are_sent_to_the_login_page(self):
        self.authenticate(None, None)
        for url in (*self.get_routes(), *self.get_papers()):
            with self.subTest(url=url):
                self.assertIn("/web/login", self.fetch(url).headers.get("Location", ""))
        for url in self.get_files():
            with self.subTest(url=url):
                self.assertEqual(self.fetch(url).status_code, 404)

    def test_figures_only_gets_figures_and_no_file_on_cases_or_people(self):
        self.login("reporting")
        for url in self.get_routes():
            with self.subTest(url=url):
                status = 403 if url.endswith("/cases") else 200
                self.assertEqual(self.fetch(url).status_code, status)
        for url in self.get_papers():
            if "report_recognition" not in url:  # of a concept, and of a referrer
                with self.subTest(url=url):
                    self.assertIn(self.fetch(url).status_code, (403, 404))
        for url in self.get_files():
            with self.subTest(url=url):
                self.assertEqual(self.fetch(url).status_code, 404)

    def test_our_own_coordinator_gets_in(self):
        """The doors are there: what is refused above is not refused for want of a door."""
        user = self.make_user("coordinator", "buurtbemiddeling_case.group_user", self.company)
        self.login("coordinator")
        for url in (*self.get_routes(), *self.get_files()):
            if not url.endswith("/cases"):  # exporting is a right of its own
                with self.subTest(url=url):
                    self.assertEqual(self.fetch(url).status_code, 200)
        for name, record in self.records.items():
            if not record._transient and name != "staff.hours":  # those of a colleague
                with self.subTest(model=name):
                    found = self.call(record._name, "search", [("id", "=", record.id)])
                    self.assertEqual(found, record.ids)
        self.assertTrue(user)
        self.assertEqual(self.records["benchmark"].reference_date, date(2018, 12, 31))
