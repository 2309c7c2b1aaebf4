import io
import json
import re
import zipfile
from datetime import date

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.workbook import Chart, Page, Sheet, Table, render, sheet_name
from .common import FiguresCase

PAGE = Page("Title", "Wonen & Zo", "Wonen & Zo", "2018", "Form", "")


def parts(content):
    """Return ``{name: text}`` of the files in a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read_csv(content):
    """Return the rows of a CSV of ours, numbers as numbers."""
    text = content.decode("utf-8-sig")
    rows = [row.split(";") for row in text.splitlines()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if len(row) == len(rows[0])]


@tagged("post_install", "-at_install")
class TestWorkbookKernel(FiguresCase):
    """What the writer of workbooks promises, whatever the figures are."""

    def render(self, *sheets, page=PAGE):
        self.content = render(sheets, page)
        return load_workbook(io.BytesIO(self.content))

    def test_what_people_type_never_becomes_a_formula_or_a_link(self):
        texts = ("=1+1", "=HYPERLINK(1)", "https://example.org", "+31", "-2", "@SUM(1)")
        sheet = Sheet(texts[0], texts, ("=2+2",), [(text,) for text in texts], ("=total",))
        worksheet = self.render(sheet).worksheets[0]
        cells = [cell for row in worksheet.iter_rows() for cell in row if cell.value is not None]
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
        self.assertFalse([cell for cell in cells if cell.hyperlink])
        self.assertFalse([name for name, text in parts(self.content).items() if "<f>" in text])

    def test_numbers_are_numbers_with_the_format_of_their_unit(self):
        units = {
            "cases": (1234, "#,##0"),
            "persons": (12, "#,##0"),
            "hours": (12.5, "#,##0.0"),
            "days": (43.5, "#,##0.0"),
            "percent": (0.753, "0.0%"),
            "ratio": (4.2, "#,##0.0"),
            "per_10000": (11.9, "#,##0.0"),
        }
        rows = [(unit, (value, unit)) for unit, (value, _format) in units.items()]
        worksheet = self.render(Sheet("A", ("A",), ("Unit", "Value"), rows)).worksheets[0]
        found = {
            row[0].value: (row[1].value, row[1].number_format)
            for row in worksheet.iter_rows(min_row=4)
            if row[0].value
        }
        self.assertEqual(found, units)

    def test_a_row_is_as_high_as_its_longest_text(self):
        rows = [("short", 1), ("word " * 20, 2), ("short again", 3)]
        worksheet = self.render(Sheet("A", ("A",), ("Label", "N"), rows)).worksheets[0]
        heights = [worksheet.row_dimensions[row].height for row in (4, 5, 6)]
        self.assertEqual(heights, [None, 45, None])
        self.assertEqual(worksheet["A5"].value, "word " * 20)
        self.assertTrue(worksheet["A5"].alignment.wrap_text)

    def test_text_that_looks_like_a_code_of_excel_stays_as_it_is(self):
        xml = self.render(Sheet("A", ("A",), ("T",), [("_x0041_ \x0b<b>",)])) and parts(
            self.content
        )
        self.assertIn(">_x005F_x0041_ &lt;b&gt;<", xml["xl/worksheets/sheet1.xml"])

    def test_yes_is_a_number_and_other_ones_stay_one(self):
        sheet = Sheet("A", ("A",), ("L", "N"), [("yes", True), ("one", 1)])
        worksheet = self.render(sheet).worksheets[0]
        self.assertEqual([cell.value for (cell,) in worksheet["B4:B5"]], [1, 1])

    def test_a_text_that_is_too_long_for_a_cell_is_cut(self):
        worksheet = self.render(Sheet("A", ("A",), ("T",), [("é&" * 20_000,)])).worksheets[0]
        self.assertEqual(len(worksheet["A4"].value), 32_767)

    def test_a_table_without_rows_has_no_total(self):
        sheet = Sheet("A", ("A",), ("T", "N"), [], ("Total", 9), empty="Nothing here.")
        worksheet = self.render(sheet).worksheets[0]
        texts = [c.value for row in worksheet.iter_rows() for c in row if c.value is not None]
        self.assertEqual(texts, ["A", "Nothing here."])

    def test_what_is_no_number_is_refused(self):
        for value in (float("nan"), float("inf")):
            with self.assertRaises(ValueError):
                self.render(Sheet("A", ("A",), ("N",), [(value,)]))

    def test_a_sheet_is_ready_to_print(self):
        worksheet = self.render(Sheet("A", ("A", "note"), ("x", "y"), [("a", 1)])).worksheets[0]
        self.assertEqual(worksheet.page_setup.paperSize, 9)
        self.assertEqual(worksheet.page_setup.orientation, "landscape")
        self.assertEqual(worksheet.freeze_panes, "B5")
        self.assertEqual(worksheet.print_title_rows, "$4:$4")
        self.assertIn(
            "Wonen && Zo", parts(self.content)["xl/worksheets/sheet1.xml"].replace("&amp;", "&")
        )

    def test_names_of_sheets_are_unique_whatever_they_are(self):
        names = ["a" * 40, "a" * 40, "A" * 40, "History", "x/y", "x:y", "'", ""]
        sheets = [Sheet(name, ("T",), ("x",), [(1,)]) for name in names]
        found = self.render(*sheets).sheetnames
        self.assertEqual(len({name.lower() for name in found}), len(names))
        self.assertLessEqual(max(map(len, found)), 31)

    def test_long_names_are_cut_where_excel_would_refuse_them(self):
        page = Page("T" * 300, "A" * 300, "word " * 60, "year " * 60, "form " * 60, "note " * 60)
        sheet = Sheet("s " * 100, ("t " * 200,), ("c " * 100, "n"), [("label " * 40, 1)])
        worksheet = self.render(sheet, page=page).worksheets[0]
        xml = parts(self.content)["xl/worksheets/sheet1.xml"]
        for tag in ("oddHeader", "oddFooter"):
            text = re.search(rf"<{tag}>(.*?)</{tag}>", xml, re.S)[1].replace("&amp;", "&")
            self.assertLessEqual(len(text), 255)
            self.assertGreater(len(text), 100)
        self.assertLessEqual(worksheet.column_dimensions["A"].width, 40)
        self.assertGreater(worksheet.row_dimensions[4].height, 60, "it is wrapped and all there")

    def test_a_chart_draws_the_cells_of_the_table(self):
        chart = Chart("column", "Title", (1, 0, 2, 0), [((0, 1), (1, 1, 2, 1))], "Month", "Cases")
        sheet = Sheet("It's", ("H",), ("Month", "N"), [("jan", 3), ("feb", 4)], ("Total", 7), chart)
        self.render(sheet)
        xml = parts(self.content)["xl/charts/chart1.xml"]
        self.assertEqual(
            re.findall(r"<c:f>(.*?)</c:f>", xml),
            ["'It''s'!$B$3", "'It''s'!$A$4:$A$5", "'It''s'!$B$4:$B$5"],
        )
        for text in ("Title", "Month", "Cases"):
            self.assertIn(f"<a:t>{text}</a:t>", xml)

    def test_a_hidden_number_is_in_no_chart(self):
        chart = Chart("column", "T", (1, 0, 2, 0), [((0, 1), (1, 1, 2, 1))], "", "")
        rows = [("jan", ("*", "cases")), ("feb", 4)]
        self.render(Sheet("A", ("A",), ("M", "N"), rows, None, chart))
        cache = re.search(
            r"<c:numCache>.*?</c:numCache>", parts(self.content)["xl/charts/chart1.xml"], re.S
        )
        self.assertEqual(re.findall(r'idx="(\d)"><c:v>(.*?)</c:v>', cache[0]), [("1", "4")])

    def test_a_line_over_the_years_has_its_name_before_the_cells_are_read(self):
        chart = Chart("line", "T", (0, 1, 0, 2), [((1, 0), (1, 1, 1, 2))], "", "")
        self.render(Sheet("A", ("A",), ("M", "2024", "2025"), [("Town", 3, 4)], None, chart))
        name = re.search(r"<c:ser>.*?</c:tx>", parts(self.content)["xl/charts/chart1.xml"], re.S)
        self.assertIn("<c:v>Town</c:v>", name[0])

    def test_a_sheet_without_rows_says_so(self):
        worksheet = self.render(Sheet("A", ("A",), (), [], empty="Nothing here.")).worksheets[0]
        texts = [c.value for row in worksheet.iter_rows() for c in row if c.value]
        self.assertEqual(texts, ["A", "Nothing here."])

    def test_contents_lead_to_the_sheets_whatever_their_names(self):
        contents = Sheet("C", ("C",), ("Sheet",), [("It's",), ("a" * 40,)], links=(1, 2))
        sheets = [Sheet(name, (name,), ("x",), [(1,)]) for name in ("It's", "a" * 40)]
        worksheet = self.render(contents, *sheets).worksheets[0]
        links = {cell.value: cell.hyperlink.location for (cell,) in worksheet["A4:A5"]}
        self.assertEqual(
            links, {"It's": "'It''s'!A1", "a" * 40: f"{'a' * 31}!A1"}, "inside the workbook"
        )
        self.assertFalse([cell for (cell,) in worksheet["A4:A5"] if cell.hyperlink.target])

    def test_more_tables_stand_below_each_other(self):
        chart = Chart("column", "T", (1, 0, 2, 0), [((0, 1), (1, 1, 2, 1))], "", "")
        below = (Table("More", ("M", "Share"), [("jan", (0.5, "percent"))], ("All", 7)),)
        sheet = Sheet("A", ("A",), ("M", "N"), [("jan", 3), ("feb", 4)], None, chart, "", below)
        worksheet = self.render(sheet).worksheets[0]
        rows = [row for row in worksheet.iter_rows(values_only=True) if any(row)]
        self.assertEqual(rows[-4:], [("More", None), ("M", "Share"), ("jan", 0.5), ("All", 7)])
        row = next(cell.row for (cell,) in worksheet["A1:A99"] if cell.value == "More")
        self.assertGreater(row, 4 + 3 + 17, "below the chart")


@tagged("post_install", "-at_install")
class TestWorkbook(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.env.ref("buurtbemiddeling_report.layout_full")
        cls.ccv = cls.env.ref("buurtbemiddeling_report.layout_ccv")
        cls.funder = cls.env.ref("buurtbemiddeling_report.layout_funder")

    def load(self, benchmark, *args, **kwargs):
        self.content = benchmark._render_xlsx(*args, **kwargs)
        return load_workbook(io.BytesIO(self.content))

    def rows(self, workbook, name):
        return [row for row in workbook[name].iter_rows(values_only=True) if any(row)]

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

    def read_value(self, workbook, line):
        """Return the value of a line of a breakdown, which stands in one table of its sheet."""
        rows = self.rows(workbook, sheet_name(line.dimension_id.name, []))
        down, *across = line.dimension_label.split(" / ")
        corner = line.name if across else line.dimension_id.name
        heads = [
            index
            for index, row in enumerate(rows)
            if row[0] == corner and any(row[1:]) and (across or line.name in row)
        ]
        self.assertEqual(len(heads), 1, "it is there once")
        row = next(row for row in rows[heads[0] + 1 :] if row[0] == down)
        return row[rows[heads[0]].index(across[0] if across else line.name)]

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

    # ------------------------------------------------------------
    # WHAT LEAVES THE ORGANISATION
    # ------------------------------------------------------------

    def make_small(self):
        """A year with 3 cases of a school, of which the 292 days tell who they are."""
        school, police, own, landlord = (
            {"referrer_type_id": self.code("referrer.type", code).id}
            for code in ("SCHOOL", "POLITIE", "ZELF", "CORPORATIE")
        )
        before = {"registered": date(2017, 12, 7), "closed": date(2018, 1, 9)}
        for solved, unsolved, running, values in (
            (30, 20, 20, own), (24, 21, 20, police), (14, 12, 11, landlord),
            (10, 10, 0, {**before, **own}), (7, 7, 0, {**before, **police}),
        ):  # fmt: skip
            self.make_cases(solved, outcome="OPG_BEM", **values)
            self.make_cases(unsolved, outcome="NIET_OPG", **values)
            self.make_cases(running, **{k: v for k, v in values.items() if k != "closed"})
        days = {"registered": date(2018, 1, 1), "closed": date(2018, 10, 20)}
        self.make_cases(3, outcome="OPG_BEM", **days, **school)
        return self.compute(2018)

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

    # ------------------------------------------------------------
    # FROZEN
    # ------------------------------------------------------------

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


@tagged("post_install", "-at_install")
class TestLinesAsText(FiguresCase):
    """CSV and JSON of the same lines."""

    def test_csv_is_what_a_dutch_excel_reads(self):
        self.make_cases(3, outcome="OPG_BEM")
        self.make_cases(1, outcome="NIET_OPG")
        content = self.compute(2018)._render_csv()
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        share = next(
            row
            for row in read_csv(content)
            if row["Figure code"] == "success_of_handled" and not row["Breakdown code"]
        )
        self.assertEqual(
            (share["Cases"], share["Base (cases)"], share["Value"]), ("3", "4", "0,75")
        )

    def test_text_in_csv_never_becomes_a_formula(self):
        self.company.name = "=cmd|' /C calc'!A0"
        self.make_cases(1)
        for row in read_csv(self.compute(2018)._render_csv()):
            self.assertTrue(row["Organisation"].startswith("'="))

    def test_json_has_numbers_definitions_and_version(self):
        self.make_cases(3, outcome="OPG_BEM")
        content = json.loads(self.compute(2018)._render_json())
        self.assertEqual(content["reference_date"], "2018-12-31")
        self.assertEqual(content["version"], 1)
        self.assertIn("cases_registered", [each["code"] for each in content["definitions"]])
        line = next(line for line in content["lines"] if line["figure"] == "cases_registered")
        self.assertEqual((line["numerator"], line["value"], line["hidden"]), (3, 3.0, False))

    def test_what_is_hidden_is_null(self):
        self.make_cases(3)
        benchmark = self.compute(2018)
        lines = json.loads(benchmark._render_json(public=True))["lines"]
        self.assertEqual({line["breakdown"] for line in lines}, {None}, "nothing of it may be told")
        line = next(line for line in lines if line["figure"] == "cases_registered")
        self.assertEqual((line["hidden"], line["numerator"], line["value"]), (True, None, None))
        self.assertFalse([line for line in lines if 3 in (line["numerator"], line["denominator"])])
        rows = read_csv(benchmark._render_csv(public=True))
        row = next(row for row in rows if row["Figure code"] == "cases_registered")
        self.assertEqual((row["Cases"], row["Value"], row["Shown"]), ("*", "*", "*"))

    def test_a_form_gives_only_the_lines_that_it_shows(self):
        self.make_cases(3)
        benchmark = self.compute(2018)
        layout = self.env.ref("buurtbemiddeling_report.layout_ccv")
        lines = json.loads(benchmark._render_json(layout))["lines"]
        self.assertEqual(
            {line["breakdown"] for line in lines} - {None},
            set(layout.sheet_ids.dimension_id.mapped("code")) & {ln["breakdown"] for ln in lines},
        )
        self.assertNotIn("area_nuisance_type", {line["breakdown"] for line in lines})

    def test_no_number_of_the_database_is_in_a_file(self):
        partner = self.env["res.partner"].create({"name": "Woonstichting"})
        referral = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
            }
        )
        self.make_cases(3, referral_partner_id=referral.id)
        lines = json.loads(self.compute(2018)._render_json())["lines"]
        lines = [line for line in lines if line["breakdown"] == "referral_partner"]
        self.assertIn("Woonstichting", str(lines))
        self.assertEqual({line["code"] for line in lines}, {None})


@tagged("post_install", "-at_install")
class TestDownload(FiguresCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.make_cases(3, outcome="OPG_BEM")
        self.benchmark = self.compute(2018)
        self.url = f"/buurtbemiddeling/benchmark/{self.benchmark.id}/"

    def user(self, login, groups, company=None):
        company = company or self.company
        return mail_new_test_user(
            self.env,
            login=login,
            password=f"{login}-{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )

    def fetch(self, login, groups, company=None, what="xlsx"):
        self.user(login, groups, company)
        self.authenticate(login, f"{login}-{login}")
        return self.url_open(self.url + what)

    def test_figures_only_user_downloads_the_workbook(self):
        response = self.fetch("reporter", "buurtbemiddeling_report.group_reporting")
        self.assertEqual(response.status_code, 200)
        sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
        values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        self.assertIn(3, values)

    def test_every_format_of_a_form_is_there(self):
        layout = self.env.ref("buurtbemiddeling_report.layout_ccv")
        self.fetch("reporter", "buurtbemiddeling_report.group_reporting")
        for file_format, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
            response = self.url_open(f"{self.url}{file_format}?layout={layout.id}&public=1")
            self.assertEqual(response.status_code, 200)
            self.assertTrue(response.content.startswith(start))
            self.assertIn(layout.name.replace(" ", "%20"), response.headers["Content-Disposition"])

    def test_what_a_user_may_not_read_is_a_star_and_not_a_zero(self):
        self.env["ir.rule"].create(
            {
                "name": "Only totals",
                "model_id": self.env["ir.model"]._get_id("buurtbemiddeling.benchmark.line"),
                "groups": [(4, self.env.ref("buurtbemiddeling_report.group_reporting").id)],
                "domain_force": "['|', ('dimension_id', '=', False), ('value', '!=', 3)]",
            }
        )
        response = self.fetch("reporter", "buurtbemiddeling_report.group_reporting")
        workbook = load_workbook(io.BytesIO(response.content))
        rows = [row for row in workbook["Result"].iter_rows(values_only=True) if any(row)]
        total = next(row for row in rows if row[0] == "Total")
        row = rows[rows.index(total) - 1]
        self.assertIn("*", row)
        self.assertNotIn(3, row)
        self.assertEqual(total[1], 3)

    def test_colleague_portal_and_other_organisation_get_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        for login, groups, company in (
            ("colleague", "base.group_user", None),
            ("resident", "base.group_portal", None),
            ("stranger", "buurtbemiddeling_report.group_reporting", other),
        ):
            for what in ("xlsx", "csv", "json", "cases"):
                with self.subTest(login=login, what=what):
                    response = self.fetch(f"{login}_{what}", groups, company, what)
                    self.assertEqual(response.status_code, 404)

    def test_a_form_of_another_organisation_is_not_there(self):
        other = self.env["res.company"].create({"name": "Other"})
        layout = self.env.ref("buurtbemiddeling_report.layout_ccv").copy({"company_id": other.id})
        for what in (layout.id, 0, "x", layout.id + 100000):
            response = self.fetch(
                f"reporter{what}",
                "buurtbemiddeling_report.group_reporting",
                what=f"xlsx?layout={what}",
            )
            self.assertEqual(response.status_code, 404)

    def test_visitor_is_sent_to_the_login_page(self):
        for what in ("xlsx", "csv", "json", "cases"):
            response = self.url_open(self.url + what, allow_redirects=False)
            self.assertIn("/web/login", response.headers.get("Location", ""))

    def test_the_dialog_leads_to_the_file(self):
        action = self.benchmark.action_open_download()
        dialog = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual(
            dialog.action_download()["url"], f"{self.url}xlsx?layout={dialog.layout_id.id}"
        )
        dialog.layout_id = self.env.ref("buurtbemiddeling_report.layout_ccv")
        self.assertTrue(dialog.is_public)
        dialog.file_format = "json"
        self.assertEqual(
            dialog.action_download()["url"],
            f"{self.url}json?layout={dialog.layout_id.id}&public=1",
        )
