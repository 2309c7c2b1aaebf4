"""Budgets of projects: what is planned, what it costs, who pays, and what is refused."""

from contextlib import contextmanager
from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

YEAR = 2024
TODAY = date(YEAR, 7, 1)  # 183 of 366 days: half of the year


class MoneyCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(TODAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.buurtbemiddeling_hourly_rate = 50
        cls.area = cls.make_area("Town", inhabitants=20000)
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Town project",
                "company_id": cls.company.id,
                "area_ids": [Command.set(cls.area.ids)],
                "date_start": date(2015, 1, 1),
            }
        )
        cls.town, cls.corporation = cls.env["res.partner"].create(
            [{"name": "Town hall", "is_company": True}, {"name": "Homes", "is_company": True}]
        )
        cls.users = {
            name: mail_new_test_user(
                cls.env,
                login=f"money_{name}",
                groups=group,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in {
                "reader": "buurtbemiddeling_report.group_reporting",
                "anna": "buurtbemiddeling_case.group_user",
                "bart": "buurtbemiddeling_case.group_user",
                "manager": "buurtbemiddeling_case.group_manager",
            }.items()
        }

    @classmethod
    def post(cls, code):
        return cls.code("budget.post", code)

    @classmethod
    def make_budget(cls, year=YEAR, project=None, funded=True, **amounts):
        """Create a budget; ``overhead=1000`` is a line of 1,000 euros on that post."""
        budget = cls.env["buurtbemiddeling.budget"].create(
            {
                "project_id": (project or cls.project).id,
                "year": year,
                "line_ids": [
                    Command.create({"post_id": cls.post(code).id, "amount": amount})
                    for code, amount in (amounts or {"overhead": 1000}).items()
                ],
            }
        )
        if funded:
            budget.funding_ids = [Command.create({"partner_id": cls.town.id, "share": 1})]
        return budget

    @classmethod
    def spend(cls, amount, day=date(YEAR, 3, 1), post="overhead", project=None, **values):
        return cls.env["buurtbemiddeling.budget.actual"].create(
            {
                "project_id": (project or cls.project).id,
                "date": day,
                "post_id": cls.post(post).id,
                "amount": amount,
                **values,
            }
        )

    @classmethod
    def work(cls, hours, day=date(YEAR, 3, 1), **values):
        return cls.env["buurtbemiddeling.staff.hours"].create(
            {
                "project_id": cls.project.id,
                "user_id": cls.users["anna"].id,
                "date": day,
                "hours": hours,
                **values,
            }
        )

    @classmethod
    def train(cls, cost, day, **values):
        training = cls.env["buurtbemiddeling.training"].create({"name": "Talking", "hours": 3})
        start = datetime(day.year, day.month, day.day, 17)
        event = {"name": "Evening", "start": start, "stop": start + timedelta(hours=3)}
        return cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "project_id": cls.project.id,
                "cost": cost,
                "event_ids": [Command.create(event)],
                **values,
            }
        )

    @classmethod
    def make_volunteer(cls, **values):
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Volunteer"}).id,
                "company_id": cls.company.id,
                "date_start": date(2015, 1, 1),
                **values,
            }
        )

    @classmethod
    def claim(cls, amount, volunteer, day=date(YEAR, 3, 1), state="approved", **values):
        return (
            cls.env["buurtbemiddeling.expense"]
            .with_context(import_file=True)
            .create(
                {
                    "volunteer_id": volunteer.id,
                    "kind": "other",
                    "date": day,
                    "amount": amount,
                    "state": state,
                    **values,
                }
            )
        )

    def on_post(self, budget, code):
        self.env.invalidate_all()
        return budget.line_ids.filtered(lambda each: each.post_id.code == code)

    @contextmanager
    def assertRefused(self, words):
        """Check that something is refused with these words in the sentence, and nothing is done."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    def costs(self, code=None, project=None, year=YEAR):
        """Return what the facts say a year cost."""
        facts = self.env["buurtbemiddeling.cost.report"]._of_year(year, date(year, 12, 31))
        domain = [("project_id", "=", (project or self.project).id)]
        if code:
            domain.append(("post_id.code", "=", code))
        return sum(facts.search(domain).mapped("amount"))


@tagged("post_install", "-at_install")
class TestCosts(MoneyCase):
    def test_hours_of_a_coordinator_cost_what_an_hour_costs(self):
        self.work(10)
        self.assertEqual(self.costs("staff"), 500)

    def test_the_rate_of_a_year_is_that_of_the_budget_and_hours_follow_it(self):
        entry = self.work(10)
        budget = self.make_budget(staff=9000)
        self.assertEqual(budget.hourly_rate, 50, "that of the organisation to start with")
        budget.hourly_rate = 60
        self.assertEqual(entry.amount, 600)
        self.company.buurtbemiddeling_hourly_rate = 99
        self.assertEqual(self.work(1, day=date(YEAR, 3, 2)).amount, 60)
        self.assertEqual(self.work(1, day=date(YEAR - 1, 3, 2)).amount, 99)

    def test_a_new_rate_of_the_organisation_changes_no_past_hours(self):
        entry = self.work(10, day=date(YEAR - 1, 3, 1))
        self.company.buurtbemiddeling_hourly_rate = 99
        self.make_budget(staff=9000)
        self.assertEqual(entry.amount, 500)

    def test_a_budget_made_afterwards_changes_no_hours_of_a_year_that_is_over(self):
        entry = self.work(10, day=date(YEAR - 1, 3, 1))
        self.company.buurtbemiddeling_hourly_rate = 80
        budget = self.make_budget(YEAR - 1, staff=9000)
        self.assertEqual((budget.hourly_rate, entry.amount), (0, 500))
        budget.hourly_rate = 60
        self.assertEqual(entry.amount, 600, "a rate that somebody types is meant")

    def test_hours_that_move_to_another_year_cost_what_an_hour_costs_there(self):
        self.make_budget(staff=9000).hourly_rate = 60
        self.company.buurtbemiddeling_hourly_rate = 80
        entry = self.work(10)
        self.assertEqual(entry.amount, 600)
        entry.date = date(YEAR - 1, 3, 1)
        self.assertEqual(entry.amount, 800, "that year has no budget")
        entry.date = date(YEAR, 3, 2)
        self.assertEqual(entry.amount, 600)
        entry.hours = 5
        self.assertEqual(entry.amount, 300)

    def test_a_training_costs_what_was_filled_in_unless_it_is_cancelled(self):
        self.train(400, date(YEAR, 2, 1))
        cancelled = self.train(300, date(YEAR, 2, 8))
        cancelled.action_cancel()
        self.assertEqual(self.costs("training"), 400)

    def test_a_training_counts_on_the_day_that_it_ends(self):
        session = self.train(400, date(YEAR - 1, 12, 31))
        last = datetime(YEAR, 1, 2, 18)
        session.event_ids = [
            Command.create({"name": "Last", "start": last, "stop": last + timedelta(hours=3)})
        ]
        self.assertEqual(self.costs("training"), 400)
        self.assertEqual(self.costs("training", year=YEAR - 1), 0)

    def test_a_training_without_half_days_is_planned_until_its_year_ends(self):
        session = self.train(400, TODAY, event_ids=False)
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_training_session SET create_date = %s WHERE id = %s",
            [datetime(YEAR, 2, 1), session.id],
        )
        line = self.make_budget(training=100).line_ids
        self.assertEqual((line.actual, line.forecast), (0, 400))
        with freeze_time(date(YEAR + 1, 1, 1)):
            self.assertEqual(self.costs("training"), 400)

    def test_an_expense_counts_once_approved_for_the_project_of_the_volunteer(self):
        volunteer = self.make_volunteer(project_id=self.project.id)
        self.claim(12.5, volunteer)
        self.claim(7, volunteer, state="submitted")
        self.claim(7, volunteer, state="refused", refusal_reason="No receipt.")
        self.assertEqual(self.costs("volunteers"), 12.5)

    def test_an_expense_for_a_case_counts_for_the_project_of_the_case(self):
        other = self.project.copy({"name": "Other", "area_ids": False})
        volunteer = self.make_volunteer(project_id=other.id)
        case = self.make_cases(1, registered=date(YEAR, 1, 5), area_id=self.area.id)
        self.assertEqual(case.project_id, self.project)
        assignment = (
            self.env["buurtbemiddeling.assignment"]
            .with_context(import_file=True)
            .create({"case_id": case.id, "volunteer_id": volunteer.id, "state": "accepted"})
        )
        self.claim(30, volunteer, assignment_id=assignment.id)
        self.assertEqual(self.costs("volunteers"), 30)
        self.assertEqual(self.costs("volunteers", other), 0)

    def test_who_moves_to_another_project_takes_no_costs_along(self):
        other = self.project.copy({"name": "Other", "area_ids": False})
        volunteer = self.make_volunteer(project_id=self.project.id)
        self.claim(100, volunteer, day=date(YEAR - 1, 5, 1))
        budget = self.make_budget(YEAR - 1, volunteers=500)
        budget.action_adopt()
        budget.action_close()
        volunteer.project_id = other
        self.env.invalidate_all()
        self.assertEqual((budget.actual, budget.late_text), (100, False))
        self.assertEqual(self.costs("volunteers", other, YEAR - 1), 0)
        self.claim(7, volunteer)
        self.assertEqual(self.costs("volunteers", other), 7)

    def test_costs_of_before_the_project_was_entered_fall_under_it(self):
        """Also what went to the salary office, of which nobody may change anything."""
        new = self.make_area("New town")
        volunteer = self.make_volunteer(area_id=new.id)
        volunteer.project_id = False
        expense = self.claim(100, volunteer)
        self.env["buurtbemiddeling.expense.export"]._export(expense, TODAY)
        self.assertEqual((expense.state, expense.project_id.id), ("exported", False))
        project = self.project.copy({"name": "New", "area_ids": [Command.set(new.ids)]})
        self.assertEqual(volunteer.project_id, project)
        self.assertEqual(self.costs("volunteers", project), 100)

    def test_volunteers_who_are_merged_keep_the_costs_where_they_were(self):
        other = self.project.copy({"name": "Other", "area_ids": False})
        stays, goes = (self.make_volunteer(project_id=each.id) for each in (self.project, other))
        expense = self.claim(100, goes)
        stays._as_merging().env["buurtbemiddeling.expense"].browse(expense.id).volunteer_id = stays
        self.assertEqual((expense.volunteer_id, expense.project_id), (stays, other))

    def test_costs_of_no_project_count_for_the_organisation(self):
        self.train(400, date(YEAR, 2, 1), project_id=False)
        self.spend(100)
        benchmark = self.compute(YEAR, reference_date=TODAY)
        self.assertFigures(benchmark, {"cost_total": 500})
        rows = benchmark.line_ids.filtered(
            lambda each: (each.indicator_code, each.dimension) == ("cost_total", "project")
        )
        self.assertEqual(
            {row.dimension_code: row.value for row in rows},
            {str(self.project.id): 100, "NONE": 400},
            "projects add up to the organisation",
        )

    def test_what_was_entered_does_not_drop_out_with_its_line(self):
        """Under a post with a flow only a line of the budget lets costs be entered."""
        budget = self.make_budget(staff=5000)
        line = budget.line_ids
        line.way = "entered"
        self.spend(700, post="staff")
        for change in (
            lambda: line.unlink(),
            lambda: budget.unlink(),
            lambda: line.write({"post_id": self.post("overhead").id}),
            lambda: budget.write({"year": YEAR + 1}),
        ):
            with self.assertRefused("would not count any more"):
                change()
        self.assertEqual(self.costs("staff"), 700)
        self.env["buurtbemiddeling.budget.actual"].search([("amount", "=", 700)]).unlink()
        line.unlink()

    def test_a_post_under_which_costs_came_in_keeps_its_way(self):
        self.work(10)
        with self.assertRaisesRegex(UserError, "would change the figures of past years"):
            self.post("staff").sudo().flow = False

    def test_a_network_activity_costs_what_was_filled_in(self):
        kind = self.env["buurtbemiddeling.network.activity.kind"].search([], limit=1)
        for state, cost in (("held", 80), ("cancelled", 30)):
            self.env["buurtbemiddeling.network.activity"].create(
                {
                    "name": "Evening",
                    "kind_id": kind.id,
                    "company_id": self.company.id,
                    "project_id": self.project.id,
                    "date": date(YEAR, 2, 1),
                    "state": state,
                    "cost": cost,
                }
            )
        self.assertEqual(self.costs("publicity"), 80)

    def test_no_cost_is_known_before_its_day(self):
        self.spend(100)
        self.spend(900, day=date(YEAR, 9, 1))
        self.assertFigures(self.compute(YEAR, reference_date=TODAY), {"cost_total": 100})
        self.assertFigures(self.compute(YEAR), {"cost_total": 100})
        with freeze_time(date(YEAR, 12, 31)):
            self.assertFigures(self.compute(YEAR), {"cost_total": 1000})

    # ------------------------------------------------------------
    # NOTHING TWICE
    # ------------------------------------------------------------

    def test_what_comes_in_by_itself_is_not_entered_as_well(self):
        for code in ("staff", "training", "volunteers"):
            with self.assertRefused("count twice"):
                self.spend(100, post=code)

    def test_wages_from_the_books_take_the_place_of_hours(self):
        self.work(10)
        budget = self.make_budget(staff=9000)
        budget.line_ids.way = "entered"
        self.assertEqual(self.costs("staff"), 0)
        self.spend(700, post="staff")
        self.assertEqual(self.costs("staff"), 700)

    def test_entered_costs_do_not_drop_out_by_another_way(self):
        budget = self.make_budget(staff=9000)
        budget.line_ids.way = "entered"
        self.spend(700, post="staff")
        with self.assertRefused("were entered in 2024"):
            budget.line_ids.way = "flow"

    def test_nothing_flows_into_a_post_without_a_flow(self):
        with self.assertRefused("Entered or imported"):
            self.make_budget().line_ids.way = "flow"

    def test_two_posts_can_not_take_the_same_costs(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.post("other").flow = "hours"
            self.env.flush_all()

    def test_a_post_in_use_keeps_the_way_its_costs_come_in(self):
        self.make_budget(staff=9000)
        with self.assertRefused("past years"):
            self.post("staff").flow = False
        with self.assertRefused("Archive"):
            self.post("training").unlink()

    def test_without_accounting_no_line_is_read_from_an_account(self):
        line = self.make_budget().line_ids
        self.assertEqual(line.budget_id.has_accounts, "account.analytic.account" in self.env)
        with self.assertRefused("account"):
            line.way = "account"
            self.env.flush_all()

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    def test_cost_per_registration_and_per_handled_case(self):
        self.spend(1200)
        self.make_cases(4, registered=date(YEAR, 1, 5))
        self.make_cases(2, registered=date(YEAR, 1, 5), outcome="OPG_BEM")
        benchmark = self.compute(YEAR, reference_date=TODAY)
        self.assertFigures(
            benchmark, {"cost_total": 1200, "cost_per_case": 200, "cost_per_handled": 600}
        )
        line = self.line(benchmark, "cost_per_case")
        self.assertEqual((line.numerator, line.denominator), (1200, 6))
        self.assertEqual(line.with_context(lang="en_US").value_text, "€\N{NO-BREAK SPACE}200.00")

    def test_costs_and_cases_of_a_cost_per_case_are_of_the_same_days(self):
        for day in (date(YEAR, 3, 1), date(YEAR, 9, 1)):
            self.spend(1000, day=day)
            self.make_cases(10, registered=day, outcome="OPG_BEM")
        with freeze_time(date(YEAR + 1, 3, 1)):
            whole = {"cases_registered": 20, "cost_total": 2000, "cost_per_case": 100}
            half = {"cases_registered": 10, "cost_total": 1000, "cost_per_case": 100}
            self.assertFigures(self.compute(YEAR, reference_date=TODAY), whole)
            self.assertFigures(self.compute(YEAR, reference_date=TODAY, is_to_date=True), half)

    def test_euros_are_written_the_dutch_way(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cost_total")
        text = indicator.with_context(lang="nl_NL")._format_value(1234.5, 3)
        self.assertEqual(text, "€\N{NO-BREAK SPACE}1.234,50")
        budget = self.make_budget().with_context(lang="nl_NL")
        self.assertEqual(budget._say(1234.5), text, "also next to it in a chapter")

    def test_what_nobody_entered_the_costs_of_is_not_free(self):
        self.make_cases(4, registered=date(YEAR, 1, 5))
        benchmark = self.compute(YEAR, reference_date=TODAY)
        for code in ("cost_total", "cost_per_case"):
            self.assertEqual(self.line(benchmark, code).value_text, "–")

    def test_figures_on_some_areas_have_no_costs(self):
        """Of a project that serves two towns nobody can say what the one of them cost."""
        self.spend(1200)
        self.make_cases(4, registered=date(YEAR, 1, 5), area_id=self.area.id)
        part = self.compute(YEAR, area_ids=[Command.set(self.area.ids)])
        self.assertFalse(part.line_ids.filtered(lambda each: each.indicator_code[:5] == "cost_"))
        self.assertFigures(part, {"cases_registered": 4})

    def test_costs_are_added_up_and_not_counted(self):
        indicators = self.env["buurtbemiddeling.indicator"]
        values = {"code": "new", "name": "New", "explanation": "New.", "source": "cost"}
        with self.assertRefused("added up"):
            indicators.create({**values, "kind": "count"})
        with self.assertRefused("Euros"):
            indicators.create({**values, "kind": "total", "measure": "amount", "unit": "cases"})
        new = indicators.create(
            {
                **values,
                "kind": "ratio",
                "measure": "amount",
                "numerator_domain": "[('origin', '=', 'hours')]",
                "denominator_source": "case",
                "denominator_domain": "[]",
            }
        )
        self.assertEqual((new.unit, new.direction, new.grows), ("euros", "at_most", False))
        self.work(10)
        self.make_cases(2, registered=date(YEAR, 1, 5))
        self.assertFigures(self.compute(YEAR, reference_date=TODAY), {"new": 250})

    def test_a_frozen_figure_tells_that_a_cost_came_in_later(self):
        self.spend(1200, day=date(YEAR - 1, 5, 1))
        benchmark = self.compute(YEAR - 1)
        benchmark.action_freeze()
        with freeze_time(TODAY + timedelta(days=1)):
            self.spend(300, day=date(YEAR - 1, 6, 1))
            benchmark.action_check()
        difference = benchmark.difference_ids.filtered(
            lambda each: (each.indicator_code, each.dimension) == ("cost_total", False)
        )
        self.assertEqual((difference.value_then, difference.value_now), (1200, 1500))
        self.assertIn("1 cost", difference.cause)
        self.assertFigures(benchmark, {"cost_total": 1200})

    def test_a_target_speaks_of_euros(self):
        self.spend(1200)
        target = self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": self.env.ref("buurtbemiddeling_report.indicator_cost_total").id,
                "company_id": self.company.id,
                "year": YEAR,
                "value": 2000,
            }
        )
        self.assertEqual((target.direction, target.state), ("at_most", "on_track"))
        self.assertIn("€\N{NO-BREAK SPACE}1,200.00", target.sentence)
        self.spend(1000)
        self.env.invalidate_all()
        self.assertEqual(target.state, "behind")

    def test_a_budget_says_the_same_as_the_figures(self):
        self.spend(1200)
        self.work(10)
        self.train(400, date(YEAR, 2, 1))
        budget = self.make_budget(overhead=1000, staff=9000)
        self.assertFigures(self.compute(YEAR, reference_date=TODAY), {"cost_total": budget.actual})


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


@tagged("post_install", "-at_install")
class TestMoneyImport(MoneyCase):
    def load(self, model, columns, rows):
        """Import as Odoo's own import does, and return its messages."""
        # as the screen of an import does
        records = self.env[f"buurtbemiddeling.{model}"].with_context(import_file=True)
        result = records.load(columns, rows)
        return " ".join(message["message"] for message in result["messages"])

    def load_actuals(self, *rows):
        columns = ["date", "project_id", "post_id", "amount", "description", "external_ref"]
        return self.load(
            "budget.actual", columns, [[row[0], "Town project", *row[1:]] for row in rows]
        )

    def test_costs_are_imported_once(self):
        first = ("2024-02-01", "overhead", "100.50", "Rent", "INK-1")
        second = ("2024-03-01", "Overhead and housing", "100.50", "Rent", "INK-2")
        self.assertFalse(self.load_actuals(first))
        self.assertIn("INK-1", self.load_actuals(second, first))
        self.assertEqual(self.costs(), 100.5, "nothing of the second file was booked")
        self.assertFalse(self.load_actuals(second))
        self.assertIn("INK-3", self.load_actuals(*[("2024-03-01", "other", "1", "", "INK-3")] * 2))

    def test_costs_without_a_number_are_imported_once_as_well(self):
        rent = ("2024-02-01", "overhead", "100.50", "Rent", "")
        self.assertFalse(self.load_actuals(rent))
        self.assertIn("“Rent” of 02/01/2024 is there already", self.load_actuals(rent))
        self.assertFalse(self.load_actuals(("2024-02-01", "overhead", "100.51", "Rent", "")))
        twice = ("2024-04-01", "overhead", "7", "Coffee", "")
        self.assertIn("twice in this file", self.load_actuals(twice, twice))
        self.spend(7, day=date(2024, 4, 1), description="Coffee")
        self.spend(7, day=date(2024, 4, 1), description="Coffee")  # by hand: who types knows

    def test_costs_of_two_organisations_may_have_the_same_number(self):
        self.spend(5, external_ref="INK-1")
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        project = self.project.copy(
            {"name": "Elsewhere", "company_id": other.id, "area_ids": False}
        )
        self.env["buurtbemiddeling.budget.actual"].with_context(
            allowed_company_ids=other.ids
        ).create(
            {
                "project_id": project.id,
                "post_id": self.post("overhead").id,
                "amount": 5,
                "external_ref": "INK-1",
            }
        )

    def test_an_amount_needs_a_post(self):
        self.assertTrue(self.load_actuals(("2024-02-01", "", "100", "Rent", "")))
        with self.assertRefused("Choose a post for “Rent”"):
            self.env["buurtbemiddeling.budget.actual"].create(
                {"project_id": self.project.id, "amount": 5, "description": "Rent"}
            )
        self.assertEqual(self.costs(), 0)

    def test_a_budget_is_imported_once(self):
        columns = ["project_id", "year", "line_ids/post_id", "line_ids/amount"]
        rows = [["Town project", "2024", "overhead", "1000"], ["", "", "other", "200"]]
        self.assertFalse(self.load("budget", columns, rows))
        with mute_logger("odoo.sql_db"):
            self.assertIn("has a budget for that year", self.load("budget", columns, rows))
        budget = self.env["buurtbemiddeling.budget"].search([("project_id", "=", self.project.id)])
        self.assertEqual((budget.year, budget.budgeted), (2024, 1200))
        with mute_logger("odoo.sql_db"):
            self.assertIn(
                "in the budget already",
                self.load(
                    "budget.line",
                    ["budget_id", "post_id", "amount"],
                    [[budget.name, "material", "5"], [budget.name, "other", "5"]],
                ),
            )
        self.assertEqual(budget.budgeted, 1200, "nothing of it was added")


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
