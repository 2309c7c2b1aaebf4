import base64
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.workbook import Sheet, render


class BuurtbemiddelingExpenseExport(models.Model):
    """What went to the salary office at once. The workbook is kept as it was sent.

    It holds volunteers, accounts and amounts, and nothing of a case or a resident.
    """

    _name = "buurtbemiddeling.expense.export"
    _description = "Export of Expenses"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _rec_name = "file_name"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Exported on", required=True, readonly=True, default=fields.Date.context_today
    )
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True)
    expense_ids = fields.One2many(
        "buurtbemiddeling.expense", "export_id", "Expenses", readonly=True
    )
    amount = fields.Monetary("Total", readonly=True)
    file = fields.Binary("Workbook", readonly=True, attachment=True)
    file_name = fields.Char("Name", readonly=True)

    @api.model
    def _export(self, expenses, date_to, date_from=False):
        """Make the workbook of approved expenses of one organisation, which are exported then.

        :return: the export
        :raise UserError: when there is nothing to export, or something is not approved
        :raise ValueError: when they are of several organisations
        """
        if not expenses:
            raise UserError(
                self.env._(
                    "There are no approved expenses in this period. Approve expenses first, or"
                    " choose another period."
                )
            )
        expenses.company_id.ensure_one()
        name = self.env._("Expenses of volunteers until %s", date_to)
        # sudo: an export is only ever made here, and nobody changes or deletes it; that the user
        # may write the expenses, is checked below
        export = self.sudo().create(
            {
                "company_id": expenses.company_id.id,
                "date_from": date_from,
                "date_to": date_to,
                "amount": sum(expenses.mapped("amount")),
                "file": base64.b64encode(render(self._get_sheets(expenses), name)),
                "file_name": f"{name}.xlsx",
            }
        )
        expenses.check_access("write")
        # sudo: as above, nobody else says what was exported
        expenses.sudo().write({"state": "exported", "export_id": export.id})
        # no reason is asked: it has one, and can be made once only
        self.env["buurtbemiddeling.trace"]._add("export", expenses, name)
        return export.sudo(False)

    @api.model
    def _get_sheets(self, expenses):
        """Return what to pay each volunteer, and of what that is made up.

        Two volunteers of one name are two rows. The account is the first one in Contacts, if any.
        """
        kinds = dict(expenses._fields["kind"]._description_selection(self.env))
        expenses = expenses.sorted(lambda e: (e.volunteer_id.name, e.volunteer_id.id, e.date, e.id))
        accounts = {
            volunteer: volunteer.partner_id.bank_ids[:1].acc_number or None
            for volunteer in expenses.volunteer_id
        }
        total = sum(expenses.mapped("amount"))
        return [
            Sheet(
                self.env._("To pay"),
                (self.env._("Volunteer"), self.env._("Bank account"), self.env._("Total")),
                [
                    (volunteer.name, accounts[volunteer], sum(rows.mapped("amount")))
                    for volunteer, rows in expenses.grouped("volunteer_id").items()
                ],
                (self.env._("Total"), None, total),
            ),
            Sheet(
                self.env._("Expenses"),
                (
                    self.env._("Volunteer"),
                    self.env._("Bank account"),
                    self.env._("Month"),
                    self.env._("Kind"),
                    self.env._("Amount"),
                ),
                [
                    (
                        expense.volunteer_id.name,
                        accounts[expense.volunteer_id],
                        expense.date.replace(day=1),
                        kinds[expense.kind],
                        expense.amount,
                    )
                    for expense in expenses
                ],
                (self.env._("Total"), None, None, None, total),
            ),
        ]

    @api.autovacuum
    def _gc_workbooks(self):
        """Remove the workbooks, with names and accounts, that the law does not ask for any more.

        Art. 52 AWR and art. 2:10 BW: 7 years, counted here from the end of the year. What was
        paid stays, as amounts.
        """
        today = fields.Date.context_today(self)
        for company in self.env["res.company"].search([]):
            years = company.buurtbemiddeling_expense_export_years
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("date", "<", date(today.year - years, 1, 1)),
                    ("file", "!=", False),
                ]
            ).file = False

    def action_download(self):
        """Download the workbook as it was made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file?download=true"
            "&filename_field=file_name",
            "target": "self",
        }
