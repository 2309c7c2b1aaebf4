from datetime import date, datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_invitation import InvitationCommon


@tagged("post_install", "-at_install")
class TestInvitation(InvitationCommon):
    """Both are asked at once, each alone, and learn nothing of the case before saying yes."""

    def test_both_of_a_pair_are_asked_at_once_and_have_some_days_to_answer(self):
        self.company.buurtbemiddeling_invitation_days = 5
        rows = self.invite(self.vera, self.wim)
        self.assertEqual(rows.volunteer_id, self.vera + self.wim)
        self.assertEqual(set(rows.mapped("state")), {"invited"})
        self.assertEqual(set(rows.mapped("invited_on")), {datetime(2026, 3, 9, 10)})
        self.assertEqual(set(rows.mapped("expires_on")), {date(2026, 3, 14)})
        self.assertFalse(any(rows.mapped("answered_on")))

    def test_each_gets_one_mail_of_their_own(self):
        self.invite(self.vera, self.wim)
        mails = self.mails()
        self.assertEqual(len(mails), 2)
        self.assertEqual(
            [mail.recipient_ids for mail in mails], [self.vera.partner_id, self.wim.partner_id]
        )
        for mail in mails:
            self.assertFalse(mail.email_cc)
            self.assertFalse(mail.email_to)
            self.assertIn("coord@example.com", mail.reply_to)

    def test_mail_says_kind_neighbourhood_times_colleague_and_how_to_answer(self):
        self.invite(self.vera, self.wim)
        text = self.text(self.mails()[0])
        for told in (
            "Hello Vera",
            self.case.intervention_id.name,
            "De Wijk",
            "Wim",
            "03/16/2026",
            "0201234567",
            "Coordinator Tester",
            "Welzijn",
        ):
            self.assertIn(told, text)

    def test_mail_says_nothing_of_the_case(self):
        """No resident, street, mail address or story, and no number that leads to them."""
        self.invite(self.vera, self.wim)
        with freeze_time("2026-03-11 07:00:00"):
            self.run_cron("remind")
        self.assertEqual(len(self.mails()), 4)
        for mail in self.mails():
            everything = f"{self.text(mail)} {mail.body_html} {mail.headers}"
            for secret in (
                *("Anna", "Bert", "Dorpsstraat", "anna@example.com", "drum kit"),
                *(self.case.name, f"{self.case.id}/"),
            ):
                self.assertNotIn(secret, everything)

    def test_mail_is_in_the_language_of_the_volunteer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        template = self.env.ref("buurtbemiddeling_volunteer.assignment_invitation_mail")
        template.update_field_translations("arch_db", {"nl_NL": {"Kind regards,": "Groetjes,"}})
        self.vera.partner_id.lang, self.wim.partner_id.lang = "nl_NL", "en_US"
        self.invite(self.vera, self.wim)
        dutch, english = (self.text(mail) for mail in self.mails())
        self.assertIn("Groetjes,", dutch)
        self.assertIn("16-03-2026", dutch)
        self.assertIn("Kind regards,", english)

    def test_mail_lands_on_no_thread(self):
        threads = [self.case, *self.case.party_ids, self.vera, self.wim]
        before = [record.message_ids for record in threads]
        self.invite(self.vera, self.wim)
        self.assertEqual([record.message_ids for record in threads], before)

    def test_other_staff_does_not_find_the_mail(self):
        """Nor does the administrator of Odoo, who may read every other mail."""
        self.invite(self.vera)
        mail = self.mails()
        admin = self.make_user("system", "base.group_system")
        self.assertFalse(self.env["mail.mail"].with_user(admin).search([("id", "=", mail.id)]))
        for user in (admin, self.colleague, self.stranger, self.portal):
            message = mail.mail_message_id.with_user(user)
            self.assertFalse(message.search([("id", "=", message.id)]), user.login)
            with self.assertRaises(AccessError):
                message.read(["body"])

    def test_volunteer_without_mail_address_is_phoned(self):
        self.vera.partner_id.write({"email": False, "phone": "0612345678"})
        row = self.invite(self.vera)
        self.assertFalse(self.mails())
        todo = self.case.activity_ids
        self.assertEqual(todo.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertIn("Vera", todo.summary)
        self.assertIn("0612345678", todo.note)
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertEqual(row.invited_on, datetime(2026, 3, 9, 10))

    def test_volunteer_who_is_a_resident_in_another_case_is_phoned(self):
        self.vera.partner_id.write({"is_confidential": True, "company_id": self.company.id})
        self.invite(self.vera)
        self.assertFalse(self.mails())
        self.assertTrue(self.case.activity_ids)

    def test_who_was_chosen_in_the_list_is_asked_by_one_button(self):
        with Form(self.case.with_user(self.coordinator)) as form:
            for volunteer in (self.vera, self.wim):
                with form.assignment_ids.new() as line:
                    line.volunteer_id = volunteer
        self.assertFalse(self.mails(), "saving a page mails nobody")
        self.assertTrue(self.case.has_unasked)
        self.case.with_user(self.coordinator).action_ask_mediators()
        self.assertEqual(len(self.mails()), 2)
        self.assertFalse(self.case.has_unasked)
        self.case.with_user(self.coordinator).action_ask_mediators()
        self.assertEqual(len(self.mails()), 2, "nobody is asked twice")

    def test_a_closed_case_asks_nobody(self):
        self.case.write({"outcome_id": self.code("outcome", "OPG_BEM").id})
        self.case.close_date = date(2026, 3, 9)
        with self.assertRaisesRegex(UserError, "is closed"):
            self.invite(self.vera)

    def test_the_same_person_is_not_asked_twice_for_a_pair(self):
        with self.assertRaisesRegex(UserError, "two different people.*Vera"):
            self.invite(self.vera, self.vera)
        self.invite(self.vera)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.invite(self.vera)

    def test_who_does_not_get_cases_leaves_nobody_asked(self):
        resting = self.make_volunteer("Rust", "pause")
        with self.assertRaisesRegex(UserError, "Rust"), self.cr.savepoint():
            self.invite(self.vera, resting)
        self.assertFalse(self.mails())
        self.assertFalse(self.case.assignment_ids)

    def test_asking_costs_the_same_whoever_was_asked_before(self):
        def ask(past):
            case = self.make_quarrel()
            for number in range(past):
                self.couple(case, self.make_volunteer(f"Past {past} {number}"), "ended")
            volunteers = [self.make_volunteer(f"V{n}") for n in range(2)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.invite(*volunteers, case=case)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        ask(2)  # what is read once for all
        self.assertEqual(ask(2), ask(7))


@tagged("post_install", "-at_install")
class TestAnswer(InvitationCommon):
    def test_accepting_and_declining_with_a_reason(self):
        first, second = self.invite(self.vera, self.wim)
        first.action_accept()
        self.decline(second, "TE_VEEL_ZAKEN", note="After summer again")
        self.assertEqual((first.state, first.answered_on), ("accepted", datetime(2026, 3, 9, 10)))
        self.assertEqual(second.state, "declined")
        self.assertEqual(second.reason_id.code, "TE_VEEL_ZAKEN")
        self.assertEqual(second.reason_note, "After summer again")
        self.assertEqual(second.date_end, date(2026, 3, 9))

    def test_reasons_to_decline_are_not_those_to_stop(self):
        row = self.invite(self.vera)
        with self.assertRaisesRegex(UserError, "Completed"):
            self.decline(row, "AFGEROND")

    def test_who_was_asked_by_phone_is_noted_as_accepted_in_the_list(self):
        with Form(self.case.with_user(self.coordinator)) as form:
            with form.assignment_ids.new() as line:
                line.volunteer_id = self.vera
                line.state = "accepted"
        self.assertEqual(self.case.assignment_ids.state, "accepted")
        self.assertFalse(self.mails())

    def test_an_expired_invitation_is_not_answered(self):
        row = self.invite(self.vera)
        with freeze_time("2026-03-16 10:00:00"):
            self.assertFalse(row.is_expired, "the last day counts")
        with freeze_time("2026-03-17 10:00:00"):
            row.invalidate_recordset(["is_expired"])
            self.assertTrue(row.is_expired)
            self.assertIn(row, row.search([("is_expired", "=", True)]))
            for answer in (
                row.action_accept,
                row.action_decline,
                lambda: self.decline(row),
                lambda: row.write({"state": "accepted"}),
            ):
                with self.assertRaisesRegex(UserError, "open until 03/16/2026. Invite Vera again"):
                    answer()
        self.assertEqual(row.state, "invited")

    def test_an_answer_is_given_once(self):
        row = self.invite(self.vera)
        self.decline(row)
        with self.assertRaisesRegex(UserError, "no open invitation of Vera"):
            row.action_accept()
        with self.assertRaisesRegex(UserError, "no open invitation of Vera"):
            row.action_decline()

    def test_inviting_again_is_a_new_row_and_the_old_one_stays(self):
        row = self.invite(self.vera)
        with freeze_time("2026-03-20 10:00:00"):
            row.invalidate_recordset(["is_expired"])
            row.action_invite_again()
            self.assertEqual((row.state, row.reason_id.code), ("declined", "GEEN_ANTWOORD"))
            new = self.case.assignment_ids - row
            self.assertEqual((new.volunteer_id, new.state), (self.vera, "invited"))
            self.assertEqual(new.expires_on, date(2026, 3, 27))
            new.action_accept()
        self.assertEqual(self.case.volunteer_ids, self.vera)

    def test_a_row_that_is_opened_again_is_asked_anew(self):
        row = self.invite(self.vera)
        self.decline(row)
        row.state = "invited"
        self.assertFalse(row.invited_on or row.expires_on or row.reason_id or row.answered_on)
        row.action_ask()
        self.assertEqual(len(self.mails()), 2)

    def test_who_was_asked_is_not_deleted(self):
        row = self.invite(self.vera)
        with self.assertRaisesRegex(UserError, "history"):
            row.unlink()
        self.decline(row)
        with self.assertRaisesRegex(UserError, "history"):
            row.unlink()

    def test_who_joins_hears_of_the_talks_that_are_planned(self):
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create(
                {
                    "case_id": self.case.id,
                    "kind": "talk_a",
                    "place": "phone",
                    "start": datetime(2026, 3, 20, 18),
                }
            )
        )
        row = self.invite(self.vera)
        talk.action_invite()
        about_talks = [("model", "=", "buurtbemiddeling.meeting")]
        mails = self.env["mail.mail"].sudo()
        self.assertNotIn(self.vera.partner_id, mails.search(about_talks).recipient_ids)
        row.action_accept()
        self.assertIn(self.vera.partner_id, mails.search(about_talks).recipient_ids)
        self.assertIn(self.vera.partner_id, talk.event_id.sudo().partner_ids)
