"""The plan of action: complete, approved in a meeting, kept as it was, and followed up."""

import io
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

REPORT = "buurtbemiddeling_report.report_plan"


class PlanCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.users = {
            name: mail_new_test_user(
                cls.env,
                login=f"plan_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in {
                "reporting": "buurtbemiddeling_report.group_reporting",
                "coordinator": "buurtbemiddeling_case.group_user",
                "manager": "buurtbemiddeling_case.group_manager",
            }.items()
        }
        cls.env = cls.env(user=cls.users["coordinator"])
        cls.town = cls.make_area("Town")
        cls.project = cls.make_project("Town", cls.town)
        cls.partner = cls.env["res.partner"].create(
            {"name": "Housing Town", "is_company": True, "company_id": cls.company.id}
        )
        cls.target = cls.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": cls.code("indicator", "success_of_handled").id,
                "amount": 70,
                "year": 2027,
                "company_id": cls.company.id,
            }
        )
        cls.meeting = cls.make_meeting(datetime(2026, 12, 1, 19))

    @classmethod
    def make_area(cls, name, **values):
        area = cls.env["buurtbemiddeling.area"].with_user(cls.users["manager"])
        return area.create({"name": name, "code": f"TEST-{name}", "kind": "municipality", **values})

    @classmethod
    def make_project(cls, name, area):
        values = {"name": name, "company_id": cls.company.id, "area_ids": [Command.set(area.ids)]}
        projects = cls.env["buurtbemiddeling.project"].with_user(cls.users["manager"])
        return projects.create(values).with_env(cls.env)

    @classmethod
    def make_meeting(cls, start, project=None, **values):
        return cls.env["buurtbemiddeling.steering.meeting"].create(
            {
                "project_id": (project or cls.project).id,
                "start": start,
                "state": "held",
                **values,
            }
        )

    @classmethod
    def make_plan(cls, **values):
        """Return a draft for 2027 in which all is there that the steering group asks for."""
        plan = cls.env["buurtbemiddeling.plan"].create(
            {
                "project_id": cls.project.id,
                "date_start": date(2027, 1, 1),
                "date_end": date(2027, 12, 31),
                "recognition_ambition": "plus",
                "recognition_date": date(2027, 6, 1),
                "target_group_ids": [
                    Command.link(
                        cls.env.ref("buurtbemiddeling_report.plan_target_group_residents").id
                    )
                ],
                "goal_ids": [
                    Command.create(
                        {
                            "name": "Neighbours come early",
                            "result": "60 percent within half a year",
                            "target_ids": [Command.link(cls.target.id)],
                        }
                    ),
                    Command.create({"name": "A pool that stays", "result": "20 mediators"}),
                ],
                "phase_ids": [
                    Command.create(
                        {
                            "name": "Starting up",
                            "date_start": date(2027, 1, 1),
                            "date_end": date(2027, 3, 31),
                        }
                    )
                ],
                "evaluation_ids": [
                    Command.create({"name": "Half-way", "date": date(2027, 6, 30)}),
                    Command.create({"name": "All of it", "date": date(2027, 12, 1)}),
                ],
                **values,
            }
        )
        plan.activity_ids = [
            Command.create(
                {
                    "name": "Evening for consultants",
                    "goal_id": plan.goal_ids[0].id,
                    "date_start": date(2027, 2, 1),
                }
            ),
            Command.create(
                {
                    "name": "Basic training",
                    "goal_id": plan.goal_ids[1].id,
                    "date_start": date(2027, 3, 1),
                    "date_end": date(2027, 4, 30),
                }
            ),
        ]
        for code in ("parties", "privacy", "budget"):
            cls.chapter(plan, code).text = f"<p>Own words on {code}.</p>"
        return plan

    @classmethod
    def chapter(cls, plan, code):
        return plan.chapter_ids.filtered(lambda chapter: chapter.code == code)

    def approve(self, plan, meeting=None):
        plan.action_submit()
        plan.meeting_id = meeting or self.meeting
        plan.action_approve()
        return plan

    def words(self, plan):
        """Return everything that is printed, as lines."""
        front = [" ".join(fact) for fact in plan._get_front()]
        return "\n".join([*front, plan._get_plain_text()])


@tagged("post_install", "-at_install")
@freeze_time("2026-12-10 12:00:00")
class TestPlan(PlanCase):
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

    def test_the_plan_takes_targets_agreements_and_budget_from_where_they_are_kept(self):
        there = self.make_area("There")
        other = self.make_project("Other", there)
        share = {"indicator_id": self.target.indicator_id.id, "company_id": self.company.id}
        mine, _theirs, _later, _elsewhere = self.env["buurtbemiddeling.target"].create(
            [
                {**share, "amount": 80, "year": 2027, "municipality_id": self.town.id},
                {**share, "amount": 81, "year": 2027, "municipality_id": there.id},
                {**share, "amount": 82, "year": 2028},
                {
                    "indicator_id": self.code("indicator", "cases_registered").id,
                    "company_id": self.company.id,
                    "amount": 83,
                    "year": 2027,
                    "project_id": other.id,
                },
            ]
        )
        covenants = self.env["buurtbemiddeling.covenant"].create(
            [
                {
                    "name": name,
                    "kind": kind,
                    "company_id": self.company.id,
                    "project_id": project.id,
                    "date_start": start,
                    "date_end": end,
                    "party_ids": [
                        Command.create(
                            {
                                "partner_id": self.partner.id,
                                "obligation_ids": [Command.create({"name": "Asks consent first."})],
                            }
                        )
                    ],
                }
                for name, kind, project, start, end in (
                    ("Covenant", "covenant", self.project, date(2020, 1, 1), False),
                    ("Data", "data", self.project, date(2027, 5, 1), date(2029, 5, 1)),
                    ("Past", "working", self.project, date(2020, 1, 1), date(2026, 12, 31)),
                    ("Not ours", "covenant", other, date(2020, 1, 1), False),
                )
            ]
        )
        post = self.env["buurtbemiddeling.budget.post"].search([], limit=1)
        budgets = self.env["buurtbemiddeling.budget"].create(
            [
                {
                    "project_id": project.id,
                    "year": year,
                    "line_ids": [Command.create({"post_id": post.id, "amount": 32000})],
                    "funding_ids": [
                        Command.create({"partner_id": self.partner.id, "fixed_amount": 16000})
                    ],
                }
                for project, year in ((self.project, 2027), (self.project, 2026), (other, 2027))
            ]
        )
        plan = self.make_plan()
        self.assertEqual(plan.plan_target_ids, self.target | mine)
        self.assertEqual(plan.covenant_ids, covenants[:2])
        self.assertEqual(plan.budget_ids, budgets[0])
        words = self.words(plan)
        for text in (
            "at least 70.0 %", "at least 80.0 %", "31 Dec 2027", "Housing Town",
            "Asks consent first.", "32,000.00", "16,000.00", "Recognition with plus certificate",
            "not recognised", "Residents with a conflict", "60 percent within half a year",
            "Evening for consultants", "Starting up", "30 Jun 2027",
        ):  # fmt: skip
            self.assertIn(text, words)
        for text in ("81.0 %", "82.0 %", "83", "Past", "Not ours"):
            self.assertNotIn(text, words)
        privacy = self.chapter(plan, "privacy")._get_blocks()
        self.assertEqual([block["title"] for block in privacy], ["Data"])

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

    def test_an_approved_plan_stays_as_it_was_whatever_changes_elsewhere(self):
        plan = self.approve(self.make_plan())
        before = self.words(plan)
        self.assertIn("in the meeting of the steering group of 1 Dec 2026", before)
        self.target.amount = 99
        self.target.unlink()
        self.project.with_user(self.users["manager"]).name = "Another name"
        self.env.ref("buurtbemiddeling_report.plan_target_group_residents").with_user(
            self.users["manager"]
        ).name = "Others"
        plan.activity_ids[0].action_done()
        plan.evaluation_ids[0].write({"is_done": True, "finding": "Went well"})
        plan.invalidate_recordset()
        self.assertEqual(self.words(plan), before)

    def test_an_approved_plan_refuses_every_change_the_superusers_too(self):
        plan = self.approve(self.make_plan())
        goal, activity = plan.goal_ids[0], plan.activity_ids[0]
        for record, values in (
            (plan, {"name": "X"}),
            (plan, {"meeting_id": self.make_meeting(datetime(2026, 11, 1, 19)).id}),
            (plan, {"date_end": date(2028, 1, 1)}),
            (plan, {"target_group_ids": [Command.clear()]}),
            (plan, {"goal_ids": [Command.update(goal.id, {"result": "X"})]}),
            (plan, {"goal_ids": [Command.create({"name": "X"})]}),
            (plan, {"activity_ids": [Command.delete(activity.id)]}),
            (plan, {"chapter_ids": [Command.clear()]}),
            (activity, {"date_end": date(2027, 12, 31), "state": "done"}),
            (activity, {"plan_id": self.make_plan().id}),
            (plan.evaluation_ids[0], {"date": date(2027, 7, 31)}),
            (plan.phase_ids, {"name": "X"}),
            (self.chapter(plan, "budget"), {"content": []}),
        ):
            for each in (record, record.sudo()):
                with self.subTest(model=record._name, values=values):
                    with self.assertRaisesRegex(UserError, "does not change any more"):
                        each.write(values)
        for record in (plan, goal, activity, plan.phase_ids, self.chapter(plan, "budget")):
            with self.assertRaisesRegex(UserError, "does not change any more"):
                record.sudo().unlink()
        draft = self.make_plan()
        with self.assertRaisesRegex(UserError, "does not change any more"):
            draft.goal_ids[0].plan_id = plan
        with self.assertRaisesRegex(UserError, "does not change any more"):
            plan.action_reset()
        plan.user_id = self.users["manager"]
        self.assertEqual(plan.user_id, self.users["manager"], "who looks after it may change")

    # Versions

    def test_a_new_version_takes_all_over_and_replaces_the_one_before(self):
        first = self.approve(self.make_plan())
        first.activity_ids[0].action_done()
        new = first.browse(first.action_new_version()["res_id"])
        self.assertEqual((new.version, new.previous_id, new.state), (2, first, "draft"))
        self.assertIn("version 2", new.display_name)
        self.assertEqual(first.action_new_version()["res_id"], new.id, "a second click finds it")
        self.assertEqual(new.goal_ids.mapped("name"), first.goal_ids.mapped("name"))
        self.assertEqual(new.goal_ids[0].target_ids, self.target)
        self.assertEqual(new.activity_ids.goal_id, new.goal_ids, "with the goals of its own")
        self.assertEqual(new.activity_ids.mapped("state"), ["done", "planned"])
        self.assertEqual(new.evaluation_ids.mapped("date"), first.evaluation_ids.mapped("date"))
        self.assertFalse(new.meeting_id)
        self.assertEqual(first.state, "approved", "until the steering group decides")
        new.goal_ids[0].result = "70 percent"
        later = self.make_meeting(datetime(2026, 12, 8, 19))
        self.approve(new, later)
        self.assertEqual((first.state, new.state), ("replaced", "approved"))
        self.assertIn("60 percent", self.words(first))
        self.assertIn("70 percent", self.words(new))
        with self.assertRaisesRegex(UserError, "is not"):
            first.action_new_version()

    def test_one_draft_of_a_next_version_at_a_time(self):
        first = self.approve(self.make_plan())
        first.action_new_version()
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "next_uniq"):
            with self.env.cr.savepoint():
                first.copy({"previous_id": first.id}).flush_recordset()

    def test_a_plan_is_a_new_version_of_a_plan_of_its_own_project(self):
        first = self.approve(self.make_plan())
        there = self.make_project("Other", self.make_area("There"))
        with self.assertRaisesRegex(ValidationError, "another project"):
            self.make_plan(project_id=there.id, previous_id=first.id)

    def test_two_plans_of_a_project_are_not_approved_for_the_same_day(self):
        first = self.approve(self.make_plan())
        second = self.make_plan()
        with self.assertRaisesRegex(ValidationError, "for that time already"):
            with self.env.cr.savepoint():
                self.approve(second)
        self.assertEqual(second.state, "draft", "nothing is half-saved")
        second.write({"phase_ids": [Command.clear()], "evaluation_ids": [Command.clear()]})
        second.write(
            {
                "date_start": date(2028, 1, 1),
                "date_end": date(2028, 12, 31),
                "evaluation_ids": [Command.create({"name": "E", "date": date(2028, 2, 2)})],
            }
        )
        self.target.copy({"year": 2028, "date_due": date(2028, 12, 31)})
        self.approve(second)
        self.assertEqual((first.state, second.state), ("approved", "approved"))

    # Progress

    def kind(self, code):
        kind = self.code("attention", code).with_user(self.users["coordinator"])
        self.env.invalidate_all()
        return kind.record_count

    def test_overdue_activities_and_evaluations_ask_attention_of_approved_plans_only(self):
        plan = self.make_plan()
        with freeze_time("2027-06-01 12:00:00"):
            self.assertEqual((self.kind("PLAN_ACTIVITY"), self.kind("PLAN_EVALUATION")), (0, 0))
        self.approve(plan)
        with freeze_time("2027-02-01 12:00:00"):
            self.assertEqual((self.kind("PLAN_ACTIVITY"), self.kind("PLAN_EVALUATION")), (0, 0))
        with freeze_time("2027-06-01 12:00:00"):
            self.assertEqual((self.kind("PLAN_ACTIVITY"), self.kind("PLAN_EVALUATION")), (2, 1))
            self.assertEqual(plan.late_activity_count, 2)
            self.assertEqual(plan.next_evaluation_text, "06/30/2027: Half-way")
            found = self.env["buurtbemiddeling.plan.activity"].search(
                plan.action_open_late()["domain"]
            )
            self.assertEqual(found, plan.activity_ids)
            plan.activity_ids[0].action_done()
            plan.activity_ids[1].state = "dropped"
            plan.evaluation_ids[0].action_done()
            self.assertEqual((self.kind("PLAN_ACTIVITY"), self.kind("PLAN_EVALUATION")), (0, 0))
            self.assertEqual(plan.done_text, "1 of 1")
            self.assertEqual(plan.next_evaluation_text, "12/01/2027: All of it")

    def test_the_project_opens_its_current_plan(self):
        self.assertEqual(self.project.plan_text, "To be made")
        action = self.project.action_open_plan()
        self.assertFalse(action["res_id"])
        form = Form(self.env["buurtbemiddeling.plan"].with_context(**action["context"]))
        self.assertEqual(form.project_id, self.project)
        plan = self.approve(self.make_plan())
        with freeze_time("2027-03-01 12:00:00"):
            draft = self.env["buurtbemiddeling.plan"].create({"project_id": self.project.id})
            self.assertEqual(self.project.action_open_plan()["res_id"], plan.id)
        self.env.invalidate_all()
        self.assertEqual(self.project.action_open_plan()["res_id"], draft.id, "being made now")

    # Who reads

    def test_figures_only_reads_what_was_approved_and_writes_nothing(self):
        approved, draft = self.approve(self.make_plan()), self.make_plan()
        parts = ("goal_ids", "activity_ids", "phase_ids", "evaluation_ids", "chapter_ids")
        user = self.users["reporting"]
        self.assertEqual(approved.with_user(user).search([]), approved)
        for name in parts:
            records = approved[name].with_user(user)
            with self.subTest(part=name):
                self.assertEqual(records.search([]), records)
                self.assertTrue(records[0].read())
                with self.assertRaises(AccessError):
                    draft[name].with_user(user).read(["display_name"])
        mine = approved.with_user(user)
        self.assertEqual(self.words(mine), self.words(approved))
        html, _kind = (
            self.env["ir.actions.report"].with_user(user)._render_qweb_html(REPORT, approved.ids)
        )
        self.assertIn("Neighbours come early", html.decode())
        for action in (mine.action_submit, mine.action_new_version, mine.action_reset):
            with self.assertRaises(AccessError):
                action()
        with self.assertRaises(AccessError):
            mine.activity_ids[0].action_done()
        for name in ("gaps", "plan_target_ids", "covenant_ids", "budget_ids"):
            with self.assertRaises(AccessError):
                mine.read([name])
        view = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_plan_view_form")
        Form(mine, view)

    # Paper

    def render(self, plan):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, plan.ids)
        return html.decode()

    def test_paper_says_what_it_is_and_people_write_no_html(self):
        plan = self.make_plan()
        plan.goal_ids[0].result = "<b>Bold</b>"
        html = self.render(plan)
        for text in ("Plan of action 2027, Town", "Concept", "Contents", "1. ", "&lt;b&gt;Bold"):
            self.assertIn(text, html)
        self.assertNotIn("Why this plan", html, "a chapter without anything is left out")
        self.assertNotIn("What will residents", html, "a helping question is not printed")
        plan.action_submit()
        self.assertIn("has not approved this plan yet", self.render(plan))
        self.assertEqual(plan.action_preview()["report_type"], "qweb-html")

    def test_the_pdf_is_attached_at_approval_and_printed_again_as_it_was(self):
        reports = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        if reports.get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not there")
        plan = self.make_plan()
        plan.action_submit()
        plan.meeting_id = self.meeting
        action = plan.action_approve()
        self.assertEqual(action["report_name"], REPORT, "the approved plan comes as a PDF")
        self.assertEqual(action["context"]["active_ids"], plan.ids)
        # as in the annual report: Debian's wkhtmltopdf warns, and nobody serves the style sheets
        with (
            self.allow_pdf_render(),
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            pdf, _kind = reports._render_qweb_pdf(REPORT, plan.ids)
            attached = self.env["ir.attachment"].search(
                [("res_model", "=", plan._name), ("res_id", "=", plan.id)]
            )
        self.assertEqual(attached.name, "Plan of action 2027, Town.pdf")
        self.assertEqual(reports._render_qweb_pdf(REPORT, plan.ids)[0], attached.raw)
        pages = PdfFileReader(io.BytesIO(pdf)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for expected in ("Neighbours come early", "at least 70.0 %", "1 Dec 2026", "Half-way"):
            self.assertIn(expected, text)
        self.assertIn(
            attached.with_user(self.users["reporting"]),
            self.env["ir.attachment"]
            .with_user(self.users["reporting"])
            .search([("res_model", "=", plan._name), ("res_id", "=", plan.id)]),
        )
