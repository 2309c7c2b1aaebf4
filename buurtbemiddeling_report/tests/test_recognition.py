from unittest import SkipTest

from dateutil.relativedelta import relativedelta
from lxml import html
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_criterion import CRITERION, DOCUMENT, RECOGNITION, CriterionCase


@tagged("post_install", "-at_install")
class TestRecognition(CriterionCase):
    def test_six_published_criteria_with_source_and_five_candidates(self):
        criteria = self.env[CRITERION].search([("company_id", "=", False)])
        published = criteria.filtered(lambda one: one.origin == "published")
        self.assertEqual(len(published), 6)
        self.assertTrue(all(published.mapped("source")))
        candidates = criteria - published
        self.assertEqual(set(candidates.mapped("origin")), {"candidate"})
        self.assertEqual(len(candidates), 5)
        for candidate in candidates:
            self.assertIn("No official criterion", candidate.explanation)

    def test_candidates_count_for_nothing_until_their_text_is_filled_in(self):
        recognition = self.recognition()
        folder = recognition._prepare_folder()
        self.assertEqual(len(folder["candidates"]), 5)
        self.assertFalse([gap for gap in folder["gaps"] if "Complaints procedure" in gap])
        complaints = self.env.ref("buurtbemiddeling_report.criterion_complaints")
        complaints.origin = "filled_in"
        folder = recognition._prepare_folder()
        self.assertEqual(len(folder["candidates"]), 4)
        self.assertTrue([gap for gap in folder["gaps"] if "Complaints procedure" in gap])

    def test_recognition_is_valid_for_two_years(self):
        recognition = self.recognition(date=self.today)
        self.assertEqual(recognition.valid_until, self.today + relativedelta(years=2))
        recognition.valid_until = self.today + relativedelta(years=1)
        self.assertEqual(recognition.valid_until, self.today + relativedelta(years=1))

    def test_my_day_warns_half_a_year_before_the_end(self):
        kind = self.env.ref("buurtbemiddeling_report.attention_recognition")
        kind = kind.with_user(self.coordinator)
        recognition = self.recognition(
            date=self.today - relativedelta(months=17), user_id=self.coordinator.id
        )
        self.assertEqual(kind.record_count, 0)
        recognition.date = self.today - relativedelta(months=19)
        kind.invalidate_recordset()
        self.assertEqual(kind.record_count, 1)
        action = kind.action_open()
        found = kind.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, recognition)
        recognition.action_renew()
        kind.invalidate_recordset()
        self.assertEqual(kind.record_count, 0)

    def test_renewing_keeps_the_earlier_one(self):
        recognition = self.recognition(date=self.today - relativedelta(years=2), is_plus=True)
        following = self.env[RECOGNITION].browse(recognition.action_renew()["res_id"])
        self.assertFalse(recognition.active)
        self.assertTrue(following.active)
        self.assertFalse(following.date or following.valid_until or following.is_plus)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.recognition()

    def test_gaps_come_first(self):
        self.make_document(self.make_evidence("document"))
        states = [block["state"] for block in self.recognition()._prepare_folder()["blocks"]]
        order = ["gap", "unknown", "nearly", "met"]
        self.assertEqual(states, sorted(states, key=order.index))
        self.assertIn("met", states)

    def test_overview_is_that_of_the_organisation_of_the_folder(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        shared = self.env[CRITERION].create({"name": "Shared", "code": "SHARED"})
        self.make_document(self.make_evidence("document", name="Folder of ours", criterion=shared))
        ours = self.recognition()
        theirs = ours.create({"company_id": other.id})
        both = (ours | theirs).with_context(allowed_company_ids=[other.id, self.company.id])
        self.assertIn("Paper", both[0].overview_html)
        self.assertNotIn("Paper", both[1].overview_html)
        self.assertNotIn("Ours", both[1].overview_html)

    def test_state_is_said_in_a_word_and_an_icon_as_well(self):
        page = html.fromstring(self.recognition().overview_html)
        badges = page.xpath("//span[contains(@class, 'badge')]")
        self.assertTrue(badges)
        for badge in badges:
            self.assertTrue(badge.text_content().strip())
            self.assertTrue(badge.xpath("./i[contains(@class, 'fa-')]"))

    def test_figures_only_reads_the_overview_without_links_or_names(self):
        self.make_volunteer("Wim Zonderverklaring", ready=False)
        evidence = self.make_evidence("requirement", requirement_kind="confidentiality")
        self.make_document(self.make_evidence("document", name="Privacy"))
        recognition = self.recognition(user_id=self.coordinator.id)
        overview = recognition.with_user(self.reporting).overview_html
        self.assertNotIn("0 of 1 mediators", overview, "too small to show")
        self.assertIn("0 of 1 mediators", recognition.with_user(self.coordinator).overview_html)
        self.assertIn("Paper", overview)
        self.assertNotIn("Zonderverklaring", overview)
        self.assertFalse(html.fromstring(overview).xpath("//a"))
        self.assertTrue(
            html.fromstring(recognition.with_user(self.coordinator).overview_html).xpath("//a")
        )
        self.assertEqual(evidence.with_user(self.reporting).state, "gap")
        with self.assertRaises(AccessError):
            evidence.with_user(self.reporting).action_open()
        with self.assertRaises(AccessError):
            self.env[DOCUMENT].with_user(self.reporting).search([])
        with self.assertRaises(AccessError):
            recognition.with_user(self.reporting).write({"note": "x"})
        views = self.env[CRITERION].with_user(self.reporting).get_views([(False, "form")])
        self.assertNotIn("action_open", views["views"]["form"]["arch"])
        with Form(recognition.with_user(self.reporting)):
            pass

    def test_coordinator_adds_documents_and_the_administrator_changes_what_is_asked(self):
        evidence = self.make_evidence("document")
        self.env[DOCUMENT].with_user(self.coordinator).create(
            {"evidence_id": evidence.id, "name": "Paper"}
        )
        with self.assertRaises(AccessError):
            evidence.with_user(self.coordinator).write({"warning_days": 3})
        evidence.with_user(self.manager).write({"warning_days": 3})
        with Form(self.criterion.with_user(self.manager)) as form:
            form.explanation = "The text of the toetsingskader"
            with form.evidence_ids.new() as row:
                row.name = "Policy"
                row.kind = "document"
        self.assertEqual(len(self.criterion.evidence_ids), 2)

    def test_print_has_every_criterion_its_evidence_and_the_gaps_and_nobodys_name(self):
        self.make_volunteer("Wim Zonderverklaring", ready=False)
        recognition = self.recognition(date=self.today, is_plus=True)
        report = self.env["ir.actions.report"]
        content, _kind = report.with_user(self.reporting)._render_qweb_html(
            "buurtbemiddeling_report.report_recognition", recognition.ids
        )
        text = " ".join(html.fromstring(content).text_content().split())
        folder = recognition.with_user(self.reporting)._prepare_folder()
        for block in folder["blocks"] + folder["candidates"]:
            self.assertIn(" ".join(block["criterion"].name.split()), text)
            for evidence, measurement, look in block["rows"]:
                for part in (evidence.name, measurement.figure, evidence.norm_text, look[0]):
                    self.assertIn(part, text)
        for gap in folder["gaps"]:
            self.assertIn(gap, text)
        self.assertIn("With plus certificate", text)
        self.assertIn("Measured on", text)
        self.assertNotIn("Zonderverklaring", text)
        self.assertNotIn("href=", str(content).partition("<main>")[2])
        self.assertEqual(
            recognition.action_print()["report_name"], "buurtbemiddeling_report.report_recognition"
        )

    def test_print_is_a_pdf(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        if report.get_wkhtmltopdf_state() == "install":
            raise SkipTest("wkhtmltopdf is not on this machine")
        # in a test nobody serves the style sheets: the page is readable without
        with self.allow_pdf_render(), mute_logger("odoo.addons.base.models.ir_actions_report"):
            content, kind = report._render_qweb_pdf(
                "buurtbemiddeling_report.report_recognition", self.recognition().ids
            )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))

    def test_queries_of_the_folder_do_not_grow_with_volunteers(self):
        recognition = self.recognition()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            recognition._prepare_folder()
            return self.env.cr.sql_log_count - before

        self.make_volunteer("Vera")
        self.make_closed("OPG_BEM", days_ago=899)  # what a first case asks is asked once
        count()
        few = count()
        for index in range(8):
            self.make_volunteer(f"Wim {index}")
            self.make_closed("OPG_BEM", days_ago=900 + index)
        count()
        self.assertLessEqual(count(), few)
