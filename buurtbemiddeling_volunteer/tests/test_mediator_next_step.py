from datetime import date, datetime, timedelta

from odoo.tests import tagged

from ..controllers.mediator import HOME_URL
from .common_mediator_portal import MediatorPageCase


@tagged("post_install", "-at_install")
class TestMediatorNextStep(MediatorPageCase):
    """What the portal says is to be done next."""

    def test_the_next_step_follows_the_phase(self):
        for code, text in (
            ("assigned", "Plan a talk with the reporter"),
            ("approach_b", "Plan a visit to the other party"),
            ("talk_b", "Plan a talk with the other party"),
            ("mediation", "Plan the talk with both parties"),
            ("waiting", "Ask the coordinator what the next step is"),
        ):
            self.case.stage_id = self.stage(code)
            self.assertEqual(self.next_step(), text)
        self.case.stage_id = self.stage("aftercare")
        self.assertIn("Call for aftercare on ", self.next_step())
        self.case.aftercare_planned_date = False
        self.assertEqual(self.next_step(), "Call for aftercare")

    def test_nobody_is_sent_to_neighbours_alone(self):
        self.assertEqual(self.next_step(), "Plan a talk with the reporter")
        self.other.state = "ended"
        self.assertEqual(self.next_step(), "Wait until there is a second mediator")
        self.case.stage_id = self.stage("aftercare")
        self.assertIn("Call for aftercare", self.next_step(), "by phone, which one does alone")

    def test_the_next_step_leads_to_where_it_is_done(self):
        self.assertIn(f'href="{self.url}/gesprek?kind=talk_a"', self.get_now())
        talk = self.make_talk(days=5)
        self.assertIn(f'href="{self.url}/gesprek/{talk.id}"', self.get_now())
        talk = self.make_talk(days=-2)
        self.assertIn(f'href="{self.url}/verslag?talk={talk.id}"', self.get_now())
        self.case.meeting_ids.unlink()
        self.case.stage_id = self.stage("waiting")
        self.assertIn("Ask the coordinator", self.get_now())
        self.assertNotIn("href", self.get_now())

    def test_the_next_step_is_the_talk_that_is_planned_first(self):
        self.make_talk(start=datetime(2099, 3, 17, 18, 30), kind="talk_b")
        self.make_talk(start=datetime(2099, 3, 10, 18, 30))
        self.make_talk(start=datetime(2099, 3, 5, 18, 30), kind="intake")
        self.make_talk(start=datetime(2099, 3, 4, 18, 30), state="cancelled")
        self.coordinator.tz = "Europe/Amsterdam"
        self.assertEqual(self.next_step(), "Talk with the reporter: Tuesday 10 March 2099 at 19:30")

    def test_the_next_step_is_the_report_of_the_last_talk_until_it_is_written(self):
        talk = self.make_talk(days=-2, state="done")
        self.make_talk(days=5)
        self.assertEqual(self.mine._get_next_step()["talk_id"], talk.id)
        self.assertIn("Write the report of ", self.next_step())
        self.env["buurtbemiddeling.visit.report"].create(
            {
                "party_id": self.case.party_ids[0].id,
                "meeting_id": talk.id,
                "assignment_id": self.other.id,
            }
        )
        self.assertIn("Talk with the reporter: ", self.next_step())

    def test_what_should_have_been_done_is_marked_late(self):
        def is_late():
            self.env.invalidate_all()
            self.env.flush_all()
            found = self.mine._get_next_step()["is_late"]
            for url in (HOME_URL, self.url):
                self.assertEqual(">Late<" in self.open(url).text, found, url)
            return found

        self.case.stage_deadline = date.today()
        self.assertFalse(is_late())
        self.case.stage_deadline = date.today() - timedelta(days=1)
        self.assertTrue(is_late(), "the phase should be over")
        talk = self.make_talk(days=5)
        self.assertFalse(is_late(), "there is an appointment")
        talk.start = datetime.now() - timedelta(days=6)
        self.assertFalse(is_late(), "a week for the report")
        talk.start = datetime.now() - timedelta(days=9)
        self.assertTrue(is_late())
        talk.unlink()
        self.case.stage_id = self.stage("aftercare")
        self.case.aftercare_planned_date = date.today() + timedelta(days=1)
        self.assertFalse(is_late())
        self.case.aftercare_planned_date = date.today() - timedelta(days=1)
        self.assertTrue(is_late())

    def test_the_next_talk_and_the_neighbours_come_first(self):
        """On the doorstep one looks for when, where and whom to phone."""
        self.make_talk(days=-20)
        self.make_talk(days=12, kind="talk_b")
        self.make_talk(days=5, place="elsewhere", location="Buurthuis")
        self.env.flush_all()
        text = self.open(self.url).text
        order = [
            text.index(part)
            for part in ('id="next_talk"', "Buurthuis", 'id="party_0"', ">Talks<", "Plan a talk:")
        ]
        self.assertEqual(order, sorted(order))
        self.assertIn(
            "Talk with the reporter", text[text.index('id="next_talk"') :].split("</h2>")[0]
        )

    def test_no_report_is_asked_of_a_talk_before_the_mediator_came(self):
        self.mine.date_start = date.today()
        self.make_talk(days=-3, state="done")
        self.assertEqual(self.next_step(), "Plan a talk with the reporter")

    def test_the_overview_says_how_long_ago_the_last_contact_was(self):
        self.assertIn("No contact with the neighbours noted yet", self.open(HOME_URL).text)
        for days, text in ((0, "today"), (1, "yesterday"), (5, "5 days ago")):
            self.case.last_contact_date = date.today() - timedelta(days=days)
            self.env.flush_all()
            self.assertIn(f"Last contact: {text}", self.open(HOME_URL).text)
