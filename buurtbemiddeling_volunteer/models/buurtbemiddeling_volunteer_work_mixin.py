from odoo import api, fields, models


class BuurtbemiddelingVolunteerWorkMixin(models.AbstractModel):
    """What a volunteer did and got for it, and how the coordinator coaches."""

    _name = "buurtbemiddeling.volunteer.work.mixin"
    _description = "Work of a Volunteer"

    case_hours = fields.Float("Hours in cases", compute="_compute_case_hours")
    expense_ids = fields.One2many("buurtbemiddeling.expense", "volunteer_id", "Expenses")
    expense_total = fields.Monetary(
        "Expenses of this year",
        compute="_compute_expense_total",
        help="What was claimed this year and not refused.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    coach_note_ids = fields.One2many("buurtbemiddeling.coach.note", "volunteer_id", "Coach notes")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for volunteer in self:
            volunteer.currency_id = volunteer.company_id.currency_id

    @api.depends("assignment_ids.hours")
    def _compute_case_hours(self):
        # sudo: work in projects that are closed to the user counts as well; a total only
        groups = self.env["buurtbemiddeling.assignment"].sudo()
        groups = groups._read_group(
            [("volunteer_id", "in", self.ids)], ["volunteer_id"], ["hours:sum"]
        )
        hours = {volunteer.id: total for volunteer, total in groups}
        for volunteer in self:
            volunteer.case_hours = hours.get(volunteer._origin.id, 0)

    @api.depends("expense_ids.amount", "expense_ids.state", "expense_ids.date")
    def _compute_expense_total(self):
        # sudo: as above
        groups = self.env["buurtbemiddeling.expense"].sudo()
        groups = groups._read_group(
            [
                ("volunteer_id", "in", self.ids),
                ("state", "!=", "refused"),
                ("date", ">=", fields.Date.context_today(self).replace(month=1, day=1)),
            ],
            ["volunteer_id"],
            ["amount:sum"],
        )
        amounts = {volunteer.id: total for volunteer, total in groups}
        for volunteer in self:
            volunteer.expense_total = amounts.get(volunteer._origin.id, 0)

    def action_open_hours(self):
        """Open the work of this volunteer, with its hours."""
        return self._open_work("buurtbemiddeling_assignment_action")

    def action_open_expenses(self):
        """Open the expenses of this volunteer."""
        return self._open_work("buurtbemiddeling_expense_action")

    def _open_work(self, name):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"buurtbemiddeling_volunteer.{name}")
        return {
            **action,
            "domain": [("volunteer_id", "=", self.id)],
            "context": {"default_volunteer_id": self.id},
        }
