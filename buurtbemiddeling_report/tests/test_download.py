import io
import json

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase
from .common_workbook import read_csv


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
            (share["Number or euros"], share["Base"], share["Value"]), ("3", "4", "0,75")
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
        self.assertEqual((row["Number or euros"], row["Value"], row["Shown"]), ("*", "*", "*"))

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
        self.make_cases(4, outcome="OPG_BEM")
        self.benchmark.action_compute()
        response = self.fetch("reporter", "buurtbemiddeling_report.group_reporting")
        self.assertEqual(response.status_code, 200)
        sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
        values = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        self.assertIn(7, values)

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
