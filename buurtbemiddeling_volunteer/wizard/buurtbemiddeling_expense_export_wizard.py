from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class BuurtbemiddelingExpenseExportWizard(models.TransientModel):
    """Asks up to which day approved expenses go to the salary office.

    Without a first day, what was approved late goes along with the next export.
    """

    _name = "buurtbemiddeling.expense.export.wizard"
    _description = "Export of Expenses to the Salary Office"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", related_sudo=False)
    date_from = fields.Date("From", help="Empty: everything that was not exported before.")
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1) - relativedelta(days=1),
    )
    expense_ids = fields.Many2many("buurtbemiddeling.expense", compute="_compute_expense_ids")
    expense_count = fields.Integer("Expenses", compute="_compute_expense_ids")
    amount = fields.Monetary("Total", compute="_compute_expense_ids")
    waiting_count = fields.Integer(
        "Not approved yet",
        compute="_compute_expense_ids",
        help="These do not go along: approve or refuse them first.",
    )

    @api.depends("company_id", "date_from", "date_to")
    def _compute_expense_ids(self):
        expenses = self.env["buurtbemiddeling.expense"]
        for wizard in self:
            domain = [("company_id", "=", wizard.company_id.id), ("date", "<=", wizard.date_to)]
            if wizard.date_from:
                domain.append(("date", ">=", wizard.date_from))
            wizard.expense_ids = expenses.search([*domain, ("state", "=", "approved")])
            wizard.expense_count = len(wizard.expense_ids)
            wizard.amount = sum(wizard.expense_ids.mapped("amount"))
            wizard.waiting_count = expenses.search_count(
                [*domain, ("state", "in", ("draft", "submitted"))]
            )

    def action_export(self):
        """Export, and show the export with its workbook.

        :raise UserError: when there is nothing to export
        """
        self.ensure_one()
        export = self.env["buurtbemiddeling.expense.export"]._export(
            self.expense_ids, self.date_to, self.date_from
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": export._name,
            "res_id": export.id,
            "view_mode": "form",
        }
