from datetime import date

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import Form, freeze_time, tagged

from .common_phase import PhaseCommon


@tagged("post_install", "-at_install")
class TestMove(PhaseCommon):
    """A person who moves a case back, reopens it or lets it wait says why."""

    def save(self, case, code, user=None, **vals):
        """Move a case as the board, the status bar and the form do."""
        vals = {"stage_id": self.stage(code).id, **vals}
        return case.with_user(user or self.coordinator).web_save(vals, {"stage_id": {}})

    def wizard(self, action):
        return Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )

    def assertAsks(self, sentence, *args, **kwargs):
        """The screen refuses with the sentence; returns the action behind its button."""
        with self.assertRaises(RedirectWarning) as refused:
            self.save(*args, **kwargs)
        self.assertIn(sentence, refused.exception.args[0])
        self.assertEqual(refused.exception.args[2], "Give the reason")
        return refused.exception.args[1]

    def test_moving_on_asks_nothing(self):
        case = self.make_case()
        self.save(case, "intake")
        self.save(case, "intake")
        self.assertEqual(case.stage_id.code, "intake")

    def test_moving_back_asks_why(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        action = self.assertAsks("goes back to Intake", case, "intake")
        self.assertEqual(case.stage_id.code, "talk_a")
        form = self.wizard(action)
        self.assertEqual(form.stage_id, self.stage("intake"))
        with self.assertRaisesRegex(AssertionError, "reason is a required field"):
            form.save()
        form.reason = "Moved by mistake"
        form.save().action_move()
        self.assertEqual(case.stage_id.code, "intake")
        self.assertEqual(case.phase_ids[-1].reason, "Moved by mistake")

    def test_wizard_itself_refuses_without_a_reason(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        values = {"case_ids": [(6, 0, case.ids)]}
        for code, sentence in (("intake", "goes back"), ("waiting", "goes back")):
            wizard = self.env["buurtbemiddeling.case.move"].create(
                {**values, "stage_id": self.stage(code).id}
            )
            with self.assertRaisesRegex(UserError, sentence):
                wizard.action_move()

    def test_several_cases_on_one_screen_are_all_asked(self):
        cases = self.make_case() + self.make_case(stage_id=self.stage("talk_a").id)
        vals = {"stage_id": self.stage("intake").id}
        with self.assertRaisesRegex(RedirectWarning, cases[1].name):
            cases.web_save_multi([vals, vals], {})
        with self.assertRaisesRegex(RedirectWarning, cases[1].name):
            cases.web_save(vals, {})
        cases.web_save_multi([vals, {"channel": "visit"}], {})

    def test_waiting_list_asks_why(self):
        case = self.make_case()
        form = self.wizard(self.assertAsks("has to wait", case, "waiting"))
        form.waiting_reason = "no_pair"
        form.save().action_move()
        self.assertEqual((case.stage_id.code, case.waiting_reason), ("waiting", "no_pair"))
        self.assertEqual(case.phase_ids[-1].waiting_reason, "no_pair")
        self.save(case, "assigned")
        self.assertFalse(case.waiting_reason, "it waits no longer")
        self.assertEqual(case.phase_ids[1].waiting_reason, "no_pair", "the history knows")

    def test_waiting_list_with_the_reason_on_the_same_screen(self):
        case = self.make_case()
        self.save(case, "waiting", waiting_reason="resident")
        self.assertEqual(case.waiting_reason, "resident")

    def test_new_case_does_not_begin_on_the_waiting_list_without_a_reason(self):
        with self.assertRaisesRegex(UserError, "first phase"):
            by_himself = self.code("referrer.type", "ZELF").id
            self.save(self.env["buurtbemiddeling.case"], "waiting", referrer_type_id=by_himself)

    def test_imports_and_code_are_not_asked(self):
        case = self.make_case(stage_id=self.stage("talk_a").id)
        for code in ("waiting", "new"):
            case.stage_id = self.stage(code)
        self.assertEqual(case.stage_id.code, "new")

    def test_reopening_asks_why_and_keeps_the_result_of_that_time(self):
        case = self.make_case(stage_id=self.stage("mediation").id)
        self.close(case, "2026-03-20")
        aftercare = self.code("outcome", "NIET_OPG")
        case.write({"aftercare_date": date(2026, 4, 10), "aftercare_outcome_id": aftercare.id})
        self.assertAsks("is closed", case, "mediation")
        form = self.wizard(case.action_move())
        self.assertEqual(form.stage_id.code, "mediation", "where it was")
        form.reason = "The agreement does not hold"
        wizard = form.save()
        with freeze_time("2026-05-01"):
            wizard.action_move()
        self.assertEqual(case.stage_id.code, "mediation")
        self.assertFalse(
            case.close_date or case.outcome_id or case.aftercare_date or case.aftercare_outcome_id
        )
        self.assertRecordValues(
            case.phase_ids[-2:],
            [
                {
                    "outcome_id": self.solved.id,
                    "aftercare_outcome_id": aftercare.id,
                    "aftercare_date": date(2026, 4, 10),
                    "date_from": date(2026, 3, 20),
                    "date_to": date(2026, 5, 1),
                    "reason": False,
                },
                {
                    "outcome_id": False,
                    "aftercare_outcome_id": False,
                    "aftercare_date": False,
                    "date_from": date(2026, 5, 1),
                    "date_to": False,
                    "reason": "The agreement does not hold",
                },
            ],
        )
        self.assertIn("Opened again in phase Mediation", case.message_ids[0].body)
        self.assertNotIn("does not hold", "".join(case.message_ids.mapped("body")))

    def test_reopened_case_can_end_anew(self):
        case = self.make_case(stage_id=self.stage("mediation").id)
        self.close(case, "2026-03-20")
        case.feedback_date = date(2026, 3, 21)
        self.move(case, "mediation", "2026-04-01")
        self.assertFalse(case.feedback_date)
        with self.assertRaisesRegex(UserError, "Result at closing"), self.env.cr.savepoint():
            case.stage_id = self.stage("closed")
        self.move(case, "closed", "2026-04-20", outcome_id=self.code("outcome", "DEELS").id)
        self.assertEqual(
            case.phase_ids.filtered("outcome_id").outcome_id.mapped("code"), ["OPG_BEM", "DEELS"]
        )
        self.assertEqual(case.phase_ids[1].feedback_date, date(2026, 3, 21))

    def test_wizard_does_not_close(self):
        form = self.wizard(self.make_case().action_move())
        form.stage_id = self.stage("intake")
        codes = form.save().selectable_stage_ids.mapped("code")
        self.assertEqual(len(codes), 9)
        self.assertNotIn("closed", codes)

    def test_list_action_moves_the_selected_cases(self):
        cases = self.make_case() + self.make_case()
        form = Form(
            self.env["buurtbemiddeling.case.move"]
            .with_user(self.coordinator)
            .with_context(default_case_ids=cases.ids)
        )
        form.stage_id = self.stage("intake")
        form.save().action_move()
        self.assertEqual(cases.stage_id.code, "intake")

    def test_wizard_moves_cases_of_one_organisation(self):
        cases = self.make_case() + self.make_case(self.stranger, company_id=self.other_company.id)
        wizard = self.env["buurtbemiddeling.case.move"].create(
            {"case_ids": [(6, 0, cases.ids)], "stage_id": self.stage("intake").id}
        )
        with self.assertRaisesRegex(UserError, "one organisation at a time"):
            wizard.action_move()
