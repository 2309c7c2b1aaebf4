from datetime import date

from odoo.tests import freeze_time, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-16 09:00:00")
class TestContact(CaseCommon):
    """The last day of contact with the residents of a case."""

    def setUp(self):
        super().setUp()
        self.case = self.make_quarrel()
        self.anna = self.case.party_ids[0].with_user(self.coordinator)

    def test_message_to_a_party_is_contact(self):
        self.anna.message_post(
            body="When can we come?",
            partner_ids=self.anna.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.case.last_contact_date, date(2026, 3, 16))

    def test_mail_from_a_party_is_contact(self):
        self.anna.message_post(
            body="Come on Friday",
            author_id=self.anna.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.case.last_contact_date, date(2026, 3, 16))

    def test_note_and_message_among_colleagues_are_no_contact(self):
        self.anna.message_post(body="Note")
        self.anna.message_post(body="To colleagues", subtype_xmlid="mail.mt_comment")
        self.anna.message_post(
            body="To the manager",
            partner_ids=self.manager.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.anna.message_post(
            body="A colleague answers a notification by mail",
            author_id=self.manager.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.case.message_post(body="On the case", subtype_xmlid="mail.mt_comment")
        self.assertFalse(self.case.last_contact_date)

    def test_latest_day_stays(self):
        self.case._note_contact(date(2026, 3, 10))
        self.case._note_contact(date(2026, 3, 5))
        self.assertEqual(self.case.last_contact_date, date(2026, 3, 10))
