from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_feedback import FeedbackCommon

FEEDBACK = "buurtbemiddeling.feedback"


@tagged("post_install", "-at_install")
class TestTellingTheReferrer(FeedbackCommon):
    """Mailed, printed or phoned: once, logged word for word, and to the referrer alone."""

    def mails(self):
        return self.env["mail.mail"].search([("model", "=", self.wbv._name)])

    def test_mail_goes_to_the_contact_person_and_names_no_resident(self):
        case = self.make_referred(referrer_ref="WBV-7")
        self.wizard(case).action_mail()
        message = self.get_messages(self.wbv).filtered("partner_ids")
        self.assertEqual(message.partner_ids, self.wil)
        self.assertEqual(message.notification_ids.res_partner_id, self.wil)
        self.assertEqual(self.mails().recipient_ids, self.wil)
        for text in (message.body, message.subject, self.mails().body_html):
            self.assertIn(case.name, text)
            for secret in ("Anna", "Bert", "Dorpsstraat", "anna@"):
                self.assertNotIn(secret, text)
        self.assertIn("It has led to a solution.", message.body)
        self.assertIn("WBV-7", message.body)

    def test_mail_gives_no_access_and_no_follower(self):
        case = self.make_referred()
        before = case.message_partner_ids
        self.wizard(case).action_mail()
        self.assertEqual(case.message_partner_ids, before)
        self.assertNotIn(self.wil, self.wbv.message_partner_ids)
        self.assertFalse(self.get_messages(case).partner_ids)
        self.assertNotIn("/odoo/", self.mails().body_html)
        self.assertNotIn("/mail/view", self.mails().body_html)

    def test_case_keeps_what_was_told_to_whom_and_how(self):
        case = self.make_referred()
        self.wizard(case).action_phone()
        self.assertRecordValues(
            case.feedback_ids,
            [
                {
                    "kind": "ended",
                    "mode": "phone",
                    "date": date.today(),
                    "user_id": self.coordinator.id,
                    "recipient_id": self.wil.id,
                    "referral_partner_id": self.wbv.id,
                    "wording_id": self.code("feedback.wording", "SOLVED").id,
                }
            ],
        )
        log = self.get_messages(case)[0].body
        self.assertIn("Wil Consulent", log)
        self.assertIn(case.feedback_ids.text, log)

    def test_what_was_told_can_not_be_rewritten(self):
        case = self.make_referred()
        self.wizard(case).action_phone()
        for operation in ("write", "unlink"):
            self.assertFalse(case.feedback_ids.with_user(self.manager).has_access(operation))

    def test_several_cases_of_one_person_go_in_one_mail(self):
        cases = self.make_referred() | self.make_referred(outcome="NIET_OPG")
        other = self.make_referred(referral_contact_id=False)
        self.wizard(cases | other).action_mail()
        messages = self.get_messages(self.wbv).filtered("partner_ids")
        self.assertEqual(
            messages.sorted("id").mapped("partner_ids"), self.wil | self.wbv.partner_id
        )
        to_wil = messages.filtered(lambda message: message.partner_ids == self.wil)
        self.assertEqual(len(to_wil), 1)
        self.assertNotIn(other.name, to_wil.body)
        for case in cases:
            self.assertIn(case.name, to_wil.body)

    def test_what_can_not_be_told_is_left_with_its_reason(self):
        told, not_asked = self.make_referred(), self.make_referred(consent="not_asked")
        wizard = self.wizard(told | not_asked)
        action = wizard.action_mail()
        self.assertEqual(action["res_id"], wizard.id, "the wizard stays, to show what is left")
        self.assertEqual((told.feedback_state, not_asked.feedback_state), ("done", "owed"))
        self.env.invalidate_all()  # a screen reads it anew
        by_case = {line.case_id: line for line in wizard.line_ids}
        self.assertIn("Mailed to Wil Consulent", by_case[told].status)
        self.assertIn("Ask the reporter first", by_case[not_asked].status)
        by_case[not_asked].action_consent_yes()
        self.env.invalidate_all()
        self.assertEqual(wizard.action_mail()["type"], "ir.actions.act_window_close")
        self.assertEqual(not_asked.feedback_state, "done")

    def test_pressing_twice_tells_once(self):
        case = self.make_referred()
        first, second = self.wizard(case), self.wizard(case)
        first.action_mail()
        second.action_mail()
        second.action_phone()
        self.assertEqual(len(case.feedback_ids), 1)
        self.assertEqual(len(self.get_messages(self.wbv).filtered("partner_ids")), 1)

    def test_organisation_is_mailed_when_the_contact_person_has_no_address(self):
        self.wil.email = False
        case = self.make_referred()
        self.wizard(case).action_mail()
        self.assertEqual(case.feedback_ids.recipient_id, self.wbv.partner_id)

    def test_without_any_address_the_wizard_says_what_to_do(self):
        (self.wil | self.wbv.partner_id).email = False
        case = self.make_referred()
        wizard = self.wizard(case)
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            wizard.action_mail()
        self.assertEqual(case.feedback_state, "owed")
        wizard.action_letter()
        self.assertEqual(case.feedback_ids.mode, "letter")

    def test_contact_person_who_went_elsewhere_is_told_nothing(self):
        case = self.make_referred()
        self.wil.parent_id = self.env["res.partner"].create({"name": "X", "is_company": True})
        self.wizard(case).action_mail()
        self.assertEqual(case.feedback_ids.recipient_id, self.wbv.partner_id)

    def test_letter_is_one_page_for_each_recipient_and_can_be_printed_again(self):
        cases = self.make_referred() | self.make_referred(referral_contact_id=False)
        action = self.wizard(cases).action_letter()
        self.assertEqual(action["report_name"], "buurtbemiddeling_case.report_feedback_letter")
        rows = cases.feedback_ids
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(action["report_name"], rows.ids)
        )
        text = html.decode()
        self.assertEqual(text.count('class="page"'), 2)
        self.assertIn("Wil Consulent", text)
        for secret in ("Anna", "Bert", "Dorpsstraat"):
            self.assertNotIn(secret, text)
        self.assertEqual(rows[:1].action_print()["report_name"], action["report_name"])

    def test_receipt_is_confirmed_without_consent_and_once(self):
        case = self.make_referred(outcome=None, consent="not_asked")
        self.wizard(case, "action_confirm_receipt").action_mail()
        self.assertEqual(case.receipt_date, date.today())
        self.assertEqual(case.feedback_ids.wording_id.code, "RECEIVED")
        self.assertEqual(case.feedback_state, "later", "how it ends is still to be told")
        self.wizard(case, "action_confirm_receipt").action_mail()
        self.assertEqual(len(case.feedback_ids), 1)

    def test_receipt_of_a_closed_case_is_not_confirmed(self):
        case = self.make_referred()
        with self.assertRaisesRegex(UserError, "has ended"):
            self.wizard(case, "action_confirm_receipt").action_mail()

    def test_another_organisation_tells_nothing(self):
        case = self.make_referred()
        self.wizard(case).action_phone()
        theirs = self.env[FEEDBACK].with_user(self.stranger)
        self.assertFalse(theirs.search([("id", "in", case.feedback_ids.ids)]))

    def test_number_of_queries_does_not_grow_with_every_case_that_is_phoned(self):
        counts = []
        for size in (2, 2, 12):
            cases = self.env["buurtbemiddeling.case"]
            for _index in range(size):
                cases |= self.make_referred()
            wizard = self.wizard(cases)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_phone()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[2] - counts[1], 10)
