import io
from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfFileReader

from .common_plan import REPORT, PlanPaperCase


@tagged("post_install", "-at_install")
@freeze_time("2026-12-10 12:00:00")
class TestPlanApproval(PlanPaperCase):
    """A plan that was approved: it stays as it was, and has versions."""

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
