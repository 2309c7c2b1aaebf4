from datetime import date, datetime, time, timedelta

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestProjectJourney(JourneyCase):
    """What a coordinator answers for: a plan, the meeting that approves it, a report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "nl_NL"  # what is kept is in the organisation's language
        cls.town = cls.env["buurtbemiddeling.area"].search([("code", "=", "GMTEST")])
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Buurtbemiddeling Rozenstad",
                "company_id": cls.company.id,
                "area_ids": [Command.set(cls.town.ids)],
                "user_ids": [Command.set(cls.coordinator.ids)],
                "date_start": date(2020, 1, 1),
            }
        )
        cls.yesterday = date.today() - timedelta(days=1)

    def make_plan(self):
        """Return a plan of next year to which nothing lacks but the decision."""
        first = date(self.yesterday.year + 1, 1, 1)
        plan = self.env["buurtbemiddeling.plan"].create(
            {
                "project_id": self.project.id,
                "date_start": first,
                "date_end": first.replace(month=12, day=31),
                "goal_ids": [Command.create({"name": "Buren komen vroeg", "result": "60 procent"})],
            }
        )
        plan.activity_ids = [
            Command.create({"name": "Avond voor wijkagenten", "date_start": first})
        ]
        for chapter in plan.chapter_ids:
            chapter.text = "<p>Zo doen we het.</p>"
        return plan

    def make_cases(self, count):
        """Make as many cases as figures may be shown of."""
        self.env["buurtbemiddeling.case"].create(
            [
                {
                    "company_id": self.company.id,
                    "area_id": self.town.id,
                    "registration_date": self.yesterday,
                }
                for _number in range(count)
            ]
        )

    def make_meeting(self):
        meetings = self.env["buurtbemiddeling.steering.meeting"].with_context(lang="nl_NL")
        return meetings.create(
            {
                "project_id": self.project.id,
                "user_id": self.coordinator.id,
                "start": datetime.combine(self.yesterday, time(14)),
            }
        )

    def test_from_plan_to_meeting_to_report(self):
        plan = self.make_plan()
        self.make_cases(12)
        meeting = self.make_meeting()
        self.allow_pdf_render()
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            self.start_tour(
                f"/odoo/buurtbemiddeling-projects/{self.project.id}",
                "buurtbemiddeling_project",
                login="journey",
                timeout=180,
            )
        self.assertRecordValues(plan, [{"state": "approved", "meeting_id": meeting.id}])
        self.assertEqual(meeting.state, "minuted")
        self.assertEqual(meeting.decision_ids.name, "Het plan is goedgekeurd.")
        benchmark = meeting.benchmark_id
        self.assertRecordValues(
            benchmark,
            [
                {
                    "state": "frozen",
                    "project_id": self.project.id,
                    "reference_date": self.yesterday,
                }
            ],
        )
        report = self.env["buurtbemiddeling.year.report"].search(
            [("project_id", "=", self.project.id)]
        )
        self.assertTrue(report.benchmark_id.computed_on)
