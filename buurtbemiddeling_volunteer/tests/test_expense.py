import base64
import io
from datetime import date

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_visit_report import WorkCommon


class ExpenseCommon(WorkCommon):
    def claim(self, volunteer=None, user=None, **values):
        return (
            self.env["buurtbemiddeling.expense"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "volunteer_id": (volunteer or self.vera).id,
                    "kind": "parking",
                    "date": date(2026, 3, 20),
                    "amount": 4.5,
                    **values,
                }
            )
        )


@tagged("post_install", "-at_install")
class TestExpense(ExpenseCommon):
    def test_on_a_form_any_volunteer_of_the_organisation_can_be_chosen(self):
        form = Form(self.env["buurtbemiddeling.expense"].with_user(self.coordinator))
        domain = self.env["buurtbemiddeling.expense"]._fields["volunteer_id"].domain
        self.assertIn("allowed_company_ids", domain)
        form.volunteer_id = self.vera
        form.amount = 5
        self.assertEqual(form.save().company_id, self.company)

    def test_travel_is_kilometres_by_the_rate_and_a_new_rate_changes_nothing_old(self):
        self.company.buurtbemiddeling_km_rate = 0.25
        form = Form(self.env["buurtbemiddeling.expense"].with_user(self.coordinator))
        form.volunteer_id = self.vera
        form.distance = 31
        expense = form.save()
        self.assertEqual((expense.amount, expense.state), (7.75, "draft"))
        self.assertFalse(expense.case_id, "travel to a training is for no case")
        self.company.buurtbemiddeling_km_rate = 0.5
        self.assertEqual(expense.amount, 7.75)

    def test_for_a_case_the_volunteer_and_case_are_those_of_the_work(self):
        form = Form(
            self.env["buurtbemiddeling.expense"]
            .with_user(self.coordinator)
            .with_context(default_case_id=self.case.id)
        )
        form.assignment_id = self.of_wim
        form.kind = "phone"
        form.amount = 2
        expense = form.save()
        self.assertEqual((expense.volunteer_id, expense.case_id), (self.wim, self.case))
        self.assertEqual(self.case.expense_ids, expense)

    def test_only_who_works_in_the_case_has_costs_in_it(self):
        invited = self.couple(self.case, self.make_volunteer("Nieuw"), "invited")
        for values in (
            {"assignment_id": self.of_wim.id},
            {"assignment_id": self.of_vera.id, "case_id": self.make_quarrel().id},
            {"assignment_id": invited.id, "volunteer_id": invited.volunteer_id.id},
        ):
            with self.assertRaisesRegex(ValidationError, "does not mediate in case"):
                self.claim(**values)

    def test_nothing_negative_nothing_zero_nothing_in_the_future(self):
        for values in ({"amount": 0}, {"amount": -1}, {"distance": -3, "amount": 1}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.claim(**values)
                self.env.flush_all()
        with self.assertRaisesRegex(ValidationError, "today or earlier"):
            self.claim(date=date(2026, 4, 21))
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.buurtbemiddeling_case_expense = -1
            self.env.flush_all()

    def test_refusing_zero_says_what_to_do(self):
        message = self.env["buurtbemiddeling.expense"]._amount_positive.get_error_message(
            self.env["buurtbemiddeling.expense"]
        )
        self.assertIn("more than 0", message)

    def test_the_fixed_amount_is_for_a_case(self):
        with self.assertRaisesRegex(ValidationError, "Choose which case"):
            self.claim(kind="fixed")

    def test_a_coordinator_approves_and_is_named(self):
        expense = self.claim()
        expense.action_submit()
        self.assertEqual(expense.state, "submitted")
        expense.action_approve()
        self.assertEqual(
            (expense.state, expense.approved_by_id, expense.approved_on),
            ("approved", self.coordinator, date(2026, 4, 20)),
        )
        expense.action_draft()
        self.assertFalse(expense.approved_by_id)

    def test_nobody_decides_on_expenses_of_ones_own(self):
        self.vera.partner_id = self.coordinator.partner_id
        own = self.claim()
        for action in (
            own.action_approve,
            own.action_refuse,
            lambda: own.write({"state": "approved"}),
        ):
            with self.assertRaisesRegex(UserError, "Ask a colleague"):
                action()
        with self.assertRaisesRegex(UserError, "Ask a colleague"):
            self.claim(state="approved")
        own.with_user(self.manager).action_approve()
        self.assertEqual(own.approved_by_id, self.manager)

    def test_nobody_approves_what_becomes_ones_own_or_comes_in_by_import(self):
        mine = self.make_volunteer("Coordinator", partner_id=self.coordinator.partner_id.id)
        expense = self.claim(kind="other", assignment_id=False, volunteer_id=self.vera.id)
        with self.assertRaisesRegex(UserError, "Ask a colleague"), self.cr.savepoint():
            expense.write({"volunteer_id": mine.id, "state": "approved"})
        self.env.invalidate_all()
        self.assertEqual((expense.volunteer_id, expense.state), (self.vera, "draft"))
        imported = expense.with_context(import_file=True)
        with self.assertRaisesRegex(UserError, "Ask a colleague"):
            imported.create({"volunteer_id": mine.id, "amount": 9, "state": "approved"})

    def test_a_refusal_has_a_reason(self):
        expense = self.claim()
        with self.assertRaisesRegex(ValidationError, "Say why"):
            expense.action_refuse()
        expense.refusal_reason = "Double"
        expense.action_refuse()
        self.assertEqual(expense.state, "refused")
        expense.action_approve()
        self.assertEqual(expense.state, "refused", "a decision is first taken back")

    def test_what_is_approved_does_not_change_behind_the_approval(self):
        expense = self.claim()
        expense.action_approve()
        with self.assertRaisesRegex(UserError, "Set it back to draft"):
            expense.amount = 100
        with self.assertRaisesRegex(UserError, "stays"):
            expense.unlink()
        expense.description = "Parking at the community centre"
        expense.action_draft()
        expense.amount = 5
        expense.unlink()

    def test_my_day_names_what_waits_for_approval(self):
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_expense")
        mine = self.claim(state="submitted")
        self.claim()
        counted = self.env["buurtbemiddeling.expense"].with_user(self.coordinator)
        counted = counted.search(kind.with_user(self.coordinator)._get_counted_domain())
        self.assertEqual(counted, mine)
        digest = self.env["buurtbemiddeling.digest"].with_user(self.coordinator)
        self.assertEqual(digest._get_lines(mine), [(mine, "Vera")])
        self.assertIn("buurtbemiddeling-expenses", digest._get_address(mine))

    def test_the_volunteer_shows_what_was_claimed_this_year(self):
        self.claim()
        self.claim(state="refused", refusal_reason="Double")
        self.claim(date=date(2025, 12, 31))
        self.assertEqual(self.vera.expense_total, 4.5)
        action = self.vera.action_open_expenses()
        self.assertEqual(self.env["buurtbemiddeling.expense"].search_count(action["domain"]), 3)
        self.assertEqual(
            self.env["buurtbemiddeling.assignment"].search(self.vera.action_open_hours()["domain"]),
            self.of_vera,
        )


@tagged("post_install", "-at_install")
class TestFixedExpense(ExpenseCommon):
    """A fixed amount per case comes by itself when a case closes, once for each mediator."""

    def test_without_a_fixed_amount_nothing_is_made(self):
        self.close()
        self.assertFalse(self.case.expense_ids)

    def test_each_mediator_at_work_gets_it_at_closing(self):
        self.company.buurtbemiddeling_case_expense = 15
        self.couple(self.case, self.make_volunteer("Gevraagd"), "invited")
        left = self.couple(self.case, self.make_volunteer("Weg"))
        left.state = "ended"
        self.close()
        self.assertEqual(self.case.expense_ids.volunteer_id, self.vera | self.wim)
        for expense in self.case.expense_ids:
            self.assertEqual(
                (expense.kind, expense.amount, expense.state, expense.date),
                ("fixed", 15, "submitted", date(2026, 4, 15)),
            )

    def test_dragging_a_case_to_closed_gives_it_too(self):
        self.company.buurtbemiddeling_case_expense = 15
        self.case.outcome_id = self.code("outcome", "OPG_BEM")
        self.case.stage_id = self.stage("closed")
        self.assertEqual(len(self.case.expense_ids), 2)
        self.assertEqual(set(self.case.expense_ids.mapped("date")), {self.case.close_date})

    def test_nobody_gets_it_twice(self):
        self.company.buurtbemiddeling_case_expense = 15
        self.close()
        (self.of_vera | self.of_wim)._add_fixed_expenses()
        self.case.stage_id = self.stage("mediation")
        self.couple(self.case, self.vera)
        self.close()
        self.assertEqual(len(self.case.expense_ids), 2)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.claim(kind="fixed", assignment_id=self.of_vera.id, amount=15)
            self.env.flush_all()

    def test_history_that_is_imported_was_paid_before(self):
        self.company.buurtbemiddeling_case_expense = 15
        self.case.with_context(import_file=True).close_date = date(2026, 4, 15)
        self.assertFalse(self.case.expense_ids)
        self.couple(self.case, self.make_volunteer("Later"))
        self.assertFalse(self.case.expense_ids)

    def test_closing_many_cases_costs_a_fixed_number_of_queries(self):
        self.company.buurtbemiddeling_case_expense = 15
        cases = [self.make_case() for _ in range(12)]
        rows = [self.couple(case, self.vera) for case in cases]
        for case in cases:
            self.close(case)
        expenses = self.env["buurtbemiddeling.expense"]
        expenses.search([("company_id", "=", self.company.id)]).unlink()
        browse = self.env["buurtbemiddeling.assignment"].with_user(self.coordinator).browse

        def give(count):
            browse([row.id for row in rows[:count]])._add_fixed_expenses()
            self.env.flush_all()
            expenses.search([("company_id", "=", self.company.id)]).unlink()

        few = self.count_queries(lambda: give(2))
        self.assertLessEqual(self.count_queries(lambda: give(12)), few + 1)

    def test_expenses_of_merged_cases_stay_those_of_their_mediators(self):
        younger = self.make_quarrel(registration_date=date(2026, 3, 10))
        row = self.couple(younger, self.vera, independence_reason="Both know the mediator")
        expense = self.claim(assignment_id=row.id)
        expense.action_approve()
        self.merge(self.case | younger)
        self.assertEqual((expense.case_id, expense.assignment_id), (self.case, row))
        self.assertEqual((expense.state, expense.amount), ("approved", 4.5))

    def test_expenses_stay_with_the_work_when_a_case_is_split(self):
        expense = self.claim(assignment_id=self.of_vera.id)
        self.split_off(self.bert)
        self.assertEqual((expense.case_id, expense.assignment_id), (self.case, self.of_vera))

    def test_money_outlives_a_deleted_case(self):
        expense = self.claim(assignment_id=self.of_vera.id)
        self.case.with_user(self.manager).unlink()
        self.assertEqual((expense.exists().volunteer_id, expense.amount), (self.vera, 4.5))


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
