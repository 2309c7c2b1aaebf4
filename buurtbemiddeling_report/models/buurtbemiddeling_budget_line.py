from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .buurtbemiddeling_budget import OUTLOOKS
from .buurtbemiddeling_budget_cost_mixin import Standing

WAYS = [
    ("flow", "By itself"),
    ("entered", "Entered or imported"),
    ("account", "From the accounts"),
]
ACCOUNT = "account.analytic.account"
#: What the steering group adopted.
FIXED = {"budget_id", "post_id", "amount", "way", "account_id", "account_ref"}


class BuurtbemiddelingBudgetLine(models.Model):
    """What a project may spend on a post in a year, and which way the costs come in: one only."""

    _name = "buurtbemiddeling.budget.line"
    _description = "Budget Line"
    _order = "budget_id, post_id, id"
    _rec_name = "post_id"

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
    year = fields.Integer(related="budget_id.year", store=True, precompute=True, aggregator=None)
    post_id = fields.Many2one(
        "buurtbemiddeling.budget.post", required=True, ondelete="restrict", index=True
    )
    post_explanation = fields.Text(related="post_id.explanation", string="About this post")
    amount = fields.Monetary("Budgeted")
    way = fields.Selection(
        WAYS,
        "Costs come in",
        compute="_compute_way",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="By itself: from hours, trainings, expenses or activities, as the post says. A cost"
        " that comes in one way does not count another way.",
    )
    # a number and no relation: the accounts may be installed later, or go
    account_id = fields.Integer("Number of the account", aggregator=None)
    account_ref = fields.Reference(
        selection="_select_account",
        string="Account",
        compute="_compute_account_ref",
        inverse="_inverse_account_ref",
        help="The costs are what was booked on this analytic account in the year; a credit note"
        " lowers them. Income, such as a subsidy, would lower them too: book that on another"
        " account.",
    )
    explanation = fields.Char()
    actual = fields.Monetary("Costs", compute="_compute_costs")
    remaining = fields.Monetary(compute="_compute_costs")
    used = fields.Float(compute="_compute_costs", aggregator=None)
    forecast = fields.Monetary("Expected at the end", compute="_compute_costs")
    outlook = fields.Selection(OUTLOOKS, compute="_compute_costs")

    _post_uniq = models.UniqueIndex(
        "(budget_id, post_id)",
        "This post is in the budget already. Change the amount of that line.",
    )
    _amount_positive = models.Constraint("CHECK(amount >= 0)", "A budgeted amount is 0 or more.")
    _account_uniq = models.UniqueIndex(
        "(company_id, account_id, year) WHERE way = 'account'",
        "This account is tied to another line of that year. Its costs would count twice.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("post_id")
    def _compute_way(self):
        for line in self:
            line.way = "flow" if line.post_id.flow else "entered"

    @api.model
    def _select_account(self):
        model = self.env.get(ACCOUNT)
        return [] if model is None else [(ACCOUNT, model._description)]

    @api.depends("account_id")
    def _compute_account_ref(self):
        is_here = ACCOUNT in self.env
        for line in self:
            known = is_here and line.account_id
            line.account_ref = f"{ACCOUNT},{line.account_id}" if known else False

    def _inverse_account_ref(self):
        for line in self:
            line.write({"account_ref": line.account_ref and f"{ACCOUNT},{line.account_ref.id}"})

    @api.model
    def _read_account(self, vals):
        """Return values with the number of the account, and so the way, that was chosen."""
        if "account_ref" not in vals:
            return vals
        vals = dict(vals)
        model, _comma, number = str(vals.pop("account_ref") or "").partition(",")
        if model == ACCOUNT and number.isdecimal():
            return {**vals, "account_id": int(number), "way": "account"}
        return {**vals, "account_id": 0}

    @api.depends("amount", "budget_id.project_id", "budget_id.year", "post_id", "way")
    def _compute_costs(self):
        standings = self.budget_id._get_standings()
        for line in self:
            found = standings.get(line.budget_id, {})
            standing = found.get(line.post_id._origin.id, Standing(0.0, 0.0))
            line.actual = standing.spent
            line.forecast = standing.expected
            line.remaining = line.amount - line.actual
            line.used = line.actual / line.amount if line.amount else 0.0
            line.outlook = line.budget_id._judge(line.forecast, line.amount)

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.constrains("way", "post_id", "account_id")
    def _check_way(self):
        """One way for each post: what was entered may not drop out by choosing another one."""
        for line in self:
            if line.way == "flow" and not line.post_id.flow:
                raise ValidationError(
                    self.env._(
                        "Nothing comes in by itself under “%s”. Choose “Entered or imported”.",
                        line.post_id.name,
                    )
                )
            # sudo: an account of the organisation; whoever keeps a budget may not open accounts
            account = line.account_ref.sudo() if line.account_ref else line.account_ref
            if line.way == "account" and (
                not account
                or not account.exists()
                or account.company_id not in (line.company_id, account.company_id.browse())
            ):
                raise ValidationError(
                    self.env._(
                        "The costs of “%s” are read from an account that is not there. Choose an"
                        " analytic account of the organisation.",
                        line.post_id.name,
                    )
                )
        for line in self.filtered(lambda each: each.way != "entered"):
            if line._has_entered():
                raise ValidationError(
                    self.env._(
                        "Costs of “%(post)s” were entered in %(year)s, and would count twice or not"
                        " at all. Move or delete those first, or keep “Entered or imported”.",
                        post=line.post_id.name,
                        year=line.year,
                    )
                )

    def _has_entered(self):
        """Return whether costs were entered on the post of this line, in its project and year."""
        self.ensure_one()
        # sudo: whether anything was entered, also what the user may not open
        entered = self.env["buurtbemiddeling.budget.actual"].sudo()
        return bool(
            entered.search_count(
                [
                    ("project_id", "=", self.project_id.id),
                    ("post_id", "=", self.post_id.id),
                    ("date", ">=", date(self.year, 1, 1)),
                    ("date", "<=", date(self.year, 12, 31)),
                ],
                limit=1,
            )
        )

    def _check_nothing_left_behind(self):
        """Without its line a post that has a flow takes in what comes by itself, and nothing else.

        :raise ValidationError: when costs were entered on it, which would count no more
        """
        for line in self.filtered(lambda each: each.way == "entered" and each.post_id.flow):
            if line._has_entered():
                raise ValidationError(
                    self.env._(
                        "Costs of “%(post)s” were entered in %(year)s. Without this line of the"
                        " budget they would not count any more. Move or delete those first.",
                        post=line.post_id.name,
                        year=line.year,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._read_account(vals) for vals in vals_list])
        lines._check_draft()
        return lines

    def write(self, vals):
        if FIXED & vals.keys():
            self._check_draft()
        if {"post_id", "budget_id"} & vals.keys():
            self._check_nothing_left_behind()
        res = super().write(self._read_account(vals))
        if "budget_id" in vals:  # nor into one that was adopted
            self._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        self._check_draft()
        self._check_nothing_left_behind()

    def _check_draft(self):
        """:raise UserError: what was adopted stays"""
        for budget in self.budget_id.filtered(lambda each: each.state != "draft"):
            budget._refuse_change()
