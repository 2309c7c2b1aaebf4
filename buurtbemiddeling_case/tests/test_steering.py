from contextlib import contextmanager
from datetime import date, datetime

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")  # a Monday
class TestSteering(CaseCommon):
    """The steering group of a project: members, meetings, minutes, decisions and actions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.env.user.company_ids |= cls.company
        cls.coordinator.tz = "Europe/Amsterdam"
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {"name": "Heldervoort", "company_id": cls.company.id, "user_ids": cls.coordinator.ids}
        )
        cls.police = cls.env["res.partner"].create({"name": "Politie", "is_company": True})
        cls.wim = cls.make_contact("Wim Agent", parent_id=cls.police.id)
        cls.ans = cls.make_contact("Ans Wethouder")
        cls.make_member(cls.wim)
        cls.make_member(cls.ans, role="chair", organisation="Gemeente Heldervoort")

    @classmethod
    def make_contact(cls, name, **values):
        email = f"{name.split()[0].lower()}@example.com"
        return cls.env["res.partner"].create({"name": name, "email": email, **values})

    @classmethod
    def make_member(cls, partner, **values):
        return cls.env["buurtbemiddeling.steering.member"].create(
            {
                "project_id": cls.project.id,
                "partner_id": partner.id,
                "date_start": date(2025, 1, 1),
                **values,
            }
        )

    @classmethod
    def make_meeting(cls, start=datetime(2026, 3, 9, 13), user=None, **values):
        meetings = cls.env["buurtbemiddeling.steering.meeting"].with_user(user or cls.coordinator)
        return meetings.create(
            {"project_id": cls.project.id, "user_id": cls.coordinator.id, "start": start, **values}
        )

    @classmethod
    def make_held(cls, start=datetime(2026, 3, 9, 13), **values):
        meeting = cls.make_meeting(start, **values)
        meeting.action_held()
        meeting.attendance_ids.state = "present"
        return meeting

    @classmethod
    def make_minuted(cls, start=datetime(2026, 3, 9, 13), **values):
        meeting = cls.make_held(start, **values)
        meeting.item_ids[0].text = "Ans opens the meeting."
        meeting.action_minute()
        return meeting

    def decide(self, meeting, name="We go on", **values):
        return meeting.env["buurtbemiddeling.steering.decision"].create(
            {"meeting_id": meeting.id, "kind": "decision", "name": name, **values}
        )

    def agree(self, meeting, name="Ask for money", due=date(2026, 4, 1), **values):
        return self.decide(
            meeting, name, **{"kind": "action", "owner_id": self.wim.id, "date_due": due, **values}
        )

    @contextmanager
    def refuses(self, text):
        """Expect a refusal in words, after which nothing is half-saved."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), text)

    @contextmanager
    def refuses_row(self, model, constraint):
        """Expect a refusal by the database, for which there is a sentence as well."""
        self.assertTrue(
            getattr(self.env.registry[f"buurtbemiddeling.steering.{model}"], constraint)
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation) as caught:
            yield
        self.assertIn(constraint, str(caught.exception))

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

    def compose(self, action):
        context = {**action["context"], "mail_notify_force_send": False}
        form = Form(
            self.env["mail.compose.message"].with_user(self.coordinator).with_context(**context)
        )
        return form.save()

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

    def test_minutes_are_shared_when_complete(self):
        meeting = self.make_meeting()
        with self.refuses("has not been held"):
            meeting.action_minute()
        meeting.action_held()
        with self.refuses("no minutes yet"):
            meeting.action_minute()
        self.decide(meeting)
        with self.refuses("whether they were there"):
            meeting.action_minute()
        meeting.attendance_ids.state = "present"
        meeting.action_minute()
        self.assertEqual(meeting.state, "minuted")

    def test_shared_minutes_change_only_after_reopening_which_is_noted(self):
        meeting = self.make_held()
        item, decision = meeting.item_ids[0], self.decide(meeting)
        action = self.agree(meeting)
        meeting.action_minute()
        changes = [
            lambda: item.write({"text": "Other"}),
            lambda: item.write({"name": "Other"}),
            lambda: meeting.item_ids.create({"meeting_id": meeting.id, "name": "New"}),
            lambda: decision.write({"name": "Other"}),
            lambda: action.write({"date_due": date(2027, 1, 1)}),
            lambda: decision.unlink(),
            lambda: self.decide(meeting),
            lambda: meeting.attendance_ids.write({"state": "absent"}),
            lambda: meeting.write({"start": datetime(2026, 3, 8, 13)}),
            lambda: meeting.write({"state": "held"}),
            lambda: meeting.sudo().write({"item_ids": [Command.clear()]}),
        ]
        for change in changes:
            with self.refuses("do not change silently|was held and stays"):
                change()
        action.write({"state": "done", "progress": "The town pays."})  # not in the minutes
        meeting.action_reopen()
        item.text = "Corrected"
        self.assertIn("reopened", meeting.message_ids[:1].body)
        self.assertEqual(meeting.message_ids[:1].author_id, self.coordinator.partner_id)
        with self.refuses("was held and stays"):
            meeting.unlink()

    def test_next_meeting_approves_the_minutes(self):
        first = self.make_held(datetime(2026, 1, 12, 13))
        second = self.make_held()
        self.assertEqual(second.previous_id, first)
        with self.refuses("approved at a later meeting"):
            second.action_approve_previous()
        first.item_ids[0].text = "Said."
        first.action_minute()
        self.assertFalse(first.approved_in_id)
        second.action_approve_previous()
        self.assertEqual(first.approved_in_id, second)
        first.action_reopen()
        self.assertFalse(first.approved_in_id, "what is corrected is approved anew")

    # ------------------------------------------------------------
    # DECISIONS AND ACTIONS
    # ------------------------------------------------------------

    def test_decisions_are_numbered_per_project_and_year(self):
        last_year = self.make_held(datetime(2025, 12, 31, 23, 30))  # 2026 in Amsterdam
        old = self.make_held(datetime(2025, 6, 3, 13))
        now = self.make_held()
        decisions = [self.decide(meeting) for meeting in (last_year, old, now, now)]
        self.assertEqual(
            [decision.code for decision in decisions], ["2026-01", "2025-01", "2026-02", "2026-03"]
        )
        self.assertEqual(self.agree(now).code, "A2026-01")
        with self.refuses("keeps its number"):
            decisions[0].kind = "action"
        other = self.env["buurtbemiddeling.project"].create(
            {"name": "Elsewhere", "company_id": self.company.id}
        )
        self.assertEqual(self.decide(self.make_held(project_id=other.id)).code, "2026-01")

    def test_nothing_is_decided_in_a_meeting_that_was_not_held(self):
        meeting = self.make_meeting()
        for make in (self.decide, self.agree):
            with self.refuses("has not been held"):
                make(meeting)
        meeting.action_held()
        self.decide(meeting)
        with self.refuses("so it was held"):
            meeting.action_plan()

    def test_action_has_an_owner_and_a_date(self):
        meeting = self.make_held()
        for missing in ("owner_id", "date_due"):
            with self.refuses_row("decision", "_action_complete"):
                self.agree(meeting, **{missing: False})

    def test_open_actions_are_on_the_next_agenda_until_they_are_closed(self):
        first = self.make_held(datetime(2026, 1, 12, 13))
        done, dropped, open_ = (self.agree(first, name) for name in ("a", "b", "c"))
        second = self.make_meeting()
        self.assertEqual(second.open_action_ids, done | dropped | open_)
        self.assertFalse(first.open_action_ids)
        with freeze_time("2026-02-02"):
            done.action_done()
            self.env.flush_all()
        dropped.action_drop()  # after the second meeting
        third = self.make_meeting(datetime(2026, 4, 7, 13))
        second.invalidate_recordset()
        self.assertEqual(second.open_action_ids, dropped | open_, "as it was then")
        self.assertEqual(third.open_action_ids, open_)
        html = self.render("agenda", third)
        self.assertIn("A2026-03", html)
        self.assertNotIn("A2026-01", html)

    def test_action_that_is_too_late_is_on_the_first_screen_of_its_coordinator(self):
        meeting = self.make_held()
        late = self.agree(meeting, due=date(2026, 3, 15))
        today = self.agree(meeting, due=date(2026, 3, 16))
        done = self.agree(meeting, due=date(2026, 3, 15), state="done")
        own = self.agree(
            meeting, due=date(2026, 3, 15), owner_id=self.manager.partner_id.id
        )  # a coordinator's own action is theirs
        kind = self.code("attention", "STEERING_ACTION").with_user(self.coordinator)
        action = kind.action_open()
        found = self.env[action["res_model"]].with_user(self.coordinator).search(action["domain"])
        self.assertEqual(found, late)
        self.assertEqual(kind.record_count, 1)
        self.assertEqual(own.user_id, self.manager)
        self.assertEqual([late.is_overdue, today.is_overdue, done.is_overdue], [True, False, False])

    def test_project_shows_next_meeting_and_open_actions(self):
        self.make_meeting(datetime(2026, 6, 2, 13))
        self.make_meeting(datetime(2026, 4, 7, 13))
        self.agree(self.make_held())
        project = self.project.with_user(self.coordinator)
        self.assertEqual(project.next_steering_date, date(2026, 4, 7))
        self.assertEqual(project.open_action_count, 1)
        for action in (
            project.action_open_steering_members(),
            project.action_open_steering_meetings(),
            project.action_open_steering_actions(),
        ):
            self.assertTrue(project.env[action["res_model"]].search(action["domain"]))

    # ------------------------------------------------------------
    # PAPER AND RIGHTS
    # ------------------------------------------------------------

    def render(self, name, meeting):
        report = f"buurtbemiddeling_case.report_steering_{name}"
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(report, meeting.ids)
        )
        return html.decode()

    def test_minutes_on_paper_hold_who_came_what_was_said_and_decided(self):
        meeting = self.make_held()
        meeting.item_ids[0].write({"text": "Said <b>so</b>.", "preparation": "Secret plan"})
        self.decide(meeting, "Go on in 2027", item_id=meeting.item_ids[0].id)
        self.agree(meeting, "Ask the town for money")
        html = self.render("minutes", meeting)
        for text in (
            "Concept", "Wim Agent (Politie)", "Ans Wethouder (Gemeente Heldervoort)",
            "Said &lt;b&gt;so&lt;/b&gt;.", "2026-01", "Go on in 2027", "A2026-01", "04/01/2026",
        ):  # fmt: skip
            self.assertIn(text, html)
        self.assertNotIn("Secret plan", html)
        meeting.action_minute()
        self.assertNotIn("Concept", self.render("minutes", meeting))
        with self.allow_pdf_render():
            pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "buurtbemiddeling_case.report_steering_minutes", meeting.ids
            )
        self.assertTrue(pdf)
        self.assertEqual(
            meeting._get_file_name("minutes"), "Minutes Steering group Heldervoort 2026-03-09"
        )

    def test_colleagues_and_other_organisations_read_nothing(self):
        meeting = self.make_minuted()
        member = self.project.steering_member_ids[0]
        records = [meeting, meeting.item_ids[0], meeting.attendance_ids[0], member]
        file = self.env["ir.attachment"].create(
            {"name": "x", "raw": b"x", "res_model": meeting._name, "res_id": meeting.id}
        )
        records.append(file)
        for record in records:
            for user in (self.colleague, self.portal):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
            if record == file:
                continue  # Odoo asks the page it is on
            theirs = record.with_user(self.stranger).with_context(
                allowed_company_ids=self.other_company.ids
            )
            self.assertFalse(theirs.search([("id", "=", record.id)]), record._name)
