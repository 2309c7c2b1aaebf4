import base64
from email.message import EmailMessage

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_mail_in import MailInCase


@tagged("post_install", "-at_install")
class TestUnsortedMail(MailInCase):
    """What was refused is not lost: a person decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls.a.with_user(cls.coordinator)._post_letter("Request", "Friday?").sudo()

    def make_unsorted(self, **values):
        unsorted = self.receive(
            **{
                "sender": "Anna at work <work@example.org>",
                "In_Reply_To": self.letter.message_id,
                "files": [("log.txt", b"Noise")],
                "body": "It is me",
                **values,
            }
        )[1]
        return unsorted.with_user(self.coordinator)

    def test_mail_is_kept_with_all_that_it_holds(self):
        mail = self.make_unsorted(Date="Mon, 02 Mar 2026 10:00:00 +0100")
        self.assertEqual(
            (mail.email_from, mail.subject, mail.reason),
            ("Anna at work <work@example.org>", "About Bert Buur", "other"),
        )
        self.assertEqual(fields.Datetime.to_string(mail.date), "2026-03-02 09:00:00")
        self.assertIn("It is me", mail.body)
        self.assertEqual(base64.b64decode(mail.attachment_ids.datas), b"Noise")
        self.assertEqual(mail.user_id, self.coordinator)
        for text in ("Anna", "Bert", "work@"):
            self.assertNotIn(text, mail.display_name)

    def test_text_is_shown_without_what_runs(self):
        raw = EmailMessage()
        raw["From"], raw["To"], raw["Message-Id"] = "a@b.nl, c@d.nl", self.address, "<h@x.nl>"
        raw.set_content("<b onclick='x()'>Hi</b><script>alert(1)</script>", subtype="html")
        mail = self.receive(raw.as_bytes())[1]
        self.assertIn("Hi", mail.body)
        self.assertNotIn("script", mail.body)
        self.assertNotIn("onclick", mail.body)

    def test_it_shows_on_my_day_of_whose_it_is(self):
        kind = self.env.ref("buurtbemiddeling_case.attention_unsorted_mail")
        kind = kind.with_context(allowed_company_ids=self.company.ids)
        self.make_unsorted()
        kind.invalidate_recordset()
        self.assertEqual(kind.with_user(self.coordinator).record_count, 1)
        self.assertEqual(kind.with_user(self.manager).record_count, 0)
        self.assertEqual(
            kind.with_user(self.manager).with_context(attention_scope="everyone").record_count, 1
        )
        action = kind.with_user(self.coordinator).action_open()
        self.assertEqual(action["res_model"], "buurtbemiddeling.unsorted.mail")
        self.company.buurtbemiddeling_request_user_id = False
        self.make_unsorted(In_Reply_To="<unknown@x.nl>", body="", files=[])
        kind.invalidate_recordset()
        self.assertEqual(kind.with_user(self.manager).record_count, 1, "nobody's is everyone's")

    def test_only_coordinators_of_the_organisation_see_it(self):
        mail = self.make_unsorted()
        message = self.mails_of(mail)
        for user in (self.colleague, self.portal, self.stranger, self.make_user(
            "system", "base.group_system"
        )):  # fmt: skip
            with self.subTest(user=user.name):
                self.assertFalse(mail.with_user(user).has_access("read"))
                self.assertFalse(message.with_user(user).has_access("read"))
                self.assertFalse(message.attachment_ids.with_user(user).has_access("read"))

    def test_mail_about_a_closed_project_is_for_its_members(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Besloten",
                "company_id": self.company.id,
                "user_ids": self.coordinator.ids,
                "is_members_only": True,
            }
        )
        self.quarrel.sudo().project_id = project
        mail = self.make_unsorted()
        outsider = self.make_user("outsider", "buurtbemiddeling_case.group_user")
        self.assertEqual(mail.project_id, project)
        self.assertTrue(mail.has_access("read"))
        self.assertFalse(mail.with_user(outsider).has_access("read"))
        self.assertFalse(mail.with_user(outsider).search_count([]))
        self.assertFalse(self.mails_of(mail).with_user(outsider).has_access("read"))

    def test_person_puts_it_on_the_thread_of_the_party(self):
        mail = self.make_unsorted()
        files = mail.attachment_ids.sudo()
        action = mail.action_add_to_party()
        self.assertEqual((action["res_model"], action["res_id"]), (self.a._name, self.a.id))
        self.assertFalse(mail.exists())
        moved = self.mails_of(self.a)
        self.assertIn("It is me", moved.body)
        self.assertFalse(moved.author_id, "who sent it is not vouched for")
        self.assertEqual(moved.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(files.exists().mapped("res_model"), [self.a._name])
        self.assertEqual(files.res_id, self.a.id)
        by_hand = self.a.message_ids.filtered(lambda message: "by hand" in (message.body or ""))
        self.assertEqual(by_hand.author_id, self.coordinator.partner_id)

    def test_person_chooses_another_party(self):
        mail = self.make_unsorted()
        with Form(mail) as form:
            form.party_id = self.b.with_user(self.coordinator)
        mail.action_add_to_party()
        self.assertTrue(self.mails_of(self.b))
        self.assertFalse(self.mails_of(self.a))

    def test_without_a_party_it_goes_nowhere(self):
        mail = self.make_unsorted()
        mail.party_id = False
        with self.assertRaisesRegex(UserError, "whose mail"):
            mail.action_add_to_party()
        self.assertTrue(mail.exists())

    def test_party_of_another_organisation_can_not_be_chosen(self):
        theirs = self.make_case(
            self.stranger,
            company_id=self.other_company.id,
            reporter_name="C",
            reporter_email="c@example.com",
        ).party_ids
        mail = self.make_unsorted()
        with self.assertRaises(AccessError):
            mail.party_id = theirs.with_user(self.coordinator)

    def test_person_makes_it_a_new_request(self):
        mail = self.make_unsorted()
        action = mail.action_make_request()
        party = self.parties.browse(action["res_id"])
        self.assertNotEqual(party.case_id, self.quarrel)
        self.assertEqual(
            (party.case_id.channel, party.case_id.user_id), ("email", self.coordinator)
        )
        self.assertEqual(party.company_id, self.company)
        self.assertEqual((party.contact_name, party.email), ("Anna at work", "work@example.org"))
        self.assertTrue(party.partner_id.is_confidential)
        self.assertTrue(self.mails_of(party))
        self.assertFalse(mail.exists())

    def test_request_without_a_clear_sender_has_a_party_without_contact(self):
        mail = self.make_unsorted(sender="a@x.nl, b@y.nl")
        party = self.parties.browse(mail.action_make_request()["res_id"])
        self.assertFalse(party.partner_id)
        self.assertTrue(self.mails_of(party))

    def test_deleting_takes_the_mail_and_its_files_away(self):
        mail = self.make_unsorted()
        message, files = self.mails_of(mail), mail.attachment_ids.sudo()
        mail.action_delete()
        self.assertFalse(mail.exists() or message.exists() or files.exists())

    def test_nobody_is_mailed_about_it(self):
        """An absent colleague's mailbox would answer, and so on."""
        _parties, unsorted, mails = self.receive(
            sender="x@y.nl", In_Reply_To=self.letter.message_id
        )
        self.assertFalse(mails)
        self.assertFalse(unsorted.message_follower_ids)
        again = self.receive(
            sender="x@y.nl", In_Reply_To=self.mails_of(unsorted).message_id,
            to=self.domain.catchall_email,
        )[1]  # fmt: skip
        self.assertEqual(again.reason, "other", "also an answer to such a mail waits")
        self.assertEqual(len(self.mails_of(unsorted)), 1)


@tagged("post_install", "-at_install")
class TestMailAddress(MailInCase):
    """The address is a setting of the organisation."""

    def save(self, user=None, **values):
        settings = self.env["buurtbemiddeling.settings"].with_user(user or self.manager)
        return settings.with_company(self.company).create(values)

    def test_administrator_sets_the_address(self):
        settings = self.save(buurtbemiddeling_mail_name="Hulp")
        self.assertEqual(settings.buurtbemiddeling_mail_address, "hulp@welzijn.example.nl")
        self.assertEqual(self.company.buurtbemiddeling_mail_name, "hulp")
        self.assertEqual(self.other_company.buurtbemiddeling_mail_name, "aanmelden")
        self.assertTrue(self.receive(to="hulp@welzijn.example.nl")[0])
        with self.assertRaises(AccessError):
            self.save(self.coordinator, buurtbemiddeling_mail_name="x")

    def test_emptied_address_takes_no_requests(self):
        alias = self.company.buurtbemiddeling_alias_id
        self.save(buurtbemiddeling_mail_name=False)
        self.assertFalse(alias.exists())
        self.assertFalse(self.company.buurtbemiddeling_mail_address)
        with self.assertNoThreadGrows(), self.assertRaises(ValueError):
            self.receive()

    def test_address_that_is_taken_is_refused_in_words(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "info",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        with self.assertRaisesRegex(UserError, "already linked"):
            self.save(buurtbemiddeling_mail_name="info")

    def test_organisation_without_a_mail_domain_hears_whom_to_ask(self):
        self.company.buurtbemiddeling_mail_name = False
        self.company.alias_domain_id = False
        with self.assertRaisesRegex(UserError, "no mail domain"):
            self.save(buurtbemiddeling_mail_name="hulp")

    def test_address_follows_the_mail_domain(self):
        domain = self.env["mail.alias.domain"].create({"name": "nieuw.example.nl"})
        self.company.alias_domain_id = domain
        self.assertEqual(self.company.buurtbemiddeling_mail_address, "aanmelden@nieuw.example.nl")
