from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestDemo(TransactionCase):
    """The demo's steering group sees figures that can be talked about, and no case."""

    def test_the_steering_group_reads_figures_and_no_case(self):
        user = self.env.ref("buurtbemiddeling_report.demo_user_steering_group")
        benchmark = self.env.ref("buurtbemiddeling_report.demo_benchmark_last_year").with_user(user)
        values = {line.indicator_code: line.value for line in benchmark.key_line_ids}
        self.assertTrue(80 <= values["cases_registered"] <= 130)
        self.assertTrue(0.6 <= values["success_of_handled"] <= 0.8)
        self.assertTrue(self.env["buurtbemiddeling.target"].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.case"].with_user(user).search([])

    def test_there_is_a_draft_of_a_progress_report_that_the_steering_group_does_not_see(self):
        reports = self.env["buurtbemiddeling.year.report"]
        report = reports.search([("kind", "=", "progress")])
        self.assertEqual(report.mapped("state"), ["draft"])
        self.assertTrue(report.benchmark_id.computed_on)
        user = self.env.ref("buurtbemiddeling_report.demo_user_steering_group")
        self.assertNotIn(report, reports.with_user(user).search([]))

    def test_the_steering_group_reads_the_annual_report_of_last_year_on_frozen_figures(self):
        user = self.env.ref("buurtbemiddeling_report.demo_user_steering_group")
        report = self.env["buurtbemiddeling.year.report"].with_user(user).search([])
        self.assertEqual((report.kind, report.state), ("annual", "final"))
        benchmark = self.env.ref("buurtbemiddeling_report.demo_benchmark_last_year")
        self.assertEqual(report.sudo().benchmark_id, benchmark)
        self.assertEqual(benchmark.state, "frozen")
        shown = {chapter["name"]: chapter for chapter in report._get_print_chapters()}
        self.assertGreaterEqual(len(shown), 15)
        self.assertGreaterEqual(sum(bool(each["text"]) for each in shown.values()), 10)

    def test_who_reads_how_many_were_referred_does_not_work_out_what_is_hidden(self):
        """Who was not referred, reported it: of a project both are read, or neither."""
        benchmarks = self.env["buurtbemiddeling.benchmark"].search([("project_id", "!=", False)])
        self.assertGreater(len(benchmarks), 1)
        for benchmark in benchmarks:
            told = {"referred_cases", "self_referral_share"} - benchmark._find_hidden()
            with self.subTest(benchmark.display_name):
                self.assertNotEqual(len(told), 1)
