from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mail_in import ANNA, NUMBERS, MailInCase

GATEWAY = "odoo.addons.mail.models.mail_thread"


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
