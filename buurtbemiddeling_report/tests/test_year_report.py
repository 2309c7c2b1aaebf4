"""The annual and the progress report: one click, own text, the figures of the lines, on paper."""

from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_year_report import YearReportFiguresCase


@tagged("post_install", "-at_install")
class TestYearReport(YearReportFiguresCase):
    # One click

    @freeze_time("2018-11-20")
    def test_one_click_makes_the_report_of_the_last_quarter_that_is_over(self):
        self.make_cases(3, outcome="OPG_BEM")
        report = self.reports.browse(self.reports.action_new_progress()["res_id"])
        self.assertEqual(report.reference_date, date(2018, 9, 30))
        self.assertEqual((report.kind, report.year, report.state), ("progress", 2018, "draft"))
        self.assertEqual(report.benchmark_id.reference_date, date(2018, 9, 30))
        self.assertEqual(self.line(report.benchmark_id, "cases_registered").value, 3)
        self.assertIn("09/30/2018", report.name)
        self.assertTrue(report.chapter_ids)
        again = self.reports.action_new_progress()
        self.assertEqual(again["res_id"], report.id, "a second click opens the same one")

    @freeze_time("2019-01-02")
    def test_in_january_the_last_quarter_is_that_of_the_year_before(self):
        report = self.reports.browse(self.reports.action_new_progress()["res_id"])
        self.assertEqual((report.year, report.reference_date), (2018, date(2018, 12, 31)))
        annual = self.reports.browse(self.reports.action_new_annual()["res_id"])
        self.assertEqual((annual.year, annual.reference_date), (2018, date(2018, 12, 31)))
        self.assertEqual(annual.benchmark_id, report.benchmark_id, "one truth per figure")

    @freeze_time("2019-02-02")
    def test_a_report_of_a_municipality_has_its_figures_only_and_the_next_is_of_it_too(self):
        here, there = self.make_area("Here"), self.make_area("There")
        self.make_cases(6, area_id=here.id)
        self.make_cases(7, area_id=there.id)
        first = self.make_report(
            "progress", reference_date=date(2018, 9, 30), municipality_id=here.id
        )
        self.assertEqual(first.benchmark_id.area_ids, here)
        self.assertEqual(self.rows(first, "registrations")["Cases registered"], ["6"])
        following = self.reports.browse(first.action_new_progress()["res_id"])
        self.assertEqual(following.municipality_id, here)
        self.assertEqual(following.previous_id, first)
        self.assertIn("Here", following.name)

    def test_a_report_does_not_show_the_figures_of_another_year_or_place(self):
        report = self.make_report()
        other = self.compute(2017)
        with self.assertRaisesRegex(ValidationError, "another year"):
            report.benchmark_id = other
        with self.assertRaisesRegex(ValidationError, "another year"):
            report.municipality_id = self.make_area("There")

    def test_a_draft_is_there_once(self):
        self.make_report()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "draft_uniq"):
            with self.env.cr.savepoint():
                self.make_report()

    # Chapters and text

    def test_a_new_report_starts_with_the_chapters_of_the_list_of_its_kind(self):
        templates = self.env["buurtbemiddeling.year.report.template.chapter"].search([])
        annual = self.make_report()
        progress = self.make_report("progress", reference_date=date(2018, 3, 31))
        for report, flag in ((annual, "in_annual"), (progress, "in_progress")):
            self.assertEqual(
                report.chapter_ids.mapped("code"), templates.filtered(flag).mapped("code")
            )
            self.assertFalse(report.inherited_count)
        wanted = {
            "foreword", "summary", "method", "organisation", "volunteers", "network",
            "registrations", "referrers", "referrers_years", "referrers_areas", "nuisance",
            "nuisance_areas", "tenure", "household", "course", "results", "time",
            "complexity", "comparison", "finance", "conclusion", "definitions",
        }  # fmt: skip
        self.assertLessEqual(wanted, set(annual.chapter_ids.mapped("code")))
        self.assertEqual(annual.chapter_ids[-1].code, "definitions", "the appendix is last")

    def test_every_chapter_has_its_figures_and_breakdowns(self):
        report = self.make_report()
        figures = {
            "volunteers": "volunteers_active volunteers_new volunteers_left trained_hours"
            " cases_per_mediator",
            "registrations": "cases_registered cases_per_10000",
            "referrers": "self_referral_share feedback_share",
            "course": "early_share",
            "results": "success_of_registered success_of_suitable success_of_handled",
            "time": "own_days_median own_days_p90 intake_within_norm aftercare_within_norm",
            "complexity": "complex_share",
            "comparison": "success_of_handled cases_per_10000 cases_per_mediator",
        }
        breakdowns = {
            "registrations": "month",
            "referrers": "referrer_type referral_partner",
            "referrers_years": "referrer_type",
            "referrers_areas": "referrer_type_area",
            "areas": "municipality area",
            "nuisance": "main_nuisance_type nuisance_type nuisance_heading",
            "nuisance_areas": "area_nuisance_type",
            "tenure": "tenure",
            "household": "household age_band",
            "course": "phase_reached intervention",
            "results": "outcome",
            "complexity": "complexity",
        }
        for field, expected in (("indicator_ids", figures), ("dimension_ids", breakdowns)):
            for code, names in expected.items():
                found = set(self.chapter(report, code)[field].mapped("code"))
                self.assertLessEqual(set(names.split()), found, code)

    def test_volunteers_stand_in_the_chapter_on_mediators(self):
        self.make_cases(30)
        partners = self.env["res.partner"].create([{"name": f"V{each}"} for each in range(6)])
        self.env["buurtbemiddeling.volunteer"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "date_start": date(2018, 2, 1),
                }
                for partner in partners
            ]
        )
        rows = self.rows(self.make_report(is_internal=True), "volunteers")
        self.assertEqual(rows["Active volunteers"], ["6"])
        self.assertEqual(rows["New volunteers"], ["6"])
        self.assertEqual(rows["Hours of training"], ["0.0 hours"])
        self.assertEqual(rows["Cases per mediator"], ["5.0 (30 to 6)"])

    def test_a_report_takes_over_chapters_and_text_of_the_previous_one_marked_until_touched(self):
        first = self.make_report("progress", reference_date=date(2018, 6, 30))
        self.chapter(first, "summary").text = "<p>A busy spring</p>"
        self.chapter(first, "results").text = "<p>Good results</p>"
        self.chapter(first, "complexity").is_shown = False
        first.write({"chapter_ids": [(0, 0, {"name": "Our party", "text": "<p>Cake</p>"})]})
        second = self.make_report("progress", reference_date=date(2018, 9, 30))
        self.assertEqual(second.previous_id, first)
        self.assertIn("A busy spring", self.chapter(second, "summary").text)
        self.assertFalse(self.chapter(second, "complexity").is_shown)
        own = second.chapter_ids.filtered(lambda chapter: chapter.name == "Our party")
        self.assertIn("Cake", own.text)
        self.assertEqual(second.inherited_count, 3)
        self.assertFalse(self.chapter(second, "time").is_inherited, "there was nothing to take")
        self.chapter(second, "summary").text = "<p>A quiet summer</p>"
        self.assertFalse(self.chapter(second, "summary").is_inherited)
        self.chapter(second, "results").action_still_right()
        own.action_still_right()
        self.assertFalse(second.inherited_count)
        self.assertIn("A busy spring", self.chapter(first, "summary").text, "text is per report")

    def test_an_annual_report_takes_the_texts_of_its_quarters(self):
        for day, text in ((date(2018, 3, 31), "Winter"), (date(2018, 6, 30), "Spring")):
            quarter = self.make_report("progress", reference_date=day)
            self.chapter(quarter, "summary").text = f"<p>{text}</p>"
        other = self.make_report("progress", year=2017, reference_date=date(2017, 6, 30))
        self.chapter(other, "summary").text = "<p>Long ago</p>"
        annual = self.make_report()
        summary = self.chapter(annual, "summary")
        self.assertRegex(summary.text, "(?s)03/31/2018.*Winter.*06/30/2018.*Spring")
        self.assertNotIn("Long ago", summary.text)
        self.assertTrue(summary.is_inherited)
        self.assertIn("finance", annual.chapter_ids.mapped("code"))

    def test_an_annual_report_goes_on_from_the_last_annual_report(self):
        last = self.make_report(year=2017)
        self.chapter(last, "summary").text = "<p>Last year</p>"
        quarter = self.make_report("progress", reference_date=date(2018, 6, 30))
        self.chapter(quarter, "summary").text = "<p>Spring</p>"
        annual = self.make_report()
        self.assertEqual(annual.previous_id, last)
        self.assertIn("Last year", self.chapter(annual, "summary").text)

    def test_the_list_of_chapters_changes_new_reports_only(self):
        report = self.make_report()
        self.env.ref("buurtbemiddeling_report.template_chapter_finance").name = "Money"
        self.assertEqual(self.chapter(report, "finance").name, "Finance")
        self.assertEqual(self.chapter(self.make_report(year=2016), "finance").name, "Money")

    def test_own_text_is_sanitised(self):
        chapter = self.chapter(self.make_report(), "summary")
        chapter.text = "<p>Fine<script>alert(1)</script><a onclick='x()'>b</a></p>"
        self.assertNotIn("script", chapter.text)
        self.assertNotIn("onclick", chapter.text)
