import io
import re

from openpyxl import load_workbook

from odoo.tests import tagged

from ..tools.workbook import Chart, Page, Sheet, Table, render
from .common import FiguresCase
from .common_workbook import parts

PAGE = Page("Title", "Wonen & Zo", "Wonen & Zo", "2018", "Form", "")


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
