import json
import re
from datetime import date

from odoo.tests import tagged

from .common_workbook import WorkbookCase, parts, read_csv


@tagged("post_install", "-at_install")
class TestWorkbookSmallNumbers(WorkbookCase):
    """Versions for outside: no small number in any cell."""

    def test_small_numbers_are_nowhere_in_what_leaves_the_organisation(self):
        benchmark = self.make_small()
        days = benchmark.line_ids.filtered(lambda line: line.indicator_code == "own_days_median")
        self.assertIn(292, days.mapped("value"))
        for layout in (self.full, self.ccv, self.funder):
            workbook = self.load(benchmark, layout, public=True)
            numbers = {
                cell
                for worksheet in workbook.worksheets
                for row in worksheet.iter_rows(values_only=True)
                for cell in row
            }
            for name, text in parts(self.content).items():
                if "charts/chart" in name:
                    numbers.update(map(float, re.findall(r"<c:v>([\d.]+)</c:v>", text)))
            self.assertNotIn(292, numbers, layout.code)
            for worksheet in workbook.worksheets:
                self.assertEqual(worksheet.sheet_state, "visible")
                self.assertFalse([c for row in worksheet.iter_rows() for c in row if c.comment])
            self.assertFalse(
                [name for name in workbook.defined_names if "Print" not in name], "no other names"
            )
            for content in (
                benchmark._render_csv(layout, public=True),
                benchmark._render_json(layout, public=True),
            ):
                self.assertNotRegex(content.decode(), r"\b292\b")
            name = "Referrer type" if layout == self.full else "Who referred"
            rows = self.rows(workbook, name)
            first = next(row for row in rows if row[0] == "Other rows, too small to show")
            self.assertEqual(set(first[1:]) - {None, ""}, {"*"})
            self.assertIn(65, next(row for row in rows if row[0] == "Police"))

    def test_which_rows_are_hidden_is_told_by_no_file(self):
        benchmark = self.make_small()
        school = self.code("referrer.type", "SCHOOL")
        for layout in (self.full, self.ccv, self.funder):
            self.load(benchmark, layout, public=True)
            for name, text in parts(self.content).items():
                self.assertNotIn(f">{school.name}<", text, f"{layout.code} {name}")
            for content in (
                benchmark._render_csv(layout, public=True),
                benchmark._render_json(layout, public=True),
            ):
                self.assertNotIn("SCHOOL", content.decode())
        rows = self.rows(self.load(benchmark, self.full, public=True), "Missing data")
        row = next(row for row in rows if row[0] == "Referrer type")
        self.assertEqual(row[3:5], ("*", "*"), "nothing is told of a row that is not shown")

    def test_a_hidden_figure_is_hidden_in_each_row_also_where_it_counts_nothing(self):
        benchmark = self.make_small()
        places = {}
        for line in json.loads(benchmark._render_json(public=True))["lines"]:
            if line["breakdown"] and line["code"]:
                place = (line["breakdown"], line["figure"])
                places.setdefault(place, {})[line["code"]] = line["hidden"]
        counted = {
            (line.dimension, line.indicator_code, line.dimension_code)
            for line in benchmark.line_ids
        }
        hidden = {place: rows for place, rows in places.items() if any(rows.values())}
        self.assertTrue(
            any((*place, code) not in counted for place, rows in hidden.items() for code in rows),
            "some rows count nothing of a hidden figure",
        )
        shown = {}  # the rows of each breakdown
        for (breakdown, _figure), rows in places.items():
            shown.setdefault(breakdown, set()).update(rows)
        for (breakdown, figure), rows in hidden.items():
            self.assertEqual(rows.keys(), shown[breakdown], figure)
            self.assertTrue(all(rows.values()), figure)

    def test_a_chart_draws_only_rows_that_are_shown(self):
        self.load(self.make_small(), self.ccv)
        charts = [text for name, text in parts(self.content).items() if "charts/chart" in name]
        referrer = next(text for text in charts if "Who referred" in text)
        self.assertEqual(
            re.findall(r"<c:v>(.*?)</c:v>", referrer)[1:],
            ["Resident", "Police", "70.0", "65.0"],
        )

    def test_a_breakdown_of_which_nothing_may_be_shown_is_left_out(self):
        self.make_cases(70)
        self.make_cases(2, registered=date(2018, 12, 1))
        benchmark = self.compute(2018)
        rows = self.rows(self.load(benchmark, self.ccv), "Registrations by month")
        self.assertEqual(rows[-1][0], "Left out: the numbers are too small to show them here.")
        self.assertFalse([row for row in rows if row[0] in ("May", "December")])
        lines = json.loads(benchmark._render_json(self.ccv))["lines"]
        self.assertNotIn("month", {line["breakdown"] for line in lines})
        row = next(
            row
            for row in self.rows(self.load(benchmark, self.ccv), "Contents")
            if row[1] and row[0] == "Registrations by month"
        )
        self.assertIn("too small", row[1])

    def test_a_pie_of_which_a_part_is_hidden_is_drawn_as_columns(self):
        for year, tenures, kind in (
            (2017, {"owner": 20, "unknown": 17}, "pieChart"),
            (2018, {"owner": 30, "corporation": 24, "private_rent": 4, "unknown": 1}, "barChart"),
        ):
            for tenure, count in tenures.items():
                self.env["buurtbemiddeling.case.party"].create(
                    [
                        {"case_id": case.id, "side": "a", "tenure": tenure}
                        for case in self.make_cases(
                            count, registered=date(year, 3, 1), outcome="OPG_BEM"
                        )
                    ]
                )
            self.load(self.compute(year), self.funder)
            charts = [text for name, text in parts(self.content).items() if "charts/chart" in name]
            tenure = next(text for text in charts if "Home of the reporter" in text)
            self.assertIn(f"<c:{kind}>", tenure)

    def test_a_version_for_outside_says_so_on_every_sheet(self):
        self.company.buurtbemiddeling_small_number = 7
        self.make_cases(1)
        workbook = self.load(self.compute(2018), self.ccv)
        sentence = "Version for outside the organisation: numbers under 7,"
        for worksheet in workbook.worksheets:
            texts = [c.value for row in worksheet.iter_rows() for c in row if c.value]
            self.assertTrue([t for t in texts if str(t).startswith(sentence)], worksheet.title)
            self.assertIn(sentence, worksheet.oddFooter.left.text)

    def test_inside_the_organisation_all_numbers_are_there(self):
        rows = self.rows(self.load(self.make_small()), "Referrer type")
        self.assertIn(3, next(row for row in rows if row[0] == "School"))

    def test_earlier_years_outside_are_only_those_that_were_judged(self):
        self.make_cases(3, registered=date(2017, 3, 1), outcome="OPG_BEM")
        self.make_cases(9, registered=date(2018, 3, 1))
        earlier = self.compute(2017)
        self.make_cases(8, registered=date(2016, 3, 1))
        benchmark = self.compute(2018)
        workbook = self.load(benchmark, self.funder)
        rows = self.rows(workbook, "Compared")
        head = next(row for row in rows if row[0] == "Figure")
        self.assertNotIn("2016", head, "there is no benchmark of it")
        row = next(row for row in rows if row[0] == "Cases registered")
        self.assertEqual((row[head.index("2017")], row[head.index("2018")]), ("*", 9))
        rows = self.rows(workbook, "Key figures")
        self.assertEqual(next(row for row in rows if row[0] == "1a")[2], "*")
        self.assertEqual(len(earlier.release_ids), 1, "that its figures left is noted once")
        self.load(benchmark, self.funder)
        self.assertEqual(len(earlier.release_ids), 1)

    def test_frozen_figures_keep_their_names_and_definitions_in_every_file(self):
        self.make_cases(60, outcome="OPG_BEM")
        self.make_cases(20, outcome="NIET_OPG")
        benchmark = self.compute(2018)
        before = {
            name: self.rows(self.load(benchmark), name)
            for name in ("Key figures", "Definitions", "Result", "Missing data")
        }
        json_before = json.loads(benchmark._render_json())
        csv_before = read_csv(benchmark._render_csv())
        benchmark.action_freeze()
        share = self.env.ref("buurtbemiddeling_report.indicator_success_of_handled")
        share.write(
            {
                "name": "Renamed",
                "explanation": "Told in other words.",
                "denominator_domain": "[('is_closed', '=', True)]",
                "sequence": 999,
            }
        )
        self.env.ref("buurtbemiddeling_report.indicator_cases_positive").active = False
        self.env.ref("buurtbemiddeling_report.dimension_outcome").name = "Renamed breakdown"
        self.env.ref("buurtbemiddeling_report.dimension_tenure").active = False
        self.env["buurtbemiddeling.dimension"].create(
            {"code": "new", "name": "Made later", "field_name": "escalation"}
        )
        workbook = self.load(benchmark)
        self.assertNotIn("Made later", workbook.sheetnames)
        for name, rows in before.items():
            self.assertEqual(self.rows(workbook, name)[3:], rows[3:], name)
        text = "".join(parts(self.content).values())
        for words in ("Renamed", "other words"):
            self.assertNotIn(words, text)
        for key in ("definitions", "breakdowns", "lines"):
            self.assertEqual(json.loads(benchmark._render_json())[key], json_before[key])
        self.assertEqual(
            [{**row, "State": ""} for row in read_csv(benchmark._render_csv())],
            [{**row, "State": ""} for row in csv_before],
        )

    def test_frozen_figures_are_judged_again_when_they_leave(self):
        self.make_cases(33)
        benchmark = self.compute(2018)
        benchmark.action_freeze()
        for smallest, shown in ((5, 33), (40, "*")):
            self.company.buurtbemiddeling_small_number = smallest
            rows = self.rows(self.load(benchmark, self.ccv), "Key figures")
            self.assertEqual(next(row for row in rows if row[0] == "1")[2], shown)
