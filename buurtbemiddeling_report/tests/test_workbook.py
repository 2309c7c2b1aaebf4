from datetime import date

from odoo.tests import tagged

from ..tools.workbook import sheet_name
from .common_workbook import WorkbookCase, parts


@tagged("post_install", "-at_install")
class TestWorkbook(WorkbookCase):
    def test_the_full_workbook_has_key_figures_each_breakdown_and_definitions(self):
        self.make_cases(1, outcome="OPG_BEM")
        benchmark = self.compute(2018)
        workbook = self.load(benchmark)
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        self.assertEqual(
            workbook.sheetnames,
            [
                "Key figures",
                "Contents",
                "Compared",
                *(sheet_name(dimension.name, []) for dimension in dimensions),
                "Missing data",
                "Definitions",
            ],
        )
        definitions = {row[-1] for row in workbook["Definitions"].iter_rows(values_only=True)}
        self.assertLessEqual(set(benchmark.line_ids.mapped("indicator_code")), definitions)
        links = {
            cell.value: cell.hyperlink.location
            for (cell,) in workbook["Contents"]["A1:A99"]
            if cell.hyperlink
        }
        self.assertEqual(len(links), len(workbook.sheetnames) - 1)
        self.assertEqual(links["Referrer type"], "'Referrer type'!A1")

    def test_every_line_stands_in_the_workbook_with_its_value(self):
        zelf, wijk = self.code("referrer.type", "ZELF"), self.code("referrer.type", "POLITIE")
        self.make_cases(2, outcome="OPG_BEM", referrer_type_id=zelf.id)
        carried = {"registered": date(2017, 12, 9), "referrer_type_id": wijk.id}
        self.make_cases(1, outcome="NIET_OPG", **carried)
        benchmark = self.compute(2018)
        workbook = self.load(benchmark)
        lines = benchmark.line_ids.filtered("dimension_id")
        self.assertGreater(len(lines), 50)
        self.assertTrue(lines.dimension_id.filtered("second_field_name"))
        for line in lines:
            value = self.read_value(workbook, line)
            is_free = line.source == "cost" and not line.value
            if is_free or line.kind != "count" and not line.denominator:
                self.assertIsNone(value, "a share of nothing is not 0")
            else:
                self.assertAlmostEqual(value, line.value, places=9)

    def test_two_facts_are_a_cross_table(self):
        zelf, wijk = self.code("referrer.type", "ZELF"), self.code("referrer.type", "POLITIE")
        town = self.make_area("Town / Ville")
        self.make_cases(3, referrer_type_id=zelf.id, area_id=town.id)
        self.make_cases(2, referrer_type_id=wijk.id)
        rows = self.rows(self.load(self.compute(2018)), "Referrer type by neighbourhood")
        head = next(i for i, row in enumerate(rows) if row[0] == "Cases registered" and row[1])
        self.assertEqual(
            [row[:3] for row in rows[head : head + 3]],
            [
                ("Cases registered", town.name, "Not recorded"),
                (wijk.name, 0, 2),
                (zelf.name, 3, 0),
            ],
        )

    def test_many_figures_are_divided_into_numbers_shares_and_the_rest(self):
        self.make_cases(2, outcome="OPG_BEM")
        workbook = self.load(self.compute(2018))
        for name in ("Referrer type", "Result"):
            rows = self.rows(workbook, name)
            titles = [row[0] for row in rows if row[0] and not any(row[1:])]
            self.assertLessEqual(
                {"Shares", "Duration and other figures"}, set(titles), "each has a title"
            )
            self.assertLessEqual(max(map(len, rows)), 9, "a page is not wider")

    def test_a_year_with_nothing_says_so_on_every_sheet(self):
        workbook = self.load(self.compute(2031))
        for dimension in self.env["buurtbemiddeling.dimension"].search([]):
            rows = self.rows(workbook, sheet_name(dimension.name, []))
            self.assertIn(("Nothing was counted here over this year.",), [row[:1] for row in rows])
        self.assertFalse([name for name in parts(self.content) if "charts/" in name])

    def test_months_stay_in_order_and_the_rest_goes_by_size(self):
        wijk, zelf = self.code("referrer.type", "POLITIE"), self.code("referrer.type", "ZELF")
        self.make_cases(2, referrer_type_id=wijk.id, registered=date(2018, 2, 1))
        self.make_cases(6, referrer_type_id=zelf.id, registered=date(2018, 11, 1))
        self.make_cases(9)
        workbook = self.load(self.compute(2018))
        rows = self.rows(workbook, "Referrer type")
        labels = [row[0] for row in rows][-4:]
        self.assertEqual(labels, [zelf.name, wijk.name, "Not recorded", "Total"])
        labels = [row[0] for row in self.rows(workbook, "Month of registration")][-4:]
        self.assertEqual(labels, ["February", "May", "November", "Total"])
        self.make_cases(30, quarrel_duration="years")
        self.make_cases(1, quarrel_duration="weeks")
        name = sheet_name("How long the quarrel was going on", [])
        rows = self.rows(self.load(self.compute(2018)), name)
        self.assertEqual([row[0] for row in rows][-4:-1], ["Weeks", "Years", "Not recorded"])

    def test_a_breakdown_has_a_chart_of_its_own_cells(self):
        self.make_cases(12, registered=date(2018, 2, 1))
        self.make_cases(14, registered=date(2018, 3, 1))
        workbook = self.load(self.compute(2018), self.ccv)
        worksheet = workbook["Registrations by month"]
        self.assertEqual(len(worksheet._charts), 1)
        series = worksheet._charts[0].series[0]
        cells = worksheet[series.val.numRef.f.split("!")[1].replace("$", "")]
        self.assertEqual([cell.value for (cell,) in cells], [12, 14])
        cells = worksheet[series.cat.strRef.f.split("!")[1].replace("$", "")]
        self.assertEqual([cell.value for (cell,) in cells], ["February", "March"])

    def test_a_funder_reads_its_own_numbers_and_words(self):
        self.make_cases(60, outcome="OPG_BEM")
        self.make_cases(20, outcome="NIET_OPG")
        benchmark = self.compute(2018)
        answers = {
            row[0]: row[1:3] for row in self.rows(self.load(benchmark, self.funder), "Key figures")
        }
        self.assertEqual(answers["1"], ("Cases registered", 80))
        self.assertEqual(answers["9"], ("Solved, of handled", 0.75))
        self.assertEqual(answers["9a"], ("Solved, of handled: of how many cases", 80))

    def test_forms_ask_every_key_figure_and_each_success_with_its_base(self):
        asked = {
            "cases_registered", "self_referral_share", "referred_cases", "cases_per_10000",
            "complex_share", "cases_suitable", "cases_handled", "cases_positive", "cases_closed",
            "cases_running", "own_days_median", "intake_within_norm", "aftercare_within_norm",
            "feedback_share", "volunteers_active", "volunteers_new", "volunteers_left",
            "trained_hours", "cases_per_mediator",
        }  # fmt: skip
        for layout, less in ((self.ccv, set()), (self.funder, {"cases_suitable"})):
            columns = layout.sheet_ids.filtered(lambda sheet: sheet.kind == "key").column_ids
            parts_ = set(columns.mapped(lambda column: (column.indicator_id.code, column.part)))
            self.assertLessEqual({(code, "value") for code in asked - less}, parts_)
            for base in ("registered", "suitable", "handled", "closed"):
                for part in ("value", "denominator"):
                    self.assertIn((f"success_of_{base}", part), parts_)
            dimensions = set(layout.sheet_ids.dimension_id.mapped("code"))
            self.assertLessEqual({"nuisance_heading", "tenure", "outcome", "month"}, dimensions)
            self.assertIn("missing", layout.sheet_ids.mapped("kind"))

    def test_compared_with_earlier_years(self):
        self.make_cases(6, registered=date(2017, 3, 1))
        self.make_cases(9, registered=date(2018, 3, 1))
        self.compute(2017)
        rows = self.rows(self.load(self.compute(2018)), "Compared")
        head = next(row for row in rows if row[0] == "Figure")
        row = next(row for row in rows if row[0] == "Cases registered")
        self.assertEqual([row[head.index(year)] for year in ("2017", "2018")], [6, 9])

    def test_missing_data_counts_what_was_not_recorded_apart_from_unknown(self):
        cases = self.make_cases(5)
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "a", "tenure": tenure}
                for case, tenure in zip(cases, ["owner", "unknown", "unknown"], strict=False)
            ]
        )
        rows = self.rows(self.load(self.compute(2018)), "Missing data")
        row = next(row for row in rows if row[0] == "Home of the reporter")
        self.assertEqual(row[2:5], (5, 2, 2))
