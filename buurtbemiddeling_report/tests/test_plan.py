"""The plan of action: complete, approved in a meeting, kept as it was, and followed up."""

from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanPaperCase


@tagged("post_install", "-at_install")
@freeze_time("2026-12-10 12:00:00")
class TestPlan(PlanPaperCase):
    # A draft

    def test_a_new_plan_has_the_chapters_of_the_list_and_is_for_next_year(self):
        plan = self.env["buurtbemiddeling.plan"].create({"project_id": self.project.id})
        self.assertEqual((plan.date_start, plan.date_end), (date(2027, 1, 1), date(2027, 12, 31)))
        self.assertEqual(plan.name, "Plan of action 2027, Town")
        self.assertEqual((plan.state, plan.version), ("draft", 1))
        templates = self.env["buurtbemiddeling.plan.template.chapter"].search([])
        self.assertEqual(plan.chapter_ids.mapped("code"), templates.mapped("code"))
        sections = set(dict(templates._fields["section"].selection))
        self.assertEqual(set(plan.chapter_ids.mapped("section")) - {False}, sections)

    def test_the_next_plan_starts_with_the_texts_of_the_last_one_to_look_at_again(self):
        first = self.make_plan()
        self.chapter(first, "method").text = "<p>Two mediators go</p>"
        self.chapter(first, "closing").is_shown = False
        second = self.env["buurtbemiddeling.plan"].create(
            {"project_id": self.project.id, "date_start": date(2028, 1, 1)}
        )
        method = self.chapter(second, "method")
        self.assertIn("Two mediators go", method.text)
        self.assertFalse(self.chapter(second, "closing").is_shown)
        self.assertEqual(second.inherited_count, 4)
        method.text = "<p>Two or three mediators go</p>"
        self.chapter(second, "budget").action_still_right()
        self.assertEqual(second.inherited_count, 2)
        self.assertFalse(second.goal_ids, "goals are thought of anew")

    def test_the_plan_takes_its_targets_from_where_they_are_kept(self):
        there = self.make_area("There")
        other = self.make_project("Other", there)
        mine = self.make_target(80, self.town)
        self.make_target(81, there)
        self.make_target(82, year=2028)
        self.make_target(83, indicator="cases_registered", project_id=other.id)
        plan = self.make_plan()
        self.assertEqual(plan.plan_target_ids, self.target | mine)
        self.assertWords(plan, "at least 70.0 %", "at least 80.0 %", "31 Dec 2027")
        self.assertNoWords(plan, "81.0 %", "82.0 %", "83")

    def test_the_plan_takes_the_agreements_of_its_period_and_those_on_data_under_privacy(self):
        other = self.make_project("Other", self.make_area("There"))
        mine = self.make_covenant("Covenant", "covenant", self.project, date(2020, 1, 1))
        data = self.make_covenant("Data", "data", self.project, date(2027, 5, 1), date(2029, 5, 1))
        self.make_covenant("Past", "working", self.project, date(2020, 1, 1), date(2026, 12, 31))
        self.make_covenant("Not ours", "covenant", other, date(2020, 1, 1))
        plan = self.make_plan()
        self.assertEqual(plan.covenant_ids, mine | data)
        self.assertWords(plan, "Housing Town", "Asks consent first.")
        self.assertNoWords(plan, "Past", "Not ours")
        privacy = self.chapter(plan, "privacy")._get_blocks()
        self.assertEqual([block["title"] for block in privacy], ["Data"])

    def test_the_plan_takes_the_budget_of_its_year(self):
        other = self.make_project("Other", self.make_area("There"))
        budget = self.make_budget(self.project, 2027)
        self.make_budget(self.project, 2026)
        self.make_budget(other, 2027)
        plan = self.make_plan()
        self.assertEqual(plan.budget_ids, budget)
        self.assertWords(plan, "32,000.00", "16,000.00")

    def test_the_plan_says_who_it_is_for_what_is_done_and_which_recognition_it_wants(self):
        plan = self.make_plan()
        self.assertWords(
            plan, "Recognition with plus certificate", "not recognised",
            "Residents with a conflict", "60 percent within half a year",
            "Evening for consultants", "Starting up", "30 Jun 2027",
        )  # fmt: skip

    def make_target(self, amount, area=None, indicator="success_of_handled", year=2027, **values):
        return self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": self.code("indicator", indicator).id,
                "company_id": self.company.id,
                "amount": amount,
                "year": year,
                "municipality_id": area and area.id,
                **values,
            }
        )

    def make_covenant(self, name, kind, project, start, end=False):
        """Make an agreement with the housing association, with one obligation."""
        asks = [Command.create({"name": "Asks consent first."})]
        party = {"partner_id": self.partner.id, "obligation_ids": asks}
        return self.env["buurtbemiddeling.covenant"].create(
            {
                "name": name,
                "kind": kind,
                "company_id": self.company.id,
                "project_id": project.id,
                "date_start": start,
                "date_end": end,
                "party_ids": [Command.create(party)],
            }
        )

    def make_budget(self, project, year):
        """Make a budget of which the housing association pays half."""
        post = self.env["buurtbemiddeling.budget.post"].search([], limit=1)
        half = {"partner_id": self.partner.id, "fixed_amount": 16000}
        return self.env["buurtbemiddeling.budget"].create(
            {
                "project_id": project.id,
                "year": year,
                "line_ids": [Command.create({"post_id": post.id, "amount": 32000})],
                "funding_ids": [Command.create(half)],
            }
        )

    def assertWords(self, plan, *texts):  # noqa: N802
        """All these are printed."""
        words = self.words(plan)
        for text in texts:
            self.assertIn(text, words)

    def assertNoWords(self, plan, *texts):  # noqa: N802
        """None of these is printed."""
        words = self.words(plan)
        for text in texts:
            self.assertNotIn(text, words)

    # Bad input

    def test_a_plan_and_its_parts_do_not_end_before_they_start(self):
        plan = self.make_plan()
        for record, name in (
            (plan, "dates_in_order"),
            (plan.phase_ids, "dates_in_order"),
            (plan.activity_ids[0], "dates_in_order"),
        ):
            with self.subTest(model=record._name), mute_logger("odoo.sql_db"):
                with self.assertRaisesRegex(IntegrityError, name), self.env.cr.savepoint():
                    record.write({"date_start": date(2027, 8, 1), "date_end": date(2027, 1, 1)})
                    record.flush_recordset()

    def test_evaluations_and_phases_are_inside_the_period(self):
        plan = self.make_plan()
        for record, values, sentence in (
            (plan.evaluation_ids[0], {"date": date(2028, 1, 15)}, "outside the period"),
            (plan, {"date_end": date(2027, 10, 31)}, "outside the period"),
            (plan.phase_ids, {"date_start": date(2026, 12, 1)}, "not wholly inside"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
                record.write(values)

    def test_an_activity_serves_a_goal_of_its_own_plan(self):
        plan = self.make_plan()
        other = self.make_plan(date_start=date(2028, 1, 1), date_end=date(2028, 12, 31),
                               phase_ids=[], evaluation_ids=[])  # fmt: skip
        with self.assertRaisesRegex(ValidationError, "another plan"):
            plan.activity_ids[0].goal_id = other.goal_ids[0]

    def test_an_empty_plan_is_not_submitted_and_hears_all_that_lacks(self):
        self.target.year = 2030
        plan = self.env["buurtbemiddeling.plan"].create({"project_id": self.project.id})
        with self.assertRaises(UserError) as refused:
            plan.action_submit()
        text = str(refused.exception)
        for wanted in (
            "at least one goal", "target groups", "ijkpunten", "parties that refer",
            "at least one activity", "personal data", "evaluation moment", "the budget",
            "ambition for the CCV",
        ):  # fmt: skip
            self.assertIn(wanted, text)
        self.assertEqual(plan.gaps.count("\n"), text.count("\n- ") - 1, "the form says the same")
        self.assertEqual(plan.state, "draft")
        self.chapter(plan, "budget").is_shown = False
        plan.invalidate_recordset()
        self.assertNotIn("budget", plan.gaps, "a plan may do without")

    def test_a_goal_has_a_result_and_an_ambition_a_day(self):
        plan = self.make_plan()
        plan.goal_ids[1].result = "  "
        plan.recognition_date = False
        with self.assertRaisesRegex(UserError, "(?s)goal “A pool that stays”.*by when"):
            plan.action_submit()

    def test_a_target_has_a_figure_and_so_a_unit(self):
        with self.assertRaisesRegex(ValidationError, "Its unit .* tells what the amount means"):
            self.env["buurtbemiddeling.target"].create(
                {"amount": 5, "year": 2027, "company_id": self.company.id}
            )
        indicator = self.target.indicator_id.with_user(self.users["manager"])
        with self.assertRaisesRegex(ValidationError, "has no unit"):
            indicator.unit = False

    # Approved in a meeting

    def test_a_plan_is_not_approved_without_a_meeting(self):
        plan = self.make_plan()
        with self.assertRaisesRegex(UserError, "Submit"):
            plan.action_approve()
        plan.action_submit()
        with self.assertRaisesRegex(UserError, "without a meeting"):
            plan.action_approve()
        there = self.make_project("Other", self.make_area("There"))
        plan.meeting_id = self.make_meeting(datetime(2026, 12, 1, 19), there)
        with self.assertRaisesRegex(UserError, "another steering group"):
            plan.action_approve()
        for start, state in (
            (datetime(2026, 12, 2, 19), "planned"),
            (datetime(2026, 12, 3, 19), "cancelled"),
        ):
            plan.meeting_id = self.make_meeting(start, state=state)
            with self.assertRaisesRegex(UserError, "not been held yet"):
                plan.action_approve()
        self.assertEqual(plan.state, "submitted")
        plan.meeting_id = self.meeting
        plan.action_approve()
        self.assertEqual((plan.state, plan.approved_on), ("approved", date(2026, 12, 1)))

    def test_a_plan_that_lacks_something_by_now_is_not_approved(self):
        plan = self.make_plan()
        plan.action_submit()
        plan.meeting_id = self.meeting
        self.target.unlink()
        with self.assertRaisesRegex(UserError, "ijkpunten"):
            plan.action_approve()

    def test_what_was_submitted_changes_only_as_a_draft(self):
        plan = self.make_plan()
        plan.action_submit()
        self.assertEqual(plan.submitted_on, date(2026, 12, 10))
        for record, values in (
            (plan, {"name": "X"}),
            (plan.goal_ids[0], {"name": "X"}),
            (self.chapter(plan, "budget"), {"text": "X"}),
        ):
            with self.assertRaisesRegex(UserError, "Back to draft"):
                record.write(values)
        plan.action_reset()
        plan.goal_ids[0].name = "X"
        self.assertEqual((plan.state, plan.submitted_on), ("draft", False))

    def test_steps_are_taken_by_the_buttons_only(self):
        plan = self.make_plan()
        for values in ({"state": "approved"}, {"approved_on": date(2026, 1, 1)}, {"front": []}):
            with self.assertRaisesRegex(UserError, "by its buttons"):
                plan.write(values)
        for values in ({"state": "approved"}, {"submitted_on": date(2026, 1, 1)}):
            with self.assertRaisesRegex(UserError, "by its buttons"):
                self.env["buurtbemiddeling.plan"].create({"project_id": self.project.id, **values})

    def test_submitting_warns_when_the_plan_names_a_resident(self):
        case = self.make_cases(1, area_id=self.town.id)
        neighbour = self.env["res.partner"].create({"name": "Joke Zwanenburg"})
        self.env["buurtbemiddeling.case.party"].create(
            {"case_id": case.id, "side": "b", "partner_id": neighbour.id}
        )
        plan = self.make_plan()
        plan.goal_ids[0].result = "No more letters from mevrouw Zwanenburg"
        self.assertIn("Zwanenburg", plan.action_submit()["params"]["message"])
        plan.action_reset()
        plan.goal_ids[0].result = "No more letters"
        self.assertIs(plan.action_submit(), True)
