from email.message import EmailMessage

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_mail_in import ANNA, NUMBERS, MailInCase


@tagged("post_install", "-at_install")
class TestMailIn(MailInCase):
    """A mail to the organisation is a request."""

    def test_mail_of_a_resident_is_a_request(self):
        party, unsorted, _mails = self.receive(
            sender="Eva de Wit <Eva@Example.com>", body="Too loud", files=[("a.txt", b"x")]
        )
        case = party.case_id
        self.assertFalse(unsorted)
        self.assertEqual((case.channel, case.company_id), ("email", self.company))
        self.assertEqual(case.user_id, self.coordinator)
        self.assertEqual(case.stage_id.code, "new")
        self.assertEqual(case.referrer_type_id.code, "ZELF")
        self.assertEqual((party.side, party.contact_name), ("a", "Eva de Wit"))
        self.assertEqual(party.email, "eva@example.com")
        self.assertTrue(party.partner_id.is_confidential)
        self.assertEqual(party.partner_id.company_id, self.company)
        self.assertIn("look at it", case.activity_ids.summary)

    def test_mail_stands_on_the_thread_of_the_party_and_not_of_the_case(self):
        party, _unsorted, _mails = self.receive(body="Too loud", files=[("a.txt", b"x")])
        mail = self.mails_of(party)
        self.assertIn("Too loud", mail.body)
        self.assertEqual(mail.author_id, party.partner_id)
        self.assertEqual(
            (mail.attachment_ids.name, mail.attachment_ids.res_model, mail.attachment_ids.res_id),
            ("a.txt", party._name, party.id),
        )
        self.assertFalse(self.mails_of(party.case_id))
        self.assertEqual(party.case_id.last_contact_date, fields.Date.context_today(party))

    def test_case_leads_to_the_mail_that_it_was_made_of(self):
        party, _unsorted, _mails = self.receive(sender="eva@example.com")
        case = party.case_id.with_user(self.coordinator)
        self.assertTrue(case.came_by_mail)
        self.assertEqual(case.action_read_mail()["res_id"], party.id)
        self.quarrel.channel = "email"
        self.assertFalse(self.quarrel.came_by_mail, "typed over: there is no mail to read")
        self.assertFalse(self.env["buurtbemiddeling.case"].new({"channel": "email"}).came_by_mail)

    def test_resident_never_follows_and_others_who_got_the_mail_are_not_named(self):
        """Odoo names whom it knows of To and Cc, and lets them read the mail."""
        self.portal.email = "portal@example.com"
        party, _unsorted, _mails = self.receive(Cc="portal@example.com, bert@example.com")
        mail = self.mails_of(party)
        self.assertFalse(mail.partner_ids | mail.notified_partner_ids)
        self.assertFalse(mail.incoming_email_cc or mail.incoming_email_to)
        self.assertFalse(party.message_partner_ids)
        self.assertLessEqual(party.case_id.message_partner_ids, self.coordinator.partner_id)
        self.assertFalse(mail.with_user(self.portal).has_access("read"))

    def test_known_address_is_a_new_contact(self):
        """Anyone can type anyone's address: what we know of someone is never linked by it."""
        before = self.a.partner_id.read()
        party, _unsorted, _mails = self.receive(sender=f"Somebody Else <{ANNA}>")
        self.assertNotEqual(party.case_id, self.quarrel)
        self.assertNotEqual(party.partner_id, self.a.partner_id)
        self.assertEqual(party.partner_id.email, ANNA)
        self.a.partner_id.invalidate_recordset()
        self.assertEqual(self.a.partner_id.read(), before)
        self.assertFalse(self.mails_of(self.a))
        self.assertIn(self.quarrel.name, party.case_id.activity_ids.note)

    def test_address_of_a_user_is_no_user(self):
        """Neither as author, nor as who made the case."""
        self.portal.email = self.colleague.email = "everybody@example.com"
        party, _unsorted, _mails = self.receive(sender="everybody@example.com")
        self.assertEqual(self.mails_of(party).author_id, party.partner_id)
        self.assertFalse(party.partner_id.user_ids)
        self.assertEqual(party.create_uid, self.env.ref("base.user_root"))

    def test_subject_is_in_no_name_and_no_to_do(self):
        party, _unsorted, mails = self.receive()
        case = party.case_id
        todo = case.activity_ids
        for text in (case.display_name, party.display_name, todo.summary, todo.note or ""):
            self.assertNotIn("Bert", text)
        self.assertFalse([mail for mail in mails if "Bert" in f"{mail.subject}{mail.body_html}"])

    def test_each_organisation_has_its_own_address_and_numbers(self):
        """R80, R81: of the organisation of the address, whoever fetches the mail."""
        self.assertNotEqual(self.env.company, self.other_company)
        party, _unsorted, _mails = self.receive(to="aanmelden@elders.example.nl")
        case = party.case_id
        self.assertEqual(case.company_id, self.other_company)
        self.assertFalse(case.user_id)
        self.assertTrue(case.name.endswith("0001"), case.name)
        self.assertEqual(party.partner_id.company_id, self.other_company)
        self.assertFalse(case.with_user(self.coordinator).has_access("read"))
        both, _unsorted, _mails = self.receive(to=f"{self.address}, aanmelden@elders.example.nl")
        self.assertEqual(both.company_id, self.company | self.other_company)
        self.assertEqual(len(both.partner_id), 2)

    def test_file_that_holds_script_is_only_a_file(self):
        page = EmailMessage()
        page["From"], page["To"], page["Message-Id"] = ANNA, self.address, "<html@example.com>"
        page.set_content("<p onclick='x()'>Hi<script>alert(1)</script></p>", subtype="html")
        page.add_attachment(b"<script>alert(1)</script>", "text", "html", filename="a.html")
        page.add_attachment(b"<svg onload='x()'/>", "image", "svg+xml", filename="b.svg")
        party, _unsorted, _mails = self.receive(page.as_bytes())
        mail = self.mails_of(party)
        self.assertNotIn("script", mail.body)
        self.assertNotIn("onclick", mail.body)
        self.assertEqual(set(mail.attachment_ids.mapped("mimetype")), {"text/plain"})
        self.assertEqual(mail.attachment_ids.mapped("res_id"), [party.id] * 2)
        self.assertFalse(any(mail.attachment_ids.mapped("public")))

    # ------------------------------------------------------------
    # REFERRERS AND COLLEAGUES
    # ------------------------------------------------------------

    def test_mail_of_a_referrer_is_a_referral_of_a_resident_not_known_yet(self):
        referrer = self.make_referral_partner()
        person = self.make_contact_person(referrer)
        party, _unsorted, mails = self.receive(sender="wil@wbv.example.com", body="For A. Bewoner")
        case = party.case_id
        self.assertEqual((case.referral_partner_id, case.referral_contact_id), (referrer, person))
        self.assertFalse(party.partner_id)
        mail = self.mails_of(party)
        self.assertIn("Mail of the referrer, WBV", mail.body)
        self.assertIn("For A. Bewoner", mail.body)
        self.assertEqual(mail.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse(mail.author_id)
        self.assertFalse(case.last_contact_date)
        self.assertFalse(self.mails_of(referrer))
        self.assertFalse([out for out in mails if person in out.recipient_ids])

    def test_mail_of_the_office_of_a_referrer_is_a_referral_without_a_person(self):
        referrer = self.make_referral_partner()
        party, _unsorted, _mails = self.receive(sender="office@wbv.example.com")
        self.assertEqual(party.case_id.referral_partner_id, referrer)
        self.assertFalse(party.case_id.referral_contact_id)

    def test_referrer_of_another_organisation_is_somebody(self):
        self.make_contact_person(self.make_referral_partner())
        party, _unsorted, _mails = self.receive(
            sender="wil@wbv.example.com", to="aanmelden@elders.example.nl"
        )
        self.assertFalse(party.case_id.referral_partner_id)
        self.assertTrue(party.partner_id.is_confidential)

    def test_mail_that_a_coordinator_forwards_is_a_case_of_that_coordinator(self):
        self.manager.email = "manager@welzijn.example.org"
        party, _unsorted, mails = self.receive(sender="manager@welzijn.example.org")
        self.assertEqual(party.case_id.user_id, self.manager)
        self.assertEqual(party.case_id.activity_ids.user_id, self.manager)
        self.assertFalse(party.partner_id)
        mail = self.mails_of(party)
        self.assertIn("forwarded", mail.body)
        self.assertEqual(mail.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse([out for out in mails if out.email_to == "manager@welzijn.example.org"])

    def test_colleague_outside_buurtbemiddeling_and_coordinator_elsewhere_are_somebody(self):
        for user in (self.colleague, self.stranger):
            party, _unsorted, _mails = self.receive(sender=user.email)
            self.assertTrue(party.partner_id.is_confidential)
            self.assertEqual(party.case_id.user_id, self.coordinator)

    # ------------------------------------------------------------
    # THE CONFIRMATION
    # ------------------------------------------------------------

    def test_who_mails_hears_that_the_request_came_in_once_a_day(self):
        party, _unsorted, mails = self.receive(sender="eva@example.com")
        letter = mails.filtered(lambda mail: mail.recipient_ids == party.partner_id)
        self.assertEqual(len(letter), 1)
        self.assertIn(party.case_id.name, letter.subject + letter.body_html)
        self.assertIn("auto-replied", letter.headers)
        self.assertIn(self.address, letter.reply_to)
        self.assertTrue(party.informed_date)
        self.assertFalse(party.message_partner_ids)
        second, _unsorted, mails = self.receive(sender="EVA@example.com")
        self.assertFalse([mail for mail in mails if second.partner_id in mail.recipient_ids])
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_case_party SET create_date = create_date - interval '2 days'"
        )
        third, _unsorted, mails = self.receive(sender="eva@example.com")
        self.assertTrue([mail for mail in mails if third.partner_id in mail.recipient_ids])

    def test_request_comes_in_also_when_there_is_no_letter(self):
        self.env["buurtbemiddeling.letter"].search([("kind", "=", "registered")]).unlink()
        party, _unsorted, mails = self.receive(sender="eva@example.com")
        self.assertTrue(party.partner_id)
        self.assertFalse([mail for mail in mails if party.partner_id in mail.recipient_ids])

    # ------------------------------------------------------------
    # MACHINES, LOOPS AND RUBBISH
    # ------------------------------------------------------------

    def test_automatic_mail_is_no_request_and_gets_no_answer(self):
        machines = [
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated (vacation)"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
            {"List_Id": "<news.example.com>"},
            {"Return_Path": "<>"},
            {"sender": "no-reply@shop.example.com"},
            {"sender": "Postmaster@example.com"},
        ]
        for machine in machines:
            with self.subTest(**machine):
                self.refuse("automatic", **machine)
        party, _unsorted, _mails = self.receive(Auto_Submitted="no", sender="eva@example.com")
        self.assertTrue(party)

    def test_mail_from_an_address_of_our_own_is_no_request(self):
        for sender in (
            self.address,
            "aanmelden@elders.example.nl",
            self.domain.catchall_email,
            self.domain.default_from_email,
        ):
            with self.subTest(sender=sender):
                self.refuse("automatic", sender=sender)

    def test_failed_delivery_is_no_request(self):
        letter = self.write_letter()
        for values in (
            {"sender": "MAILER-DAEMON@example.com"},
            {"to": self.domain.bounce_email, "In_Reply_To": letter.message_id},
            {"to": f"{self.address}, {self.domain.bounce_email}"},
        ):
            with self.subTest(**values), self.assertNoThreadGrows():
                _parties, unsorted, mails = self.receive(**values)
            self.assertFalse(unsorted | self.unsorted.browse(mails.ids).browse())

    def test_many_mails_of_one_sender_are_stopped_as_odoo_does(self):
        """Its own detection of loops finds ours by the address, and answers a machine nothing."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 2)
        for _mail in range(2):
            self.assertTrue(self.receive(sender="eva@example.com")[0])
        with self.assertNoThreadGrows():
            _parties, unsorted, mails = self.receive(sender="eva@example.com")
        self.assertFalse(unsorted)
        self.assertEqual(mails.mapped("email_to"), ["eva@example.com"], "told once, by Odoo")
        answer = {"References": mails.references, "sender": "eva@example.com"}
        with self.assertNoThreadGrows():
            self.assertFalse(self.receive(**answer)[2], "what answers that is dropped")
        for _mail in range(2):
            self.refuse("automatic", sender="eva@example.com", Precedence="bulk")
        with self.assertNoThreadGrows():
            _parties, unsorted, mails = self.receive(sender="eva@example.com", Precedence="bulk")
        self.assertFalse(unsorted)
        self.assertFalse(mails)

    def test_empty_mail_is_no_request(self):
        self.refuse("empty", body=" \n")
        party, _unsorted, _mails = self.receive(body="", files=[("letter.pdf", b"%PDF-")])
        self.assertTrue(party, "a letter as a file only")

    def test_mail_of_which_the_sender_is_not_clear_is_no_request(self):
        raw = self.write_mail().replace(b"From: anna@example.com", b"From: %s")
        senders = [
            b"",
            b"undisclosed",
            b"anna@example.com, bert@example.com",
            b"anna@example.com\r\nFrom: bert@example.com",
            b"group: anna@example.com, bert@example.com;",
            b"<anna@example.com> <evil@example.net>",
        ]
        for sender in senders:
            with self.subTest(sender=sender):
                unsorted = self.refuse("sender", raw=self._renumber(raw % sender))
                self.assertEqual(unsorted.company_id, self.company)

    def test_mail_without_a_sender_line_is_no_request(self):
        raw = self.write_mail().replace(b"From: anna@example.com\n", b"")
        self.assertNotIn(b"From:", raw)
        self.refuse("sender", raw=raw)

    def test_odd_mail_makes_one_request_or_none_and_no_error(self):
        raw = self.write_mail(sender="eva@example.com")
        odd = [
            raw.replace(b"About Bert Buur", b"Caf\xe9 \xff\xfe \x00 \xed\xa0\x80"),
            raw.replace(b"About Bert Buur", b"=?utf-8?b?7aCA?= =?unknown?q?=ff=00?="),
            raw.replace(b"Help", b"\xff\xfe\x00Help \xe2\x80\xae \xed\xa0\x80"),
            raw.replace(b'charset="utf-8"', b'charset="klingon"'),
            raw.replace(b"Subject: About Bert Buur\n", b""),
            raw.replace(b"eva@example.com", b"=?utf-8?q?Jos=C3=A9?= <jos@example.com>"),
            raw.replace(b"Help", b"Help " * 200_000),
            raw.replace(b"Subject:", b"Date: never\nSubject:"),
        ]
        for number, mail in enumerate(odd):
            with self.subTest(number=number):
                parties, unsorted, _mails = self.receive(self._renumber(mail))
                self.assertEqual(len(parties) + len(unsorted), 1)

    def _renumber(self, raw):
        start = raw.index(b"<", raw.index(b"Message-Id"))
        end = raw.index(b">", start)
        return raw[:start] + f"<{next(NUMBERS)}@odd.example.com".encode() + raw[end:]

    def test_same_mail_twice_is_one_request(self):
        raw = self.write_mail(sender="eva@example.com")
        self.assertEqual(len(self.receive(raw)[0]), 1)
        self.assertFalse(self.receive(raw)[0])

    def test_name_in_the_mail_is_kept_short_and_on_one_line(self):
        raw = self.write_mail().replace(b"From: anna", b'From: "' + b"Very " * 99 + b'" <anna')
        party, _unsorted, _mails = self.receive(raw.replace(b"<anna@example.com", b"<e@x.nl>"))
        self.assertLessEqual(len(party.contact_name), 100)

    def test_nobody_makes_a_request_by_calling_what_the_mail_server_calls(self):
        values = {"email_from": "eva@example.com", "body": "x"}
        for user in (self.colleague, self.portal, self.coordinator):
            with self.assertRaises(AccessError):
                self.parties.with_user(user).message_new(
                    values, {"company_id": self.other_company.id}
                )
        with self.assertRaises(AccessError):
            self.unsorted.with_user(self.colleague).message_new(values, {"reason": "empty"})

    def test_nobody_but_the_mail_server_lets_a_mail_come_in(self):
        """Anyone who works in Odoo may call the method, and type any sender and any check."""
        raw = self.write_mail(Authentication_Results="mx; dmarc=pass")
        for user in (self.colleague, self.portal, self.coordinator):
            gateway = self.env["mail.thread"].with_user(user)
            for model, values in ((None, None), (self.parties._name, {"company_id": 1})):
                with self.assertNoThreadGrows(), self.assertRaises(AccessError):
                    gateway.message_process(model, raw, custom_values=values)
        with self.mock_mail_gateway():  # as a mail server delivers that logs in to do so
            self.env["mail.thread"].with_user(self.env.ref("base.user_admin")).message_process(
                None, raw
            )
        self.assertTrue(self.parties.search([("partner_id.email", "=", ANNA)]) - self.a)
