from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

STATES = [("draft", "Draft"), ("adopted", "Adopted"), ("closed", "Closed")]
#: What readers of figures see.
ADOPTED = ("adopted", "closed")
OUTLOOKS = [("within", "Within the budget"), ("over", "Over the budget")]
#: What does not change any more; posts and shares refuse for themselves.
LOCKED = {
    "draft": set(),
    "adopted": {"project_id", "year"},
    "closed": {"project_id", "year", "hourly_rate"},
}


class BuurtbemiddelingBudget(models.Model):
    """What a project may cost in a year, what it does cost, and who pays which share.

    Costs are rows of ``buurtbemiddeling.cost.report``; nothing of them is stored here. While a
    budget is a draft everything may change, once adopted the amounts stay, and when it is closed
    nothing is booked in its year any more.
    """

    _name = "buurtbemiddeling.budget"
    _description = "Budget"
    _inherit = ["buurtbemiddeling.budget.cost.mixin"]
    _order = "year desc, name, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    project_id = fields.Many2one(
        "buurtbemiddeling.project",
        required=True,
        ondelete="restrict",
        index=True,
    )
    company_id = fields.Many2one(
        related="project_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    year = fields.Integer(
        required=True, aggregator=None, default=lambda self: fields.Date.context_today(self).year
    )
    state = fields.Selection(STATES, required=True, default="draft", readonly=True, copy=False)
    adopted_on = fields.Date(readonly=True, copy=False)
    hourly_rate = fields.Monetary(
        "Cost of an hour",
        compute="_compute_hourly_rate",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        groups="buurtbemiddeling_case.group_user",
        help="What an hour of a coordinator costs in this year. The hours of this project and year"
        " follow when it changes. With 0 they keep what an hour cost when they were entered.",
    )
    line_ids = fields.One2many("buurtbemiddeling.budget.line", "budget_id", "Posts", copy=True)
    funding_ids = fields.One2many(
        "buurtbemiddeling.budget.funding", "budget_id", "Who pays", copy=True
    )
    budgeted = fields.Monetary(compute="_compute_budgeted", store=True)
    actual = fields.Monetary("Costs", compute="_compute_costs")
    remaining = fields.Monetary(compute="_compute_costs")
    unbudgeted = fields.Monetary(
        "On posts without a line",
        compute="_compute_costs",
        help="Costs on posts that this budget does not have. They count in the total.",
    )
    forecast = fields.Monetary(
        "Expected at the end",
        compute="_compute_costs",
        help="What was spent, and for the rest of the year what the budget has for it by the course"
        " of last year if the project ran all of both years, else evenly by the days that it runs."
        " What is planned counts if that is more.",
    )
    used = fields.Float(compute="_compute_costs", aggregator=None)
    outlook = fields.Selection(OUTLOOKS, compute="_compute_costs")
    cost_text = fields.Char(
        "Cost of a case", compute="_compute_cost_text", groups="buurtbemiddeling_case.group_user"
    )
    funding_text = fields.Char("Paid by", compute="_compute_funding_text")
    is_funded = fields.Boolean(
        compute="_compute_funding_text", export_string_translation=False, exportable=False
    )
    closed_actual = fields.Monetary("Costs on closing", readonly=True, copy=False)
    late_text = fields.Char("After closing", compute="_compute_costs")
    has_accounts = fields.Boolean(
        compute="_compute_has_accounts", export_string_translation=False, exportable=False
    )

    _year_uniq = models.UniqueIndex(
        "(project_id, year)",
        "This project has a budget for that year already. Open it and change it there.",
    )
    _year_range = models.Constraint(
        "CHECK(year BETWEEN 1990 AND 2200)", "Give the year in four digits, for instance 2026."
    )
    _hourly_rate_positive = models.Constraint(
        "CHECK(hourly_rate >= 0)", "What an hour costs is 0 or more."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("project_id.name", "year")
    def _compute_name(self):
        for budget in self:
            budget.name = f"{budget.project_id.name or ''} {budget.year}".strip()

    @api.depends("project_id", "year")
    def _compute_hourly_rate(self):
        """The rate of the organisation when the budget is made; a later one is for later years.

        Hours of a year that is over cost what they did then, so its budget begins without a rate.
        """
        this_year = fields.Date.context_today(self).year
        for budget in self:
            rate = budget.project_id.company_id.buurtbemiddeling_hourly_rate
            budget.hourly_rate = budget.year >= this_year and (budget.hourly_rate or rate)

    @api.depends("line_ids.amount")
    def _compute_budgeted(self):
        for budget in self:
            budget.budgeted = sum(budget.line_ids.mapped("amount"))

    @api.depends("budgeted", "funding_ids.amount")
    @api.depends_context("lang")
    def _compute_funding_text(self):
        """Say who pays which share, and what is missing."""
        for budget in self:
            missing = budget.budgeted - sum(budget.funding_ids.mapped("amount"))
            compared = budget.currency_id.compare_amounts(missing, 0) if budget.currency_id else 0
            budget.is_funded = not compared
            parts = [
                f"{funding.partner_id.name} {funding._get_share_text()}"
                for funding in budget.funding_ids
            ]
            if compared > 0:
                parts.append(
                    self.env._(
                        "nobody yet for %(amount)s of %(total)s",
                        amount=budget._say(missing),
                        total=budget._say(budget.budgeted),
                    )
                )
            elif compared < 0:
                parts.append(self.env._("%s more than the budget", budget._say(-missing)))
            budget.funding_text = ", ".join(parts)

    def _compute_has_accounts(self):
        self.has_accounts = "account.analytic.account" in self.env

    # ------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------

    @api.constrains("state")
    def _check_state(self):
        """An adopted budget has posts and is paid for; a closed one is of a year that is over."""
        today = fields.Date.context_today(self)
        for budget in self.filtered(lambda each: each.state in ADOPTED):
            if not budget.line_ids:
                raise ValidationError(
                    self.env._("%s has no posts yet. Fill in what it may cost.", budget.name)
                )
            if not budget.is_funded:
                raise ValidationError(
                    self.env._(
                        "The shares do not add up to the whole of %(budget)s: %(funding)s. Say who"
                        " pays the rest; that may be your own organisation.",
                        budget=budget.name,
                        funding=budget.funding_text,
                    )
                )
            if budget.state == "closed" and budget.year >= today.year:
                raise ValidationError(
                    self.env._(
                        "%(year)s is not over yet. Close %(budget)s after 31 December.",
                        year=budget.year,
                        budget=budget.name,
                    )
                )

    @api.constrains("line_ids", "funding_ids")
    def _check_funding(self):
        self.funding_ids._check_total()

    def write(self, vals):
        """What was adopted stays as it is; the buttons change the state."""
        for budget in self:
            if LOCKED[budget.state] & vals.keys():
                budget._refuse_change()
        if {"project_id", "year"} & vals.keys():
            self.line_ids._check_nothing_left_behind()
        return super().write(vals)

    def _refuse_change(self):
        """:raise UserError: says how a budget that was adopted is changed after all"""
        if self.state == "closed":
            raise UserError(
                self.env._(
                    "%s is closed, so nothing of that year changes any more. Use the button Reopen"
                    " first if it must.",
                    self.name,
                )
            )
        raise UserError(
            self.env._(
                "%s was adopted, so its amounts stay. Use the button Back to draft first, and have"
                " it adopted anew.",
                self.name,
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_adopted(self):
        for budget in self.filtered(lambda each: each.state in ADOPTED):
            budget._refuse_change()
        self.line_ids._check_nothing_left_behind()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_adopt(self):
        """The steering group adopted the budget: from now on the amounts stay.

        :raise ValidationError: there are no posts, or it is not paid for
        """
        self.check_access("write")
        self.filtered(lambda budget: budget.state == "draft").write(
            {"state": "adopted", "adopted_on": fields.Date.context_today(self)}
        )

    def action_draft(self):
        """Change an adopted budget after all."""
        self.check_access("write")
        self.filtered(lambda budget: budget.state == "adopted").write(
            {"state": "draft", "adopted_on": False}
        )

    def action_close(self):
        """The year is settled: nothing is booked in it any more.

        :raise ValidationError: the year is not over
        """
        self.check_access("write")
        for budget in self.filtered(lambda budget: budget.state == "adopted"):
            budget.write({"state": "closed", "closed_actual": budget.actual})

    def action_reopen(self):
        """Book in a year again that was closed."""
        self.check_access("write")
        self.filtered(lambda budget: budget.state == "closed").write(
            {"state": "adopted", "closed_actual": False}
        )

    def action_copy_to_next_year(self):
        """Open the budget of the year after; it is made of this one when it is not there yet."""
        self.check_access("write")
        self.ensure_one()
        new = self.search(
            [("project_id", "=", self.project_id.id), ("year", "=", self.year + 1)], limit=1
        )
        return (new or self.copy({"year": self.year + 1}))._get_form_action()

    def _get_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_costs(self):
        """Open the costs of this project and year, whatever way they came in."""
        self.ensure_one()
        return self._open_of_year("buurtbemiddeling_report.buurtbemiddeling_cost_report_action")

    def action_open_actuals(self):
        """Open what was entered or imported, to enter more."""
        self.ensure_one()
        return self._open_of_year("buurtbemiddeling_report.buurtbemiddeling_budget_actual_action")

    def _open_of_year(self, xml_id):
        """:raise AccessError: for whoever sees totals only"""
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        self.env[action["res_model"]].check_access("read")
        today = fields.Date.context_today(self)
        first, last = date(self.year, 1, 1), date(self.year, 12, 31)
        return {
            **action,
            "display_name": self.name,
            "domain": [
                ("project_id", "=", self.project_id.id),
                ("date", ">=", first),
                ("date", "<=", last),
            ],
            "context": {
                "default_project_id": self.project_id.id,
                "default_date": fields.Date.to_string(min(max(today, first), last)),
            },
        }
