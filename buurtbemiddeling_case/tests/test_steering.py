from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")  # a Monday
class TestSteering(SteeringCase):
    """The steering group of a project: members, meetings, minutes, decisions and actions."""

    # ------------------------------------------------------------
    # MEMBERS
    # ------------------------------------------------------------

    def test_organisation_of_a_member_is_kept_as_it_was(self):
        member = self.env["buurtbemiddeling.steering.member"].search(
            [("partner_id", "=", self.wim.id)]
        )
        self.assertEqual(member.organisation, "Politie")
        meeting = self.make_held()
        self.wim.parent_id = False
        self.police.name = "Nationale Politie"
        self.assertEqual(member.organisation, "Politie")
        row = meeting.attendance_ids.filtered(lambda row: row.partner_id == self.wim)
        self.assertEqual(row._get_text(), "Wim Agent (Politie)")

    def test_one_row_of_a_contact_at_a_time_and_former_members_stay(self):
        with self.refuses("member of this steering group already"):
            self.make_member(self.wim, date_start=date(2026, 1, 1))
        member = self.project.steering_member_ids.filtered(lambda m: m.partner_id == self.wim)
        member.date_end = date(2025, 12, 31)
        self.make_member(self.wim, date_start=date(2026, 1, 1), organisation="GGZ")
        self.assertEqual(len(self.project.steering_member_ids), 3)
        self.assertEqual(self.project.steering_member_count, 2)

    def test_membership_does_not_end_before_it_starts(self):
        with self.refuses_row("member", "_dates_in_order"):
            self.make_member(self.make_contact("Lea"), date_end=date(2024, 1, 1))

    def test_resident_of_a_case_is_nowhere_in_the_steering_group(self):
        anna = self.make_quarrel().party_ids.partner_id[0].sudo()
        self.assertTrue(anna.is_confidential)
        meeting = self.make_held()
        with self.refuses("confidential contact"):
            self.make_member(anna)
        with self.refuses("confidential contact"):
            meeting.attendance_ids = [Command.create({"partner_id": anna.id})]
        with self.refuses("confidential contact"):
            self.agree(meeting, owner_id=anna.id)

    # ------------------------------------------------------------
    # MEETING, CALENDAR, ROOM
    # ------------------------------------------------------------

    def test_meeting_has_standard_agenda_and_the_members_of_that_day(self):
        self.make_member(self.make_contact("Old"), date_end=date(2025, 6, 30))
        meeting = self.make_meeting()
        kinds = meeting.item_ids.mapped("kind")
        self.assertEqual(
            [kinds.count(kind) for kind in ("minutes", "actions", "figures")], [1, 1, 1]
        )
        self.assertEqual(meeting.attendance_ids.partner_id, self.wim | self.ans)

    def test_organisation_has_its_own_standard_agenda_in_its_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.company.partner_id.lang = "nl_NL"
        agenda = self.env["buurtbemiddeling.steering.agenda"].create(
            {
                "name": "Own",
                "company_id": self.company.id,
                "item_ids": [Command.create({"name": "Hello"})],
            }
        )
        agenda.item_ids.with_context(lang="nl_NL").name = "Welkom"
        meeting = self.make_meeting()
        self.assertEqual(meeting.agenda_id, agenda)
        self.assertEqual(meeting.item_ids.mapped("name"), ["Welkom"])

    def test_calendar_shows_who_meets_and_nothing_else(self):
        meeting = self.make_meeting()
        event = meeting.event_id
        self.assertEqual(event.name, "Steering group Heldervoort")
        self.assertEqual(event.partner_ids, self.wim | self.ans | self.coordinator.partner_id)
        self.assertFalse(event.description)
        lea = self.make_contact("Lea")
        meeting.attendance_ids = [Command.create({"partner_id": lea.id})]
        self.assertIn(lea, event.partner_ids)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", (self.wim | lea).ids)])
        self.assertFalse(mails, "calendar mails nobody")

    def test_moving_the_entry_moves_the_meeting_and_the_other_way_round(self):
        meeting = self.make_meeting(datetime(2026, 4, 7, 13))
        event = meeting.event_id
        event.with_user(self.coordinator).write(
            {"start": datetime(2026, 4, 8, 8), "stop": datetime(2026, 4, 8, 10)}
        )
        self.assertEqual(meeting.start, datetime(2026, 4, 8, 8))
        meeting.write({"start": datetime(2026, 4, 9, 8), "stop": datetime(2026, 4, 9, 9)})
        self.assertEqual(event.stop, datetime(2026, 4, 9, 9))
        event.unlink()
        self.assertEqual(meeting.state, "cancelled")
        meeting.action_plan()
        self.assertTrue(meeting.event_id)
        event = meeting.event_id
        meeting.unlink()
        self.assertFalse(event.exists())

    def test_minuted_meeting_does_not_move_in_the_calendar(self):
        meeting = self.make_minuted()
        with self.refuses("do not change silently"):
            meeting.event_id.start = datetime(2026, 3, 10, 13)

    def test_meeting_does_not_end_before_it_starts(self):
        with self.refuses_row("meeting", "_ends_after_start"):
            self.make_meeting(stop=datetime(2026, 3, 9, 12))

    def test_steering_group_does_not_meet_twice_at_once(self):
        self.make_meeting()
        with self.refuses("meets at that time already"):
            self.make_meeting(datetime(2026, 3, 9, 14))
        self.make_meeting(datetime(2026, 3, 9, 15))  # adjacent is fine
        other = self.env["buurtbemiddeling.project"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        self.make_meeting(project_id=other.id)

    def test_room_is_taken_by_the_steering_group_or_by_a_talk(self):
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Town hall", "city": "Heldervoort", "company_id": self.company.id}
        )
        meeting = self.make_meeting(datetime(2026, 4, 7, 13), room_id=room.id)
        self.assertEqual(meeting.location, "Town hall, Heldervoort")
        talk = {"case_id": self.make_case().id, "start": datetime(2026, 4, 7, 14)}
        with self.refuses("a meeting of the steering group"):
            self.env["buurtbemiddeling.meeting"].create({**talk, "room_id": room.id})
        meeting.action_cancel()
        self.env["buurtbemiddeling.meeting"].create({**talk, "room_id": room.id})
        with self.refuses("a talk in case"):
            meeting.action_plan()

    def test_meeting_to_come_was_not_held(self):
        meeting = self.make_meeting(datetime(2026, 3, 17, 13))
        with self.refuses("still to come"):
            meeting.action_held()

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    def test_invitation_goes_to_who_is_asked_with_the_agenda(self):
        meeting = self.make_meeting(datetime(2026, 4, 7, 13))
        composer = self.compose(meeting.action_invite())
        self.assertEqual(composer.partner_ids, self.wim | self.ans)
        self.assertEqual(len(composer.attachment_ids), 1)
        self.assertIn("Action list", composer.body)
        self.assertIn("Tuesday 7 April 2026, ", composer.subject)
        composer.action_send_mail()
        self.assertTrue(meeting.invited_on)
        message = meeting.message_ids.filtered("partner_ids")
        self.assertEqual(message.notified_partner_ids, self.wim | self.ans)
        self.assertFalse(meeting.message_partner_ids - self.coordinator.partner_id)

    def test_mail_goes_to_nobody_who_is_not_on_the_list(self):
        meeting = self.make_meeting(datetime(2026, 4, 7, 13))
        stranger = self.make_contact("Lea")
        for partners in (stranger, self.make_quarrel().party_ids.partner_id):
            with self.refuses("on the list of the meeting"):
                meeting.message_post(body="x", partner_ids=partners.ids)

    def test_who_has_no_mail_address_is_named_before_sending(self):
        self.wim.email = False
        meeting = self.make_meeting(datetime(2026, 4, 7, 13))
        with self.refuses("No e-mail address of: Wim Agent"):
            meeting.action_invite()
        meeting.action_cancel()
        with self.refuses("that is planned"):
            meeting.action_invite()

    def test_minutes_are_sent_when_they_are_shared(self):
        meeting = self.make_held()
        with self.refuses("Share the minutes first"):
            meeting.action_send_minutes()
        meeting.item_ids[0].text = "Said."
        meeting.action_minute()
        composer = self.compose(meeting.action_send_minutes())
        self.assertEqual(composer.partner_ids, self.wim | self.ans)

    # ------------------------------------------------------------
    # MINUTES
    # ------------------------------------------------------------

    def test_who_was_replaced_is_told_by_whom(self):
        meeting = self.make_held()
        row = meeting.attendance_ids.filtered(lambda row: row.partner_id == self.wim)
        with self.refuses_row("attendance", "_replacement_named"):
            row.state = "replaced"
            row.flush_recordset()
        row.write({"state": "replaced", "replaced_by": "Pim Agent"})
        self.assertEqual(row._get_text(), "Pim Agent for Wim Agent (Politie)")
