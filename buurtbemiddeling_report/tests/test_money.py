"""Budgets of projects: what is planned, what it costs, who pays, and what is refused."""

from datetime import date, datetime, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_money import TODAY, YEAR, MoneyCase


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
