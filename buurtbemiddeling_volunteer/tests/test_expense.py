from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_expense import ExpenseCommon


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
