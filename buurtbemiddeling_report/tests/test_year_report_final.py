import io
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_year_report import REPORT, YearReportCase, YearReportFiguresCase


@tagged("post_install", "-at_install")
class TestPublishedReports(YearReportCase):
    def test_haarlemmermeer_2018(self):
        """160 cases; tenure known of 157, three not recorded (MeerWaarde, HC Nieuws)."""
        tenures = ["owner"] * 92 + ["corporation"] * 59 + ["private_rent"] + ["unknown"] * 5
        cases = self.make_cases(123, outcome="OPG_BEM") + self.make_cases(37, outcome="NIET_OPG")
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "a", "tenure": tenure}
                for case, tenure in zip(cases, tenures, strict=False)
            ]
        )
        cases[-31:].complexity_ids = self.code("complexity", "GEESCALEERD")
        report = self.make_report(is_internal=True)
        tenure = self.rows(report, "tenure")
        self.assertEqual([*tenure.values()], [["92"], ["59"], ["1"], ["5"], ["3"], ["160"]])
        self.assertEqual(
            self.rows(report, "complexity")["Share of complex cases"], ["19.4 % (31 of 160)"]
        )

    def test_midden_limburg_2009(self):
        """220 requests, 117 taken up, 89 solved: 76.1 % and 40.5 % (Blik op Nieuws 2010)."""
        registered = date(2009, 3, 2)
        self.make_cases(60, registered=registered, outcome="DOORVERWEZEN")
        self.make_cases(43, registered=registered, outcome="A_TREKT_TERUG")
        self.make_cases(89, registered=registered, outcome="OPG_1P")
        self.make_cases(28, registered=registered, outcome="NIET_OPG")
        results = self.rows(self.make_report(year=2009), "results")
        self.assertEqual(results["Solved, of handled cases"], ["76.1 % (89 of 117)"])
        self.assertEqual(results["Solved, of registered cases"], ["40.5 % (89 of 220)"])
        self.assertEqual(results["Solved, of suitable cases"], ["55.6 % (89 of 160)"])


@tagged("post_install", "-at_install")
class TestYearReportFinal(YearReportFiguresCase):
    """A report that is final, and what it looks like on paper."""

    def test_new_figures_come_under_the_same_text(self):
        self.make_cases(6)
        report = self.make_report()
        self.chapter(report, "registrations").text = "<p>Mine</p>"
        self.make_cases(2)
        self.assertEqual(self.rows(report, "registrations")["Cases registered"], ["6"])
        report.action_compute()
        self.assertEqual(self.rows(report, "registrations")["Cases registered"], ["8"])
        self.assertIn("Mine", self.chapter(report, "registrations").text)

    def test_only_the_button_makes_a_report_final(self):
        report = self.make_report()
        for change in (
            lambda: report.write({"state": "final"}),
            lambda: report.write({"basis": "Benchmark 2018, frozen"}),
            lambda: report.write({"finalized_on": "2019-01-01", "finalized_by_id": self.env.uid}),
            lambda: self.make_report(year=2016, state="final"),
            lambda: self.make_report(year=2016, basis="Benchmark 2016, frozen"),
            lambda: self.reports.with_context(default_state="final").create({"year": 2016}),
        ):
            with self.assertRaisesRegex(UserError, "Make final"), self.env.cr.savepoint():
                change()
        summary = self.chapter(report, "summary")
        summary.content = [{"title": "Made up"}]
        self.finalize(report)
        self.assertNotIn("Made up", str(summary.content), "the tables are those of the benchmark")

    def test_a_report_of_which_the_figures_changed_since_does_not_freeze_them(self):
        self.make_cases(6)
        report = self.make_report()
        self.make_cases(2)
        with self.assertRaisesRegex(UserError, "compute again"), self.env.cr.savepoint():
            self.finalize(report)
        self.assertEqual((report.state, report.benchmark_id.state), ("draft", "draft"))
        report.action_compute()
        self.finalize(report)
        self.assertEqual((report.state, report.benchmark_id.state), ("final", "frozen"))

    def test_what_a_report_on_frozen_figures_told_is_not_told_otherwise_later(self):
        """The later version hides the row that grew by two; the report says what it said."""
        self.make_referrers(POLITIE=20, CORPORATIE=12, ZELF=30)
        report = self.make_report()
        report.benchmark_id.action_freeze()
        self.assertEqual(self.rows(report, "referrers", 1)["Police"], ["20"])
        self.make_referrers(POLITIE=2, ZELF=9)
        later = self.compute(2018)
        later._release()
        police = self.line(later, "cases_registered", "referrer_type", "POLITIE")
        self.assertEqual(police.numerator, 22)
        self.assertTrue(police.is_small, "22 less 20 would be the two since")
        self.finalize(report)
        self.assertEqual(self.rows(report, "referrers", 1)["Police"], ["20"])

    def test_a_frozen_benchmark_is_not_computed_anew(self):
        report = self.make_report()
        report.benchmark_id.action_freeze()
        with self.assertRaisesRegex(UserError, "frozen"):
            report.action_compute()

    def test_a_final_report_does_not_change_any_more(self):
        self.make_cases(6)
        report = self.finalize(self.make_report(), is_freezing=False)
        self.assertEqual(report.state, "final")
        self.make_cases(2)
        report.benchmark_id.action_compute()
        self.assertEqual(self.rows(report, "registrations")["Cases registered"], ["6"])
        summary = self.chapter(report, "summary")
        for change in (
            lambda: summary.write({"text": "<p>Other</p>"}),
            lambda: summary.unlink(),
            lambda: report.write({"name": "Other"}),
            lambda: report.write({"chapter_ids": [(0, 0, {"name": "More"})]}),
            lambda: report.unlink(),
            lambda: report.action_compute(),
        ):
            with self.assertRaisesRegex(UserError, "final"), self.env.cr.savepoint():
                change()

    def test_a_chapter_does_not_move_into_a_final_report(self):
        final = self.finalize(self.make_report())
        draft = self.make_report(year=2017)
        with self.assertRaisesRegex(UserError, "final"), self.env.cr.savepoint():
            draft.chapter_ids[0].report_id = final

    def test_a_final_report_says_on_which_benchmark_it_rests_and_whether_that_was_frozen(self):
        report = self.make_report()
        basis = self.finalize(report, is_freezing=False).basis
        self.assertRegex(basis, "not frozen, computed on .*may show other figures")
        self.assertIn("not frozen", self.render(report))
        with freeze_time("2018-02-01"):
            frozen = self.finalize(self.make_report(year=2017))
        self.assertEqual(frozen.benchmark_id.state, "frozen", "together with the report")
        self.assertIn("frozen on 02/01/2018", frozen.basis)
        empty = self.make_report(year=2016)
        empty.benchmark_id.sudo().computed_on = False
        with self.assertRaisesRegex(UserError, "no figures"):
            self.finalize(empty)

    def test_a_benchmark_under_a_report_is_not_deleted(self):
        report = self.make_report()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                report.benchmark_id.unlink()

    def test_a_correction_is_a_new_draft_with_the_same_text(self):
        report = self.make_report()
        self.chapter(report, "summary").text = "<p>Mine</p>"
        self.finalize(report)
        draft = self.reports.browse(report.action_correct()["res_id"])
        self.assertNotEqual(draft, report)
        self.assertEqual((draft.state, draft.previous_id), ("draft", report))
        self.assertIn("Mine", self.chapter(draft, "summary").text)
        self.assertEqual(report.action_correct()["res_id"], draft.id)

    def test_a_text_that_names_a_resident_is_warned_of_before_it_is_final(self):
        neighbour = self.env["res.partner"].create({"name": "Annelotte van Zwanenburg"})
        stranger = self.env["res.partner"].create({"name": "Diederik Fictief"})
        cases = self.make_cases(1)
        old = self.make_cases(1, registered=date(2012, 1, 1), outcome="OPG_BEM")
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": cases.id, "side": "b", "partner_id": neighbour.id},
                {"case_id": old.id, "side": "b", "partner_id": stranger.id},
            ]
        )
        report = self.make_report()
        summary = self.chapter(report, "summary")
        summary.text = "<p>Thanks to mevrouw Zwanenburg, Diederik and the police.</p>"
        finish = self.env["buurtbemiddeling.year.report.finish"].with_user(
            self.users["coordinator"]
        )
        wizard = finish.create({"report_id": report.id})
        self.assertEqual(wizard.names, "Zwanenburg", "residents of this period only")
        summary.is_shown = False
        self.assertFalse(finish.create({"report_id": report.id}).names)
        self.assertEqual(wizard.basis, report._get_basis())

    def test_preview_shows_front_page_contents_chapters_and_charts(self):
        self.make_cases(16, outcome="OPG_BEM")
        self.make_cases(17, registered=date(2018, 2, 3), outcome="OPG_BEM")
        report = self.make_report()
        self.chapter(report, "finance").is_shown = False
        action = report.action_preview()
        self.assertEqual(action["report_type"], "qweb-html")
        html = self.render(report)
        for text in ("Annual report 2018", "Concept", "Contents", "12/31/2018", "<svg", "1. "):
            self.assertIn(text, html)
        self.assertNotIn("Finance", html)
        self.assertNotIn("What are the three things", html, "a helping question is not printed")
        self.finalize(report)
        self.assertNotIn("Concept", self.render(report))

    def test_what_people_typed_never_becomes_html(self):
        area = self.make_area("<b>Bold</b>")
        self.make_cases(26, area_id=area.id)
        html = self.render(self.make_report())
        self.assertNotIn("<b>Bold</b>", html)
        self.assertIn("&lt;b&gt;Bold", html)

    def test_pdf_says_what_the_lines_say_of_a_published_year(self):
        """Etten-Leur 2018: 93 cases, 70 solved, 4 over the year's end, 19 not solved (Surplus)."""
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        if reports.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not there")
        self.make_cases(70, outcome="OPG_BEM")
        self.make_cases(19, outcome="NIET_OPG")
        self.make_cases(4, registered=date(2018, 12, 3), outcome="OPG_BEM", closed=date(2019, 2, 1))
        report = self.make_report(is_internal=True)  # 4 are running
        # Debian's wkhtmltopdf warns that it prints no running headers, and in a test nobody serves
        # the style sheets
        with (
            self.allow_pdf_render(),
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            pdf, _kind = reports._render_qweb_pdf(REPORT, report.ids)
        pages = PdfFileReader(io.BytesIO(pdf)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for expected in (
            "Annual report 2018, Figures BV",
            "Cases registered 93",
            "Cases closed 89",
            "Cases running 4",
            "Solved cases 70",
            "75.3 % (70 of 93)",
            "78.7 % (70 of 89)",
        ):
            self.assertIn(expected, text)
        for line in report.benchmark_id.key_line_ids:
            if line.indicator_id in report.chapter_ids.indicator_ids and line.denominator:
                self.assertIn(line.value_text, text, line.indicator_code)
