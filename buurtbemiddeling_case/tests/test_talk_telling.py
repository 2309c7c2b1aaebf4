from datetime import datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CaseCommon

# half past seven in the evening in Amsterdam, in winter
START = datetime(datetime.now().year + 1, 12, 6, 18, 30)
NAMES = ("Anna", "Bert", "Dorpsstraat", "example.com")


@tagged("post_install", "-at_install")
class TestTalkTelling(CaseCommon):
    """Who is invited to a talk hears of every change of it, once, and apart from the others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.a, cls.b = cls.case.party_ids
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        cls.a.language_id = cls.code("language", "pl")
        cls.room = cls.env["buurtbemiddeling.room"].create(
            {"name": "De Roos", "street": "Plein 1", "company_id": cls.company.id}
        )
        cls.coordinator.notification_type = "email"
        cls.manager.notification_type = "email"

    def plan(self, kind="mediation", user=None, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(user or self.manager)
            .create(
                {
                    "case_id": self.case.id,
                    "kind": kind,
                    "start": START,
                    "room_id": self.room.id,
                    **values,
                }
            )
        )

    def invited(self, kind="mediation", **values):
        """Plan a talk and invite people to it; B has an e-mail address, unless given."""
        self.bert.email = values.pop("email_b", "bert@example.com")
        talk = self.plan(kind, **values)
        talk.action_invite()
        return talk

    def tell(self, action):
        """Return the mails about a talk and the to-dos that ``action`` makes.

        Odoo's own copies, to coordinators who follow the thread of a party, are left out.
        """
        mails = self.env["mail.mail"].sudo().search([])
        todos = self.env["mail.activity"].sudo().search([])
        action()
        self.env.flush_all()
        mails = self.env["mail.mail"].sudo().search([]) - mails
        about_talks = mails.filtered(
            lambda mail: (
                mail.model == "buurtbemiddeling.meeting"
                or mail.recipient_ids & self.case.party_ids.partner_id
            )
        )
        staff = (self.coordinator + self.manager).partner_id
        self.assertLessEqual((mails - about_talks).recipient_ids, staff)
        return about_talks, self.env["mail.activity"].sudo().search([]) - todos

    def to(self, mails, partner):
        return mails.filtered(lambda mail: partner in mail.recipient_ids)

    # ------------------------------------------------------------
    # INVITING
    # ------------------------------------------------------------

    def test_each_is_invited_on_their_own_thread_in_their_own_language(self):
        self.bert.email = "bert@example.com"
        talk = self.plan()
        mails, todos = self.tell(talk.action_invite)
        self.assertFalse(todos)
        to_anna, to_bert = self.to(mails, self.anna), self.to(mails, self.bert)
        self.assertEqual((len(to_anna), len(to_bert)), (1, 1))
        self.assertEqual((to_anna.model, to_anna.res_id), (self.a._name, self.a.id))
        self.assertEqual((to_bert.model, to_bert.res_id), (self.b._name, self.b.id))
        self.assertEqual(to_anna.subject, "Zaproszenie na rozmowę")
        self.assertEqual(to_bert.subject, "Uitnodiging voor een gesprek")
        for mail in mails:
            self.assertEqual(len(mail.recipient_ids), 1, "nobody sees who else was told")
        self.assertNotIn("Bert", to_anna.body_html)
        self.assertNotIn("Anna", to_bert.body_html)
        self.assertEqual(talk.invited_party_ids, self.a + self.b)
        self.assertTrue(talk.invited_date)
        self.assertEqual(self.case.last_contact_date, talk.invited_date)

    def test_invitation_says_when_on_the_clock_here_and_where(self):
        body = self.to(self.tell(lambda: self.invited())[0], self.bert).body_html
        self.assertIn(f"dag 6 december {START.year}", body)
        self.assertIn("19:30", body)
        self.assertIn("De Roos", body)
        self.assertIn("Plein 1", body)
        self.assertIn("Bert", body)

    def test_home_is_told_without_its_address(self):
        body = self.to(
            self.tell(lambda: self.invited("talk_b", room_id=False))[0], self.bert
        ).body_html
        self.assertIn("bij u thuis", body)
        self.assertNotIn("Dorpsstraat", body)
        self.assertEqual(self.plan("talk_b", room_id=False)._get_place_for(self.a), "other_home")

    def test_letters_exist_in_dutch_english_and_polish(self):
        talk = self.plan()
        for code in ("nl", "en", "pl"):
            self.a.language_id = self.code("language", code)
            bodies = {
                self.a._render_letter(kind, talk)
                for kind in ("talk_invite", "talk_moved", "talk_cancelled")
            }
            self.assertEqual(len(bodies), 3)
            for _subject, body in bodies:
                with self.subTest(code=code, body=body):
                    self.assertIn(str(START.year), body)
                    self.assertIn("Anna", body)
                    self.assertNotIn("Bert", body)

    def test_who_has_no_email_is_to_be_phoned(self):
        talk = self.plan()
        mails, todos = self.tell(talk.action_invite)
        self.assertFalse(self.to(mails, self.bert))
        self.assertEqual((todos.res_model, todos.res_id), (self.b._name, self.b.id))
        self.assertEqual(todos.user_id, self.coordinator)
        for name in NAMES:
            self.assertNotIn(name, f"{todos.summary} {todos.res_name} {todos.note}")
        self.assertIn(self.b, talk.invited_party_ids)

    def test_staff_mail_names_no_resident_and_is_not_sent_to_who_acts(self):
        mails, _todos = self.tell(lambda: self.invited())
        staff = self.to(mails, self.coordinator.partner_id)
        self.assertEqual(len(staff), 1)
        self.assertIn(self.case.name, staff.subject)
        self.assertIn("19:30", staff.body_html)
        self.assertIn("De Roos", staff.body_html)
        for name in NAMES:
            self.assertNotIn(name, f"{staff.subject} {staff.body} {staff.body_html}")
        self.assertFalse(self.to(mails, self.manager.partner_id))
        own, _todos = self.tell(
            lambda: self.plan(user=self.coordinator, start=START + timedelta(1)).action_invite()
        )
        self.assertFalse(self.to(own, self.coordinator.partner_id))

    def test_administrator_of_odoo_does_not_read_staff_mails(self):
        mails, _todos = self.tell(lambda: self.invited())
        system = self.make_user("system", "base.group_system")
        self.assertFalse(self.env["mail.mail"].with_user(system).search([("id", "in", mails.ids)]))

    def test_who_is_added_later_is_invited_alone(self):
        talk = self.invited("talk_a")
        self.assertFalse(talk.can_invite)
        talk.side = "both"
        self.assertTrue(talk.can_invite)
        mails, _todos = self.tell(talk.action_invite)
        self.assertEqual(mails.recipient_ids, self.bert)

    def test_people_are_invited_to_talks_to_come_at_a_known_place_only(self):
        for values in (
            {"start": datetime(2026, 3, 9, 18, 30)},
            {"state": "cancelled"},
            {"kind": "other"},
            {"place": "room", "room_id": False},
            {"kind": "aftercare", "room_id": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.plan(**values).action_invite()

    # ------------------------------------------------------------
    # MOVING AND CANCELLING
    # ------------------------------------------------------------

    def test_moving_tells_everyone_who_was_invited_once(self):
        talk = self.invited()
        mails, todos = self.tell(
            lambda: talk.write({"start": START + timedelta(days=1), "place": "phone"})
        )
        told = self.anna + self.bert + self.coordinator.partner_id
        self.assertEqual(mails.recipient_ids, told)
        self.assertEqual(len(mails), 3)
        self.assertFalse(todos)
        self.assertIn("wij bellen u", self.to(mails, self.bert).body_html)
        self.assertIn("7 december", self.to(mails, self.bert).body_html)

    def test_moving_by_the_dialog_tells_once(self):
        talk = self.invited()

        def move():
            view = "buurtbemiddeling_case.buurtbemiddeling_meeting_view_form_move"
            with Form(talk, view=view) as form:
                form.start = START + timedelta(days=1)
                form.room_id = self.env["buurtbemiddeling.room"].create(
                    {"name": "Town hall", "company_id": self.company.id}
                )
                form.move_reason = "mediator"

        mails, _todos = self.tell(move)
        self.assertEqual(len(mails), 3)
        self.assertIn("Town hall", self.to(mails, self.anna).body_html)
        self.assertNotIn("mediator could not", str(mails.mapped("body_html")))

    def test_dragging_tells_everyone_who_was_invited_once(self):
        talk = self.invited(email_b=False)
        event = talk.event_id.with_user(self.coordinator)
        start = START + timedelta(days=2)
        mails, todos = self.tell(
            lambda: event.write({"start": start, "stop": start + timedelta(hours=1)})
        )
        self.assertEqual(mails.recipient_ids, self.anna, "the coordinator drags it himself")
        self.assertEqual(len(mails), 1)
        self.assertEqual((todos.res_model, todos.res_id), (self.b._name, self.b.id))
        self.assertEqual(self.to(mails, self.anna).author_id, self.coordinator.partner_id)

    def test_drag_by_someone_outside_buurtbemiddeling_writes_for_the_coordinator(self):
        talk = self.invited()
        event = talk.event_id
        event.sudo()._without_attendee_mail().partner_ids |= self.colleague.partner_id
        start = START + timedelta(days=2)
        mails, _todos = self.tell(
            lambda: event.with_user(self.colleague).write(
                {"start": start, "stop": start + timedelta(hours=1)}
            )
        )
        self.assertEqual(mails.recipient_ids, self.anna + self.bert + self.coordinator.partner_id)
        self.assertEqual(self.to(mails, self.bert).author_id, self.coordinator.partner_id)

    def test_talk_with_guests_is_not_moved_to_a_time_that_has_passed(self):
        talk = self.plan()
        past = datetime.now() - timedelta(days=3)
        talk.start = past  # nobody was invited yet
        talk.start = START
        talk.action_invite()
        with self.assertRaisesRegex(UserError, "That time has passed"):
            talk.start = past
        talk.write({"start": past, "state": "done"})
        self.assertEqual(talk.state, "done")

    def test_other_party_hears_nothing_of_a_talk_with_a(self):
        talk = self.invited("talk_a")
        before = self.b.message_ids
        actions = (
            lambda: talk.write({"start": START + timedelta(days=1)}),
            lambda: talk.write({"cancel_reason": "a"}),
        )
        for action in actions:
            mails, todos = self.tell(action)
            self.assertEqual(mails.recipient_ids, self.anna + self.coordinator.partner_id)
            self.assertFalse(todos)
        self.assertEqual(self.b.message_ids, before)

    def test_cancelling_tells_and_asks_for_a_new_invitation(self):
        talk = self.invited()

        def cancel():
            view = "buurtbemiddeling_case.buurtbemiddeling_meeting_view_form_cancel"
            with Form(talk, view=view) as form:
                form.cancel_reason = "b"

        mails, _todos = self.tell(cancel)
        self.assertEqual(len(mails), 3)
        self.assertEqual(talk.state, "cancelled")
        self.assertIn("gaat niet door", self.to(mails, self.bert).body_html)
        self.assertFalse(talk.invited_date or talk.invited_party_ids)
        mails, _todos = self.tell(talk.action_plan_again)
        self.assertFalse(mails)
        self.assertTrue(talk.can_invite)
        self.assertFalse(talk.cancel_reason)

    def test_taking_the_entry_off_the_calendar_tells(self):
        for take_off in (lambda event: event.unlink(), lambda event: event.action_archive()):
            talk = self.invited()
            event = talk.event_id.with_user(self.coordinator)
            mails, _todos = self.tell(lambda take_off=take_off, event=event: take_off(event))
            self.assertEqual(talk.state, "cancelled")
            self.assertEqual(mails.recipient_ids, self.anna + self.bert)
            self.assertEqual(len(mails), 2)

    def test_who_is_left_out_of_a_talk_hears_that_it_is_off_and_not_where_it_goes(self):
        talk = self.invited()
        mails, _todos = self.tell(
            lambda: talk.write({"side": "a", "start": START + timedelta(days=9)})
        )
        to_bert = self.to(mails, self.bert)
        self.assertEqual(to_bert.subject, "Ons gesprek gaat niet door")
        self.assertEqual(len(self.to(mails, self.anna)), 1)
        self.assertEqual(talk.invited_party_ids, self.a)

    def test_correcting_the_kind_of_talk_tells_nobody(self):
        talk = self.invited()
        mails, _todos = self.tell(lambda: talk.write({"kind": "other", "duration": 2}))
        self.assertFalse(mails)
        self.assertEqual((talk.side, talk.place), ("both", "room"))

    def test_nobody_is_told_of_a_talk_to_which_nobody_was_invited(self):
        talk = self.plan()
        actions = (
            lambda: talk.write({"start": START + timedelta(days=1)}),
            lambda: talk.write({"state": "cancelled"}),
        )
        for action in actions:
            mails, todos = self.tell(action)
            self.assertFalse(mails or todos)
        self.assertEqual(talk.event_id.start, START + timedelta(days=1))

    def test_nobody_is_told_of_what_has_been(self):
        talk = self.invited()
        held = {"start": datetime(2026, 3, 9, 18, 30), "state": "done"}
        mails, todos = self.tell(lambda: talk.write(held))
        self.assertFalse(mails or todos)
        for values in ({"start": datetime(2026, 3, 10, 18, 30)}, {"outcome": "no_show"}):
            mails, todos = self.tell(lambda values=values: talk.write(values))
            self.assertFalse(mails or todos)

    def test_handing_the_case_over_tells_nobody(self):
        talk = self.invited()
        mails, todos = self.tell(lambda: self.case.write({"user_id": self.manager.id}))
        self.assertFalse(mails or todos)
        self.assertEqual(talk.event_id.user_id, self.manager)

    def test_talk_to_which_people_were_invited_is_cancelled_not_deleted(self):
        talk = self.invited()
        with self.assertRaisesRegex(UserError, "Cancel it"):
            talk.unlink()
        talk.cancel_reason = "other"
        talk.unlink()
        self.assertFalse(talk.exists())
        self.invited()
        self.case.with_user(self.manager).unlink()
        self.assertFalse(self.case.exists())

    def test_every_staff_member_is_told_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.coordinator.lang = "nl_NL"
        mails, _todos = self.tell(lambda: self.invited())
        self.assertIn("december", self.to(mails, self.coordinator.partner_id).body_html)
        self.assertNotIn("December", self.to(mails, self.coordinator.partner_id).body_html)

    def test_case_follower_gets_no_letter_of_a_party(self):
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.case.message_subscribe(second.partner_id.ids)
        mails, _todos = self.tell(lambda: self.invited())
        self.assertNotIn(second.partner_id, mails.recipient_ids)
        self.assertFalse(
            self.env["mail.notification"].search(
                [("res_partner_id", "=", second.partner_id.id)], limit=1
            )
        )

    def test_planning_in_a_case_from_the_case_form_still_takes_one_row(self):
        self.case.meeting_ids = [
            Command.create({"kind": "talk_a", "start": START, "location": "Buurthuis"})
        ]
        self.assertEqual(self.case.meeting_ids.where, "Buurthuis")
