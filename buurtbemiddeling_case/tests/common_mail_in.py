from contextlib import contextmanager
from email.message import EmailMessage
from itertools import count

from odoo.addons.mail.tests.common import MockEmail

from .common import CaseCommon

ANNA = "anna@example.com"
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
