from datetime import datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..models.buurtbemiddeling_letter import LETTER_KINDS
from .common import CaseCommon
from .common_messages import RENDER_LOG, MessagesCommon


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
