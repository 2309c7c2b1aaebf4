import io

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestLayout(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.layout = cls.env["buurtbemiddeling.layout"].create({"name": "Province 2027"})
        cls.tenure = cls.env.ref("buurtbemiddeling_report.dimension_tenure")
        cls.month = cls.env.ref("buurtbemiddeling_report.dimension_month")

    def indicator(self, code):
        return self.env.ref(f"buurtbemiddeling_report.indicator_{code}")

    def sheet(self, *figures, **values):
        return self.env["buurtbemiddeling.layout.sheet"].create(
            {
                "layout_id": self.layout.id,
                "name": "Sheet",
                "column_ids": [
                    Command.create({"indicator_id": self.indicator(code).id, **options})
                    for code, options in figures
                ],
                **values,
            }
        )

    def test_another_funders_form_is_a_record(self):
        self.make_cases(6)
        form = Form(self.env["buurtbemiddeling.layout"])
        form.name = "Fonds Goede Buren"
        form.is_public = True
        layout = form.save()
        self.assertEqual(layout.code, "FONDS_GOEDE_BUREN")
        form = Form(
            self.env["buurtbemiddeling.layout.sheet"].with_context(default_layout_id=layout.id)
        )
        form.name = "Vragen"
        with form.column_ids.new() as column:
            column.indicator_id = self.indicator("cases_registered")
            column.number = "3b"
            column.name = "Hoeveel buren hielp u?"
        form.save()
        workbook = load_workbook(io.BytesIO(self.compute(2018)._render_xlsx(layout)))
        self.assertEqual(workbook.sheetnames, ["Vragen"])
        rows = list(workbook["Vragen"].iter_rows(values_only=True))
        self.assertIn(("3b", "Hoeveel buren hielp u?", 6), rows)

    def test_a_copy_has_everything_and_a_name_of_its_own(self):
        ccv = self.env.ref("buurtbemiddeling_report.layout_ccv")
        copy = self.env["buurtbemiddeling.layout"].browse(ccv.action_copy()["res_id"])
        self.assertEqual(copy.name, f"{ccv.name} (copy)")
        self.assertNotEqual(copy.code, ccv.code)
        self.assertTrue(copy.is_public)
        self.assertEqual(copy.sheet_ids.mapped("name"), ccv.sheet_ids.mapped("name"))
        self.assertEqual(
            copy.sheet_ids.column_ids.mapped("name"), ccv.sheet_ids.column_ids.mapped("name")
        )

    def test_what_can_not_be_made_is_refused_with_a_sentence(self):
        month = {"kind": "breakdown", "dimension_id": self.month.id}
        tenure = {"kind": "breakdown", "dimension_id": self.tenure.id}
        registered, share = ("cases_registered", {}), ("success_of_handled", {})
        drawn = {"in_chart": True}
        for sentence, figures, values in (
            ("shows a breakdown. Choose which one", [], {"kind": "breakdown"}),
            ("has no text yet", [], {"kind": "text"}),
            ("does not count “Cases closed”", [("cases_closed", {})], month),
            ("no rows to draw", [], {"kind": "definitions", "chart": "bar"}),
            ("no rows to draw", [registered], {"kind": "key", "chart": "bar"}),
            ("would be empty", [registered], {**tenure, "chart": "bar"}),
            (
                "Mark figures of one kind",
                [("cases_registered", drawn), ("success_of_handled", drawn)],
                {**tenure, "chart": "bar"},
            ),
            ("A pie shows", [("success_of_handled", drawn)], {**tenure, "chart": "pie"}),
            ("has no base", [("cases_registered", {"part": "denominator"})], {}),
            ("for totals only", [("cases_registered", {"part": "target"})], tenure),
            ("by itself", [("cases_registered", {"part": "target"})], {"kind": "comparison"}),
        ):
            with self.subTest(sentence=sentence), self.assertRaisesRegex(ValidationError, sentence):
                self.sheet(*figures, **values)
        self.sheet(("cases_registered", drawn), share, **tenure, chart="pie")

    def test_another_mark_in_a_chart_is_one_change(self):
        sheet = self.sheet(
            ("cases_registered", {"in_chart": True}),
            ("cases_positive", {}),
            kind="breakdown",
            dimension_id=self.tenure.id,
            chart="pie",
        )
        first, second = sheet.column_ids
        sheet.column_ids = [
            Command.update(first.id, {"in_chart": False}),
            Command.update(second.id, {"in_chart": True}),
        ]
        self.assertEqual(sheet.column_ids.filtered("in_chart"), second)

    def test_a_form_without_sheets_is_refused(self):
        with self.assertRaisesRegex(UserError, "has no sheet yet"):
            self.compute(2018)._render_xlsx(self.layout)

    def test_the_full_workbook_stays(self):
        with self.assertRaisesRegex(UserError, "do not delete it"):
            self.env.ref("buurtbemiddeling_report.layout_full").unlink()

    def test_a_form_in_another_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.layout.lang = "nl_NL"
        sheet = self.sheet(("cases_registered", {}))
        sheet.with_context(lang="nl_NL").name = "Cijfers"
        self.make_cases(1)
        workbook = load_workbook(io.BytesIO(self.compute(2018)._render_xlsx(self.layout)))
        self.assertEqual(workbook.sheetnames, ["Cijfers"])
