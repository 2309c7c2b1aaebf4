from collections import namedtuple
from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import spending
from ..tools.euros import say_euros
from .buurtbemiddeling_facts_mixin import Term

#: Where a post stands on a day, in euros: ``spent`` until then, ``expected`` at the end of the year
Standing = namedtuple("Standing", "spent expected")


class BuurtbemiddelingBudgetCostMixin(models.AbstractModel):
    """What was spent of a budget, and what is expected at the end of its year."""

    _name = "buurtbemiddeling.budget.cost.mixin"
    _description = "Costs of a Budget"

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "project_id.date_start",
        "project_id.date_end",
        "year",
        "budgeted",
        "line_ids.way",
        "closed_actual",
        "state",
    )
    @api.depends_context("lang")
    def _compute_costs(self):
        standings = self._get_standings()
        for budget in self:
            posts = standings[budget]
            lines = budget.line_ids.post_id
            budget.actual = sum(standing.spent for standing in posts.values())
            budget.forecast = sum(standing.expected for standing in posts.values())
            budget.unbudgeted = sum(
                standing.spent for post, standing in posts.items() if post not in lines._origin.ids
            )
            budget.remaining = budget.budgeted - budget.actual
            budget.used = budget.actual / budget.budgeted if budget.budgeted else 0.0
            budget.outlook = budget._judge(budget.forecast, budget.budgeted)
            late = budget.actual - budget.closed_actual
            budget.late_text = (
                budget.state == "closed"
                and not budget.currency_id.is_zero(late)
                and self.env._(
                    "Since closing the costs of this year changed by %s. The settlement was made"
                    " with the amount on closing.",
                    budget._say(late),
                )
            )

    def _judge(self, expected, budgeted):
        """Return whether an amount stays within the budget."""
        currency = self.currency_id or self.env.company.currency_id
        return "over" if currency.compare_amounts(expected, budgeted) > 0 else "within"

    def _say(self, amount):
        """Return an amount as people read it, as figures in euros are."""
        return say_euros(self.env, amount)

    @api.depends("project_id", "year")
    @api.depends_context("lang")
    def _compute_cost_text(self):
        """What a case costs so far, by the figures that every output shows."""
        codes = ("cost_per_case", "cost_per_handled")
        today = fields.Date.context_today(self)
        self.cost_text = False
        for (company, year), budgets in self._by_year().items():
            indicators = self.env["buurtbemiddeling.indicator"]._of_year(year)
            indicators = indicators.filtered(lambda each: each.code in codes)
            day = min(today, date(year, 12, 31))
            facts = self.env["buurtbemiddeling.case.report"]._of_year(year, day)
            rows = indicators._measure(facts, indicators._get_scopes(company), [("project_id",)])
            found = {project: figures for _index, project, _second, figures in rows}
            for budget in budgets:
                figures = found.get(str(budget.project_id._origin.id), {})
                texts = [
                    f"{indicator.name}: {indicator._format_value(*figure[:0:-1])}"
                    for indicator, figure in figures.items()
                    if figure.denominator and figure.value
                ]
                budget.cost_text = ", ".join(texts)

    # ------------------------------------------------------------
    # COSTS
    # ------------------------------------------------------------

    def _by_year(self):
        """Return ``{(company, year): budgets}`` of those of which both are known."""
        known = self.filtered(lambda budget: budget.company_id and 1990 <= budget.year <= 2200)
        return known.grouped(lambda budget: (budget.company_id, budget.year))

    def _get_standings(self, day=None):
        """Return ``{budget: {post id: Standing}}`` on a day: two queries a company and year.

        A post is there that has a line or costs.

        :param day: date, today by default
        """
        day = day or fields.Date.context_today(self)
        result = {budget: {} for budget in self}
        for (company, year), budgets in self._by_year().items():
            now = budgets._read_costs(company, year, day)
            before = {}
            if day.year == year:  # else the year is over, or has not begun
                before = budgets._read_costs(company, year - 1, day + relativedelta(years=-1))
            for budget in budgets:
                project = budget.project_id._origin.id
                first, last = budget.project_id.date_start, budget.project_id.date_end
                lines = {line.post_id._origin.id: line.amount for line in budget.line_ids}
                posts = {post for place, post in now if place == project} | lines.keys()
                for post in posts:
                    spent, planned = now.get((project, post), (0.0, 0.0))
                    earlier, later = before.get((project, post), (0.0, 0.0))
                    course = (earlier, earlier + later)
                    part = spending.part_by_day(day, year, course, first, last)
                    result[budget][post] = Standing(
                        spent, spending.expect(spent, planned, lines.get(post, 0.0), part)
                    )
        return result

    def _read_costs(self, company, year, day):
        """Return ``{(project id, post id): (costs up to a day, later costs of that year)}``."""
        # sudo: only sums leave the facts, by project and post, of budgets that the user may read
        facts = self.env["buurtbemiddeling.cost.report"].sudo()
        facts = facts._of_year(year, date(year, 12, 31)).with_context(facts_planned=True)
        scope = facts._get_scope(company)
        scope &= fields.Domain("project_id", "in", self.project_id._origin.ids)
        terms = [Term([("date", "<=", day)], "amount"), Term([("date", ">", day)], "amount")]
        return {
            (int(project), int(post)): tuple(numbers)
            for _index, project, post, numbers in facts._aggregate(
                scope, terms, [("project_id", "post_id")]
            )
        }
