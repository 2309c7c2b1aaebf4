"""Costs that are read from analytic accounts, where Odoo's accounting is in use."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import YEAR, MoneyCase


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestMoneyAccounts(MoneyCase):
    """Runs where ``analytic`` is installed; the other tests of money run where it is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls.env["account.analytic.account"]
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Projects of the town"})
        cls.account = cls.make_account("Neighbours")

    @classmethod
    def make_account(cls, name, plan=None):
        return cls.accounts.create(
            {"name": name, "plan_id": (plan or cls.plan).id, "company_id": cls.company.id}
        )

    def book(self, amount, day=date(YEAR, 3, 1), account=None):
        account = account or self.account
        return self.env["account.analytic.line"].create(
            {
                "name": "Invoice",
                "date": day,
                "amount": amount,
                account.plan_id._column_name(): account.id,
                "company_id": self.company.id,
            }
        )

    def tie(self, budget, code, account=None):
        account = account or self.account
        line = budget.line_ids.filtered(lambda each: each.post_id.code == code)
        line.account_ref = f"{account._name},{account.id}"
        return line

    def test_what_was_booked_on_the_account_is_what_the_post_costs(self):
        budget = self.make_budget(overhead=1000, other=500)
        line = self.tie(budget, "overhead")
        self.assertEqual(line.way, "account")
        self.book(-300)  # costs are negative in the accounts
        self.book(50)
        self.book(-77, day=date(YEAR - 1, 3, 1))
        self.book(-88, account=self.make_account("Something else"))
        self.spend(20, post="other")
        line = self.on_post(budget, "overhead")
        self.assertEqual((line.actual, budget.actual), (250, 270))
        self.assertFigures(self.compute(YEAR, reference_date=date(YEAR, 7, 1)), {"cost_total": 270})

    def test_an_account_of_any_plan_can_be_tied(self):
        default = next(self.env["account.analytic.plan"]._get_all_plans())
        account = self.make_account("Of the first plan", default)
        budget = self.make_budget(overhead=1000)
        self.tie(budget, "overhead", account)
        self.book(-300, account=account)
        self.assertEqual(self.on_post(budget, "overhead").actual, 300)

    def test_nothing_is_entered_besides_the_accounts(self):
        self.tie(self.make_budget(overhead=1000), "overhead")
        with self.assertRefused("read from the accounts"):
            self.spend(5)

    def test_wages_in_the_accounts_take_the_place_of_hours(self):
        budget = self.make_budget(staff=9000)
        self.tie(budget, "staff")
        self.work(10)
        self.book(-700)
        self.assertEqual(self.on_post(budget, "staff").actual, 700)

    def test_one_account_pays_for_one_line_a_year(self):
        self.tie(self.make_budget(overhead=1000), "overhead")
        other = self.project.copy({"name": "Other", "area_ids": False})
        budget = self.make_budget(project=other, overhead=1000)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.tie(budget, "overhead")
        following = self.make_budget(YEAR + 1, overhead=1000)
        self.tie(following, "overhead")

    def test_what_is_on_accounts_of_two_plans_counts_once(self):
        second = self.make_account(
            "Wages", self.env["account.analytic.plan"].create({"name": "Kinds"})
        )
        budget = self.make_budget(overhead=1000, staff=1000)
        self.tie(budget, "overhead")
        self.tie(budget, "staff", second)
        self.book(-100)[second.plan_id._column_name()] = second.id
        self.env.invalidate_all()
        self.assertEqual(budget.actual, 100)
        self.assertFigures(self.compute(YEAR, reference_date=date(YEAR, 7, 1)), {"cost_total": 100})

    def test_organisations_may_tie_an_account_that_they_share(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        shared = self.make_account("Shared")
        shared.company_id = False
        self.tie(self.make_budget(overhead=1000), "overhead", shared)
        project = self.project.with_context(allowed_company_ids=[self.company.id, other.id]).copy(
            {"name": "Theirs", "company_id": other.id, "area_ids": False}
        )
        budget = self.make_budget(project=project, overhead=1000)
        self.tie(budget, "overhead", shared)
        self.book(-300, account=shared)
        self.env.invalidate_all()
        self.assertEqual(budget.actual, 0, "what this organisation booked is not theirs")

    def test_an_account_of_another_organisation_is_refused(self):
        stranger = self.env["res.company"].create({"name": "Stranger"})
        account = self.account.sudo().copy({"name": "Theirs", "company_id": stranger.id})
        with self.assertRefused("not there"):
            self.tie(self.make_budget(overhead=1000), "overhead", account)

    def test_an_account_that_was_deleted_costs_nothing(self):
        account = self.make_account("Short")
        line = self.tie(self.make_budget(overhead=1000), "overhead", account)
        account.unlink()
        self.env.invalidate_all()
        self.assertEqual(line.actual, 0)
        line.budget_id.web_read({"line_ids": {"fields": {"account_ref": {}}}})

    def test_next_year_is_read_from_the_same_account(self):
        budget = self.make_budget(overhead=1000)
        self.tie(budget, "overhead")
        new = budget.browse(budget.action_copy_to_next_year()["res_id"])
        self.book(-40, day=date(YEAR + 1, 1, 10))
        self.assertEqual((new.line_ids.way, self.costs(year=YEAR + 1)), ("account", 0))
        facts = self.env["buurtbemiddeling.cost.report"].with_context(
            facts_planned=True, reference_date=date(YEAR + 1, 12, 31)
        )
        self.assertEqual(facts.search([("project_id", "=", self.project.id)]).amount, 40)

    def test_a_coordinator_without_the_accounts_keeps_the_budget(self):
        budget = self.make_budget(overhead=1000)
        self.tie(budget, "overhead")
        self.book(-300)
        budget = self.on_post(budget, "overhead").budget_id.with_user(self.users["anna"])
        self.assertEqual(budget.line_ids.actual, 300)
        budget.line_ids.amount = 1200
        budget.action_adopt()
