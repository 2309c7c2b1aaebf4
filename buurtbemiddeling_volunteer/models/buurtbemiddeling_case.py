from odoo import api, fields, models
from odoo.fields import Domain

from .buurtbemiddeling_assignment import LIVE_STATES
from .buurtbemiddeling_assignment_ending_mixin import CASE_CLOSED


class BuurtbemiddelingCase(models.Model):
    _name = "buurtbemiddeling.case"
    _inherit = [
        "buurtbemiddeling.case",
        "buurtbemiddeling.case.duo.mixin",
        "buurtbemiddeling.case.coupling.mixin",
    ]

    assignment_ids = fields.One2many("buurtbemiddeling.assignment", "case_id", "Assignments")
    visit_report_ids = fields.One2many("buurtbemiddeling.visit.report", "case_id", "Visit reports")
    debrief_ids = fields.One2many("buurtbemiddeling.debrief", "case_id", "Debriefs")
    expense_ids = fields.One2many("buurtbemiddeling.expense", "case_id", "Expenses")
    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        string="Mediators",
        compute="_compute_volunteer_ids",
        search="_search_volunteer_ids",
        help="The volunteers who are invited or at work in this case now.",
    )

    @api.depends("assignment_ids.state", "assignment_ids.volunteer_id")
    def _compute_volunteer_ids(self):
        # read together: setting the field below checks access to the volunteers case by case
        self.assignment_ids.volunteer_id.mapped("active")
        for case in self:
            case.volunteer_ids = case.assignment_ids.filtered("is_live").volunteer_id

    def _search_volunteer_ids(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        live = Domain("state", "in", LIVE_STATES)
        domain = Domain("assignment_ids", "any", live & Domain("volunteer_id", operator, value))
        if operator == "in" and False in value:
            domain |= Domain("assignment_ids", "not any", live)
        return domain

    def write(self, vals):
        """A closed case needs no mediators any more: their work ends on the closing date.

        When the closing date is corrected, the last day of those who worked until then follows.
        """
        until_closing = self.env["buurtbemiddeling.assignment"]
        if vals.get("close_date"):
            until_closing = self.filtered("close_date").assignment_ids.filtered(
                lambda assignment: assignment.date_end == assignment.case_id.close_date
            )
        res = super().write(vals)
        for case, assignments in until_closing.grouped("case_id").items():
            assignments.filtered(
                lambda row, day=case.close_date: not row.date_start or row.date_start <= day
            ).date_end = case.close_date
        if "stage_id" in vals or "close_date" in vals:
            closed = self.filtered("is_closed")
            live = self.env["buurtbemiddeling.assignment"].search(
                [("case_id", "in", closed.ids), ("state", "in", LIVE_STATES)]
            )
            working = live.filtered(lambda assignment: assignment.state == "accepted")
            if working:
                working._end(CASE_CLOSED)
            (live - working)._withdraw(CASE_CLOSED)
            working._add_fixed_expenses()
            closed._settle_gap()
        return res

    def _has_records_apart(self):
        """What mediators wrote about a case, and got for it, stays in its organisation."""
        return super()._has_records_apart() or bool(self.debrief_ids or self.expense_ids)

    def action_print_visit_sheets(self):
        """Print a sheet for a visit to each party, each on a page of its own.

        :raise UserError: when nobody is noted yet
        """
        return self.party_ids._print_visit_sheets()
