from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.tests.common_mail_in import MailInCase

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestMailIn(MailInCase, VolunteerCommon):
    """What volunteers mail comes on their own thread, and on no other by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer = cls.make_volunteer()

    def test_volunteer_answers_on_the_own_thread_and_others_do_not(self):
        volunteer = self.volunteer.sudo()
        self.check_correspondence(volunteer, volunteer.partner_id)

    def test_nobody_answers_on_the_thread_of_a_training(self):
        session = self.make_session().sudo()
        message = session.message_post(body="x", subtype_xmlid="mail.mt_comment")
        for sender in ("evil@example.net", self.volunteer.email):
            with self.subTest(sender=sender):
                answer = self.answer(message, sender=sender, to=self.domain.catchall_email)
                self.assertEqual(self.refuse("other", **answer).company_id, self.company)

    def test_request_of_a_volunteer_is_as_of_anybody(self):
        party, _unsorted, _mails = self.receive(sender=self.volunteer.email)
        self.assertTrue(party.partner_id.is_confidential)
        self.assertNotEqual(party.partner_id, self.volunteer.partner_id)
        self.assertFalse(self.mails_of(self.volunteer))
