from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import get_lang

from ..tools.answers import read_day, read_number, write_number

CLAIMED_KINDS = ("travel", "parking", "phone", "other")  # the fixed amount comes by itself
OPEN_STATES = ("draft", "submitted")
EXPENSE_LIMITS = {"description": 150}  # characters
DAYS_BACK = 366  # longer ago the year is a slip of the pen


class BuurtbemiddelingVolunteerPortalExpenseMixin(models.AbstractModel):
    """Expenses on the portal: a volunteer claims them, and sees what became of them.

    Only one's own. One's money stays in sight after a case has ended; which case it was does not.
    """

    _name = "buurtbemiddeling.volunteer.portal.expense.mixin"
    _description = "Expenses on the Portal"

    def _find_portal_expense(self, expense_id):
        """Return the own expense with this id, or none."""
        return self.expense_ids.filtered(lambda row: row.id == expense_id)

    def _get_portal_expenses(self, assignment=None):
        """Return what pages show of the own expenses: plain values, newest first.

        :param assignment: only those of this work in a case
        """
        expenses = self.expense_ids
        if assignment:
            expenses = expenses.filtered(lambda row: row.assignment_id == assignment)
        at_work = self.env["buurtbemiddeling.assignment"]._get_mine(("accepted",))
        kinds = dict(expenses._fields["kind"]._description_selection(self.env))
        states = {
            **dict(expenses._fields["state"]._description_selection(self.env)),
            "submitted": self.env._("With your coordinator"),
            "exported": self.env._("Passed on for payment"),
        }
        return [
            {
                "id": row.id,
                "kind": kinds[row.kind],
                "date": format_date(self.env, row.date),
                "amount": format_amount(self.env, row.amount, row.currency_id),
                "distance": row.distance,
                "description": row.description,
                "in_case": bool(row.assignment_id),
                "number": row.case_id.name if row.assignment_id in at_work else None,
                "state": row.state,
                "state_name": states[row.state],
                "reason": row.refusal_reason if row.state == "refused" else None,
                "is_open": self._is_open_expense(row),
            }
            for row in expenses
        ]

    @api.model
    def _is_open_expense(self, expense):
        return expense.state in OPEN_STATES and expense.kind in CLAIMED_KINDS

    def _get_portal_expense_form(self, expense=None):
        """Return the choices of the form of an expense of one volunteer, and what is in it.

        :param expense: the expense to correct; none for a new one
        """
        self.ensure_one()
        company, currency = self.company_id, self.company_id.currency_id
        kinds = dict(self.expense_ids._fields["kind"]._description_selection(self.env))
        rate, fixed = company.buurtbemiddeling_km_rate, company.buurtbemiddeling_case_expense
        today = fields.Date.context_today(self).isoformat()
        form = {
            "kinds": [(kind, kinds[kind]) for kind in CLAIMED_KINDS],
            "limits": EXPENSE_LIMITS,
            "km_rate": rate and format_amount(self.env, rate, currency),
            "fixed_amount": fixed and format_amount(self.env, fixed, currency),
            "currency": currency.name,
            "today": today,
            "answers": {"date": today},
        }
        if expense:
            point = get_lang(self.env).decimal_point
            by_distance = expense.kind == "travel" and expense.distance and rate
            form["answers"] = {
                "kind": expense.kind,
                "date": expense.date.isoformat(),
                "distance": write_number(expense.distance, point) if by_distance else None,
                "amount": None if by_distance else write_number(expense.amount, point, 2),
                "description": expense.description,
            }
        return form

    def _read_portal_expense(self, answers, first_day=None):
        """Return what was typed as values of an expense, and what is wrong with it.

        Travel is paid by the kilometre where the organisation has an amount for it, else, and for
        all other costs, by what was paid.

        :param answers: ``{name: text}`` of anyone
        :param first_day: the first day (date) on which there can have been such costs
        :return: ``(values, {name of the question: sentence})``
        """
        form = self._get_portal_expense_form()
        values, errors = self.env["buurtbemiddeling.door.key"]._read_texts(answers, EXPENSE_LIMITS)
        values["kind"] = answers.get("kind")
        if values["kind"] not in CLAIMED_KINDS:
            errors["kind"] = self.env._("Choose what kind of costs they are.")
        today = fields.Date.context_today(self)
        values["date"] = day = read_day(answers.get("date"))
        if not day:
            errors["date"] = self.env._("Fill in the day of the costs.")
        elif day > today:
            errors["date"] = self.env._("Costs are claimed once they were made.")
        elif day < (first_day or today - timedelta(days=DAYS_BACK)):
            errors["date"] = self.env._("That is too long ago. Is the year right?")
        typed = {name: (answers.get(name) or "").strip() for name in ("distance", "amount")}
        values["distance"] = 0
        if values["kind"] == "travel" and form["km_rate"] and typed["distance"]:
            values["distance"] = read_number(typed["distance"])
            if not values["distance"]:
                errors["distance"] = self.env._("Fill in a number of kilometres, such as 12.5.")
            elif typed["amount"]:
                errors["amount"] = self.env._(
                    "Fill in kilometres or an amount, not both. Claim parking apart."
                )
        else:
            values["amount"] = read_number(typed["amount"])
            if not values["amount"]:
                errors["amount"] = self.env._("Fill in the amount that you paid, such as 4.50.")
        return values, errors

    def _write_portal_expense(self, expense, values, assignment=None):
        """Claim an expense, or correct ``expense``, so that the coordinator approves it.

        :param assignment: the work in a case that a new expense is for; none for other costs
        :raise UserError: when it was decided on in the meantime
        """
        values = {**values, "state": "submitted"}
        if not expense:
            owner = {"assignment_id": assignment.id} if assignment else {"volunteer_id": self.id}
            return expense.create({**owner, **values})
        self._check_portal_expense_open(expense)
        expense.write(values)
        return expense

    def _withdraw_portal_expense(self, expense):
        """Take back what was not decided on yet.

        :raise UserError: when it was decided on in the meantime
        """
        self._check_portal_expense_open(expense)
        expense.unlink()

    @api.model
    def _check_portal_expense_open(self, expense):
        if not self._is_open_expense(expense):
            raise UserError(
                self.env._(
                    "This expense was decided on in the meantime, and stays as it is. Call your"
                    " coordinator to have something corrected."
                )
            )
