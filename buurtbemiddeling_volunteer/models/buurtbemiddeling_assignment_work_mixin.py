from odoo import api, fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingAssignmentWorkMixin(models.AbstractModel):
    """Hours and expenses of a mediator in a case."""

    _name = "buurtbemiddeling.assignment.work.mixin"
    _description = "Work of a Mediator in a Case"

    visit_hours_ids = fields.One2many(
        "buurtbemiddeling.visit.hours", "assignment_id", "Hours of visits"
    )
    hours = fields.Float(
        compute="_compute_hours",
        inverse="_inverse_hours",
        store=True,
        precompute=True,
        help="Hours that the volunteer spent on the case: the sum of the visit reports, or what was"
        " typed here when no report has hours.",
    )
    typed_hours = fields.Float(copy=False, export_string_translation=False, exportable=False)
    has_reported_hours = fields.Boolean(
        compute="_compute_has_reported_hours", export_string_translation=False, exportable=False
    )
    expense_ids = fields.One2many("buurtbemiddeling.expense", "assignment_id", "Expenses")

    @api.depends("visit_hours_ids.hours", "typed_hours")
    def _compute_hours(self):
        for assignment in self:
            reported = sum(assignment.visit_hours_ids.mapped("hours"))
            assignment.hours = reported or assignment.typed_hours

    @api.depends("visit_hours_ids.hours")
    def _compute_has_reported_hours(self):
        for assignment in self:
            assignment.has_reported_hours = any(assignment.visit_hours_ids.mapped("hours"))

    def _inverse_hours(self):
        """Keep what was typed, for as long as no report has hours.

        :raise UserError: when reports say something else
        """
        for assignment in self:
            if assignment.has_reported_hours:
                raise UserError(
                    self.env._(
                        "The hours of %(volunteer)s in case %(case)s are the sum of the visit"
                        " reports. Correct them in the report.",
                        volunteer=assignment.volunteer_id.name,
                        case=assignment.case_id.name,
                    )
                )
            assignment.typed_hours = assignment.hours

    def _add_fixed_expenses(self):
        """Give each of these mediators the fixed amount for their closed case, and nobody twice.

        An organisation without a fixed amount pays actual costs. Not done in an import: history
        was paid before. Call it as often as you like.
        """
        if self.env.context.get("import_file"):
            return
        rows = self.filtered("company_id.buurtbemiddeling_case_expense")
        paid = self.env["buurtbemiddeling.expense"].search(
            [("kind", "=", "fixed"), ("case_id", "in", rows.case_id.ids)]
        )
        given = {(expense.case_id, expense.volunteer_id) for expense in paid}
        values = {}
        for row in rows:
            if (row.case_id, row.volunteer_id) not in given:
                values[row.case_id, row.volunteer_id] = {
                    "assignment_id": row.id,
                    "kind": "fixed",
                    "amount": row.company_id.buurtbemiddeling_case_expense,
                    "date": row.case_id.close_date,
                    "state": "submitted",
                }
        self.env["buurtbemiddeling.expense"].create(list(values.values()))
