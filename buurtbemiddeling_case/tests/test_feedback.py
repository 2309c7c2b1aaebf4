from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common_feedback import FeedbackCommon


@tagged("post_install", "-at_install")
class TestFeedbackOwed(FeedbackCommon):
    """From closing until the referrer was told there is a debt, unless the reporter says no."""

    def test_feedback_is_owed_from_closing_until_the_referrer_was_told(self):
        case = self.make_referred(outcome=None)
        self.assertEqual(case.feedback_state, "later")
        with self.assertRaisesRegex(UserError, "still open"):
            self.wizard(case).action_phone()
        case.write({"close_date": date(2026, 4, 1), "outcome_id": self.code("outcome", "DEELS").id})
        self.assertEqual(case.feedback_state, "owed")
        self.assertEqual(self.wbv.feedback_owed_count, 1)
        self.wizard(case).action_phone()
        self.assertEqual((case.feedback_state, case.feedback_date), ("done", date.today()))
        self.wbv.invalidate_recordset()
        self.assertEqual(self.wbv.feedback_owed_count, 0)

    @freeze_time("2026-04-11")
    def test_days_owed_run_from_closing(self):
        case = self.make_referred()
        self.assertEqual(case.feedback_owed_days, 10)
        self.wizard(case).action_phone()
        self.assertEqual(case.feedback_owed_days, 0)

    def test_no_feedback_is_owed_for_a_resident_who_came_by_himself(self):
        case = self.make_case(
            close_date=date(2026, 4, 1), outcome_id=self.code("outcome", "OPG_BEM").id
        )
        self.assertEqual((case.feedback_state, case.feedback_date), ("none", False))
        with self.assertRaisesRegex(UserError, "Nobody referred"):
            self.wizard(case).action_phone()

    def test_reporter_who_refuses_ends_the_debt_and_nothing_is_told(self):
        case = self.make_referred(consent="no")
        self.assertEqual(case.feedback_state, "none")
        for button in ("action_mail", "action_letter", "action_phone"):
            with self.assertRaisesRegex(UserError, "does not want"):
                getattr(self.wizard(case), button)()
        self.assertFalse(case.feedback_ids)

    def test_without_an_answer_of_the_reporter_nothing_is_told_and_the_debt_stays(self):
        case = self.make_referred(consent="not_asked")
        for button in ("action_mail", "action_letter", "action_phone"):
            with self.assertRaisesRegex(UserError, "Ask the reporter first"):
                getattr(self.wizard(case), button)()
        self.assertEqual(case.feedback_state, "owed")

    def test_case_without_a_reporter_has_nobody_who_can_agree(self):
        case = self.make_case(
            referral_partner_id=self.wbv.id,
            close_date=date(2026, 4, 1),
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        self.assertEqual(case.feedback_state, "owed")
        with self.assertRaisesRegex(UserError, "Add the reporter"):
            self.wizard(case).action_phone()

    def test_one_reporter_who_refuses_outweighs_another_who_agrees(self):
        case = self.make_referred()
        neighbour = self.env["res.partner"].create({"name": "Second reporter"})
        second = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": case.id, "side": "a", "partner_id": neighbour.id}
        )
        self.assertEqual(case.feedback_consent, "yes", "one agrees, the other was not asked")
        second.feedback_consent = "no"
        self.assertEqual(case.feedback_consent, "no")
        self.assertEqual(case.feedback_state, "none")

    def test_the_other_party_has_no_say(self):
        case = self.make_referred()
        case.party_ids.filtered(lambda party: party.side == "b").feedback_consent = "no"
        self.assertEqual(case.feedback_consent, "yes")

    def test_refusal_is_remembered_when_the_reporter_is_removed(self):
        case = self.make_referred(consent="no")
        case.party_ids.unlink()
        self.assertEqual(case.feedback_state, "none", "no figure changes")

    def test_day_of_the_answer_is_noted(self):
        reporter = self.make_referred(consent="not_asked").party_ids[0]
        self.assertFalse(reporter.feedback_consent_date)
        reporter.feedback_consent = "yes"
        self.assertEqual(reporter.feedback_consent_date, date.today())

    def test_answer_is_noted_in_the_wizard(self):
        for answer, state in (("yes", "owed"), ("no", "none")):
            case = self.make_referred(consent="not_asked")
            line = self.wizard(case).line_ids
            self.assertTrue(line.may_note_consent)
            getattr(line, f"action_consent_{answer}")()
            self.assertEqual(case.party_ids[0].feedback_consent, answer)
            self.assertEqual(case.feedback_state, state)
            self.env.invalidate_all()  # a screen reads it anew
            self.assertFalse(line.may_note_consent)

    def test_imported_feedback_stays_given(self):
        case = self.make_referred(consent="not_asked", feedback_state="done")
        self.assertEqual((case.feedback_state, case.feedback_date), ("done", date(2026, 4, 1)))

    def test_case_that_ends_again_is_told_again_and_keeps_both_rows(self):
        case = self.make_referred()
        self.wizard(case).action_phone()
        case.stage_id = self.stage("mediation")
        self.assertEqual((case.feedback_state, case.feedback_date), ("later", False))
        case.write(
            {"stage_id": self.stage("closed").id, "outcome_id": self.code("outcome", "DEELS").id}
        )
        self.assertEqual(case.feedback_state, "owed")
        self.wizard(case).action_phone()
        self.assertEqual(
            case.feedback_ids.sorted("id").wording_id.mapped("code"), ["SOLVED", "NOT_SOLVED"]
        )


@tagged("post_install", "-at_install")
class TestFeedbackWording(FeedbackCommon):
    """A referrer reads agreed sentences with a number and a date in them, and nothing else."""

    def test_partner_that_may_hear_the_result_hears_only_that(self):
        expected = {
            "OPG_BEM": "SOLVED", "OPG_ADVIES": "SOLVED", "DEELS": "NOT_SOLVED",
            "NIET_OPG": "NOT_SOLVED", "B_WEIGERT": "NOT_SOLVED", "B_ONBEREIKBAAR": "NOT_SOLVED",
            "COACHING": "NOT_SOLVED", "A_TREKT_TERUG": "ENDED", "VERHUISD": "ENDED",
            "OPG_ZELF": "ENDED", "DOORVERWEZEN": "REFERRED_ON", "ONGESCHIKT": "NOT_SUITABLE",
        }  # fmt: skip
        for outcome, code in expected.items():
            with self.subTest(outcome=outcome):
                case = self.make_referred(outcome=outcome)
                self.assertEqual(case._get_feedback_wordings("ended")[case].code, code)

    def test_partner_that_may_only_hear_that_it_ended_hears_no_result(self):
        self.wbv.feedback_wording = "ended"
        for outcome in ("OPG_BEM", "NIET_OPG", "ONGESCHIKT", "DOORVERWEZEN"):
            case = self.make_referred(outcome=outcome)
            self.assertEqual(case._get_feedback_wordings("ended")[case].code, "ENDED")

    def test_result_after_aftercare_is_the_one_that_is_told(self):
        case = self.make_referred(
            aftercare_date=date(2026, 4, 20),
            aftercare_outcome_id=self.code("outcome", "NIET_OPG").id,
        )
        self.assertEqual(case._get_feedback_wordings("ended")[case].code, "NOT_SOLVED")

    def test_archived_wording_gives_way_to_the_barest_one(self):
        case = self.make_referred()
        self.code("feedback.wording", "SOLVED").active = False
        self.assertEqual(case._get_feedback_wordings("ended")[case].code, "ENDED")
        self.code("feedback.wording", "ENDED").active = False
        with self.assertRaisesRegex(UserError, "wording SOLVED is missing"):
            self.wizard(case).action_phone()

    def test_wording_takes_number_date_and_reference_only(self):
        wording = self.code("feedback.wording", "ENDED")
        for text in ("{name}", "{number.env}", "Dear {reporter}"):
            with self.assertRaisesRegex(ValidationError, "can not fill in"):
                wording.text = text
        wording.text = "{number} of {registration_date}, yours {reference}"
        self.wbv.feedback_wording = "ended"
        case = self.make_referred(referrer_ref="WBV-7")
        _wording, text = case._get_feedback_texts("ended")[case]
        self.assertEqual(text, f"{case.name} of 03/02/2026, yours WBV-7")

    def test_text_is_in_the_language_of_the_referrer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.wil.lang = "nl_NL"
        wording = self.code("feedback.wording", "SOLVED").with_context(lang="nl_NL")
        wording.text = "Uw aanmelding van {registration_date} is opgelost."
        case = self.make_referred()
        self.wizard(case).action_phone()
        self.assertEqual(case.feedback_ids.text, "Uw aanmelding van 02-03-2026 is opgelost.")

    def test_coordinator_changes_no_wording(self):
        wording = self.code("feedback.wording", "ENDED")
        self.assertFalse(wording.with_user(self.coordinator).has_access("write"))
        self.assertTrue(wording.with_user(self.manager).has_access("write"))


@tagged("post_install", "-at_install")
class TestReferralOnTheCase(FeedbackCommon):
    """The contact person belongs to the organisation that referred."""

    def test_contact_person_goes_when_another_organisation_is_chosen(self):
        case = self.make_referred(outcome=None)
        other = self.make_referral_partner()
        with Form(case.with_user(self.coordinator)) as form:
            form.referral_partner_id = other
            self.assertFalse(form.referral_contact_id)
        case.referral_contact_id = self.make_contact_person(other, "Other")
        case.referral_partner_id = False
        self.assertFalse(case.referral_contact_id)

    def test_contact_person_of_another_organisation_or_a_resident_is_refused(self):
        case = self.make_referred(outcome=None)
        stranger = self.make_contact_person(self.make_referral_partner(), "Other")
        for contact in (stranger, case.party_ids[0].partner_id, self.wbv.partner_id):
            with self.assertRaisesRegex(ValidationError, "does not work for"):
                case.referral_contact_id = contact

    def test_copy_of_a_case_has_no_feedback(self):
        case = self.make_referred(referrer_ref="WBV-7")
        self.wizard(case).action_phone()
        copy = case.copy()
        self.assertFalse(copy.feedback_ids or copy.feedback_date or copy.referrer_ref)
        self.assertFalse(copy.receipt_date)
        self.assertEqual(copy.feedback_state, "later")
