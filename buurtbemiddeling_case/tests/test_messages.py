from datetime import datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..models.buurtbemiddeling_letter import LETTER_KINDS
from .common import CaseCommon

# half past seven in the evening in Amsterdam
START = datetime(2026, 3, 12, 18, 30)
TALK_KINDS = [kind for kind, _name in LETTER_KINDS if kind.startswith("talk_")]
RENDER_LOG = "odoo.addons.mail.models.mail_render_mixin"


class MessagesCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"phone": "0110000000", "email": "office@example.com"})
        cls.case = cls.make_quarrel(
            reporter_phone="06-11111111",
            neighbour_phone="06-22222222",
            neighbour_name="Bert Pieters",
            neighbour_email="bert@example.com",
            reporter_story="The drums keep me awake",
        )
        cls.a, cls.b = cls.case.party_ids.with_user(cls.coordinator)
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        #: what each may never read of the other
        cls.secrets = {
            cls.a: ("Bert", "Pieters", "22222222", "bert@example.com", "Dorpsstraat 3", "drums"),
            cls.b: ("Anna", "Melder", "11111111", "anna@example.com", "Dorpsstraat 1", "drums"),
        }
        cls.room = cls.env["buurtbemiddeling.room"].create(
            {"name": "De Roos", "street": "Plein 1", "company_id": cls.company.id}
        )

    def invited(self, user=None, case=None, **values):
        """Return a mediation talk on START to which both neighbours were invited."""
        talk = (
            self.env["buurtbemiddeling.meeting"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "kind": "mediation",
                    "start": START,
                    "room_id": self.room.id,
                    **values,
                }
            )
        )
        talk.action_invite()
        return talk

    def mails(self, *partners):
        """Return the mails to these residents, or to any resident of the case, oldest first."""
        contacts = self.env["res.partner"].union(*partners) or self.case.party_ids.partner_id
        return (
            self.env["mail.mail"].sudo().search([("recipient_ids", "in", contacts.ids)], order="id")
        )

    def calls(self, party):
        return party.activity_search(["mail.mail_activity_data_call"])

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_remind_talks").method_direct_trigger()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-09 09:00:00")
class TestNoMail(MessagesCommon):
    """Who does not want to be mailed is mailed by nothing, but is still written to or phoned."""

    def compose(self, party, **values):
        form = Form(
            self.env["buurtbemiddeling.letter.compose"]
            .with_user(self.coordinator)
            .with_context(default_party_id=party.id)
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_who_wants_no_mail_wants_none_in_the_next_case(self):
        anna = self.make_quarrel().party_ids[0]
        anna.no_mail = True
        again = self.make_case()
        again.party_ids = [Command.create({"side": "a", "partner_id": anna.partner_id.id})]
        self.assertTrue(again.party_ids.no_mail)
        again.party_ids.no_mail = False  # asked anew
        self.assertTrue(again.party_ids._may_be_mailed())
        self.assertFalse(self.make_quarrel(neighbour_name="Carla").party_ids[0].no_mail)

    def test_one_question_says_who_may_be_mailed(self):
        self.assertTrue(self.a._may_be_mailed())
        self.a.no_mail = True
        self.assertFalse(self.a._may_be_mailed())
        self.assertTrue(self.b._may_be_mailed(), "the wish of one is not that of the other")
        self.a.no_mail = False
        self.bert.email = "Bert <ANNA@example.com>"
        self.assertFalse(self.a._may_be_mailed(), "the other side reads it")
        self.bert.email = False
        self.assertFalse(self.b._may_be_mailed(), "no address")
        self.assertEqual((self.a | self.b)._filtered_mailable(), self.a)

    def test_who_is_on_the_list_of_no_mail_is_not_mailed(self):
        self.env["mail.blacklist"]._add("Anna@example.com")
        self.assertFalse(self.a._may_be_mailed())
        self.assertEqual((self.a | self.b)._mail_letter("registered"), self.a)
        with self.assertRaisesRegex(UserError, "list of those who want no mail"):
            self.a.message_post(body="Hello", partner_ids=self.anna.ids)

    def test_no_letter_of_any_kind_is_mailed(self):
        self.a.no_mail = True
        before = self.mails()
        talk = self.invited()
        for kind, _name in LETTER_KINDS:
            self.assertEqual(self.a._mail_letter(kind, talk), self.a, kind)
        self.assertFalse((self.mails(self.anna)) - before)

    def test_talk_that_is_planned_moved_and_cancelled_is_phoned(self):
        self.a.no_mail = True
        talk = self.invited()
        talk.start += timedelta(days=1)
        talk.told_date = START.date() - timedelta(days=5)
        self.company.buurtbemiddeling_talk_reminder_phone = True
        with freeze_time("2026-03-12 09:00:00"):
            self.run_cron()
        talk.state = "cancelled"
        self.assertFalse(self.mails(self.anna))
        self.assertEqual(len(self.calls(self.a)), 4)
        self.assertEqual(len(self.mails(self.bert)), 4)
        self.assertFalse(self.calls(self.b))

    def test_letter_by_hand_is_refused_with_a_sentence_and_printed(self):
        self.a.no_mail = True
        letter = self.compose(self.a)
        self.assertIn("does not want to be mailed", letter.mail_obstacle)
        with self.assertRaisesRegex(UserError, "does not want to be mailed"):
            letter.action_mail()
        self.assertTrue(letter.action_print())
        self.assertFalse(self.mails(self.anna))

    def test_message_from_the_thread_is_refused(self):
        self.a.no_mail = True
        with self.assertRaisesRegex(UserError, "does not want to be mailed"):
            self.a.message_post(body="Hello", partner_ids=self.anna.ids)
        with self.assertRaisesRegex(UserError, "does not want to be mailed"):
            self.anna.with_user(self.coordinator).message_post(
                body="Hello", partner_ids=self.anna.ids
            )
        with self.assertRaisesRegex(UserError, "does not want to be mailed"):
            self.env["mail.mail"].create(
                {
                    "model": self.a._name,
                    "res_id": self.a.id,
                    "body_html": "x",
                    "recipient_ids": [Command.set(self.anna.ids)],
                }
            )

    def test_contact_page_of_others_is_as_before(self):
        self.a.no_mail = True
        message = self.bert.with_user(self.coordinator).message_post(
            body="Hello", partner_ids=self.bert.ids
        )
        self.assertEqual(message.partner_ids, self.bert)

    def test_obstacle_is_told_only_to_who_may_read_the_party(self):
        letter = self.compose(self.a)
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                letter.with_user(user).mail_obstacle  # noqa: B018

    def test_wish_outlives_a_merge(self):
        other = self.make_quarrel()
        other.party_ids[0].partner_id = self.anna
        other.party_ids[0].no_mail = True
        values, _told = self.a.sudo()._merge_values(other.party_ids[0].sudo())
        self.assertTrue(values["no_mail"])

    def test_referrer_on_the_list_is_not_mailed(self):
        wbv = self.make_referral_partner()
        wil = self.make_contact_person(wbv)
        case = self.make_case(referral_partner_id=wbv.id, referral_contact_id=wil.id)
        self.assertEqual(case._get_feedback_recipient("mail"), wil)
        self.env["mail.blacklist"]._add(wil.email)
        self.assertEqual(case._get_feedback_recipient("mail"), wbv.partner_id)
        self.env["mail.blacklist"]._add(wbv.partner_id.email)
        with self.assertRaisesRegex(UserError, "wants no mail"):
            case._tell_referrer("received", "mail")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 09:00:00")
class TestTalkReminder(MessagesCommon):
    """Residents who were invited are reminded once, a day before, and nobody else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.b.language_id = cls.code("language", "en")

    def reminders(self, *partners):
        return self.mails(*partners).filtered(
            lambda mail: mail.subject.startswith(("Herinnering", "Reminder"))
        )

    def remind_on(self, day, hour=9):
        """Run the cron on a day of March; return the reminders so far."""
        with freeze_time(datetime(2026, 3, day, hour)):
            self.run_cron()
        return self.reminders()

    def test_each_is_reminded_a_day_before_once_in_their_own_language(self):
        self.invited()
        self.assertFalse(self.remind_on(10))
        self.assertEqual(len(self.remind_on(11)), 2)
        self.assertEqual(len(self.remind_on(11)), 2, "run twice, reminded once")
        self.assertEqual(len(self.remind_on(12)), 2)
        to_anna, to_bert = self.reminders(self.anna), self.reminders(self.bert)
        self.assertEqual(to_anna.subject, "Herinnering aan ons gesprek")
        self.assertEqual(to_bert.subject, "Reminder of our conversation")
        for mail, party in ((to_anna, self.a), (to_bert, self.b)):
            self.assertEqual((mail.model, mail.res_id), (party._name, party.id))
            self.assertIn(self.coordinator.email, mail.email_from)
            self.assertIn("19:30", mail.body_html)
            self.assertIn("0110000000", mail.body_html)
            for secret in self.secrets[party]:
                self.assertNotIn(secret, f"{mail.subject} {mail.body_html} {mail.headers}")

    def test_when_the_day_was_missed_it_is_sent_the_next(self):
        self.invited()
        self.assertEqual(len(self.remind_on(12)), 2)

    def test_never_after_the_talk_has_begun(self):
        self.invited()
        self.assertFalse(self.remind_on(12, hour=20))

    def test_organisation_says_how_many_days_before_or_never(self):
        self.company.buurtbemiddeling_talk_reminder_days = 3
        self.invited()
        self.assertFalse(self.remind_on(8))
        self.assertEqual(len(self.remind_on(9)), 2)
        self.company.buurtbemiddeling_talk_reminder_days = 0
        self.invited(start=START + timedelta(days=7))
        self.assertEqual(len(self.remind_on(18)), 2)

    def test_who_was_not_invited_is_not_reminded(self):
        self.env["buurtbemiddeling.meeting"].with_user(self.coordinator).create(
            {"case_id": self.case.id, "kind": "mediation", "start": START}
        )
        self.assertFalse(self.remind_on(11))

    def test_talk_that_is_off_is_not_reminded_of(self):
        self.invited().state = "cancelled"
        self.assertFalse(self.remind_on(11))

    def test_archived_case_is_left_alone(self):
        self.invited()
        self.case.active = False
        self.assertFalse(self.remind_on(11))

    def test_talk_that_is_moved_is_reminded_of_on_its_new_day(self):
        talk = self.invited()
        self.assertEqual(len(self.remind_on(11)), 2)
        with freeze_time("2026-03-11 10:00:00"):
            talk.start = START + timedelta(days=7)
        self.assertEqual(len(self.remind_on(12)), 2)
        self.assertEqual(len(self.remind_on(18)), 4)

    def test_who_hears_of_the_talk_the_day_before_needs_no_reminder(self):
        with freeze_time("2026-03-11 08:00:00"):
            self.invited()
        self.assertFalse(self.remind_on(11))
        self.assertFalse(self.remind_on(12))

    def test_day_is_that_of_the_clock_on_the_wall(self):
        # half past twelve at night in Amsterdam is still the day before in UTC
        self.invited(start=datetime(2026, 3, 12, 23, 30))
        self.assertFalse(self.remind_on(11))
        self.assertEqual(len(self.remind_on(12)), 2)

    def test_who_can_not_be_mailed_is_phoned_only_if_the_organisation_wants_that(self):
        self.bert.email = False
        talk = self.invited()
        invited = self.calls(self.b)
        self.remind_on(11)
        self.assertEqual(self.calls(self.b), invited)
        self.company.buurtbemiddeling_talk_reminder_phone = True
        talk.reminded_date = False
        self.remind_on(11)
        call = self.calls(self.b) - invited
        self.assertEqual(call.user_id, self.coordinator)
        self.assertIn("reminder", call.summary)

    def test_who_phones_reads_so_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.coordinator.lang = "nl_NL"
        self.bert.email = False
        self.company.buurtbemiddeling_talk_reminder_phone = True
        self.invited()
        invited = self.calls(self.b)
        self.remind_on(11)
        summary = (self.calls(self.b) - invited).summary
        self.assertTrue(summary)
        self.assertNotEqual(summary, "Phone: reminder of a talk")

    def test_letter_that_fails_keeps_back_no_other(self):
        self.invited()
        other = self.make_quarrel(reporter_name="Cor", neighbour_name="Dirk")
        self.invited(case=other, room_id=False, location="Centre", start=START)
        english = self.env.ref("buurtbemiddeling_case.letter_talk_reminder_en")
        # broken for who reads English only, by something that no preview can find
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_letter SET body_html = %s WHERE id = %s",
            ['<p><t t-out="object.no_such_field"/></p>', english.id],
        )
        english.invalidate_recordset()
        with mute_logger(
            RENDER_LOG,
            "odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_meeting_reminder_mixin",
        ):
            self.remind_on(11)
        self.assertEqual(len(self.reminders(self.anna)), 1)
        self.assertFalse(self.reminders(self.bert))
        self.assertEqual(len(self.reminders(other.party_ids[0].partner_id)), 1)

    def test_mediator_or_cron_writes_in_the_name_of_the_coordinator(self):
        self.invited()
        self.remind_on(11)
        message = self.a.message_ids.filtered(lambda m: "Herinnering" in (m.subject or ""))
        self.assertEqual(message.author_id, self.coordinator.partner_id)

    def test_days_are_not_negative(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.buurtbemiddeling_talk_reminder_days = -1
            self.env.flush_all()


@tagged("post_install", "-at_install")
@freeze_time("2026-03-09 09:00:00")
class TestLetterTexts(MessagesCommon):
    """There is a text for each moment, the administrator changes it and sees what it becomes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls.env.ref("buurtbemiddeling_case.letter_approach_nl").with_user(cls.manager)

    def test_letters_stand_in_the_order_of_the_moments_of_a_case(self):
        letters = self.env["buurtbemiddeling.letter"].search([("language_id.code", "=", "nl")])
        self.assertEqual(letters.mapped("kind"), [kind for kind, _name in LETTER_KINDS])

    def test_every_moment_has_a_text_in_dutch_and_english(self):
        letters = self.env["buurtbemiddeling.letter"].search([])
        found = {(letter.kind, letter.language_id.code) for letter in letters}
        wanted = {(kind, code) for kind, _name in LETTER_KINDS for code in ("nl", "en")}
        self.assertLessEqual(wanted, found)

    def test_what_one_gets_never_holds_the_name_number_or_address_of_the_other(self):
        talk = self.invited()
        for place in ({"room_id": self.room.id}, {"room_id": False, "place": "home_b"}):
            talk.write(place)
            for party, secrets in self.secrets.items():
                for code in ("nl", "en", "pl"):
                    party.language_id = self.code("language", code)
                    for kind, _name in LETTER_KINDS:
                        subject, body = party._render_letter(kind, talk)
                        text = f"{subject} {html2plaintext(body)}"
                        for secret in secrets:
                            self.assertNotIn(secret, text, (party.side, code, kind))

    def test_every_letter_says_how_long_data_are_kept_as_the_organisation_has_set(self):
        for months, texts in (
            (24, {"nl": "2 jaar", "en": "2 years", "pl": "2 lata"}),
            (18, {"nl": "18 maanden", "en": "18 months", "pl": "18 miesięcy"}),
            (12, {"nl": "1 jaar", "en": "1 year", "pl": "1 rok"}),
        ):
            self.company.buurtbemiddeling_retention_months = months
            for code, text in texts.items():
                self.a.language_id = self.code("language", code)
                for kind in ("registered", "approach", "inform", "ended"):
                    self.assertIn(text, self.a._render_letter(kind)[1], (kind, code))
        self.assertEqual(self.company._get_retention_text("xx"), "1 jaar")

    def test_no_letter_holds_a_term_that_is_not_the_setting(self):
        for letter in self.env["buurtbemiddeling.letter"].search([]):
            self.assertNotRegex(letter.body_html, "(?i)twee jaar|two years|dwa lata")

    def test_preview_is_of_a_resident_who_does_not_exist(self):
        parties = self.env["buurtbemiddeling.case.party"].search_count([])
        for letter in self.env["buurtbemiddeling.letter"].with_user(self.manager).search([]):
            text = html2plaintext(letter.preview_html)
            for secret in {*self.secrets[self.a], *self.secrets[self.b]}:
                self.assertNotIn(secret, text, letter.display_name)
            self.assertIn(letter.subject, text)
            self.assertIn("Voorbeeldstraat 12", text)
        self.assertEqual(self.env["buurtbemiddeling.case.party"].search_count([]), parties)

    def test_preview_follows_what_is_typed_before_it_is_saved(self):
        with Form(self.letter) as form:
            form.subject = "Kennismaken"
            form.body_html = '<p>Dag <t t-out="object.partner_id.name"/>!</p>'
            self.assertIn("Kennismaken", form.preview_html)
            self.assertIn("Dag J. de Vries!", form.preview_html)
            form.preview_party_id = self.b
            self.assertIn("Dag Bert Pieters!", form.preview_html)
            self.assertIn("Dorpsstraat 3", form.preview_html)

    def test_preview_of_a_placeholder_that_does_not_exist_says_so(self):
        self.manager.group_ids += self.env.ref("mail.group_mail_template_editor")
        form = Form(self.letter)
        with mute_logger(RENDER_LOG):
            form.body_html = '<p><t t-out="object.no_such_field"/></p>'
        self.assertIn("can not be filled in", form.preview_html)

    def test_who_may_not_write_letters_runs_nothing_through_the_preview(self):
        attack = "<p><t t-out=\"object.env['res.users'].sudo().search([]).mapped('login')\"/></p>"
        values = {"subject": "x", "body_html": attack, "kind": "approach"}
        spec = {"preview_html": {}, "body_html": {}, "subject": {}, "kind": {}}
        for user in (self.coordinator, self.colleague):
            letters = self.letter.with_user(user)
            try:
                result = letters.onchange(values, ["body_html"], spec)
            except AccessError:
                continue
            self.assertFalse(result["value"].get("preview_html"), user.name)

    def test_preview_follows_the_rights_of_template_editors(self):
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids = [Command.unlink(editors.id)]
        self.manager.group_ids = [Command.unlink(editors.id)]
        attack = '<p><t t-out="object.env.user.login"/></p>'
        result = self.letter.onchange(
            {"subject": "x", "body_html": attack, "kind": "approach"},
            ["body_html"],
            {"preview_html": {}, "body_html": {}, "subject": {}, "kind": {}},
        )
        self.assertFalse(result["value"].get("preview_html"))

    def test_administrator_changes_every_letter_and_needs_no_other_right_for_it(self):
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids = [Command.unlink(editors.id)]
        self.manager.group_ids = [Command.unlink(editors.id)]
        for letter in self.env["buurtbemiddeling.letter"].with_user(self.manager).search([]):
            letter.body_html += "<p>Tot ziens</p>"
            self.assertIn("Tot ziens", letter.preview_html, letter.display_name)

    def test_letter_says_where_in_its_own_language_else_in_dutch(self):
        talk = self.invited(room_id=False, place="home_b", kind="talk_b")
        for code, text in (("nl", "bij u thuis"), ("en", "at your home"), ("pl", "w domu")):
            self.b.language_id = self.code("language", code)
            self.assertIn(text, self.b._render_letter("talk_invite", talk)[1])
        language = self.code("language", "tr")
        self.env.ref("buurtbemiddeling_case.letter_talk_invite_en").copy(
            {"language_id": language.id}
        )
        self.b.language_id = language
        self.assertIn("bij u thuis", self.b._render_letter("talk_invite", talk)[1])
        language.place_own_home = "evinizde"
        self.assertIn("evinizde", self.b._render_letter("talk_invite", talk)[1])

    def test_preview_for_a_party_is_for_who_may_read_it(self):
        other = self.letter.with_user(self.stranger)
        with self.assertRaises(AccessError):
            other.onchange(
                {"preview_party_id": self.a.id},
                ["preview_party_id"],
                {"preview_html": {}, "preview_party_id": {}},
            )

    def test_original_text_comes_back(self):
        subject, body = self.letter.subject, self.letter.body_html
        self.letter.write({"subject": "Other", "body_html": "<p>Other</p>", "residents": "X"})
        self.letter.action_restore()
        self.assertEqual((self.letter.subject, self.letter.body_html), (subject, body))
        self.assertEqual(self.letter.residents, "Aan de bewoners van")
        self.assertEqual(self.letter.language_id.code, "nl")
        for user in (self.coordinator, self.colleague):
            with self.assertRaises(AccessError):
                self.letter.with_user(user).action_restore()
        with self.assertRaisesRegex(UserError, "no text to restore"):
            self.letter.copy().action_restore()

    def test_text_message_fits_and_fills_in_nothing_else(self):
        letter = self.env.ref("buurtbemiddeling_case.letter_talk_invite_nl").with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "can not fill in {name}"):
            letter.sms_body = "Dag {name}"
        with self.assertRaisesRegex(ValidationError, "161 characters"):
            letter.sms_body = "x" * 161
        with self.assertRaisesRegex(ValidationError, "about talks only"):
            self.letter.sms_body = "Dag"

    def test_settings_are_saved_by_the_administrator_only(self):
        settings = self.env["buurtbemiddeling.settings"].with_user(self.manager)
        with Form(settings) as form:
            form.buurtbemiddeling_talk_reminder_days = 2
            form.buurtbemiddeling_talk_reminder_phone = True
        self.assertEqual(self.company.buurtbemiddeling_talk_reminder_days, 2)
        self.assertTrue(self.company.buurtbemiddeling_talk_reminder_phone)
        with self.assertRaises(AccessError):
            settings.with_user(self.coordinator).create({"buurtbemiddeling_sms": True})


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10 10:00:00")
class TestThanksToResidents(MessagesCommon):
    """Residents are thanked when the coordinator chooses so, and never who did not want to talk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["buurtbemiddeling.meeting"].with_user(cls.coordinator).create(
            {
                "case_id": cls.case.id,
                "kind": "mediation",
                "state": "done",
                "start": datetime(2026, 4, 1, 18),
            }
        )

    def close(self):
        action = self.case.action_close()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        form.outcome_id = self.code("outcome", "OPG_BEM")
        return form

    def test_nobody_is_thanked_by_itself(self):
        self.close().save().action_close()
        self.assertFalse(self.mails())

    def test_who_was_chosen_at_closing_is_thanked(self):
        form = self.close()
        with form.line_ids.edit(0) as line:
            line.send_thanks = True
        form.save().action_close()
        self.assertEqual(self.mails().recipient_ids, self.anna)
        self.assertEqual(self.mails().subject, "Dank u wel")

    def test_who_refused_is_never_thanked(self):
        self.b.willing = "no"
        wizard = self.close().save()
        self.assertEqual(wizard.line_ids.mapped("may_be_thanked"), [True, False])
        wizard.line_ids.send_thanks = True
        with self.assertRaisesRegex(UserError, "With Bert Pieters there was no talk"):
            wizard.action_close()

    def test_without_a_talk_there_is_nothing_to_thank_for(self):
        self.case.meeting_ids.unlink()
        self.assertFalse(any(self.close().save().line_ids.mapped("may_be_thanked")))

    def test_who_can_not_be_mailed_gets_it_by_post(self):
        self.b.no_mail = True
        wizard = self.close().save()
        wizard.line_ids.send_thanks = True
        wizard.action_close()
        self.assertEqual(self.mails().recipient_ids, self.anna)
        todo = self.b.activity_search(["mail.mail_activity_data_todo"])
        self.assertIn("thank-you", todo.summary)
        self.assertEqual(todo.user_id, self.coordinator)

    def test_aftercare_thanks_as_well(self):
        self.close().save().action_close()
        wizard = Form(
            self.env["buurtbemiddeling.case.aftercare"]
            .with_user(self.coordinator)
            .with_context(default_case_id=self.case.id)
        )
        with wizard.line_ids.edit(1) as line:
            line.aftercare_result = "better"
            line.send_thanks = True
        wizard.save().action_save()
        self.assertEqual(self.mails().recipient_ids, self.bert)


@tagged("post_install", "-at_install")
class TestWordingPreview(CaseCommon):
    """What referrers read is the organisation's own text, seen before it is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.closing = cls.wording("CLOSING")

    @classmethod
    def wording(cls, code):
        return cls.code("feedback.wording", code).with_user(cls.manager)

    def test_preview_shows_the_whole_message_in_each_language(self):
        ended = self.wording("ENDED")
        ended.text = "It ended, {number}."
        ended.with_context(lang="nl_NL").text = "Het is klaar, {number}."
        text = html2plaintext(ended.preview_html)
        for part in ("It ended, ", "Het is klaar, ", "W. Jansen", self.manager.name, "Welzijn"):
            self.assertIn(part, text)

    def test_preview_follows_what_is_typed(self):
        with Form(self.wording("SOLVED")) as form:
            form.text = "All is well: {reference}"
            self.assertIn("All is well: ABC-1", form.preview_html)

    def test_subject_and_closing_words_of_the_organisation_are_sent(self):
        self.closing.text = "That is all we tell."
        self.wording("SUBJECT").text = "About {number}"
        wbv = self.make_referral_partner()
        case = self.make_case(referral_partner_id=wbv.id)
        case._tell_referrer("received", "mail")
        mail = self.env["mail.mail"].sudo().search([("recipient_ids", "in", wbv.partner_id.ids)])
        self.assertEqual(mail.subject, f"About {case.name}")
        self.assertIn("That is all we tell.", mail.body_html)

    def test_message_without_own_words_still_goes_out(self):
        (self.closing | self.wording("SUBJECT")).active = False
        wbv = self.make_referral_partner()
        case = self.make_case(referral_partner_id=wbv.id)
        case._tell_referrer("received", "mail")
        mail = self.env["mail.mail"].sudo().search([("recipient_ids", "in", wbv.partner_id.ids)])
        self.assertIn(case.name, mail.subject)
        self.assertNotIn("confidential", mail.body_html)

    def test_words_around_it_fill_in_nothing_of_a_resident(self):
        with self.assertRaisesRegex(ValidationError, "can not fill in"):
            self.closing.text = "About {name}"
