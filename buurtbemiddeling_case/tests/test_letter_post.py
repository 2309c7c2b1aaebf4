from odoo import fields
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MailCommon

from .common import CaseCommon

INFORM = "buurtbemiddeling_case.mail_activity_type_inform"


@tagged("post_install", "-at_install")
class TestLetterPost(CaseCommon, MailCommon):
    """A printed letter counts once it is in the post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel(user_id=cls.coordinator.id).with_user(cls.coordinator)
        cls.a, cls.b = cls.case.party_ids
        cls.today = fields.Date.context_today(cls.case)

    def print_letter(self, kind="approach"):
        letters = self.env["buurtbemiddeling.letter.compose"].with_user(self.coordinator)
        letters.create({"party_id": self.b.id, "kind": kind}).action_print()

    def count(self):
        kind = self.env.ref("buurtbemiddeling_case.attention_post").with_user(self.coordinator)
        kind.invalidate_recordset()
        return kind.record_count

    def test_who_only_printed_informed_nobody_yet_and_my_day_says_so(self):
        self.print_letter()
        self.assertFalse(self.b.informed_date)
        self.assertFalse(self.b.approach_ids)
        self.assertFalse(self.case.last_contact_date)
        self.assertTrue(self.b.activity_search([INFORM]), "the month of the AVG goes on")
        self.assertEqual(self.count(), 1)
        self.assertIn("Bert Buur: First letter", self.case.letters_to_post)

    def test_what_is_in_the_post_counts_as_sent_that_day(self):
        self.print_letter()
        self.case.action_note_posted()
        self.assertEqual(self.b.informed_date, self.today)
        self.assertEqual(self.b.approach_ids.mapped("mode"), ["letter"])
        self.assertEqual(self.case.last_contact_date, self.today)
        self.assertFalse(self.b.activity_search([INFORM]))
        self.assertFalse(self.case.letters_to_post)
        self.assertEqual(self.count(), 0)
        self.case.action_note_posted()
        self.assertEqual(len(self.b.approach_ids), 1, "a second tap notes nothing")

    def test_closing_says_what_lies_on_a_desk(self):
        closing = self.env["buurtbemiddeling.case.close"].with_user(self.coordinator)
        self.assertFalse(closing.new({"case_ids": self.case.ids}).letters_to_post)
        self.print_letter()
        wizard = closing.new({"case_ids": self.case.ids})
        self.assertIn("Bert Buur: First letter", wizard.letters_to_post)
        self.assertTrue(wizard.has_loose_ends)

    def test_a_letter_that_the_printer_lost_and_printed_again_is_one_attempt(self):
        self.print_letter()
        self.print_letter()
        self.b.action_note_posted()
        self.assertEqual(len(self.b.approach_ids), 1)

    def test_another_letter_does_not_push_away_the_one_that_informs(self):
        self.print_letter("inform")
        self.print_letter("ended")
        self.b.action_note_posted()
        self.assertEqual(self.b.informed_date, self.today)

    def test_what_was_not_sent_counts_for_nothing_and_is_on_the_thread(self):
        self.print_letter()
        self.case.action_note_not_posted()
        self.assertFalse(self.b.informed_date)
        self.assertFalse(self.b.approach_ids)
        self.assertFalse(self.case.letters_to_post)
        self.assertIn("not sent", self.b.message_ids[:1].body)

    def test_a_mail_is_sent_when_it_is_sent(self):
        self.b.email = "bert@example.com"
        letters = self.env["buurtbemiddeling.letter.compose"].with_user(self.coordinator)
        letters.create({"party_id": self.b.id, "kind": "approach"}).action_mail()
        self.assertEqual(self.b.informed_date, self.today)
        self.assertEqual(self.count(), 0)
