from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import TODAY, YEAR, MoneyCase


@tagged("post_install", "-at_install")
class TestBudget(MoneyCase):
    def test_each_post_has_its_costs_share_and_rest(self):
        budget = self.make_budget(overhead=1000, staff=9000)
        self.spend(250)
        self.work(10)
        line = self.on_post(budget, "overhead")
        self.assertEqual((line.actual, line.used, line.remaining), (250, 0.25, 750))
        self.assertEqual(budget.actual, 750)

    def test_costs_on_a_post_without_a_line_are_not_lost(self):
        budget = self.make_budget(overhead=1000)
        self.spend(40, post="other")
        self.env.invalidate_all()
        self.assertEqual((budget.actual, budget.unbudgeted), (40, 40))

    def test_the_rest_of_the_year_goes_by_the_budget(self):
        budget = self.make_budget(overhead=1000)
        self.spend(300)
        self.assertEqual(self.on_post(budget, "overhead").forecast, 800)
        self.assertEqual(budget.outlook, "within")
        self.spend(300)
        self.assertEqual(self.on_post(budget, "overhead").forecast, 1100)
        self.assertEqual(budget.outlook, "over")

    def test_last_years_course_tells_which_part_of_the_year_is_over(self):
        self.spend(900, day=date(YEAR - 1, 2, 1))
        self.spend(100, day=date(YEAR - 1, 11, 1))
        budget = self.make_budget(overhead=1000)
        self.spend(850)
        self.assertAlmostEqual(self.on_post(budget, "overhead").forecast, 950)

    def test_a_first_year_in_part_is_no_course_to_go_by(self):
        self.project.date_start = date(YEAR - 1, 9, 1)
        self.spend(300, day=date(YEAR - 1, 10, 1))
        budget = self.make_budget(overhead=1000)
        self.spend(500)
        self.assertEqual(self.on_post(budget, "overhead").forecast, 1000)

    def test_a_project_that_runs_part_of_the_year_spends_in_those_days(self):
        self.project.date_start = date(YEAR, 5, 2)  # 61 of 244 days until today
        budget = self.make_budget(overhead=800)
        self.spend(200, day=date(YEAR, 6, 1))
        self.assertAlmostEqual(self.on_post(budget, "overhead").forecast, 800)
        self.project.date_end = date(YEAR, 6, 30)
        self.assertEqual(self.on_post(budget, "overhead").forecast, 200)

    def test_what_is_planned_counts_when_it_is_more(self):
        budget = self.make_budget(training=1000)
        self.train(800, date(YEAR, 10, 1))
        line = self.on_post(budget, "training")
        self.assertEqual((line.actual, line.forecast), (0, 800))

    def test_a_year_that_is_over_comes_to_what_it_cost(self):
        budget = self.make_budget(YEAR - 1, overhead=1000)
        self.spend(640, day=date(YEAR - 1, 6, 1))
        line = self.on_post(budget, "overhead")
        self.assertEqual((line.actual, line.forecast, line.outlook), (640, 640, "within"))

    def test_many_budgets_take_no_more_queries(self):
        projects = [
            self.project.copy({"name": f"P{number}", "area_ids": False}) for number in range(3)
        ]
        budgets = self.env["buurtbemiddeling.budget"].concat(
            *(self.make_budget(project=project) for project in projects)
        )

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            some.mapped("name")
            before = self.env.cr.sql_log_count
            some.mapped("actual")
            return self.env.cr.sql_log_count - before

        count(budgets[:1])
        self.assertLessEqual(count(budgets), count(budgets[:1]))

    # ------------------------------------------------------------
    # WHO PAYS
    # ------------------------------------------------------------

    def test_shares_and_amounts_add_up_to_the_whole(self):
        budget = self.make_budget(overhead=1000, funded=False)
        budget.funding_ids = [
            Command.create({"partner_id": self.town.id, "share": 0.5}),
            Command.create({"partner_id": self.corporation.id, "fixed_amount": 300}),
        ]
        self.assertFalse(budget.is_funded)
        self.assertIn("200.00", budget.funding_text)
        with self.assertRefused("200.00"):
            budget.action_adopt()
        budget.funding_ids[1].fixed_amount = 500
        self.assertTrue(budget.is_funded)
        budget.action_adopt()
        self.assertEqual(budget.state, "adopted")

    def test_shares_that_are_the_whole_pay_it_to_the_cent(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Funder {number}", "is_company": True} for number in range(4)]
        )
        for amount, shares, expected in (
            (100.01, (0.5, 0.5), [50.01, 50]),
            (1000.03, (0.5, 0.5), [500.02, 500.01]),
            (100, (1 / 3, 1 / 3, 1 / 3), [33.33, 33.33, 33.34]),
            (100.05, (0.25, 0.25, 0.25, 0.25), [25.01, 25.01, 25.01, 25.02]),
            (100.01, (0.3333, 0.3333, 0.3334), [33.33, 33.33, 33.35]),
        ):
            with self.subTest(amount=amount, shares=shares):
                budget = self.make_budget(YEAR + 1, overhead=amount, funded=False)
                budget.funding_ids = [
                    Command.create({"partner_id": partner.id, "share": share})
                    for partner, share in zip(partners, shares, strict=False)
                ]
                paid = budget.funding_ids.sorted("id").mapped("amount")
                self.assertEqual([round(each, 2) for each in paid], expected)
                budget.action_adopt()
                budget.action_draft()
                budget.unlink()

    def test_shares_that_are_not_the_whole_pay_no_rest(self):
        budget = self.make_budget(overhead=100, funded=False)
        budget.funding_ids = [
            Command.create({"partner_id": partner.id, "share": 0.3333})
            for partner in (self.town, self.corporation)
        ]
        self.assertEqual(budget.funding_ids.mapped("amount"), [33.33, 33.33])
        self.assertFalse(budget.is_funded)

    def test_funders_never_pay_more_than_the_whole(self):
        budget = self.make_budget(overhead=1000)
        other = {"budget_id": budget.id, "partner_id": self.corporation.id}
        for values in ({"share": 0.1}, {"fixed_amount": 1}):
            with self.assertRefused("more than 100 %"):
                self.env["buurtbemiddeling.budget.funding"].create({**other, **values})
        budget.funding_ids = [Command.clear()]
        for values in ({}, {"share": 0.5, "fixed_amount": 500}, {"share": 1.5}):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.env["buurtbemiddeling.budget.funding"].create({**other, **values})

    def test_less_budget_than_the_amounts_that_were_promised(self):
        budget = self.make_budget(overhead=1000, funded=False)
        budget.funding_ids = [Command.create({"partner_id": self.town.id, "fixed_amount": 1000})]
        with self.assertRefused("more than 100 %"):
            budget.write({"line_ids": [Command.update(budget.line_ids.id, {"amount": 900})]})

    def test_a_resident_pays_nothing(self):
        resident = self.env["res.partner"].create(
            {"name": "Resident", "is_confidential": True, "company_id": self.company.id}
        )
        with self.assertRefused("resident"):
            self.make_budget(funded=False).funding_ids = [
                Command.create({"partner_id": resident.id, "share": 1})
            ]

    # ------------------------------------------------------------
    # ADOPTED AND CLOSED
    # ------------------------------------------------------------

    def test_what_was_adopted_stays(self):
        budget = self.make_budget(overhead=1000)
        budget.action_adopt()
        for change in (
            lambda: budget.line_ids.write({"amount": 2000}),
            lambda: budget.write({"year": YEAR + 1}),
            lambda: budget.funding_ids.write({"share": 0.5}),
            lambda: budget.line_ids.unlink(),
            lambda: budget.unlink(),
            lambda: budget.write(
                {"line_ids": [Command.create({"post_id": self.post("other").id, "amount": 1})]}
            ),
        ):
            with self.assertRefused("was adopted"):
                change()
        budget.line_ids.explanation = "Rent went up."
        budget.action_draft()
        budget.line_ids.amount = 2000

    def test_a_budget_without_posts_is_not_adopted(self):
        budget = self.env["buurtbemiddeling.budget"].create(
            {"project_id": self.project.id, "year": YEAR}
        )
        with self.assertRefused("no posts"):
            budget.action_adopt()

    def test_a_year_is_closed_once_it_is_over(self):
        budget = self.make_budget()
        budget.action_adopt()
        with self.assertRefused("not over"):
            budget.action_close()

    def test_nothing_is_booked_in_a_closed_year(self):
        day = date(YEAR - 1, 6, 1)
        budget = self.make_budget(YEAR - 1)
        actual, entry = self.spend(100, day=day), self.work(1, day=day)
        budget.action_adopt()
        budget.action_close()
        for change in (
            lambda: self.spend(5, day=day),
            lambda: self.work(1, day=day),
            lambda: actual.write({"amount": 90}),
            lambda: entry.write({"date": TODAY}),
            lambda: self.spend(5).write({"date": day}),
            lambda: actual.unlink(),
            lambda: budget.write({"hourly_rate": 1}),
        ):
            with self.assertRefused("closed"):
                change()
        actual.description = "Rent"
        budget.action_reopen()
        actual.amount = 90

    def test_what_comes_in_after_closing_is_told(self):
        budget = self.make_budget(YEAR - 1)
        budget.action_adopt()
        budget.action_close()
        self.assertFalse(budget.late_text)
        self.train(80, date(YEAR - 1, 6, 1))
        self.env.invalidate_all()
        self.assertIn("80.00", budget.late_text)

    # ------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------

    def test_a_project_has_one_budget_a_year_and_a_post_once(self):
        budget = self.make_budget()
        for create in (
            lambda: self.make_budget(),
            lambda: budget.write(
                {"line_ids": [Command.create({"post_id": self.post("overhead").id})]}
            ),
        ):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                create()

    def test_next_year_begins_with_this_one_and_is_made_once(self):
        budget = self.make_budget(overhead=1000, staff=9000)
        budget.action_adopt()
        self.company.buurtbemiddeling_hourly_rate = 55
        action = budget.action_copy_to_next_year()
        new = budget.browse(action["res_id"])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((new.year, new.state, new.hourly_rate), (YEAR + 1, "draft", 55))
        self.assertEqual(
            [(line.post_id.code, line.amount) for line in new.line_ids],
            [("staff", 9000), ("overhead", 1000)],
        )
        self.assertEqual(new.funding_ids.partner_id, self.town)
        self.assertEqual(budget.action_copy_to_next_year()["res_id"], new.id)

    # ------------------------------------------------------------
    # HOURS
    # ------------------------------------------------------------

    def test_a_day_has_24_hours_over_all_projects(self):
        other = self.project.copy({"name": "Other", "area_ids": False})
        self.work(16, project_id=other.id)
        with self.assertRefused("a day has 24"):
            self.work(9)
        self.work(9, period="month")
        self.work(8, user_id=self.users["bart"].id)

    def test_a_month_has_its_hours(self):
        with self.assertRefused("more than there are"):
            self.work(745, period="month")
        self.work(120, period="month")

    def test_hours_are_more_than_none(self):
        for hours in (0, -3):
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                self.work(hours)

    def test_everyone_keeps_their_own_hours_and_the_administrator_all(self):
        entry = self.work(8)
        hours = self.env["buurtbemiddeling.staff.hours"]
        self.assertEqual(hours.with_user(self.users["anna"]).search([]), entry)
        bart = hours.with_user(self.users["bart"])
        self.assertFalse(bart.search([]))
        with self.assertRaises(AccessError):
            bart.create(
                {"project_id": self.project.id, "user_id": self.users["anna"].id, "hours": 1}
            )
        entry.with_user(self.users["manager"]).hours = 7
        own = bart.create({"project_id": self.project.id, "hours": 1})
        self.assertEqual(own.user_id, self.users["bart"])

    # ------------------------------------------------------------
    # WHO SEES WHAT
    # ------------------------------------------------------------

    def test_readers_see_totals_of_adopted_budgets_and_no_single_cost(self):
        draft, adopted = self.make_budget(YEAR + 1), self.make_budget()
        adopted.action_adopt()
        self.spend(250)
        self.work(8)
        self.env.invalidate_all()
        reader = self.users["reader"]
        seen = self.env["buurtbemiddeling.budget"].with_user(reader).search([])
        self.assertEqual(seen, adopted)
        self.assertEqual((seen.actual, seen.line_ids.actual), (650, 250))
        self.assertEqual(seen.funding_ids.amount, 1000)
        self.assertFalse(
            self.env["buurtbemiddeling.budget.line"]
            .with_user(reader)
            .search([("budget_id", "=", draft.id)])
        )
        with self.assertRaises(AccessError):
            seen.read(["hourly_rate"])
        for model in ("budget.actual", "staff.hours", "cost.report"):
            with self.assertRaises(AccessError):
                self.env[f"buurtbemiddeling.{model}"].with_user(reader).search([])
        with self.assertRaises(AccessError):
            seen.action_draft()

    def test_a_coordinator_keeps_the_budget(self):
        anna = self.users["anna"]
        budget = self.make_budget().with_user(anna)
        budget.line_ids.amount = 1500
        budget.action_adopt()
        self.spend(250)
        self.env.invalidate_all()
        self.assertEqual(budget.actual, 250)
        self.assertIn("Town hall 100.0 %", budget.funding_text)

    def test_the_page_of_the_project_opens_the_budget_of_this_year(self):
        self.assertEqual(
            self.project.action_open_budget()["context"], {"default_project_id": self.project.id}
        )
        budget = self.make_budget()
        self.spend(250)
        self.env.invalidate_all()
        self.assertEqual((self.project.budget_id, self.project.budget_used), (budget, 0.25))
        self.assertEqual(self.project.action_open_budget()["res_id"], budget.id)

    def test_a_budget_tells_what_a_case_costs(self):
        self.make_cases(5, registered=date(YEAR, 1, 5), area_id=self.area.id)
        self.make_cases(5, registered=date(YEAR, 1, 5))
        budget = self.make_budget()
        self.spend(250)
        self.env.invalidate_all()
        self.assertIn("50.00", budget.cost_text)
