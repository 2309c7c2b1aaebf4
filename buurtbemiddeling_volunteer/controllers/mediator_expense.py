from odoo import http
from odoo.http import request

from odoo.addons.buurtbemiddeling_case.controllers.door import MAX_REQUEST, read_answers, read_id

from .mediator import HOME_URL, find_assignment
from .mediator_form import do_once, find_mine, get_case_url, is_sent, show_form, show_gone

OF_CASE_URL = f"{HOME_URL}/<int:assignment>/kosten"
EXPENSES_URL = "/my/kosten"
EXPENSE_URL = f"{EXPENSES_URL}/<int:expense>"


class MediatorExpense(http.Controller):
    """A volunteer claims expenses, in a case or outside it, and sees what became of them."""

    # ------------------------------------------------------------
    # IN A CASE
    # ------------------------------------------------------------

    @http.route(OF_CASE_URL, type="http", auth="user", methods=["GET"], website=True)
    def of_case(self, assignment, done=None, **_params):
        """Show the own expenses in a case, with a form for a new one."""
        return self._show_of_case(find_assignment(assignment), done)

    @http.route(
        OF_CASE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_of_case(self, assignment, **answers):
        """Claim an expense in a case."""
        answers = read_answers(answers)
        assignment = find_mine(assignment)
        if not assignment:
            return show_gone(answers)
        volunteer = assignment.volunteer_id
        values, errors = volunteer._read_portal_expense(
            answers, assignment.case_id.registration_date
        )
        problem = None
        if not errors:
            problem = do_once(
                volunteer.company_id,
                answers,
                lambda: volunteer._write_portal_expense(
                    volunteer.expense_ids.browse(), values, assignment
                ),
            )
            if not problem:
                return request.redirect(f"{get_case_url(assignment)}/kosten?done=claimed", 303)
        return self._show_of_case(assignment, None, answers, errors, problem)

    def _show_of_case(self, assignment, done, *result):
        volunteer = assignment.volunteer_id
        values = {
            **volunteer._get_portal_expense_form(),
            "expenses": volunteer._get_portal_expenses(assignment),
            "back_url": get_case_url(assignment),
            "in_case": True,
            "done": done,
        }
        return show_form("mediator_expenses", values, volunteer.company_id, *result)

    # ------------------------------------------------------------
    # ALL, AND OUTSIDE A CASE
    # ------------------------------------------------------------

    @http.route(EXPENSES_URL, type="http", auth="user", methods=["GET"], website=True)
    def expenses(self, done=None, organisation=None, **_params):
        """Show all own expenses, with a form for costs outside a case."""
        return self._show_expenses(self._find_volunteer(organisation), done)

    @http.route(
        EXPENSES_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def send_expense(self, **answers):
        """Claim an expense outside a case."""
        answers = read_answers(answers)
        volunteer = self._find_volunteer(answers.get("organisation"))
        values, errors = volunteer._read_portal_expense(answers)
        problem = None
        if not errors:
            problem = do_once(
                volunteer.company_id,
                answers,
                lambda: volunteer._write_portal_expense(volunteer.expense_ids.browse(), values),
            )
            if not problem:
                return self._back_to_expenses(volunteer, "claimed")
        return self._show_expenses(volunteer, None, answers, errors, problem)

    def _find_volunteer(self, organisation=None):
        """Return the volunteer of the user who acts, in the organisation with this id if given.

        :raise NotFound: there is none
        """
        mine = request.env["buurtbemiddeling.volunteer"]._get_mine()
        if organisation:
            mine = mine.filtered(lambda row: row.company_id.id == read_id(organisation))
        if not mine:
            raise request.not_found()
        return mine[0].with_company(mine[0].company_id)

    def _show_expenses(self, volunteer, done, *result):
        mine = request.env["buurtbemiddeling.volunteer"]._get_mine()
        values = {
            **volunteer._get_portal_expense_form(),
            "expenses": volunteer._get_portal_expenses(),
            "back_url": HOME_URL,
            "in_case": False,
            "done": done,
            "organisation": (volunteer.company_id.id, volunteer.company_id.name),
            "others": [(row.company_id.id, row.company_id.name) for row in mine - volunteer],
        }
        return show_form("mediator_expenses", values, volunteer.company_id, *result)

    def _back_to_expenses(self, volunteer, done):
        return request.redirect(
            f"{EXPENSES_URL}?done={done}&organisation={volunteer.company_id.id}", 303
        )

    # ------------------------------------------------------------
    # ONE
    # ------------------------------------------------------------

    @http.route(EXPENSE_URL, type="http", auth="user", methods=["GET"], website=True)
    def expense(self, expense, **_params):
        """Show an own expense that was not decided on yet, to correct or withdraw it."""
        expense = self._find_expense(expense)
        if not expense or not expense.volunteer_id._is_open_expense(expense):
            raise request.not_found()
        return self._show_expense(expense)

    @http.route(
        EXPENSE_URL,
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=MAX_REQUEST,
    )
    def change_expense(self, expense, **answers):
        """Correct an own expense, or withdraw it, as ``action`` says."""
        answers = read_answers(answers)
        volunteer = self._find_volunteer()
        action = "withdraw" if answers.get("action") == "withdraw" else ""
        if is_sent(volunteer.company_id, answers, action):
            return self._back_to_expenses(volunteer, "changed")
        expense = self._find_expense(expense)
        if not expense:
            return show_gone(answers)
        volunteer, errors = expense.volunteer_id, {}
        if action:

            def change():
                volunteer._withdraw_portal_expense(expense)

        else:
            values, errors = volunteer._read_portal_expense(answers)

            def change():
                volunteer._write_portal_expense(expense, values)

        problem = None
        if not errors:
            problem = do_once(volunteer.company_id, answers, change, action)
            if not problem:
                return self._back_to_expenses(volunteer, "changed")
        return self._show_expense(expense, answers, errors, problem)

    def _find_expense(self, expense_id):
        """Return the own expense with this id, or none."""
        mine = request.env["buurtbemiddeling.volunteer"]._get_mine()
        expense = mine._find_portal_expense(expense_id)
        return expense.with_company(expense.company_id)

    def _show_expense(self, expense, *result):
        values = {
            **expense.volunteer_id._get_portal_expense_form(expense),
            "back_url": EXPENSES_URL,
        }
        return show_form("mediator_expense", values, expense.company_id, *result)
