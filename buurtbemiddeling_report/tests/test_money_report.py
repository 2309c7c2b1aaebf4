from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common_money import YEAR, MoneyCase


@tagged("post_install", "-at_install")
class TestMoneyReport(MoneyCase):
    def test_the_chapter_on_finance_tells_budget_costs_and_who_pays(self):
        budget = self.make_budget(YEAR - 1, overhead=1000, staff=9000)
        budget.action_adopt()
        self.spend(640, day=date(YEAR - 1, 6, 1))
        self.spend(60, day=date(YEAR - 1, 6, 1), post="other")
        self.make_cases(7, registered=date(YEAR - 1, 5, 1))
        report = self.env["buurtbemiddeling.year.report"].create(
            {"kind": "annual", "year": YEAR - 1, "company_id": self.company.id}
        )
        report.action_compute()
        chapter = report.chapter_ids.filtered(lambda each: each.code == "finance")
        figures, posts, funding = report._get_blocks(chapter)[chapter.id]
        self.assertEqual(figures["rows"][0][:2], ["Costs", "€\N{NO-BREAK SPACE}700.00"])
        self.assertEqual(posts["columns"], ["Post", "Budgeted", "Costs"])
        self.assertEqual(
            [[cell.replace("\N{NO-BREAK SPACE}", "") for cell in row[1:]] for row in posts["rows"]],
            [
                [budget._say(cell).replace("\N{NO-BREAK SPACE}", "") for cell in row]
                for row in ((9000, 0), (1000, 640), (0, 60), (10000, 700))
            ],
        )
        self.assertEqual(posts["note"], "Within the budget.")
        self.assertEqual(funding["rows"][0][:2], ["Town hall", "100.0 %"])
        self.assertEqual(funding["rows"][0][3], budget._say(700))

    def get_tables(self, year):
        """Return the tables of posts and of funders in an annual report on a year."""
        values = {"kind": "annual", "year": year, "company_id": self.company.id}
        report = self.env["buurtbemiddeling.year.report"].create(values)
        report.action_compute()
        chapter = report.chapter_ids.filtered(lambda each: each.code == "finance")
        return report._get_blocks(chapter)[chapter.id][1:]

    def test_a_report_made_while_the_year_runs_says_what_is_expected(self):
        budget = self.make_budget(overhead=1000)
        budget.action_adopt()
        self.spend(950)
        self.make_cases(7, registered=date(YEAR, 5, 1))
        self.env.invalidate_all()
        posts, _funding = self.get_tables(YEAR)
        self.assertEqual(posts["columns"][-1], "Expected at the end")
        self.assertEqual(posts["rows"][-1][-1], budget._say(budget.forecast))
        self.assertEqual((posts["note"], budget.outlook), ("Over the budget.", "over"))

    def test_an_amount_that_was_promised_is_what_is_paid_and_shares_divide_the_rest(self):
        budget = self.make_budget(YEAR - 1, overhead=1000, funded=False)
        budget.funding_ids = [
            Command.create({"partner_id": self.corporation.id, "fixed_amount": 200}),
            Command.create({"partner_id": self.town.id, "share": 0.8}),
        ]
        budget.action_adopt()
        self.make_cases(7, registered=date(YEAR - 1, 5, 1))
        self.spend(950, day=date(YEAR - 1, 6, 1))
        _posts, funding = self.get_tables(YEAR - 1)
        self.assertEqual(
            {row[0]: row[3] for row in funding["rows"]},
            {"Homes": budget._say(200), "Town hall": budget._say(750)},
        )
        promised, shared = budget.funding_ids.sorted("fixed_amount", reverse=True)
        paid = budget.funding_ids._share_out(1200)
        self.assertEqual((paid[promised], paid[shared]), (200, 1000))

    def test_a_draft_budget_is_in_no_report(self):
        self.make_budget(YEAR - 1)
        report = self.env["buurtbemiddeling.year.report"].create(
            {"kind": "annual", "year": YEAR - 1, "company_id": self.company.id}
        )
        self.assertFalse(report._get_budgets())

    def test_a_report_on_a_town_has_the_budget_of_its_own_project_only(self):
        other = self.make_area("Elsewhere")
        both = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Both",
                "company_id": self.company.id,
                "area_ids": [Command.set((self.make_area("Third") | other).ids)],
            }
        )
        for project in (self.project, both):
            self.make_budget(YEAR - 1, project=project).action_adopt()
        report = self.env["buurtbemiddeling.year.report"].create(
            {
                "kind": "annual",
                "year": YEAR - 1,
                "company_id": self.company.id,
                "municipality_id": self.area.id,
            }
        )
        self.assertEqual(report._get_budgets().project_id, self.project)
        report = report.create(
            {
                "kind": "annual",
                "year": YEAR - 1,
                "company_id": self.company.id,
                "municipality_id": other.id,
            }
        )
        self.assertFalse(report._get_budgets())
