from unittest import SkipTest

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.mail.tests.common import MailCommon

from .common import CaseCommon

LANGUAGES = ("nl", "en", "pl")
KINDS = ("registered", "approach", "reminder", "inform", "aftercare", "ended")


@tagged("post_install", "-at_install")
class TestLostLetter(CaseCommon):
    """A letter of which the server was killed while it sent it."""

    def test_that_it_may_not_have_arrived_is_a_to_do_once(self):
        party = self.make_quarrel(user_id=self.coordinator.id).party_ids[:1]
        mails = self.env["mail.mail"].create(
            [
                {
                    "model": party._name,
                    "res_id": party.id,
                    "recipient_ids": [(6, 0, party.partner_id.ids)],
                    "author_id": self.company.partner_id.id,
                    "state": "exception",
                    "failure_type": failure_type,
                }
                for failure_type in (False, "unknown")
            ]
        )
        self.env["mail.mail"].process_email_queue(mails.ids)
        self.assertFalse(party.activity_ids, "it is under way")
        self.env.cr.execute(
            "UPDATE mail_mail SET write_date = write_date - interval '1 hour' WHERE id IN %s",
            [tuple(mails.ids)],
        )
        self.env.invalidate_all()
        for _turn in range(2):
            self.env["mail.mail"].process_email_queue(mails.ids)
            self.assertEqual(party.activity_ids.user_id, self.coordinator)
            self.assertEqual(len(party.activity_ids), 1)
        self.assertEqual(mails.mapped("failure_type"), ["unknown", "unknown"])

    def test_without_a_coordinator_it_is_for_who_handles_requests(self):
        party = self.make_quarrel(user_id=False).party_ids[:1]
        party._plan_undelivered()
        self.assertFalse(party.activity_ids)
        self.company.buurtbemiddeling_request_user_id = self.manager
        party._plan_undelivered()
        self.assertEqual(party.activity_ids.user_id, self.manager)


@tagged("post_install", "-at_install")
class TestLetter(CaseCommon, MailCommon):
    """Letters to one party: neutral, in its language, and for nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"phone": "0110000000", "email": "office@example.com"})
        cls.case = cls.make_quarrel(
            reporter_story="The drums keep me awake",
            neighbour_phone="0600000002",
            neighbour_zip="1234 AB",
            neighbour_city="Dorp",
        )
        cls.a, cls.b = cls.case.party_ids.with_user(cls.coordinator)
        cls.b.story = "It is the parrot that screams"
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        cls.today = fields.Date.context_today(cls.case)

    def compose(self, party, **values):
        form = Form(
            self.env["buurtbemiddeling.letter.compose"]
            .with_user(self.coordinator)
            .with_context(default_party_id=party.id)
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def language(self, code):
        return self.code("language", code)

    def files(self, party):
        return self.env["ir.attachment"].search(
            [("res_model", "=", party._name), ("res_id", "=", party.id)]
        )

    # What letters say

    def test_every_letter_exists_in_dutch_and_two_more_languages(self):
        letters = self.env["buurtbemiddeling.letter"].search([])
        found = {(letter.kind, letter.language_id.code) for letter in letters}
        self.assertLessEqual({(kind, code) for kind in KINDS for code in LANGUAGES}, found)

    def test_no_letter_names_the_other_party_or_tells_a_story(self):
        secrets = {
            self.a: ("Bert", "Buur", "0600000002", "Dorpsstraat 3", "parrot", "drums"),
            self.b: ("Anna", "Melder", "anna@example.com", "Dorpsstraat 1", "parrot", "drums"),
        }
        for party, hidden in secrets.items():
            for code in LANGUAGES:
                party.language_id = self.language(code)
                for kind in KINDS:
                    with self.subTest(side=party.side, language=code, kind=kind):
                        subject, body = party._render_letter(kind)
                        text = f"{subject} {html2plaintext(body)}"
                        for secret in hidden:
                            self.assertNotRegex(text, rf"\b{secret}\b")
                        self.assertNotIn("t-out", body)
                        self.assertNotIn("{{", subject)

    def test_every_letter_says_who_sends_it_and_how_to_reach_them(self):
        for code in LANGUAGES:
            self.b.language_id = self.language(code)
            for kind in KINDS:
                text = html2plaintext(self.b._render_letter(kind)[1])
                for part in (
                    self.coordinator.name, "Welzijn", "0110000000", "office@example.com",
                    self.case.name,
                ):  # fmt: skip
                    self.assertIn(part, text, (code, kind))

    def test_letters_that_inform_say_what_the_law_asks(self):
        for code in LANGUAGES:
            self.b.language_id = self.language(code)
            for kind in ("registered", "approach", "inform"):
                self.assertIn("Autoriteit Persoonsgegevens", self.b._render_letter(kind)[1])

    def test_unknown_resident_is_addressed_neutrally(self):
        case = self.make_case(neighbour_street="Dorpsstraat 3")
        self.assertIn("Beste bewoner", html2plaintext(case.party_ids._render_letter("approach")[1]))

    def test_what_a_resident_is_called_can_not_break_the_letter(self):
        self.bert.name = "<b>Bert</b>"
        self.assertNotIn("<b>Bert</b>", self.b._render_letter("approach")[1])

    def test_letter_is_in_the_language_of_the_party_else_in_dutch(self):
        for code, word in (("pl", "Szanowni"), ("en", "Dear"), ("tr", "Beste"), (None, "Beste")):
            self.b.language_id = code and self.language(code)
            self.assertIn(word, self.b._render_letter("approach")[1])

    def test_letter_does_not_follow_the_language_of_the_screen(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl")
        letter.with_user(self.manager).with_context(lang="nl_NL").subject = "Kennismaken"
        self.assertEqual(letter.with_context(lang="en_US").subject, "Kennismaken")

    # Keeping the letters

    def test_administrator_changes_letters_and_adds_a_language(self):
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl").with_user(self.manager)
        letter.subject = "Kennismaken"
        copy = letter.copy()
        self.assertFalse(copy.language_id, "a draft")
        self.b.language_id = self.language("tr")
        self.assertEqual(self.b._render_letter("approach")[0], "Kennismaken")
        copy.write({"subject": "Merhaba", "language_id": self.language("tr").id})
        self.assertEqual(self.b._render_letter("approach")[0], "Merhaba")

    @mute_logger("odoo.sql_db")
    def test_one_letter_a_kind_and_language(self):
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl").with_user(self.manager)
        with self.assertRaisesRegex(Exception, "(?i)unique|already"):
            letter.copy({"language_id": letter.language_id.id})
            self.env.flush_all()

    def test_letters_are_not_changed_by_coordinators_or_colleagues(self):
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl")
        for user in (self.coordinator, self.colleague, self.make_user("sys", "base.group_system")):
            with self.assertRaises(AccessError):
                letter.with_user(user).subject = "Other"

    def test_placeholders_outside_the_list_are_for_template_editors_only(self):
        editors = self.env.ref("mail.group_mail_template_editor")
        self.env.ref("base.group_user").implied_ids = [Command.unlink(editors.id)]
        self.manager.group_ids = [Command.unlink(editors.id)]
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl").with_user(self.manager)
        letter.body_html = '<p>Hello <t t-out="object.case_id.name"/></p>'
        with self.assertRaises(AccessError):
            letter.body_html = '<p><t t-out="object.case_id.party_ids[0].story"/></p>'

    def test_a_letter_that_can_not_be_filled_in_is_refused_at_once(self):
        letter = self.env.ref("buurtbemiddeling_case.letter_approach_nl").with_user(self.manager)
        with (
            self.assertRaisesRegex(ValidationError, "can not be filled in"),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            letter.body_html = '<p><t t-out="object.no_such_field"/></p>'

    # Mailing

    def test_mailed_letter_reaches_its_party_only(self):
        with self.mock_mail_gateway():
            skipped = (self.a | self.b)._mail_letter("registered")
        self.assertEqual(skipped, self.b)
        self.assertSentEmail(self.coordinator.partner_id, self.anna)
        self.assertEqual(len(self._mails), 1)
        self.assertNotIn("Your Party", self._mails[0]["body"])
        self.assertNotIn("/mail/view", self._mails[0]["body"])
        messages = self.a.message_ids.filtered(lambda message: message.partner_ids)
        self.assertEqual(messages.partner_ids, self.anna)
        self.assertFalse(self.b.message_ids.partner_ids)
        self.assertEqual(self.case.last_contact_date, self.today)

    def test_letter_to_nobody_is_refused_and_nothing_lost(self):
        letter = self.compose(self.b)
        before = self.b.message_ids
        with self.assertRaisesRegex(UserError, "no e-mail address to send"):
            letter.action_mail()
        self.assertTrue(letter.body_html)
        self.assertEqual(self.b.message_ids, before)
        self.assertFalse(self.b.approach_ids)
        self.assertFalse(self.b.informed_date)

    def test_mailbox_of_both_sides_gets_nothing_by_any_way(self):
        self.bert.email = "Bert <ANNA@example.com>"
        letter = self.compose(self.b)
        with self.assertRaisesRegex(UserError, "belongs to the other side"):
            letter.action_mail()
        self.assertEqual((self.a | self.b)._mail_letter("registered"), self.a | self.b)
        for party in (self.a, self.b):
            with self.assertRaisesRegex(UserError, "belongs to the other side"):
                party.message_post(body="Hello", partner_ids=party.partner_id.ids)
        with self.assertRaisesRegex(UserError, "belongs to the other side"):
            self.env["mail.mail"].create(
                {
                    "model": self.b._name,
                    "res_id": self.b.id,
                    "body_html": "x",
                    "recipient_ids": [Command.set(self.bert.ids)],
                }
            )
        self.bert.email = "bert@example.com"
        self.assertFalse((self.a | self.b)._mail_letter("registered"))

    def test_couple_on_one_side_may_share_a_mailbox(self):
        partner = self.env["buurtbemiddeling.case.party"].create(
            {
                "case_id": self.case.id,
                "side": "a",
                "contact_name": "Ans",
                "email": "anna@example.com",
            }
        )
        self.assertFalse((self.a | partner)._mail_letter("registered"))

    # Printing

    def test_printed_letter_is_kept_on_the_thread_of_its_party(self):
        letter = self.compose(self.b)
        action = letter.action_print()
        file = self.files(self.b)
        self.assertEqual(len(file), 1)
        self.assertIn(f"/{file.id}?", action["url"])
        self.assertNotIn("Bert", file.name)
        self.assertFalse(self.files(self.a))
        self.assertFalse(self.files(self.case))
        note = self.b.message_ids.filtered("attachment_ids")
        self.assertEqual(note.attachment_ids, file)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.author_id, self.coordinator.partner_id)
        self.assertFalse(note.notified_partner_ids & (self.anna | self.bert))
        for user, allowed in (
            (self.coordinator, True),
            (self.colleague, False),
            (self.stranger, False),
            (self.make_user("system", "base.group_system"), False),
        ):
            self.assertEqual(file.with_user(user).has_access("read"), allowed, user.name)
        with self.assertRaisesRegex(UserError, "belongs to another page"):
            self.a.message_post(body="Wrong", attachment_ids=file.ids)

    def test_printed_letter_holds_the_address_and_what_was_typed(self):
        letter = self.compose(self.b)
        letter.body_html = "<p>Changed by hand</p>"
        letter.action_print()
        text = self.files(self.b).raw.decode()
        for part in ("Changed by hand", "Bert Buur", "Dorpsstraat 3", "1234 AB", "Welzijn"):
            self.assertIn(part, text)
        for part in ("Anna", "Dorpsstraat 1", "drums", "parrot"):
            self.assertNotIn(part, text)

    def test_letterbox_of_which_only_the_address_is_known(self):
        case = self.make_case(neighbour_street="Kade 3", neighbour_city="Dorp")
        party = case.party_ids
        for code, words in (("nl", "Aan de bewoners van"), ("en", "To the residents of")):
            letter = self.compose(party, language_id=self.language(code))
            self.assertEqual(letter._get_postal_lines(), [words, "Kade 3", "Dorp"])
        letter.action_print()
        self.assertEqual(len(self.files(party)), 1)

    def test_letter_to_nowhere_is_refused_and_nothing_lost(self):
        case = self.make_case(neighbour_name="Bert", neighbour_city="Dorp")
        letter = self.compose(case.party_ids)
        with self.assertRaisesRegex(UserError, "Fill in the street"):
            letter.action_print()
        self.assertFalse(self.files(case.party_ids))
        self.assertFalse(case.party_ids.approach_ids)
        self.assertTrue(letter.body_html)

    def test_printed_page_is_for_coordinators_only(self):
        letter = self.compose(self.b)
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        for user in (self.colleague, self.stranger, second, self.portal):
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "buurtbemiddeling_case.report_letter", letter.ids
                )

    def test_it_becomes_a_real_pdf(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() == "install":
            raise SkipTest("wkhtmltopdf is not on this machine")
        letter = self.compose(self.b).with_context(force_report_rendering=True)
        # Debian's wkhtmltopdf warns that it prints no running headers, and in a test nobody serves
        # the style sheets: the letter is readable without both
        with (
            self.allow_pdf_render(),
            mute_logger("odoo.addons.base.models.ir_actions_report"),
        ):
            letter.action_print()
        self.assertTrue(self.files(self.b).raw.startswith(b"%PDF"))
        self.assertEqual(self.files(self.b).mimetype, "application/pdf")

    # What a letter means

    def test_approach_letter_is_an_attempt(self):
        self.compose(self.b, kind="approach").action_print()
        self.b.action_note_posted()
        approach = self.b.approach_ids
        self.assertEqual(
            (approach.mode, approach.outcome, approach.date), ("letter", "left", self.today)
        )
        self.bert.email = "bert@example.com"
        reminder = self.compose(self.b)
        self.assertEqual(reminder.kind, "reminder", "after a first attempt")
        reminder.action_mail()
        self.assertEqual(self.b.approach_ids.mapped("mode"), ["email", "letter"])
        self.assertEqual(self.b.willing, "unknown")

    def test_other_letters_are_no_attempt(self):
        for kind in ("inform", "aftercare", "ended"):
            self.compose(self.b, kind=kind).action_print()
        self.b.action_note_posted()
        self.assertFalse(self.b.approach_ids)
        self.assertEqual(self.case.last_contact_date, self.today)

    def test_letter_with_the_words_of_the_law_informs(self):
        for kind, informs in (("reminder", False), ("aftercare", False), ("approach", True)):
            self.compose(self.b, kind=kind).action_print()
            self.b.action_note_posted()
            self.assertEqual(bool(self.b.informed_date), informs, kind)
        self.assertFalse(
            self.b.activity_search(["buurtbemiddeling_case.mail_activity_type_inform"])
        )

    def test_day_on_which_a_party_was_informed_first_stays(self):
        self.b.informed_date = fields.Date.to_date("2026-03-09")
        self.compose(self.b, kind="inform").action_print()
        self.b.action_note_posted()
        self.assertEqual(self.b.informed_date, fields.Date.to_date("2026-03-09"))

    def test_text_follows_kind_and_language_until_it_is_typed(self):
        self.b.language_id = self.language("pl")
        letter = self.compose(self.b)
        self.assertEqual(letter.language_id, self.language("pl"))
        self.assertIn("Szanowni", letter.body_html)
        letter.language_id = self.language("en")
        self.assertIn("Dear", letter.body_html)
        letter.body_html = "<p>Own words</p>"
        self.assertIn("Own words", letter.body_html)

    def test_what_was_typed_stays_while_nobody_is_chosen(self):
        letter = self.env["buurtbemiddeling.letter.compose"].new({"party_id": self.b.id})
        letter.subject, letter.body_html = "Typed", "<p>By hand</p>"
        kind = letter.kind
        letter.party_id = False
        self.assertEqual(letter.subject, "Typed")
        self.assertEqual(letter.body_html, "<p>By hand</p>")
        self.assertEqual(letter.kind, kind)

    def test_from_the_case_the_letter_is_for_the_other_party(self):
        action = self.case.with_user(self.coordinator).action_approach_letter()
        self.assertEqual(action["context"]["default_party_id"], self.b.id)
