from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon
from .common_aftercare import AftercareCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-05-01 10:00:00")
class TestAftercareWizard(AftercareCommon):
    """Each party is asked apart; when it did not hold, the case can be opened again at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_mediated()
        cls.agreement = cls.env["buurtbemiddeling.case.agreement"].create(
            {"case_id": cls.case.id, "name": "Quiet after ten"}
        )
        cls.party_a, cls.party_b = cls.case.party_ids

    def setUp(self):
        super().setUp()
        self.close(self.case)

    def ask(self, case, a=None, b=None, kept=None, **values):
        """Fill in the wizard as a coordinator does; answers for A, B and the agreement."""
        action = case.action_aftercare()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        for index, result in enumerate((a, b)):
            if result:
                with form.line_ids.edit(index) as line:
                    line.aftercare_result = result
        if kept:
            with form.agreement_line_ids.edit(0) as line:
                line.kept = kept
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_each_party_and_agreement_keeps_its_own_answer_beside_that_at_closing(self):
        self.party_a.closing_result = "solved"
        wizard = self.ask(self.case, "solved", "better", kept="partly")
        self.assertFalse(wizard.is_bad)
        self.assertEqual(wizard.outcome_id, self.solved, "proposed as at closing")
        wizard.action_save()
        self.assertRecordValues(
            self.party_a | self.party_b,
            [
                {
                    "closing_result": "solved",
                    "aftercare_result": "solved",
                    "aftercare_date": date(2026, 5, 1),
                },
                {
                    "closing_result": False,
                    "aftercare_result": "better",
                    "aftercare_date": date(2026, 5, 1),
                },
            ],
        )
        self.assertEqual(
            (self.agreement.kept, self.agreement.kept_date), ("partly", date(2026, 5, 1))
        )
        self.assertRecordValues(
            self.case,
            [
                {
                    "outcome_id": self.solved.id,
                    "aftercare_outcome_id": self.solved.id,
                    "aftercare_date": date(2026, 5, 1),
                    "aftercare_state": "done",
                    "last_contact_date": date(2026, 5, 1),
                }
            ],
        )
        self.assertFalse(self.todos(self.case))

    def test_it_did_not_hold_when_one_party_is_no_better_off(self):
        for answer in ("unchanged", "worse"):
            wizard = self.ask(self.case, "solved", answer)
            self.assertTrue(wizard.is_bad)
            self.assertEqual(wizard.outcome_id, self.not_solved)

    def test_it_did_not_hold_when_an_agreement_was_not_kept(self):
        self.assertTrue(self.ask(self.case, "solved", "solved", kept="no").is_bad)
        self.assertFalse(self.ask(self.case, "solved", "solved", kept="partly").is_bad)

    def test_it_did_not_hold_when_the_result_is_not_positive_any_more(self):
        wizard = self.ask(self.case, "solved", outcome_id=self.not_solved)
        self.assertTrue(wizard.is_bad)

    def test_result_that_was_never_positive_is_not_made_worse(self):
        refused = self.code("outcome", "B_WEIGERT")
        self.case.outcome_id = refused
        self.assertEqual(self.ask(self.case, "unchanged").outcome_id, refused)

    def test_saving_a_bad_result_leaves_the_choice_to_the_coordinator(self):
        self.ask(self.case, "worse", "solved").action_save()
        self.assertTrue(self.case.is_closed)
        self.assertEqual(self.case.outcome_id, self.solved)
        self.assertEqual(self.case.aftercare_outcome_id, self.not_solved)

    def test_save_and_open_again(self):
        wizard = self.ask(self.case, "worse", "solved")
        self.assertEqual(wizard.stage_id, self.stage("assigned"))
        wizard.action_save_and_reopen()
        self.assertEqual(self.case.stage_id, self.stage("assigned"))
        self.assertFalse(self.case.close_date)
        self.assertFalse(self.todos(self.case))
        self.assertRecordValues(
            self.case.phase_ids[-2],
            [{"aftercare_date": date(2026, 5, 1), "aftercare_outcome_id": self.not_solved.id}],
        )
        self.assertEqual(self.party_a.aftercare_result, "worse", "the party's answer stays")

    def test_nothing_of_one_party_is_on_the_case_or_with_the_other(self):
        self.ask(self.case, "worse", "solved").action_save_and_reopen()
        self.env.flush_all()
        for record in (self.case, self.party_b):
            seen = record.sudo().message_ids.tracking_value_ids.mapped("new_value_char")
            self.assertNotIn("Worse", seen)
            for body in record.message_ids.mapped("body"):
                self.assertNotIn("Anna", body)

    def test_phase_aftercare_is_saved_and_closed_in_one_go(self):
        case = self.make_mediated()
        case.stage_id = self.aftercare
        self.ask(case, "solved", "not_reached", outcome_id=self.solved).action_save_and_close()
        self.assertRecordValues(
            case,
            [
                {
                    "is_closed": True,
                    "close_date": date(2026, 5, 1),
                    "outcome_id": self.solved.id,
                    "aftercare_outcome_id": self.solved.id,
                }
            ],
        )
        self.assertFalse(self.todos(case))

    def test_nobody_reached_is_tried_again(self):
        wizard = self.ask(self.case, "not_reached", "not_reached")
        self.assertTrue(wizard.is_nobody_reached)
        wizard.action_try_again()
        self.assertEqual(self.todos(self.case).date_deadline, date(2026, 5, 8))
        self.assertFalse(self.case.aftercare_date)
        self.assertFalse(self.party_a.aftercare_result)

    def test_wrong_input_gets_a_sentence_and_nothing_is_saved(self):
        for values, sentence in (
            ({"a": "better", "aftercare_date": date(2026, 5, 2)}, "in the future"),
            ({"a": "better", "aftercare_date": date(2026, 3, 31)}, "before its last talk"),
            ({}, "at least one party"),
            ({"a": "better", "outcome_id": self.env["buurtbemiddeling.outcome"]}, "Choose the"),
        ):
            with self.subTest(sentence), self.assertRaisesRegex(UserError, sentence):
                with self.env.cr.savepoint():
                    self.ask(self.case, **values).action_save()
            self.assertFalse(self.case.aftercare_date)
            self.assertFalse(self.party_a.aftercare_result)

    def test_case_without_parties_gets_its_result(self):
        case = self.make_case(close_date=date(2026, 4, 2), outcome_id=self.solved.id)
        self.ask(case, outcome_id=self.solved).action_save()
        self.assertEqual(case.aftercare_state, "done")

    def test_wizard_shows_nothing_of_another_organisation(self):
        wizard = self.env["buurtbemiddeling.case.aftercare"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            wizard.create({"case_id": self.case.id}).read()
        line = self.env["buurtbemiddeling.case.aftercare.party"].with_user(self.stranger)
        theirs = self.make_case(self.stranger, company_id=self.other_company.id)
        mine = wizard.create({"case_id": theirs.id})
        with self.assertRaises(AccessError):
            line.create({"wizard_id": mine.id, "party_id": self.party_a.id}).read(["name"])
        line = self.env["buurtbemiddeling.case.aftercare.agreement"].with_user(self.stranger)
        with self.assertRaises(AccessError):
            line.create({"wizard_id": mine.id, "agreement_id": self.agreement.id}).read(["name"])


@tagged("post_install", "-at_install")
class TestSettings(CaseCommon):
    """Beheer of buurtbemiddeling sets the norms of its own organisation, and nothing more."""

    def settings(self, user):
        return Form(self.env["buurtbemiddeling.settings"].with_user(user))

    def test_manager_sets_the_term_of_aftercare(self):
        form = self.settings(self.manager)
        self.assertEqual(form.buurtbemiddeling_aftercare_min_days, 14)
        self.assertEqual(form.buurtbemiddeling_aftercare_max_days, 42)
        form.buurtbemiddeling_aftercare_max_days = 60
        form.save().action_save()
        self.assertEqual(self.company.buurtbemiddeling_aftercare_max_days, 60)
        self.assertEqual(self.other_company.buurtbemiddeling_aftercare_max_days, 42)

    def test_coordinator_and_others_set_nothing(self):
        for user in (self.coordinator, self.colleague):
            with self.assertRaises(AccessError):
                self.env["buurtbemiddeling.settings"].with_user(user).create(
                    {"buurtbemiddeling_aftercare_min_days": 1}
                )
        self.assertEqual(self.company.buurtbemiddeling_aftercare_min_days, 14)

    def test_only_settings_of_the_own_organisation_are_written(self):
        settings = self.env["buurtbemiddeling.settings"].with_user(self.manager)
        settings.create(
            {"company_id": self.other_company.id, "buurtbemiddeling_aftercare_max_days": 50}
        )
        self.assertEqual(self.company.buurtbemiddeling_aftercare_max_days, 50)
        self.assertEqual(self.other_company.buurtbemiddeling_aftercare_max_days, 42)
        for foreign in ("email", "buurtbemiddeling_unknown"):
            with self.assertRaises(ValueError):
                settings.create({foreign: "taken@example.com"})

    def test_term_that_ends_before_it_begins_is_refused(self):
        for values in ({"min": 43}, {"min": -1}, {"max": 13}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.company.write(
                        {
                            f"buurtbemiddeling_aftercare_{end}_days": days
                            for end, days in values.items()
                        }
                    )
                    self.env.flush_all()
