import io
import json
import re
import zipfile
from datetime import date

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.workbook import Chart, Page, Sheet, render, sheet_name
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

    def test_a_sheet_without_rows_says_so(self):
        worksheet = self.render(Sheet("A", ("A",), (), [], empty="Nothing here.")).worksheets[0]
        texts = [c.value for row in worksheet.iter_rows() for c in row if c.value]
        self.assertEqual(texts, ["A", "Nothing here."])


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
                "Compared",
                *(sheet_name(dimension.name, []) for dimension in dimensions),
                "Missing data",
                "Definitions",
            ],
        )
        definitions = {row[-1] for row in workbook["Definitions"].iter_rows(values_only=True)}
        self.assertLessEqual(set(benchmark.line_ids.mapped("indicator_code")), definitions)

    def test_every_line_stands_in_the_workbook_with_its_value(self):
        self.make_cases(2, outcome="OPG_BEM")
        self.make_cases(1, outcome="NIET_OPG")
        benchmark = self.compute(2018)
        workbook = self.load(benchmark)
        lines = benchmark.line_ids.filtered("dimension_id")
        self.assertGreater(len(lines), 50)
        for line in lines:
            rows = self.rows(workbook, sheet_name(line.dimension_id.name, []))
            head = next(row for row in rows if line.indicator_id.name in row)
            row = next(row for row in rows if row[0] == line.dimension_label)
            value = row[head.index(line.indicator_id.name)]
            if line.indicator_id.kind != "count" and not line.denominator:
                self.assertIsNone(value, "a share of nothing is not 0")
            else:
                self.assertAlmostEqual(value, line.value, places=9)

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

    def test_a_breakdown_has_a_chart_of_its_own_cells(self):
        self.make_cases(3, registered=date(2018, 2, 1))
        self.make_cases(4, registered=date(2018, 3, 1))
        workbook = self.load(self.compute(2018), self.ccv)
        worksheet = workbook["Registrations by month"]
        self.assertEqual(len(worksheet._charts), 1)
        series = worksheet._charts[0].series[0]
        cells = worksheet[series.val.numRef.f.split("!")[1].replace("$", "")]
        self.assertEqual([cell.value for (cell,) in cells], [3, 4])
        cells = worksheet[series.cat.strRef.f.split("!")[1].replace("$", "")]
        self.assertEqual([cell.value for (cell,) in cells], ["February", "March"])

    def test_a_funder_reads_its_own_numbers_and_words(self):
        self.make_cases(6, outcome="OPG_BEM")
        self.make_cases(2, outcome="NIET_OPG")
        workbook = self.load(self.compute(2018), self.funder)
        answers = {row[0]: row[1:3] for row in self.rows(workbook, "Key figures")}
        self.assertEqual(answers["1"], ("Cases registered", 8))
        self.assertEqual(answers["7"], ("Solved, of handled", 0.75))

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
        """A year in which 7 cases of one referrer and 2217 days would tell who they are."""
        police, own = self.code("referrer.type", "POLITIE"), self.code("referrer.type", "ZELF")
        self.make_cases(73, referrer_type_id=own.id)
        self.make_cases(
            7,
            referrer_type_id=police.id,
            outcome="OPG_BEM",
            registered=date(2011, 12, 7),
            closed=date(2018, 1, 1),
        )
        self.make_cases(7, referrer_type_id=police.id)
        benchmark = self.compute(2018)
        small = benchmark.line_ids.filtered(
            lambda line: line.dimension and "POLITIE" in line.dimension_code
        )
        small.is_small = True
        return benchmark, small

    def test_small_numbers_are_nowhere_in_what_leaves_the_organisation(self):
        benchmark, small = self.make_small()
        days = small.filtered(
            lambda line: line.indicator_code == "own_days_median" and line.value > 2000
        )
        self.assertTrue(days)
        total = benchmark.key_line_ids.filtered(lambda line: line.value == days[0].value)
        total.is_small = True
        benchmark.line_ids.filtered(lambda line: line.value == days[0].value).is_small = True
        secret = f"{days[0].value:.0f}"
        for layout in (self.full, self.ccv, self.funder):
            workbook = self.load(benchmark, layout, public=True)
            for name, text in parts(self.content).items():
                self.assertNotIn(secret, text, f"{layout.code} {name}")
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
                self.assertNotIn(secret, content.decode())
            name = "Referrer type" if layout == self.full else "Who referred"
            row = next(row for row in self.rows(workbook, name) if row[0] == "Police")
            self.assertEqual(set(row[1:]) - {"POLITIE", None, 0}, {"*"})

    def test_a_chart_has_no_value_where_the_table_has_a_star(self):
        benchmark, _small = self.make_small()
        self.load(benchmark, self.ccv)
        charts = [text for name, text in parts(self.content).items() if "charts/chart" in name]
        referrer = next(text for text in charts if "Who referred" in text)
        self.assertEqual(re.findall(r"<c:v>(.*?)</c:v>", referrer)[1:], ["Resident", "73.0"])

    def test_a_row_or_breakdown_that_is_hidden_tells_no_zero_either(self):
        benchmark, _small = self.make_small()
        benchmark.line_ids.filtered(lambda line: line.dimension == "month").is_small = True
        workbook = self.load(benchmark, self.ccv)
        row = next(row for row in self.rows(workbook, "Who referred") if row[0] == "Police")
        self.assertEqual(set(row[1:5]), {"*"})
        rows = self.rows(workbook, "Registrations by month")
        self.assertEqual(rows[-1][0], "Left out: the numbers are too small to show them here.")
        self.assertFalse([row for row in rows if row[0] in ("May", "December")])
        lines = json.loads(benchmark._render_json(self.ccv))["lines"]
        self.assertNotIn("month", {line["breakdown"] for line in lines})

    def test_a_pie_of_which_a_part_is_hidden_is_drawn_as_columns(self):
        cases = self.make_cases(12)
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "a", "tenure": tenure}
                for case, tenure in zip(cases, ["owner"] * 10 + ["unknown"] * 2, strict=True)
            ]
        )
        benchmark = self.compute(2018)
        for kind in ("pieChart", "barChart"):
            self.load(benchmark, self.funder)
            charts = [text for name, text in parts(self.content).items() if "charts/chart" in name]
            tenure = next(text for text in charts if "Home of the reporter" in text)
            self.assertIn(f"<c:{kind}>", tenure)
            benchmark.line_ids.filtered(lambda line: line.dimension_code == "unknown").is_small = 1

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
        benchmark, _small = self.make_small()
        rows = self.rows(self.load(benchmark), "Referrer type")
        self.assertIn(7, next(row for row in rows if row[0] == "Police"))

    def test_earlier_years_outside_are_only_those_that_were_judged(self):
        self.make_cases(3, registered=date(2017, 3, 1))
        self.make_cases(9, registered=date(2018, 3, 1))
        earlier = self.compute(2017)
        earlier.key_line_ids.is_small = True
        benchmark = self.compute(2018)
        rows = self.rows(self.load(benchmark, self.funder), "Compared")
        head = next(row for row in rows if row[0] == "Figure")
        self.assertNotIn("2017", head)
        rows = self.rows(self.load(benchmark, self.funder), "Key figures")
        self.assertEqual(next(row for row in rows if row[0] == "1a")[2], "–")


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
        benchmark.line_ids.is_small = True
        lines = json.loads(benchmark._render_json(public=True))["lines"]
        self.assertEqual({(line["hidden"], line["value"]) for line in lines}, {(True, None)})
        self.assertEqual({line["breakdown"] for line in lines}, {None}, "nothing of it may be told")
        rows = read_csv(benchmark._render_csv(public=True))
        self.assertEqual({row["Value"] for row in rows}, {"*"})

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
