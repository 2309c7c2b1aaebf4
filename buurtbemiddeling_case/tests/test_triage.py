from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestTriage(CaseCommon):
    """The coordinator judges at intake, with a reason; contra-indications warn."""

    def reason(self, code):
        return self.code("intake.reason", code)

    def decide(self, case, decision, reason=None):
        form = Form(case.with_user(self.coordinator))
        form.intake_decision = decision
        if reason:
            form.intake_reason_id = self.reason(reason)
        return form.save()

    def test_each_decision_has_a_few_reasons(self):
        reasons = self.env["buurtbemiddeling.intake.reason"].search([]).grouped("decision")
        self.assertEqual(set(reasons), {"suitable", "advice", "refer", "unsuitable"})
        for decision, entries in reasons.items():
            self.assertTrue(3 <= len(entries) <= 5, decision)

    def test_screen_asks_a_reason_for_each_decision(self):
        for decision in ("suitable", "advice", "refer", "unsuitable"):
            with self.subTest(decision=decision):
                with self.assertRaisesRegex(UserError, "choose a reason on the page Intake"):
                    self.decide(self.make_case(), decision)
        case = self.decide(self.make_case(), "advice", "ZELF_PROBEREN")
        self.assertEqual(case.intake_reason_id.code, "ZELF_PROBEREN")
        self.assertTrue(case.intake_date)

    def test_imported_decision_needs_no_reason(self):
        case = self.make_case(intake_decision="advice")
        self.assertFalse(case.intake_reason_id)
        with Form(case.with_user(self.coordinator)) as form:
            form.channel = "email"
        self.assertEqual(case.channel, "email", "the rest can be changed without a reason")

    def test_reason_goes_when_the_decision_changes(self):
        case = self.decide(self.make_case(), "advice", "ZELF_PROBEREN")
        with Form(case) as form:
            form.intake_decision = "refer"
            self.assertFalse(form.intake_reason_id)
            form.intake_reason_id = self.reason("ZORG")
        case.intake_decision = False
        self.assertFalse(case.intake_reason_id)
        self.assertFalse(case.intake_date)

    def test_contra_indication_is_the_reason_for_saying_no(self):
        form = Form(self.make_case().with_user(self.coordinator))
        form.contraindication_ids.add(self.code("contraindication", "GEWELD"))
        form.intake_decision = "unsuitable"
        self.assertEqual(form.intake_reason_id.code, "CONTRA_INDICATIE")
        form.intake_reason_id = self.reason("BUITEN_GEBIED")
        self.assertEqual(form.save().intake_reason_id.code, "BUITEN_GEBIED")

    def test_contra_indication_as_reason_is_asked_which(self):
        with self.assertRaisesRegex(UserError, "which contra-indication"):
            self.decide(self.make_case(), "unsuitable", "CONTRA_INDICATIE")
        form = Form(self.make_case().with_user(self.coordinator))
        form.intake_decision = "unsuitable"
        form.intake_reason_id = self.reason("CONTRA_INDICATIE")
        form.contraindication_ids.add(self.code("contraindication", "GEWELD"))
        self.assertTrue(form.save().contraindication_ids)

    def test_contra_indication_warns_and_does_not_decide(self):
        case = self.make_case(intake_decision=False)
        self.assertFalse(case.contraindication_hint)
        case.contraindication_ids = self.code("contraindication", "PSYCHISCH")
        self.assertIn("keep agreements", case.contraindication_hint)
        self.assertFalse(case.intake_decision)
        self.decide(case, "suitable", "ONDER_VOORWAARDEN")
        self.assertTrue(case.contraindication_ids)

    def test_every_contra_indication_says_what_to_ask(self):
        self.assertTrue(
            all(self.env["buurtbemiddeling.contraindication"].search([]).mapped("hint"))
        )

    def test_closing_proposes_what_the_decision_leads_to(self):
        expected = {
            ("refer", "ZORG"): ("DOORVERWEZEN", False),
            ("unsuitable", "BUITEN_GEBIED"): ("ONGESCHIKT", False),
            ("advice", "VRAAG_BEANTWOORD"): ("OPG_ADVIES", "ADVIES"),
            ("suitable", "GESPREK_MOGELIJK"): (False, False),
        }
        for (decision, reason), (outcome, intervention) in expected.items():
            case = self.decide(self.make_case(), decision, reason)
            action = case.action_close()
            wizard = Form(
                self.env[action["res_model"]]
                .with_user(self.coordinator)
                .with_context(**action["context"])
            )
            with self.subTest(reason=reason):
                self.assertEqual(wizard.outcome_id.code, outcome)
                self.assertEqual(wizard.intervention_id.code, intervention)
                if outcome:
                    wizard.save().action_close()
                    self.assertEqual(case.outcome_id.code, outcome)
                    self.assertTrue(case.is_closed)

    def test_closing_several_cases_proposes_nothing_when_their_reasons_differ(self):
        one = self.decide(self.make_case(), "refer", "ZORG")
        other = self.decide(self.make_case(), "advice", "ZELF_PROBEREN")
        for cases in (one | other, one | self.make_case()):
            self.assertNotIn("default_outcome_id", cases.action_close()["context"])

    def test_reasons_come_in_a_fixed_number_of_queries_a_batch(self):
        town = [{"intake_decision": "unsuitable", "company_id": self.company.id}]
        ids = self.code("contraindication", "GEWELD").ids
        cases = self.env["buurtbemiddeling.case"].with_context(tracking_disable=True)

        def queries(count):
            values = [{**town[0], "contraindication_ids": [(6, 0, ids)]}] * count
            before = self.env.cr.sql_log_count
            made = cases.create(values)
            self.env.flush_all()
            self.assertEqual(set(made.intake_reason_id.mapped("code")), {"CONTRA_INDICATIE"})
            return self.env.cr.sql_log_count - before

        queries(2)
        few, many = queries(2), queries(20)
        self.assertLess(many - few, 10)
