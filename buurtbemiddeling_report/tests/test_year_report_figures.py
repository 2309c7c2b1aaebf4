from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.buurtbemiddeling_year_report_figures_mixin import HIDDEN
from .common_year_report import YearReportFiguresCase


@tagged("post_install", "-at_install")
class TestYearReportFigures(YearReportFiguresCase):
    """The tables of a report: bases, months, earlier years, comparisons, small numbers."""

    def test_every_percentage_has_its_base_and_what_was_not_recorded_is_a_row(self):
        self.make_cases(
            70, outcome="OPG_BEM", referrer_type_id=self.code("referrer.type", "POLITIE").id
        )
        self.make_cases(19, outcome="NIET_OPG")
        report = self.make_report()
        results = self.rows(report, "results")
        for name in ("Solved, of registered cases", "Solved, of suitable cases"):
            self.assertEqual(results[name], ["78.7 % (70 of 89)"])
        for name in ("Solved, of handled cases", "Solved, of closed cases"):
            self.assertEqual(results[name], ["78.7 % (70 of 89)"])
        referrers = self.rows(report, "referrers", 1)
        self.assertEqual(referrers["Not recorded"], ["19"])
        self.assertEqual(referrers["Total"], ["89"])
        self.assertEqual(
            [*referrers][-2:], ["Not recorded", "Total"], "what was not recorded comes last"
        )
        self.assertEqual(self.rows(report, "time")["Own days, median"], ["60.0 days (of 89)"])

    def test_a_percentage_of_nothing_is_a_dash(self):
        report = self.make_report()
        self.assertEqual(self.rows(report, "results")["Solved, of handled cases"], ["–"])
        self.assertEqual(self.rows(report, "results")["Solved cases"], ["0"])

    def test_a_report_is_not_final_before_its_reference_date(self):
        with freeze_time("2026-06-15 12:00:00"):
            self.make_cases(16, registered=date(2026, 5, 1))
            report = self.make_report(year=2026)
            months = [*self.rows(report, "registrations", 1)]
            self.assertEqual(months[-2:], ["June", "Total"], "months to come are not 0")
            for step in (report.action_finish, report._finalize):
                with self.assertRaisesRegex(UserError, "reference date, 12/31/2026, is still"):
                    step()
            self.assertEqual(report.state, "draft")
        with freeze_time("2026-12-31 12:00:00"):
            self.assertTrue(report.action_finish())

    def test_months_are_in_order_and_all_there(self):
        self.make_cases(16, registered=date(2018, 12, 3))
        self.make_cases(17, registered=date(2018, 2, 3))
        report = self.make_report()
        months = self.rows(report, "registrations", 1)
        self.assertEqual([*months][:3], ["January", "February", "March"])
        self.assertEqual(len(months), 13)
        self.assertEqual((months["January"], months["December"]), (["0"], ["16"]))
        kind, _title, points = self.blocks(report, "registrations")[1]["chart"]
        self.assertEqual((kind, points[1]), ("columns", ("February", 17, "17")))

    def test_two_facts_make_a_table_that_fits_on_paper(self):
        areas = [self.make_area(f"Area {letter}") for letter in "ABCDEFGHI"]
        for number, area in enumerate(areas, start=25):
            self.make_cases(
                number,
                area_id=area.id,
                nuisance_type_ids=[(6, 0, self.code("nuisance.type", "DIEREN").ids)],
            )
        report = self.make_report()
        blocks = self.blocks(report, "nuisance_areas")
        self.assertLessEqual(max(len(block["columns"]) for block in blocks), 8)
        name = self.code("nuisance.type", "DIEREN").name
        self.assertEqual(blocks[0]["columns"][1], name)
        rows = self.rows(report, "nuisance_areas")
        self.assertEqual((rows["Area A"], rows["Area I"]), (["25"], ["33"]))

    def test_earlier_years_come_from_their_own_benchmark(self):
        police = {"referrer_type_id": self.code("referrer.type", "POLITIE").id}
        self.make_cases(18, registered=date(2016, 3, 1), **police)
        self.make_cases(19, registered=date(2017, 3, 1), **police)
        self.make_cases(20, **police)
        report = self.make_report()
        self.assertEqual(report.missing_years, "2016, 2017")
        report.action_make_earlier()
        report.invalidate_recordset(["missing_years"])
        self.assertFalse(report.missing_years)
        block = self.blocks(report, "referrers_years")[0]
        self.assertEqual(block["columns"][1:], ["2016", "2017", "2018"])
        self.assertEqual(self.rows(report, "referrers_years")["Police"], ["18", "19", "20"])
        comparison = self.blocks(report, "comparison")[0]
        self.assertEqual(
            comparison["columns"], ["Figure", "2018", "2017", "2016", "Target", "Country"]
        )

    def test_comparison_shows_target_and_country(self):
        indicator = self.env.ref("buurtbemiddeling_report.indicator_success_of_handled")
        self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": indicator.id,
                "year": 2018,
                "value": 0.7,
                "company_id": self.company.id,
            }
        )
        self.env["buurtbemiddeling.benchmark.reference"].create(
            {"year": 2018, "indicator_code": indicator.code, "value": 0.65, "source": "Test"}
        )
        report = self.make_report()
        self.assertEqual(
            self.rows(report, "comparison")[indicator.name][-2:], ["70.0 %", "65 % (2018)"]
        )
        block = self.blocks(report, "comparison")[0]
        self.assertIn("Test (2018)", block["note"])
        self.assertNotIn("https", block["note"], "an address is printed as its site")
        self.assertEqual(
            self.rows(report, "comparison")["Cases registered"][-1], "–", "of the whole country"
        )
        self.assertNotIn("Same size", block["columns"])

    def test_comparison_of_a_municipality_shows_those_of_its_size(self):
        here = self.make_area("Here", inhabitants=60000)
        size_class = self.env["buurtbemiddeling.size.class"]._of_inhabitants(60000)
        self.env["buurtbemiddeling.benchmark.reference"].create(
            {
                "year": 2018,
                "indicator_code": "cases_per_10000",
                "size_class_id": size_class.id,
                "value": 0.0012,
                "source": "Test",
            }
        )
        self.make_cases(30, area_id=here.id)
        report = self.make_report(municipality_id=here.id)
        self.assertEqual(self.blocks(report, "comparison")[0]["columns"][-1], "Same size")
        row = self.rows(report, "comparison")["Cases per 10,000 inhabitants"]
        self.assertIn("12.0", row[-1])

    def test_part_of_a_year_is_compared_with_the_same_part_of_earlier_years(self):
        for year, spring, autumn in ((2017, 6, 20), (2018, 7, 30)):
            self.make_cases(spring, registered=date(year, 3, 1))
            self.make_cases(autumn, registered=date(year, 11, 1))
        self.compute(2017)
        report = self.make_report("progress", reference_date=date(2018, 6, 30))
        report.action_make_earlier()
        block = self.blocks(report, "comparison")[0]
        self.assertEqual(block["columns"][1:3], ["2018 until 30 Jun", "2017 until 30 Jun"])
        self.assertEqual(block["rows"][0][1:3], ["7", "6"])

    def test_a_case_that_came_in_after_the_reference_date_waits_for_the_next_report(self):
        self.make_cases(6, registered=date(2018, 3, 1))
        self.make_cases(7, registered=date(2018, 8, 1))
        internal = {"kind": "progress", "is_internal": True}
        spring = self.make_report(reference_date=date(2018, 6, 30), **internal)
        autumn = self.make_report(reference_date=date(2018, 9, 30), **internal)
        for report, count, months in ((spring, "6", 6), (autumn, "13", 9)):
            rows = self.rows(report, "registrations", 1)
            self.assertEqual(rows.pop("Total"), [count])
            self.assertEqual(len(rows), months)
        line = self.line(spring.benchmark_id, "cases_registered")
        cases = self.env["buurtbemiddeling.case"]
        self.assertEqual(cases.search_count(line.action_open_cases()["domain"]), 6)
        whole = self.compute(2018, reference_date=date(2018, 6, 30))
        self.assertFigures(whole, {"cases_registered": 13})
        with self.assertRaisesRegex(ValidationError, "after"):
            spring.benchmark_id = whole

    def test_small_numbers_are_a_star_unless_it_is_for_internal_use(self):
        self.make_referrers(POLITIE=20, CORPORATIE=12, ZELF=30, SCHOOL=2)
        report = self.make_report()
        rows = self.rows(report, "referrers", 1)
        names = [self.code("referrer.type", code).name for code in ("ZELF", "POLITIE")]
        self.assertEqual([*rows], [*names, "Other rows, too small to show", "Total"])
        self.assertEqual([*rows.values()], [["30"], ["20"], [HIDDEN], ["64"]])
        points = self.blocks(report, "referrers")[1]["chart"][2]
        self.assertEqual(points, [(names[0], 30, "30"), (names[1], 20, "20")])
        self.assertNotIn("For internal use", self.render(report))
        report.is_internal = True
        rows = self.rows(report, "referrers", 1)
        self.assertEqual([*rows.values()], [["30"], ["20"], ["12"], ["2"], ["64"]])
        self.assertIn("For internal use", self.render(report))

    def test_a_breakdown_of_which_all_is_hidden_tells_no_rows(self):
        self.make_referrers(POLITIE=20, SCHOOL=2)
        report = self.make_report()
        table = self.blocks(report, "referrers")[1]
        self.assertFalse(table["rows"] or table["chart"])
        self.assertIn("Too small", table["note"])
        self.make_referrers(POLITIE=30, ZELF=20, registered=date(2017, 5, 1))
        report.action_make_earlier()
        years = self.blocks(report, "referrers_years")[0]
        self.assertFalse(years["rows"], "the year of the report itself decides")

    def test_a_column_of_which_nothing_can_be_shown_is_left_out_and_named(self):
        self.make_referrers(POLITIE=20, ZELF=30, SCHOOL=40, outcome="OPG_BEM")
        report = self.make_report()
        lines = report.benchmark_id.line_ids.filtered(
            lambda line: (
                (line.dimension, line.indicator_code) == ("referrer_type", "success_of_handled")
                or (line.dimension, line.dimension_code) == ("referrer_type", "POLITIE")
            )
        )
        lines.sudo().is_small = True
        chapter = self.chapter(report, "referrers")
        indicators = self.env["buurtbemiddeling.indicator"]
        codes = ["cases_registered", "success_of_handled"]
        chapter.column_ids = indicators.search([("code", "in", codes)])
        table = self.blocks(report, "referrers")[1]
        self.assertEqual(table["columns"], ["Referrer type", "Cases registered"])
        self.assertIn("for each row: Solved, of handled cases", table["note"])
        self.assertEqual([row[1] for row in table["rows"]], ["40", "30", HIDDEN, "90"])
