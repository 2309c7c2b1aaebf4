from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date


class BuurtbemiddelingCostEntryMixin(models.AbstractModel):
    """What is booked on a project on a day: never in a year that is closed."""

    _name = "buurtbemiddeling.cost.entry.mixin"
    _description = "Booked on a Project"

    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        required=True,
        ondelete="restrict",
        index=True,
        default=lambda self: self._default_project_id(),
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)

    @api.model
    def _default_project_id(self):
        """The project of the user, if there is just one."""
        company, user = self.env.company, self.env.user
        only = self.env["buurtbemiddeling.project"]._get_only(user, company)
        return only.get((company, user))

    @api.model_create_multi
    def create(self, vals_list):
        entries = super().create(vals_list)
        entries._check_open()
        return entries

    def write(self, vals):
        if not self._is_free(vals):
            self._check_open()
        res = super().write(vals)
        if not self._is_free(vals):
            self._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    @api.model
    def _is_free(self, vals):
        """Return whether these values may change in a closed year, too."""
        return not vals.keys() - {"description", "supplier"}

    def _get_budgets(self):
        """Return ``{(project id, year): budget}`` of these entries. One query."""
        # sudo: the state and the ways of a budget hold for whoever books, also without reading it
        budgets = self.env["buurtbemiddeling.budget"].sudo()
        years = {entry.date.year for entry in self}
        found = budgets.search(
            Domain("project_id", "in", self.project_id.ids) & Domain("year", "in", list(years))
        )
        return {(budget.project_id.id, budget.year): budget for budget in found}

    def _check_open(self):
        """Refuse to touch what lies in a year that is closed.

        :raise UserError: says what to do
        """
        budgets = self._get_budgets()
        for entry in self:
            budget = budgets.get((entry.project_id.id, entry.date.year))
            if budget and budget.state == "closed":
                raise UserError(
                    self.env._(
                        "%(date)s lies in a year that is closed: %(budget)s. Choose a day in a year"
                        " that is not, or reopen that budget.",
                        date=format_date(self.env, entry.date),
                        budget=budget.name,
                    )
                )
