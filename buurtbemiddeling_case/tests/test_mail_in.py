import base64
from contextlib import contextmanager
from email.message import EmailMessage
from itertools import count

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .common import CaseCommon

ANNA = "anna@example.com"
GATEWAY = "odoo.addons.mail.models.mail_thread"
NUMBERS = count(1)


class MailInCase(MockEmail, CaseCommon):
    """Two organisations, each with an address of its own, and raw mail that comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain, cls.other_domain = cls.env["mail.alias.domain"].create(
            [
                {"name": "welzijn.example.nl", "company_ids": [(4, cls.company.id)]},
                {"name": "elders.example.nl", "company_ids": [(4, cls.other_company.id)]},
            ]
        )
        cls.company.buurtbemiddeling_mail_name = "aanmelden"
        cls.other_company.buurtbemiddeling_mail_name = "aanmelden"
        cls.company.buurtbemiddeling_request_user_id = cls.coordinator
        for name in ("coordinator", "manager", "colleague", "portal", "stranger"):
            getattr(cls, name).email = f"{name}@work.example.org"
        cls.address = "aanmelden@welzijn.example.nl"
        cls.parties = cls.env["buurtbemiddeling.case.party"]
        cls.unsorted = cls.env["buurtbemiddeling.unsorted.mail"]
        cls.quarrel = cls.make_quarrel()
        cls.a, cls.b = cls.quarrel.sudo().party_ids.sorted("side")
        cls.b.email = "bert@example.com"

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    def write_mail(self, sender=ANNA, body="Help", to=None, files=(), **headers):
        """Return a raw mail; keywords are headers, with ``_`` for ``-``."""
        mail = EmailMessage()
        mail["From"] = sender
        mail["To"] = to or self.address
        mail["Subject"] = "About Bert Buur"
        mail["Message-Id"] = f"<{next(NUMBERS)}@mail.example.com>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        for name, content in files:
            mail.add_attachment(content, "application", "octet-stream", filename=name)
        return mail.as_bytes()

    def receive(self, raw=None, model=False, thread_id=None, **values):
        """Let a mail come in; return the new parties, mails without a place and mails out."""
        raw = raw if raw is not None else self.write_mail(**values)
        last = {
            name: self.env[name].sudo().search([], order="id desc", limit=1).id or 0
            for name in ("buurtbemiddeling.case.party", "buurtbemiddeling.unsorted.mail")
        }
        self.env.flush_all()
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(model, raw, thread_id=thread_id)
        parties, unsorted = (
            self.env[name].sudo().search([("id", ">", id_)]) for name, id_ in last.items()
        )
        return parties, unsorted, self._new_mails

    def mails_of(self, record):
        """Return the messages on a thread that came in by mail."""
        record = record.sudo()
        record.invalidate_recordset(["message_ids"])
        return record.message_ids.filtered(lambda message: message.message_type == "email")

    def write_letter(self, party=None):
        """Write to a party as a coordinator does, and return the message."""
        party = (party or self.a).with_user(self.coordinator)
        with self.mock_mail_gateway():
            return party._post_letter("Your request", "We come on Friday").sudo()

    @contextmanager
    def assertNoThreadGrows(self):
        """Nothing comes on the thread of any case or party, and no other record is made."""
        domain = [
            ("model", "=like", "buurtbemiddeling.%"),
            ("model", "!=", "buurtbemiddeling.unsorted.mail"),
        ]
        before = self.env["mail.message"].sudo().search(domain)
        cases = self.env["buurtbemiddeling.case"].sudo().search_count([])
        yield
        self.assertEqual(self.env["mail.message"].sudo().search(domain), before)
        self.assertEqual(self.env["buurtbemiddeling.case"].sudo().search_count([]), cases)

    def refuse(self, reason, **values):
        """Let in a mail that has no place; return it."""
        with self.assertNoThreadGrows():
            _parties, unsorted, mails = self.receive(**values)
        self.assertEqual(unsorted.mapped("reason"), [reason])
        self.assertFalse(mails, "who was refused hears nothing")
        self.assertEqual(len(self.mails_of(unsorted)), 1)
        self.assertFalse(unsorted.message_follower_ids)
        return unsorted

    def answer(self, letter=None, **values):
        return {"In_Reply_To": (letter or self.letter).message_id, "body": "Fine", **values}

    def check_correspondence(self, record, person):
        """Check who answers on a thread; return a mail that was refused."""
        message = record.message_post(
            body="Can you come?", partner_ids=person.ids, subtype_xmlid="mail.mt_comment"
        )
        catchall = self.domain.catchall_email
        with self.subTest(model=record._name):
            self.receive(**self.answer(message, sender=person.email, to=catchall))
            mail = self.mails_of(record)
            self.assertEqual(mail.author_id, person)
            for sender in (ANNA, self.coordinator.email, "evil@example.net"):
                unsorted = self.refuse("other", **self.answer(message, sender=sender, to=catchall))
                self.assertEqual(unsorted.company_id, self.company)
            self.refuse(
                "forged",
                **self.answer(
                    message,
                    sender=person.email,
                    to=catchall,
                    Authentication_Results="mx.nl; dmarc=fail",
                ),
            )
            note = record.message_post(body="A note")
            self.refuse("place", **self.answer(note, sender=person.email, to=catchall))
            self.assertEqual(len(self.mails_of(record)), 1)
        return unsorted


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


@tagged("post_install", "-at_install")
class TestMailReply(MailInCase):
    """An answer comes on the thread of the party that was written to, and no other mail does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls.a.with_user(cls.coordinator)._post_letter("Request", "Friday?").sudo()

    def test_letters_ask_for_answers_at_the_address_of_the_organisation(self):
        self.assertIn(self.address, self.letter.reply_to)
        self.company.buurtbemiddeling_mail_name = False
        self.assertIn(self.domain.catchall_email, self.write_letter().reply_to)
        self.assertIn(
            self.domain.catchall_email,
            self.quarrel.sudo()._notify_get_reply_to(default="x@y.nl")[self.quarrel.id],
        )

    def test_answer_of_the_party_comes_on_its_thread(self):
        addresses = (self.address, self.domain.catchall_email, "anything@welzijn.example.nl")
        for index, to in enumerate(addresses):
            ways = [{"In_Reply_To": self.letter.message_id}, {"References": self.letter.message_id}]
            parties, unsorted, mails = self.receive(
                to=to, sender=f"Anna <{ANNA.upper()}>", body="Fine", **ways[index % 2]
            )
            self.assertFalse(parties | parties.browse(unsorted.ids))
            self.assertEqual(len(self.mails_of(self.a)), index + 1)
            self.assertFalse(mails.filtered(lambda mail: self.b.partner_id in mail.recipient_ids))
        mail = self.mails_of(self.a)[0]
        self.assertEqual(mail.author_id, self.a.partner_id)
        self.assertEqual(mail.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(self.a.case_id.last_contact_date, fields.Date.context_today(self.a))
        todo = self.a.activity_ids.filtered(lambda todo: "Answer by mail" in (todo.summary or ""))
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertFalse(self.a.partner_id & self.a.message_partner_ids)
        self.assertFalse(self.mails_of(self.quarrel) | self.mails_of(self.b))

    def test_to_do_to_read_an_answer_is_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.coordinator.lang = "nl_NL"
        sentence = self.env(context={"lang": "nl_NL"})._("Answer by mail: read it")
        self.receive(sender=ANNA, In_Reply_To=self.letter.message_id, body="Fine")
        self.assertIn(sentence, self.a.activity_ids.mapped("summary"))
        self.assertNotEqual(sentence, "Answer by mail: read it")

    def test_answer_to_ones_own_mail_comes_on_the_thread(self):
        self.receive(**self.answer())
        own = self.mails_of(self.a)
        self.receive(**self.answer(own, body="And Saturday"))
        self.assertEqual(len(self.mails_of(self.a)), 2)

    def test_files_of_an_answer_are_of_that_party_only(self):
        self.receive(**self.answer(files=[("log.txt", b"x")], Cc="bert@example.com"))
        mail = self.mails_of(self.a)
        self.assertEqual((mail.attachment_ids.res_model, mail.attachment_ids.res_id), (
            self.a._name, self.a.id,
        ))  # fmt: skip
        self.assertFalse(mail.partner_ids)
        self.assertLessEqual(mail.notified_partner_ids, self.coordinator.partner_id)
        self.assertFalse(mail.incoming_email_cc)

    def test_other_sender_never_comes_on_the_thread(self):
        """Not the neighbour to whom it was forwarded, a colleague, a referrer or a stranger."""
        self.make_contact_person(self.make_referral_partner())
        senders = (
            "bert@example.com",
            "evil@example.net",
            "wil@wbv.example.com",
            self.coordinator.email,
            self.colleague.email,
            f'"{ANNA}" <evil@example.net>',
        )
        for sender in senders:
            with self.subTest(sender=sender):
                unsorted = self.refuse("other", **self.answer(sender=sender))
                # a person decides; the address says whom to think of first
                likely = self.b if sender == "bert@example.com" else self.a
                self.assertEqual(unsorted.party_id, likely)
                self.assertEqual(unsorted.case_id, self.quarrel)
                self.assertFalse(self.mails_of(unsorted).author_id)

    def test_sender_that_reads_in_two_ways_never_comes_on_the_thread(self):
        raw = self.write_mail(**self.answer()).replace(b"From: anna@example.com", b"From: %s")
        senders = [
            b"Anna Melder anna@example.com <evil@example.net>",
            b"anna@example.com, evil@example.net",
            b"anna@example.com\r\nFrom: evil@example.net",
            b"<anna@example.com> <evil@example.net>",
            b"",
        ]
        # once decoded it has Anna's address first
        encoded = b"=?utf-8?q?=22x=22_=3Canna=40example.com=3E=2C?= <evil@example.net>"
        self.refuse("other", raw=raw % encoded)
        for sender in senders:
            number = f"<{next(NUMBERS)}@two.example.com>".encode()
            start = raw.index(b"<", raw.index(b"Message-Id"))
            end = raw.index(b">", start) + 1
            with self.subTest(sender=sender):
                self.refuse("sender", raw=(raw[:start] + number + raw[end:]) % sender)

    def test_forged_sender_never_comes_on_the_thread(self):
        """The topmost header is of the receiving server; those below anyone can write."""
        forged = (
            ["mx.nl; dmarc=fail header.from=example.com"],
            ["mx.nl; spf=pass smtp.mailfrom=evil.net; dmarc=fail (p=none) header.from=example.com"],
            ["mx.nl; spf=fail smtp.mailfrom=example.com; dkim=none"],
            ["mx.nl; dkim=fail header.d=example.com; spf=none"],
            ["mx.nl; dkim=fail header.d=example.com; spf=pass smtp.mailfrom=x@evil.net"],
            ["mx.nl; spf=fail (mx.nl: dmarc=pass) smtp.mailfrom=x@example.com"],
            ["mx.nl; dmarc=fail", "mx.nl; dmarc=pass"],
            ["mx.nl; spf=pass smtp.mailfrom=evil.net", "mx.nl; dmarc=fail"],
            ["MX.NL; spf=fail", "mx.nl; dkim=pass header.d=example.com"],
        )
        for results in forged:
            with self.subTest(results=results):
                raw = self.write_mail(**self.answer())
                lines = "".join(f"Authentication-Results: {result}\n" for result in results)
                unsorted = self.refuse("forged", raw=lines.encode() + raw)
                self.assertEqual(unsorted.party_id, self.a)

    def test_sender_who_was_checked_or_not_checked_comes_on_the_thread(self):
        good = (
            ["mx.nl; dmarc=pass header.from=example.com"],
            ["mx.nl; dmarc=pass; spf=fail smtp.mailfrom=list.net"],
            ["mx.nl; dkim=fail header.d=list.net; spf=pass smtp.mailfrom=bounce@mail.example.com"],
            ["mx.nl; none"],
            ["mx.nl; spf=pass smtp.mailfrom=example.com", "evil.net; dmarc=fail"],
        )
        for index, results in enumerate(good):
            with self.subTest(results=results):
                raw = self.write_mail(**self.answer())
                lines = "".join(f"Authentication-Results: {result}\n" for result in results)
                self.assertFalse(self.receive(lines.encode() + raw)[1])
                self.assertEqual(len(self.mails_of(self.a)), index + 1)

    def test_forged_request_gets_no_answer(self):
        self.refuse("forged", Authentication_Results="mx.nl; dmarc=fail")

    def test_automatic_answer_of_the_party_waits_for_a_person(self):
        unsorted = self.refuse("automatic", **self.answer(Auto_Submitted="auto-replied"))
        self.assertEqual(unsorted.party_id, self.a)

    def test_no_way_around_for_another_sender(self):
        """Whatever address or header a mail uses."""
        note = self.a.with_user(self.coordinator).message_post(body="She drinks").sudo()
        ways = (
            {"In_Reply_To": note.message_id},
            {"References": f"<x@y.nl> {self.letter.message_id} <z@y.nl>"},
            {"References": self.letter.message_id, "In_Reply_To": note.message_id},
            {"to": "aanmelden+1@welzijn.example.nl", "In_Reply_To": self.letter.message_id},
            {"to": "aanmelden@elders.example.nl", "In_Reply_To": self.letter.message_id},
            {"to": self.domain.catchall_email, "In_Reply_To": self.letter.message_id},
            {
                "In_Reply_To": self.letter.message_id,
                "X_Odoo_Objects": f"{self.a._name}-{self.a.id}",
                "X_Odoo_Message_Id": self.letter.message_id,
                "X_Odoo_Author": ANNA,
                "Reply_To": ANNA,
                "Sender": ANNA,
                "Return_Path": ANNA,
            },
        )
        for way in ways:
            with self.subTest(**way):
                unsorted = self.refuse("other", sender="bert@example.com", **way)
                self.assertEqual((unsorted.company_id, unsorted.party_id), (self.company, self.b))

    def test_headers_without_a_reference_never_reach_a_thread(self):
        party, _unsorted, _mails = self.receive(
            X_Odoo_Objects=f"{self.a._name}-{self.a.id}", Subject2=self.quarrel.name
        )
        self.assertNotEqual(party, self.a)
        self.assertFalse(self.mails_of(self.a))

    def test_mail_straight_to_the_catchall_or_bounce_address_reaches_nothing(self):
        for to in (self.domain.catchall_email, self.domain.bounce_email):
            with self.subTest(to=to), self.assertNoThreadGrows():
                self.receive(to=to)

    def test_party_itself_answers_only_what_it_was_sent(self):
        """An internal note, or a letter to the other side, was not for this party."""
        note = self.a.with_user(self.coordinator).message_post(body="She drinks").sudo()
        self.refuse("place", **self.answer(note))
        letter_to_b = self.write_letter(self.b)
        unsorted = self.refuse("other", **self.answer(letter_to_b))
        self.assertEqual(unsorted.party_id, self.a, "whose address it is")
        mixed = {"References": f"{self.letter.message_id} {letter_to_b.message_id}"}
        self.refuse("other", body="x", **mixed)

    def test_mailbox_that_both_sides_read_is_nobodys(self):
        self.b.email = ANNA
        self.refuse("other", **self.answer())

    def test_mail_server_or_alias_that_points_at_a_party_does_not_reach_it(self):
        """A person with all rights may set these up; Odoo would put every mail on that thread."""
        self.refuse("place", model=self.a._name, to="other@example.com")
        with self.assertNoThreadGrows(), mute_logger(GATEWAY):
            self.receive(model=self.a._name, thread_id=self.a.id, to="other@example.com")
        for model, thread_id in (
            (self.a._name, self.a.id),
            (self.quarrel._name, self.quarrel.id),
            (self.quarrel._name, 0),
        ):
            self.env["mail.alias"].create(
                {
                    "alias_name": f"x{next(NUMBERS)}",
                    "alias_domain_id": self.domain.id,
                    "alias_model_id": self.env["ir.model"]._get_id(model),
                    "alias_force_thread_id": thread_id,
                }
            )
            alias = self.env["mail.alias"].search([], order="id desc", limit=1)
            with self.subTest(model=model, thread=bool(thread_id)), self.assertNoThreadGrows():
                _parties, unsorted, _mails = self.receive(
                    to=alias.alias_full_name, sender="bert@example.com"
                )
                self.assertTrue(unsorted)

    # ------------------------------------------------------------
    # OTHER THREADS
    # ------------------------------------------------------------

    def test_nobody_answers_on_the_thread_of_a_case(self):
        message = self.quarrel.message_post(
            body="x", partner_ids=self.manager.partner_id.ids, subtype_xmlid="mail.mt_comment"
        ).sudo()
        catchall = self.domain.catchall_email
        for sender in (ANNA, self.manager.email, "evil@example.net"):
            unsorted = self.refuse("other", **self.answer(message, sender=sender, to=catchall))
            self.assertEqual((unsorted.case_id, unsorted.party_id.id), (self.quarrel, False))
        party, _unsorted, _mails = self.receive(**self.answer(message, sender="evil@example.net"))
        self.assertNotEqual(party.case_id, self.quarrel, "to the alias it is a new request")
        self.assertFalse(self.mails_of(self.quarrel))

    def test_people_of_a_partner_answer_on_its_thread_and_others_do_not(self):
        """Referral partner, agreement, key contact, network log: who is written to may answer."""
        referrer = self.make_referral_partner()
        person = self.make_contact_person(referrer)
        covenant = self.env["buurtbemiddeling.covenant"].create(
            {
                "name": "C",
                "company_id": self.company.id,
                "user_id": self.coordinator.id,
                "party_ids": [
                    (0, 0, {"partner_id": referrer.partner_id.id, "contact_ids": person.ids})
                ],
            }
        )
        key_contact = self.env["buurtbemiddeling.key.contact"].create(
            {"partner_id": person.id, "company_id": self.company.id}
        )
        activity = self.env["buurtbemiddeling.network.activity"].create(
            {
                "name": "Evening",
                "kind_id": self.code("network.activity.kind", "INFO").id,
                "date": "2027-01-04",
                "company_id": self.company.id,
                "partner_ids": person.ids,
            }
        )
        for record in (referrer, covenant, key_contact, activity):
            self.check_correspondence(record, person)

    def test_who_is_asked_to_a_meeting_of_the_steering_group_answers_and_others_do_not(self):
        person = self.env["res.partner"].create({"name": "Ans", "email": "ans@example.com"})
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "P", "company_id": self.company.id, "user_ids": self.coordinator.ids}
        )
        self.env["buurtbemiddeling.steering.member"].create(
            {"project_id": project.id, "partner_id": person.id, "date_start": "2025-01-01"}
        )
        meeting = self.env["buurtbemiddeling.steering.meeting"].create(
            {"project_id": project.id, "start": "2026-03-09 13:00:00"}
        )
        self.assertIn(person, meeting.attendance_ids.partner_id)
        unsorted = self.check_correspondence(meeting, person)
        self.assertEqual(unsorted.project_id, project)

    def test_page_of_a_confidential_contact_and_the_entry_of_a_talk_are_guarded(self):
        contact = self.a.partner_id
        message = contact.message_post(
            body="x", partner_ids=contact.ids, subtype_xmlid="mail.mt_comment"
        )
        catchall = self.domain.catchall_email
        unsorted = self.refuse("other", **self.answer(message, sender="b@x.nl", to=catchall))
        self.assertEqual(unsorted.party_id, self.a)
        self.assertFalse(self.mails_of(contact))
        self.receive(**self.answer(message, to=catchall))
        self.assertEqual(self.mails_of(contact).author_id, contact)
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": self.quarrel.id, "start": "2027-01-04 18:00:00"}
        )
        event = talk.event_id.sudo()
        message = event.message_post(body="x", subtype_xmlid="mail.mt_comment")
        unsorted = self.refuse("other", **self.answer(message, to=catchall))
        self.assertEqual(unsorted.case_id, self.quarrel)
        self.assertFalse(self.mails_of(event))

    def test_other_apps_get_their_mail_as_before(self):
        contact = self.env["res.partner"].create({"name": "Shop", "email": "shop@example.com"})
        message = contact.message_post(body="x", subtype_xmlid="mail.mt_comment")
        self.receive(**self.answer(message, sender="x@shop.nl", to=self.domain.catchall_email))
        self.assertEqual(len(self.mails_of(contact)), 1)

    def test_every_thread_of_ours_is_guarded(self):
        """Walks the registry: a new model with messages lets in nobody by itself."""
        for name, model in self.env.registry.items():
            thread = issubclass(model, self.env.registry["mail.thread"]) and not model._abstract
            if name.startswith("buurtbemiddeling.") and thread:
                with self.subTest(model=name):
                    self.assertTrue(self.env[name]._guards_mail())
                    takes = self.env[name]._takes_new_mail({"company_id": self.company.id})
                    self.assertEqual(takes, name == "buurtbemiddeling.case.party")
                    self.assertFalse(self.env[name]._takes_new_mail({}))


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
