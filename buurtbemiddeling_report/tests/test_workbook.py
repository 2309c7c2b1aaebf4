import io

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.workbook import Page, Sheet, render, sheet_name
from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestWorkbook(FiguresCase):
    def test_one_sheet_for_key_figures_each_breakdown_and_definitions(self):
        self.make_cases(1, outcome="OPG_BEM")
        benchmark = self.compute(2018)
        workbook = load_workbook(io.BytesIO(benchmark._render_xlsx()))
        self.assertEqual(
            workbook.sheetnames,
            [
                "Key figures",
                *(sheet_name(d.name, []) for d in benchmark.line_ids.dimension_id),
                "Definitions",
            ],
        )
        definitions = {row[-1] for row in workbook["Definitions"].iter_rows(values_only=True)}
        self.assertLessEqual(set(benchmark.line_ids.mapped("indicator_code")), definitions)

    def test_every_line_stands_in_the_workbook_with_its_value(self):
        self.make_cases(2, outcome="OPG_BEM")
        self.make_cases(1, outcome="NIET_OPG")
        benchmark = self.compute(2018)
        workbook = load_workbook(io.BytesIO(benchmark._render_xlsx()))
        lines = benchmark.line_ids.filtered("dimension_id")
        self.assertGreater(len(lines), 50)
        for line in lines:
            sheet = workbook[sheet_name(line.dimension_id.name, [])]
            rows = list(sheet.iter_rows(values_only=True))
            head = next(row for row in rows if line.indicator_id.name in row)
            row = next(row for row in rows if row[-1] == line.dimension_code)
            self.assertAlmostEqual(row[head.index(line.indicator_id.name)], line.value, places=9)

    def test_what_people_type_never_becomes_a_formula(self):
        content = render([Sheet("A", ("=1+1",), ("=2+2",), [("=3+3",)])], title="T")
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
        self.assertEqual([cell.data_type for cell in cells], ["s"] * 3)


@tagged("post_install", "-at_install")
class TestWorkbookDownload(FiguresCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.make_cases(3, outcome="OPG_BEM")
        self.benchmark = self.compute(2018)
        self.url = f"/buurtbemiddeling/benchmark/{self.benchmark.id}/xlsx"

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

    def fetch(self, login, groups, company=None):
        self.user(login, groups, company)
        self.authenticate(login, f"{login}-{login}")
        return self.url_open(self.url)

    def test_figures_only_user_downloads_the_workbook(self):
        response = self.fetch("reporter", "buurtbemiddeling_report.group_reporting")
        self.assertEqual(response.status_code, 200)
        sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
        values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        self.assertIn(3, values)

    def test_colleague_gets_nothing(self):
        self.assertEqual(self.fetch("colleague", "base.group_user").status_code, 404)

    def test_portal_user_gets_nothing(self):
        self.assertEqual(self.fetch("resident", "base.group_portal").status_code, 404)

    def test_other_organisation_gets_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        response = self.fetch("stranger", "buurtbemiddeling_report.group_reporting", other)
        self.assertEqual(response.status_code, 404)

    def test_visitor_is_sent_to_the_login_page(self):
        response = self.url_open(self.url, allow_redirects=False)
        self.assertIn("/web/login", response.headers.get("Location", ""))
