from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CaseCommon

START = datetime(2027, 3, 8, 18, 30)


@tagged("post_install", "-at_install")
class TestMeeting(CaseCommon):
    """A talk stands on Odoo's calendar without telling anyone who it is with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.meeting = (
            cls.env["buurtbemiddeling.meeting"]
            .with_user(cls.coordinator)
            .create(
                {"case_id": cls.case.id, "kind": "talk_a", "start": START, "location": "Buurthuis"}
            )
        )

    def test_entry_is_private_and_its_title_holds_no_name(self):
        event = self.meeting.event_id
        self.assertEqual(event.privacy, "private")
        self.assertEqual((event.start, event.stop), (START, START + timedelta(hours=1.5)))
        self.assertIn(self.case.name, event.name)
        for resident in self.case.party_ids.partner_id:
            text = " ".join(str(event[name]) for name in ("name", "description", "location"))
            for word in (resident.name, resident.email, resident.street):
                self.assertFalse(word and word in text)

    def test_no_resident_is_an_attendee(self):
        self.assertEqual(self.meeting.event_id.partner_ids, self.coordinator.partner_id)

    def test_nobody_is_mailed(self):
        mails = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count(
            [("model", "=", "calendar.event"), ("res_id", "=", self.meeting.event_id.id)]
        )
        self.meeting.start = START + timedelta(days=1)
        self.meeting.state = "cancelled"
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(messages)

    def test_colleague_sees_only_that_the_coordinator_is_busy(self):
        event = self.meeting.event_id.with_user(self.colleague)
        values = event.read(["name", "description", "partner_ids", "location"])[0]
        self.assertNotIn(self.case.name, str(values))
        self.assertFalse(values["description"] or values["partner_ids"] or values["location"])

    def test_colleague_does_not_find_a_talk_by_what_its_entry_hides(self):
        events = self.env["calendar.event"].with_user(self.colleague)
        entry = self.meeting.event_id
        guesses = (
            [("name", "=ilike", f"%{self.case.name}%")],
            [("display_name", "ilike", self.case.name)],
            [("location", "=ilike", "buurt%")],
            [("id", "any", [("location", "=ilike", "buurt%")])],
            ["!", ("name", "=", "Busy")],
            [("attendee_ids.email", "ilike", "@")],
        )
        for guess in guesses:
            with self.subTest(guess=guess):
                self.assertFalse(events.search([("id", "=", entry.id), *guess]))
                self.assertFalse(events.search_count([("id", "=", entry.id), *guess]))
        self.assertFalse(events.search([("id", "=", entry.id)], order="name"))
        self.assertFalse(events.name_search(self.case.name))
        contacts = self.env["res.partner"].with_user(self.colleague)
        self.assertFalse(contacts.search([("meeting_ids.name", "ilike", self.case.name)]))
        attending = self.env["calendar.event"].with_user(self.coordinator)
        self.assertEqual(attending.search([("name", "ilike", self.case.name)]), entry)

    def test_colleague_still_sees_when_the_coordinator_is_busy(self):
        found = (
            self.env["calendar.event"]
            .with_user(self.colleague)
            .search(
                [
                    ("start", ">=", START),
                    ("stop", "<=", START + timedelta(days=1)),
                    ("partner_ids", "in", self.coordinator.partner_id.ids),
                ]
            )
        )
        self.assertEqual(found, self.meeting.event_id)

    def test_attendees_of_a_talk_are_hidden_with_the_key_of_its_page(self):
        row = self.meeting.event_id.attendee_ids
        self.assertTrue(row.access_token)
        attendees = self.env["calendar.attendee"]
        about = [("event_id", "=", self.meeting.event_id.id)]
        self.assertFalse(attendees.with_user(self.colleague).search(about))
        with self.assertRaises(AccessError):
            row.with_user(self.colleague).read(["access_token"])
        self.assertEqual(attendees.with_user(self.coordinator).search(about), row)

    def test_moving_the_talk_moves_the_entry(self):
        self.meeting.write({"start": START + timedelta(days=1), "duration": 2})
        event = self.meeting.event_id
        self.assertEqual(event.start, START + timedelta(days=1))
        self.assertEqual(event.stop, START + timedelta(days=1, hours=2))

    def test_dragging_the_entry_moves_the_talk(self):
        self.meeting.event_id.with_user(self.coordinator).write(
            {"start": START + timedelta(days=2), "stop": START + timedelta(days=2, hours=1)}
        )
        self.assertEqual(self.meeting.start, START + timedelta(days=2))
        self.assertEqual(self.meeting.duration, 1)

    def test_dragging_the_entry_mails_nobody(self):
        colleague = self.make_user("second", "buurtbemiddeling_case.group_user")
        event = self.meeting.event_id
        event.sudo()._without_attendee_mail().partner_ids |= colleague.partner_id
        mails = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count([])
        event.with_user(self.coordinator).write(
            {"start": START + timedelta(days=2), "stop": START + timedelta(days=2, hours=1)}
        )
        self.env.flush_all()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    def test_stand_in_plans_moves_and_deletes_talks_in_a_colleagues_case(self):
        stand_in = self.make_user("standin", "buurtbemiddeling_case.group_user")
        talk = self.meeting.with_user(stand_in)
        talk.start = START + timedelta(days=3)
        self.assertEqual(self.meeting.event_id.start, START + timedelta(days=3))
        planned = talk.create({"case_id": self.case.id, "kind": "talk_b", "start": START})
        event = self.env["calendar.event"].browse(planned.sudo().event_id.id)
        self.assertEqual(event.partner_ids, self.coordinator.partner_id)
        planned.unlink()
        self.assertFalse(event.exists())

    def test_handing_the_case_over_moves_its_coming_talks_to_the_other_calendar(self):
        successor = self.make_user("successor", "buurtbemiddeling_case.group_user")
        self.case.user_id = successor
        event = self.meeting.event_id
        self.assertEqual((event.user_id, event.partner_ids), (successor, successor.partner_id))

    def test_what_the_calendar_shows_of_a_talk_is_not_changed_by_hand(self):
        event = self.meeting.event_id.with_user(self.coordinator)
        for values in (
            {"name": "Anna and Bert"},
            {"privacy": "public"},
            {"description": "Their story"},
            {"partner_ids": [Command.link(self.colleague.partner_id.id)]},
        ):
            with self.assertRaisesRegex(UserError, "shows a talk in a case"):
                event.write(values)

    def test_who_attends_a_talk_is_not_changed_behind_its_entry(self):
        event = self.meeting.event_id
        attendees = self.env["calendar.attendee"].with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "shows a talk in a case"):
            attendees.create({"event_id": event.id, "partner_id": self.colleague.partner_id.id})
        with self.assertRaisesRegex(UserError, "shows a talk in a case"):
            event.with_user(self.coordinator).with_context(talk_in_charge=True).write({"name": "X"})
        event.with_user(self.coordinator).attendee_ids.do_accept()

    def test_resident_can_not_be_put_on_an_appointment_by_hand(self):
        anna = self.case.party_ids[0].partner_id
        for user, refusal in (
            (self.coordinator, ValidationError),
            (self.colleague, AccessError),
        ):
            event = (
                self.env["calendar.event"]
                .with_user(user)
                .create({"name": "Coffee", "start": START, "stop": START + timedelta(hours=1)})
            )
            with self.assertRaises(refusal) as caught:
                event.write({"partner_ids": [Command.link(anna.id)]})
            self.assertNotIn("Anna", str(caught.exception))

    def test_cancelling_takes_the_entry_off_the_calendar_and_planning_puts_it_back(self):
        event = self.meeting.event_id
        self.meeting.state = "cancelled"
        self.assertFalse(event.active)
        self.meeting.state = "planned"
        self.assertTrue(event.active)

    def test_of_held_and_cancelled_the_first_stays_until_it_is_planned_again(self):
        talk = self.meeting
        talk.start = datetime(2026, 3, 9, 18, 30)
        held, cancelled = {"outcome": "agreements"}, {"cancel_reason": "a"}
        talk.web_save(held, {})
        with self.assertRaisesRegex(UserError, "noted as held"):
            talk.web_save(cancelled, {})
        talk.action_plan_again()
        talk.web_save(cancelled, {})
        with self.assertRaisesRegex(UserError, "was cancelled"):
            talk.web_save(held, {})
        self.assertEqual((talk.state, talk.outcome), ("cancelled", False))

    def test_deleting_the_entry_cancels_the_talk_and_keeps_it_in_the_case(self):
        self.meeting.event_id.unlink()
        self.assertTrue(self.meeting.exists())
        self.assertEqual((self.meeting.start, self.meeting.state), (START, "cancelled"))
        self.meeting.location = "Elsewhere"
        self.assertFalse(self.meeting.event_id)

    def test_deleting_the_talk_deletes_the_entry(self):
        event = self.meeting.event_id
        self.meeting.unlink()
        self.assertFalse(event.exists())

    def test_colleague_may_still_move_his_own_appointments(self):
        event = (
            self.env["calendar.event"]
            .with_user(self.colleague)
            .create({"name": "Own", "start": START, "stop": START + timedelta(hours=1)})
        )
        event.write({"start": START + timedelta(hours=2), "stop": START + timedelta(hours=3)})
        self.assertEqual(event.start, START + timedelta(hours=2))
