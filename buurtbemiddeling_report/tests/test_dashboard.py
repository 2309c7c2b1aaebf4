"""What the steering group sees: figures, never added up wrongly, and nobody behind them."""

import json
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from .common_year_report import YearReportCase

LINE = "buurtbemiddeling.benchmark.line"


@tagged("post_install", "-at_install")
class TestDashboard(YearReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        police = {"referrer_type_id": cls.code("referrer.type", "POLITIE").id}
        cls.make_cases(10, registered=date(2017, 2, 1), outcome="OPG_BEM", **police)
        cls.make_cases(8, outcome="OPG_BEM", **police)
        cls.make_cases(8, outcome="NIET_OPG")
        cls.before = cls.compute(2017)
        cls.benchmark = cls.compute(2018)
        cls.lines = cls.env[LINE].with_user(cls.users["reporting"])

    def mine(self, indicator, benchmark=None):
        return self.line(
            (benchmark or self.benchmark).with_user(self.users["reporting"]), indicator
        )

    def test_tiles_show_the_newest_benchmark_of_the_whole_organisation(self):
        self.compute(2018, area_ids=[(6, 0, self.make_area("Here").ids)])
        self.env["buurtbemiddeling.benchmark"].create({"year": 2019, "company_id": self.company.id})
        action = self.lines.action_open_dashboard()
        self.assertEqual(action["context"], {"searchpanel_default_benchmark_id": self.benchmark.id})
        shown = self.lines.search(action["domain"])
        self.assertFalse(shown.dimension_id)
        self.assertIn(self.mine("cases_registered"), shown)

    def test_tile_has_value_base_last_year_and_a_word_for_the_arrow(self):
        tile = self.mine("success_of_handled")
        self.assertEqual(tile.value_text, "50.0 %")
        self.assertEqual(tile.base_text, "8 of 16")
        self.assertEqual((tile.trend_text, tile.trend), ("100.0 %", "lower"))
        self.assertEqual(self.mine("cases_registered").trend, "higher")
        self.assertFalse(self.mine("cases_registered").base_text)
        self.assertEqual(self.mine("own_days_median").trend, "same")
        # what reads the same is the same: no arrow beside two equal figures
        self.assertEqual(tile._get_trend(0.50001), "same")
        self.assertEqual(tile._get_trend(0.502), "lower")

    def test_without_last_year_nothing_is_compared(self):
        for indicator in ("success_of_handled", "own_days_median"):
            tile = self.mine(indicator, self.before)
            self.assertFalse(tile.trend_text or tile.trend)

    def test_last_year_is_measured_where_no_benchmark_was_made_of_it(self):
        """As the board and the screen Compare do: all three say the same."""
        self.before.unlink()
        tile = self.mine("cases_registered")
        self.assertEqual((tile.trend_text, tile.trend), ("10", "higher"))
        self.assertEqual(tile.trend_text, tile.last_year_text)

    def test_breakdowns_say_that_small_rows_are_left_out_for_who_does_not_see_them(self):
        self.assertIn("too small to show", self.lines.action_open_breakdowns()["name"])
        theirs = self.lines.with_user(self.users["coordinator"])
        self.assertEqual(theirs.action_open_breakdowns()["name"], "Breakdowns")

    def test_the_case_file_is_offered_to_coordinators_who_may_export(self):
        wizard = self.env["buurtbemiddeling.download"]
        coordinator = self.users["coordinator"]
        for user, is_offered in ((self.users["reporting"], False), (coordinator, False)):
            self.assertEqual(self.has_case_file(wizard.with_user(user)), is_offered)
        coordinator.group_ids += self.env.ref("base.group_allow_export")
        self.assertTrue(self.has_case_file(wizard.with_user(coordinator)))
        mine, theirs = (
            wizard.with_user(user).create({"benchmark_id": self.benchmark.id})
            for user in (coordinator, self.users["reporting"])
        )
        self.assertEqual((mine.sees_all, theirs.sees_all), (True, False))

    def has_case_file(self, wizard):
        return "cases" in dict(wizard.fields_get(["file_format"])["file_format"]["selection"])

    def test_a_part_of_nothing_is_nothing_to_compare_with(self):
        tile = self.mine("feedback_share")
        self.assertFalse(tile.trend_text or tile.trend)

    def test_half_a_year_is_compared_with_the_same_half(self):
        self.make_cases(7, registered=date(2017, 8, 1))
        for year in (2017, 2018):
            half = self.compute(year, reference_date=date(year, 6, 30), is_to_date=True)
        self.assertEqual(self.mine("cases_registered", half).trend_text, "10")
        self.assertEqual(self.mine("cases_registered", half).trend, "higher")

    def test_years_show_one_figure_a_year(self):
        self.compute(2018, reference_date=date(2018, 6, 30))
        action = self.mine("success_of_handled").action_open_years()
        self.assertEqual(
            action["context"]["search_default_indicator_id"],
            self.mine("success_of_handled").indicator_id.id,
        )
        rows = self.lines.formatted_read_group(
            [*action["domain"], ("indicator_code", "=", "success_of_handled")],
            ["year_label"],
            ["chart_value:max"],
        )
        self.assertEqual(
            [(row["year_label"], row["chart_value:max"]) for row in rows],
            [("2017", 100), ("2018", 50)],
        )

    def test_what_a_graph_shows_is_in_the_unit_of_the_figure_whatever_its_kind(self):
        values = {
            "explanation": "Solved cases to registered cases.",
            "kind": "ratio",
            "basis": "registration",
            "numerator_domain": "[('is_registered', '=', True), ('is_positive', '=', True)]",
            "denominator_source": "case",
            "denominator_domain": "[('is_registered', '=', True)]",
        }
        units = {"per_10000": 5000, "ratio": 0.5}
        self.env["buurtbemiddeling.indicator"].create(
            [{**values, "code": f"in_{unit}", "name": unit, "unit": unit} for unit in units]
        )
        self.benchmark.action_compute()
        for unit, shown in units.items():
            tile = self.mine(f"in_{unit}")
            self.assertEqual(tile.chart_value, shown, unit)
            self.assertEqual(tile.base_text, "8 to 16")
        self.assertEqual(self.mine("success_of_handled").chart_value, 50)
        self.assertEqual(self.mine("own_days_median").chart_value, 60)

    def test_tiles_show_the_figures_of_volunteers_and_inhabitants_too(self):
        shown = self.lines.search(self.lines.action_open_dashboard()["domain"])
        self.assertLessEqual(
            {
                "volunteers_active", "volunteers_new", "volunteers_left", "trained_hours",
                "cases_per_mediator", "cases_per_10000", "intake_within_norm",
            },
            set(shown.mapped("indicator_code")),
        )  # fmt: skip

    def test_figures_and_percentages_are_never_added_up(self):
        for measure in ("value", "numerator", "denominator"):
            self.assertFalse(self.lines._fields[measure].aggregator, measure)
        self.benchmark.action_freeze()
        rows = self.lines.formatted_read_group(
            [("benchmark_id", "=", self.benchmark.id), ("indicator_code", "=", "cases_registered")],
            ["indicator_id"],
            ["chart_value:max"],
        )
        self.assertTrue(rows)
        self.assertFalse(
            any(row["chart_value:max"] for row in rows), "a group of several lines has no value"
        )

    def test_breakdown_shows_months_in_order(self):
        dimension = self.env.ref("buurtbemiddeling_report.dimension_month")
        theirs = self.lines.with_user(self.users["coordinator"])
        rows = theirs.formatted_read_group(
            [
                *theirs.action_open_breakdowns()["domain"],
                ("dimension_id", "=", dimension.id),
                ("indicator_code", "=", "cases_registered"),
            ],
            ["chart_label"],
            ["chart_value:max"],
        )
        self.assertEqual([row["chart_label"] for row in rows], ["05 May"])
        self.make_cases(6, registered=date(2018, 4, 1))
        self.benchmark.action_compute()
        labels = self.benchmark.line_ids.filtered(lambda line: line.dimension_id == dimension)
        self.assertEqual(sorted(set(labels.mapped("chart_label"))), ["04 April", "05 May"])

    def test_figures_only_reads_breakdowns_of_frozen_figures(self):
        """Two concepts a week apart would tell who came in between."""
        registered = [("indicator_code", "=", "cases_registered"), ("dimension_id", "!=", False)]
        self.assertFalse(self.lines.search(registered))
        self.before.action_freeze()
        action = self.lines.action_open_breakdowns()
        self.assertIn("2017", action["name"])
        shown = self.lines.search([*action["domain"], *registered])
        self.assertTrue(shown)
        self.assertEqual(shown.benchmark_id, self.before)
        self.assertFalse(any(shown.mapped("is_small")))

    def test_no_screen_is_wrong_before_there_is_a_benchmark(self):
        self.env["buurtbemiddeling.benchmark"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        for screen in ("dashboard", "years", "breakdowns"):
            action = getattr(self.lines, f"action_open_{screen}")()
            self.assertFalse(
                self.lines.search(action["domain"] + [("company_id", "=", self.company.id)])
            )

    def test_facts_are_closed_to_the_steering_group(self):
        facts = self.env["buurtbemiddeling.case.report"].with_user(self.users["reporting"])
        with self.assertRaises(AccessError):
            facts.formatted_read_group([], ["referrer_type_id"], ["__count"])
        with self.assertRaises(AccessError):
            facts.search([])
        with self.assertRaises(AccessError):
            self.mine("cases_registered").action_open_cases()

    def test_measures_of_the_analysis_are_counts_and_averages(self):
        """Booleans and sums of days would mislead."""
        fields = self.env["buurtbemiddeling.case.report"].fields_get(
            attributes=["type", "aggregator", "store"]
        )
        measures = {
            name: field.get("aggregator")
            for name, field in fields.items()
            if field["type"] in ("integer", "float", "monetary") and field.get("aggregator")
        }
        measures.pop("id", None)
        self.assertEqual(measures, {"own_days": "avg", "waiting_days": "avg", "party_count": "sum"})

    def test_graph_of_the_analysis_is_grouped_by_month_only(self):
        view = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_case_report_view_graph")
        fields = view._get_combined_arch().xpath("//field[not(@type)]/@name")
        self.assertEqual(fields, ["registration_date"])

    def test_filters_of_the_analysis_take_this_year_and_last_year(self):
        facts = self.env["buurtbemiddeling.case.report"].with_user(self.users["coordinator"])
        today = date.today()
        self.make_cases(1, registered=today.replace(month=1, day=1))
        self.make_cases(2, registered=date(today.year - 1, 12, 31))
        view = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_case_report_view_search")
        arch = view._get_combined_arch()
        for name, count in (("this_year", 1), ("last_year", 2)):
            domain = arch.xpath(f"//filter[@name='{name}']/@domain")[0]
            self.assertEqual(facts.search_count(self.evaluate(domain)), count)

    def evaluate(self, domain):
        return safe_eval(domain, {"context_today": date.today, "relativedelta": relativedelta})


@tagged("post_install", "-at_install")
class TestSteeringGroupOnTheWire(YearReportCase, HttpCase):
    """Over HTTP and RPC the steering group gets final reports and lines, and no case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.make_cases(9, outcome="OPG_BEM")
        cls.final = cls.make_report()
        cls.final.chapter_ids.filtered(lambda each: each.code == "finance").write(
            {"is_shown": False, "text": "<p>Secret budget</p>"}
        )
        cls.final._finalize()
        cls.draft = cls.make_report("progress", reference_date=date(2018, 6, 30))
        cls.internal = cls.make_report(year=2017, is_internal=True)
        cls.internal._finalize()
        cls.users["reporting"].password = "reporting-secret"

    @mute_logger("odoo.http")
    def rpc(self, model, method, *args, **kwargs):
        """Return what the server replies, "refused" when it refuses."""
        reply = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "method": "call",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": {
                            **kwargs,
                            "context": {"allowed_company_ids": self.company.ids},
                        },
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        return reply.get("result", "refused")

    def test_the_steering_group_reads_final_reports_for_outside_and_nothing_else(self):
        self.authenticate("year_reporting", "reporting-secret")
        report = "buurtbemiddeling.year.report"
        self.assertEqual(self.rpc(report, "search", []), self.final.ids)
        for other in (self.draft, self.internal):
            self.assertEqual(self.rpc(report, "read", other.ids, ["name"]), "refused")
        fields = self.rpc(report, "fields_get")
        found = self.rpc(report, "read", self.final.ids, list(fields))
        self.assertIn("2018", found[0]["name"])
        chapters = self.rpc("buurtbemiddeling.year.report.chapter", "search_read", [])
        self.assertEqual({each["report_id"][0] for each in chapters}, {self.final.id})
        self.assertNotIn("Secret", json.dumps(chapters), "nor a chapter that is not printed")
        for method, args in (
            ("write", [self.final.ids, {"name": "X"}]),
            ("action_new_progress", [[]]),
            ("action_compute", [self.final.ids]),
            ("action_finish", [self.draft.ids]),
            ("action_correct", [self.final.ids]),
        ):
            self.assertEqual(self.rpc(report, method, *args), "refused", method)
        self.assertEqual(
            self.rpc(
                "buurtbemiddeling.year.report.finish", "create", [{"report_id": self.final.id}]
            ),
            "refused",
        )

    def test_facts_cases_and_persons_are_refused(self):
        self.authenticate("year_reporting", "reporting-secret")
        for model in (
            "buurtbemiddeling.case.report", "buurtbemiddeling.case", "buurtbemiddeling.case.party",
            "buurtbemiddeling.volunteer", "buurtbemiddeling.assignment",
        ):  # fmt: skip
            for method, args in (
                ("search_read", [[], ["id"]]),
                ("formatted_read_group", [[], ["company_id"], ["__count"]]),
                ("web_read_group", [[], ["company_id"]]),
                ("export_data", [[1], ["id"]]),
                ("name_search", []),
            ):
                with self.subTest(model=model, method=method):
                    self.assertEqual(self.rpc(model, method, *args), "refused")
        lines = self.rpc(LINE, "search", [("indicator_code", "=", "cases_registered")])
        self.assertEqual(self.rpc(LINE, "action_open_cases", lines[:1]), "refused")

    def test_no_reply_holds_a_case(self):
        self.authenticate("year_reporting", "reporting-secret")
        names = self.cases.mapped("name")
        replies = [
            self.rpc(LINE, "search_read", []),
            self.rpc("buurtbemiddeling.year.report.chapter", "search_read", []),
            self.rpc(LINE, "action_open_dashboard"),
            self.rpc(LINE, "action_open_years", []),
            self.rpc(LINE, "action_open_breakdowns", []),
            self.url_open(
                f"/report/html/buurtbemiddeling_report.report_year_report/{self.final.id}"
            ).text,
        ]
        self.assertIn("Annual report 2018", replies[-1])
        for reply in replies:
            text = json.dumps(reply)
            self.assertNotIn("case_id", text)
            for name in names:
                self.assertNotIn(name, text)

    def test_only_attachments_of_final_reports_are_readable(self):
        attachments = {
            record: self.env["ir.attachment"].create(
                {"name": "a.pdf", "raw": b"x", "res_model": record._name, "res_id": record.id}
            )
            for record in (self.final, self.draft, self.internal, self.cases[0])
        }
        self.authenticate("year_reporting", "reporting-secret")
        for record, attachment in attachments.items():
            status = self.url_open(f"/web/content/{attachment.id}").status_code
            self.assertEqual(status == 200, record == self.final, record)

    def test_drafts_are_not_printed_for_the_steering_group(self):
        self.authenticate("year_reporting", "reporting-secret")
        for report in (self.draft, self.internal):
            with mute_logger("odoo.http"):
                reply = self.url_open(
                    f"/report/html/buurtbemiddeling_report.report_year_report/{report.id}"
                )
            self.assertNotEqual(reply.status_code, 200)
