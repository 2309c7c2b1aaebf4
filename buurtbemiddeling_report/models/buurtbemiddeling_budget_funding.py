from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import formatLang

#: A third is 33.3333 percent: as exact as a share is kept, and so how far it may be from what was
#: meant.
EXACTNESS = 1e-6


class BuurtbemiddelingBudgetFunding(models.Model):
    """Who pays which share of a budget: a percentage, or a fixed amount."""

    _name = "buurtbemiddeling.budget.funding"
    _description = "Share of a Funder"
    _order = "budget_id, amount desc, id"
    _rec_name = "partner_id"

    budget_id = fields.Many2one(
        "buurtbemiddeling.budget", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(
        related="budget_id.project_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="budget_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Funder",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_company", "=", True)],
        help="The municipality, a housing corporation, or your own organisation.",
    )
    share = fields.Float(
        digits=(16, 6), aggregator=None, help="Type 50 for half of the budget. Empty: an amount."
    )
    fixed_amount = fields.Monetary(help="An amount that stays when the budget changes.")
    amount = fields.Monetary("Pays", compute="_compute_amount", store=True)

    _share_range = models.Constraint(
        "CHECK(share IS NULL OR share BETWEEN 0 AND 1)", "A share is 0 up to 100 percent."
    )
    _one_way = models.Constraint(
        "CHECK((COALESCE(share, 0) > 0) != (COALESCE(fixed_amount, 0) > 0))",
        "Fill in for each funder either a share or an amount, more than 0.",
    )

    @api.depends(
        "budget_id.budgeted", "budget_id.funding_ids.share", "budget_id.funding_ids.fixed_amount"
    )
    def _compute_amount(self):
        for budget, fundings in self.grouped("budget_id").items():
            amounts = (budget.funding_ids | fundings)._share_out(budget.budgeted)
            for funding in fundings:
                funding.amount = amounts[funding]

    def _share_out(self, amount):
        """Return ``{funding: euros}``: what all funders of a budget pay of an amount that it costs.

        Who promised an amount pays that, the others divide what it leaves by their shares. That is
        in cents; where together they pay the whole, the last share takes what rounding leaves.
        """
        budget = self.budget_id
        currency = budget.currency_id or self.env.company.currency_id
        budgeted, fixed = budget.budgeted, sum(self.mapped("fixed_amount"))
        amount = max(amount, fixed)
        part = (amount - fixed) / (budgeted - fixed) if budgeted > fixed else 1.0
        amounts = {
            funding: funding.fixed_amount or currency.round(funding.share * budgeted * part)
            for funding in self
        }
        # lines that are not saved yet come last
        shares = self.filtered("share").sorted(lambda each: each._origin.id or float("inf"))
        missing = budgeted - fixed - sum(shares.mapped("share")) * budgeted
        rounding = max(currency.rounding / 2, EXACTNESS * len(shares) * budgeted)
        if shares and abs(missing) <= rounding:
            amounts[shares[-1]] += amount - sum(amounts.values())
        return amounts

    def _get_part(self):
        """Return the part of the budget that this funder pays, as a fraction."""
        self.ensure_one()
        return self.amount / self.budget_id.budgeted if self.budget_id.budgeted else self.share

    def _get_share_text(self):
        """Return the share as people read it."""
        return f"{formatLang(self.env, self._get_part() * 100, digits=1)} %"

    @api.constrains("partner_id", "budget_id")
    def _check_once(self):
        """A funder pays one share. Not a unique index: merging contacts would lose a row.

        :raise ValidationError: names who is there twice
        """
        for budget in self.budget_id:
            counts = Counter(funding.partner_id for funding in budget.funding_ids)
            twice = [partner.name for partner, count in counts.items() if count > 1]
            if twice:
                raise ValidationError(
                    self.env._(
                        "%s is there already. Change the share in that line.", ", ".join(twice)
                    )
                )

    @api.constrains("share", "fixed_amount", "budget_id")
    def _check_total(self):
        """Together the funders pay no more than the whole."""
        for budget in self.budget_id:
            fundings = budget.funding_ids
            shares = sum(fundings.mapped("share"))
            more = budget.currency_id.compare_amounts(
                sum(fundings.mapped("amount")), budget.budgeted
            )
            if shares > 1 + EXACTNESS * len(fundings) or budget.budgeted and more > 0:
                raise ValidationError(
                    self.env._(
                        "Together the funders would pay more than 100 %% of %(budget)s:"
                        " %(funding)s. Lower a share.",
                        budget=budget.name,
                        funding=", ".join(
                            f"{funding.partner_id.name} {funding._get_share_text()}"
                            for funding in fundings
                        ),
                    )
                )

    @api.constrains("partner_id")
    def _check_partner(self):
        if any(funding.partner_id.is_confidential for funding in self):
            raise ValidationError(
                self.env._("A resident does not pay for the project. Choose an organisation.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        fundings = super().create(vals_list)
        fundings._check_draft()
        return fundings

    def write(self, vals):
        self._check_draft()
        res = super().write(vals)
        self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        self._check_draft()

    def _check_draft(self):
        """:raise UserError: what was adopted stays"""
        for budget in self.budget_id.filtered(lambda each: each.state != "draft"):
            budget._refuse_change()
