from datetime import date

from odoo import models


class BuurtbemiddelingYearReportBudgetMixin(models.AbstractModel):
    """The budgets of a chapter: what was planned and spent on each post, and who pays."""

    _name = "buurtbemiddeling.year.report.budget.mixin"
    _description = "Budgets in a Chapter"

    def _prepare_blocks(self, sources, indicators):
        blocks = super()._prepare_blocks(sources, indicators)
        if self.has_budget:
            # as far as the costs are in the figures above it, not the reference date: that is the
            # end of the year by default, also while the year runs
            day = sources[0].benchmark._get_known_until()
            budgets = self.report_id._get_budgets()
            standings = budgets._get_standings(day)
            for budget in budgets:
                blocks.append(self._prepare_budget(budget, standings[budget], day))
                blocks.append(self._prepare_funding(budget, standings[budget]))
        return blocks

    def _prepare_budget(self, budget, standings, day):
        """Return the table of the posts, the total last."""
        is_over = day >= date(budget.year, 12, 31)
        lines = {line.post_id: line.amount for line in budget.line_ids}
        posts = self.env["buurtbemiddeling.budget.post"].browse(standings).sorted()
        columns = [self.env._("Post"), self.env._("Budgeted"), self.env._("Costs")]
        if not is_over:
            columns.append(self.env._("Expected at the end"))
        rows = []
        for post in posts:
            cells = [lines.get(post, 0.0), *standings[post.id][: 1 if is_over else 2]]
            rows.append([post.name, *map(budget._say, cells)])
        totals = [
            budget.budgeted,
            sum(standing.spent for standing in standings.values()),
            sum(standing.expected for standing in standings.values()),
        ]
        rows.append([self.env._("Total"), *map(budget._say, totals[: len(columns) - 1])])
        label = dict(budget._fields["outlook"]._description_selection(self.env))
        outlook = label[budget._judge(totals[1 if is_over else 2], budget.budgeted)]
        return self._block(
            self.env._("Budget and costs, %s", budget.name), columns, rows, f"{outlook}."
        )

    def _prepare_funding(self, budget, standings):
        """Return the table of who pays which share, of the budget and of what was spent."""
        paid = budget.funding_ids._share_out(sum(each.spent for each in standings.values()))
        rows = [
            [
                funding.partner_id.name,
                funding._get_share_text(),
                budget._say(funding.amount),
                budget._say(paid[funding]),
            ]
            for funding in budget.funding_ids
        ]
        return self._block(
            self.env._("Who pays, %s", budget.name),
            [
                self.env._("Funder"),
                self.env._("Share"),
                self.env._("Of the budget"),
                self.env._("Of the costs"),
            ],
            rows,
        )
