import base64
import io
from datetime import date

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_expense import ExpenseCommon


@tagged("post_install", "-at_install")
class TestExpenseExport(ExpenseCommon):
    def export(self, user=None, **values):
        wizard = self.env["buurtbemiddeling.expense.export.wizard"]
        wizard = wizard.with_user(user or self.coordinator).create(
            {"company_id": self.company.id, **values}
        )
        return self.env["buurtbemiddeling.expense.export"].browse(wizard.action_export()["res_id"])

    def open(self, export):
        content = base64.b64decode(export.with_context(bin_size=False).file)
        return content, load_workbook(io.BytesIO(content))

    def test_the_salary_office_gets_names_accounts_months_and_amounts(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "NL91ABNA0417164300", "partner_id": self.vera.partner_id.id}
        )
        claims = self.claim(assignment_id=self.of_vera.id, description=f"naar {self.case.name}")
        claims += self.claim(amount=2.25, kind="phone", date=date(2026, 2, 3))
        claims += self.claim(self.wim, amount=10)
        claims.action_approve()
        export = self.export()
        _content, workbook = self.open(export)
        rows = list(workbook.worksheets[0].iter_rows(min_row=3, values_only=True))
        self.assertEqual(
            rows,
            [
                ("Volunteer", "Bank account", "Total"),
                ("Vera", "NL91ABNA0417164300", 6.75),
                ("Wim", None, 10),
                ("Total", None, 16.75),
            ],
        )
        sheet = workbook.worksheets[1]
        rows = list(sheet.iter_rows(min_row=4, values_only=True))
        self.assertEqual(
            [(row[0], row[2] and row[2].date(), row[3], row[4]) for row in rows],
            [
                ("Vera", date(2026, 2, 1), "Phone", 2.25),
                ("Vera", date(2026, 3, 1), "Parking", 4.5),
                ("Wim", date(2026, 3, 1), "Parking", 10),
                ("Total", None, None, 16.75),
            ],
        )
        self.assertEqual(sheet["E4"].number_format, "#,##0.00")
        self.assertEqual(sheet["C4"].number_format, "mmmm yyyy")
        texts = " ".join(
            str(cell) for s in workbook for row in s.iter_rows(values_only=True) for cell in row
        )
        for hidden in (self.case.name, "Anna", "Bert", "Dorpsstraat"):
            self.assertNotIn(hidden, texts)

    def test_only_approved_and_not_exported_up_to_the_last_day_goes_along(self):
        approved = self.claim()
        april = self.claim(date=date(2026, 4, 2))
        (approved | april).action_approve()
        waiting = self.claim()
        export = self.export()
        self.assertEqual(export.expense_ids, approved, "by default until the end of last month")
        self.assertEqual((approved.state, export.date), ("exported", date(2026, 4, 20)))
        self.assertEqual(waiting.state, "draft")
        late = self.claim(date=date(2026, 1, 5))
        late.action_approve()
        self.assertEqual(self.export().expense_ids, late, "approved late, paid with the next one")
        with self.assertRaisesRegex(UserError, "no approved expenses"):
            self.export(date_from=date(2026, 1, 1))

    def test_the_wizard_tells_what_goes_along_and_what_waits(self):
        self.claim().action_approve()
        self.claim(amount=3)
        form = Form(
            self.env["buurtbemiddeling.expense.export.wizard"]
            .with_user(self.coordinator)
            .with_company(self.company)
        )
        self.assertEqual((form.expense_count, form.amount, form.waiting_count), (1, 4.5, 1))
        form.date_from = date(2026, 3, 21)
        self.assertEqual((form.expense_count, form.waiting_count), (0, 0))

    def test_an_export_is_downloaded_again_as_it_was_sent(self):
        self.claim().action_approve()
        export = self.export()
        content, _workbook = self.open(export)
        self.vera.partner_id.name = "Vera Anders"
        self.env["res.partner.bank"].create(
            {"acc_number": "NL91ABNA0417164300", "partner_id": self.vera.partner_id.id}
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.open(export)[0], content)
        self.assertIn(f"/{export.id}/file", export.action_download()["url"])

    def test_after_export_nothing_changes(self):
        expense = self.claim()
        expense.action_approve()
        export = self.export()
        for values in (
            {"amount": 5},
            {"state": "draft"},
            {"description": "x"},
            {"export_id": False},
        ):
            with self.assertRaisesRegex(UserError, "went to the salary office"):
                expense.write(values)
        with self.assertRaisesRegex(UserError, "stays"):
            expense.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            export.with_user(self.manager).unlink()
        expense.action_draft()
        self.assertEqual(expense.state, "exported")

    def test_nothing_unapproved_is_called_exported(self):
        self.claim().action_approve()
        export = self.export()
        other = self.claim()
        with self.assertRaisesRegex(UserError, "Only approved"):
            other.write({"state": "exported", "export_id": export.id})
        other.action_approve()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            other.state = "exported"
            self.env.flush_all()

    def test_nobody_types_who_approved_or_what_was_exported(self):
        self.claim().action_approve()
        export = self.export()
        other = self.claim()
        other.action_approve()
        for values in (
            {"approved_by_id": self.manager.id},
            {"approved_on": date(2026, 1, 1)},
            {"state": "exported", "export_id": export.id},
        ):
            with self.assertRaisesRegex(UserError, "noted by itself"):
                other.write(values)
            with self.assertRaisesRegex(UserError, "noted by itself"):
                self.claim(**values)
            with self.assertRaisesRegex(UserError, "noted by itself"):
                other.with_context(import_file=True).create(
                    {"volunteer_id": self.vera.id, "amount": 9, **values}
                )

    def test_an_exported_expense_goes_along_with_its_merged_case(self):
        younger = self.make_quarrel(registration_date=date(2026, 3, 10))
        row = self.couple(younger, self.vera, independence_reason="Both know the mediator")
        expense = self.claim(assignment_id=row.id)
        expense.action_approve()
        export = self.export()
        self.merge(self.case | younger)
        self.assertEqual((expense.case_id, expense.export_id), (self.case, export))

    def test_an_export_holds_one_organisation(self):
        self.claim().action_approve()
        stranger = self.env["buurtbemiddeling.expense.export.wizard"].with_user(self.stranger)
        wizard = stranger.create({"company_id": self.other_company.id})
        self.assertFalse(wizard.expense_count)
        export = self.export()
        with self.assertRaises(AccessError):
            export.with_user(self.stranger).read(["file"])
        with self.assertRaises(AccessError):
            export.with_user(self.colleague).read(["file"])

    def test_a_name_that_looks_like_a_formula_stays_text(self):
        self.vera.partner_id.name = "=1+1"
        self.claim().action_approve()
        cell = self.open(self.export())[1].worksheets[0]["A4"]
        self.assertEqual((cell.value, cell.data_type), ("=1+1", "s"))
