"""Steering groups are people of the municipality, the housing association and the police: no screen
tells them a total that a version for outside hides, nor lets them work it out."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_target import BoardCase

LINE = "buurtbemiddeling.benchmark.line"


@tagged("post_install", "-at_install")
class TestSmallTotals(BoardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for year, odd in ((2025, 3), (2026, 2)):
            day = date(year, 2, 1)
            cls.make_cases(30, day, "OPG_BEM", area_id=cls.north.id)
            cls.make_cases(12, day, "NIET_OPG", area_id=cls.north.id)
            cls.make_cases(odd, day, "ONGESCHIKT", area_id=cls.north.id)
        cls.benchmark = cls.compute(2026)
        cls.totals = cls.benchmark.line_ids.filtered(lambda line: not line.dimension_id)
        cls.small = cls.totals.filtered("is_small")
        cls.lines = cls.env[LINE].with_user(cls.reporting)

    def setUp(self):
        super().setUp()
        self.env.invalidate_all()  # as a request finds it

    def theirs(self, code):
        return self.lines.search(
            [("benchmark_id", "=", self.benchmark.id), ("indicator_code", "=", code)]
        )

    def test_a_total_too_small_to_show_is_found_by_no_method(self):
        self.assertIn("cases_suitable", self.small.mapped("indicator_code"), "45 less 2")
        own = [("benchmark_id", "=", self.benchmark.id)]
        self.assertEqual(self.lines.search(own).sudo(), self.totals - self.small)
        self.assertEqual(self.lines.search_count([*own, ("is_small", "=", True)]), 0)
        self.assertFalse(self.lines.search([*own, ("numerator", "in", self.small.mapped("id"))]))
        for group in (["indicator_id"], ["year_label"], ["indicator_code", "year_label"]):
            rows = self.lines.formatted_read_group(
                [*own, ("indicator_code", "=", "cases_suitable")],
                group,
                ["chart_value:max", "__count"],
            )
            self.assertFalse(rows)
        self.reporting.group_ids += self.env.ref("base.group_allow_export")
        theirs = self.small.with_user(self.reporting)
        for call in (
            lambda: theirs.read(["value"]),
            lambda: theirs.web_read({"value_text": {}}),
            lambda: theirs.export_data(["value"]),
            lambda: theirs[0].action_open_years(),
        ):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                call()
        self.env.invalidate_all()
        self.assertEqual(
            self.benchmark.with_user(self.reporting).key_line_ids.sudo(), self.totals - self.small
        )
        mine = self.lines.with_user(self.coordinator)
        self.assertEqual(mine.search(own), self.benchmark.line_ids)

    def test_what_was_too_small_last_year_is_not_told_by_the_comparison(self):
        self.make_cases(20, date(2026, 2, 1), "ONGESCHIKT")  # this year there are enough
        self.benchmark.action_compute()
        for is_frozen in (False, True):
            if is_frozen:
                self.compute(2025).action_freeze()
            self.env.invalidate_all()
            line = self.theirs("cases_suitable")
            self.assertEqual(line.value_text, "42")
            self.assertEqual((line.trend_text, line.trend), ("hidden", False), "the tile")
            self.assertEqual(line.last_year_text, "hidden", "the screen Compare")
            series = line.benchmark_id._get_series(["cases_suitable"], [2025, 2026])
            self.assertEqual(series, {"cases_suitable": [(2025, None), (2026, 42)]})
            self.assertEqual(self.theirs("cases_registered").trend_text, "45")
            self.env.invalidate_all()
            mine = line.with_user(self.coordinator)
            self.assertEqual(mine.last_year_text, "42")

    def test_a_target_of_the_whole_organisation_hides_what_is_too_small(self):
        suitable, registered, last_year = (
            self.make_target(code, 10, year).with_user(self.reporting)
            for code, year in (
                ("cases_suitable", 2026),
                ("cases_registered", 2026),
                ("cases_suitable", 2025),
            )
        )
        for target in (suitable, last_year):
            board = self.on(target)
            self.assertEqual((board["actual_text"], board["state"]), ("hidden", "unknown"))
            self.assertEqual(
                board["sentence"],
                "Not shown, because it is or would tell a small number. The target is 10.",
            )
            self.assertFalse(board["forecast_text"])
        self.assertEqual(self.on(suitable)["last_year_text"], "hidden")
        board = self.on(registered)
        self.assertEqual((board["actual_text"], board["last_year_text"]), ("44", "45"))
        mine = suitable.with_user(self.coordinator)
        self.assertEqual(self.on(mine)["actual_text"], "42")

    def test_what_is_measured_is_hidden_where_the_lines_are(self):
        """One rule: what is judged while they look is what was judged when it was computed."""
        police, school = (self.code("referrer.type", code).id for code in ("POLITIE", "SCHOOL"))
        self.make_cases(10, date(2026, 2, 1), referrer_type_id=police)
        self.make_cases(3, date(2026, 3, 1), "OPG_BEM", referrer_type_id=school)
        for day in (date(2026, 4, 15), date(2026, 12, 31)):
            benchmark = self.compute(2026, reference_date=day)
            small = benchmark.line_ids.filtered(lambda line: line.is_small and not line.dimension)
            self.assertTrue(small)
            self.assertEqual(benchmark._find_hidden(), set(small.mapped("indicator_code")), day)

    def test_remarks_tell_no_small_number_and_nothing_that_is_not_so(self):
        self.make_area("Served", inhabitants=1000)
        self.make_cases(2, date(2026, 2, 1))  # it is not known where
        self.benchmark.action_compute()
        mine = self.benchmark.with_user(self.coordinator).remarks
        self.assertIn("per 10,000 inhabitants: 2", mine)
        self.env.invalidate_all()
        self.assertNotIn("inhabitants", self.benchmark.with_user(self.reporting).remarks or "")
        few = self.compute(2024)
        self.assertIn("Nothing was recorded", few.with_user(self.reporting).remarks)
        self.make_cases(2, date(2024, 2, 1))
        few.action_compute()
        self.env.invalidate_all()
        self.assertNotIn("Nothing", few.with_user(self.reporting).remarks or "")

    def test_evidence_says_how_it_stands_and_no_number(self):
        criterion = self.env["buurtbemiddeling.criterion"].create({"name": "Own", "code": "OWN"})
        evidence = self.env["buurtbemiddeling.criterion.evidence"].create(
            {
                "criterion_id": criterion.id,
                "name": "Suitable",
                "kind": "figure",
                "indicator_id": self.indicator("suitable_share").id,
                "period": "year",
                "norm": 0.99,
            }
        )
        evidence = evidence.with_company(self.company)
        self.assertEqual(evidence.with_user(self.coordinator).state, "gap")
        self.assertIn("of 45", evidence.with_user(self.coordinator).figure)
        theirs = evidence.with_user(self.reporting)
        self.assertEqual((theirs.state, theirs.figure), ("gap", "hidden"))
        self.assertEqual(theirs.gap, "Suitable: asked is at least 99.0 %.")
        self.assertEqual(theirs.criterion_id.gaps, theirs.gap)

    def test_a_total_that_the_minutes_of_a_project_would_give_away_is_hidden(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "North",
                "company_id": self.company.id,
                "area_ids": [(6, 0, self.north.ids)],
                "date_start": date(2020, 1, 1),
            }
        )
        self.make_cases(20, date(2026, 3, 1), area_id=self.north.id, project_id=project.id)
        self.make_cases(2, date(2026, 2, 1), area_id=self.south.id)
        meeting = self.env["buurtbemiddeling.steering.meeting"].create(
            {"project_id": project.id, "start": "2026-07-02 12:00:00"}
        )
        self.benchmark.action_compute()
        self.env.invalidate_all()
        self.assertTrue(self.theirs("cases_registered"))
        meeting.action_freeze_figures()
        count = int(meeting.figures[0]["rows"][0][1])
        self.assertEqual(self.line(self.benchmark, "cases_registered").value - count, 2)
        self.benchmark.action_compute()
        self.env.invalidate_all()
        self.assertFalse(self.theirs("cases_registered"), "less the project it would be 2")
        target = self.make_target("cases_registered", 10).with_user(self.reporting)
        self.assertEqual(self.on(target, "2026-12-31")["actual_text"], "hidden")
