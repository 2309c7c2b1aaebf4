from odoo.tests import TransactionCase, tagged

# Names on which imports, exports and acceptance checks rely: they never change.
MODELS = {
    "buurtbemiddeling.case": "name company_id user_id stage_id registration_date channel"
    " referral_partner_id referrer_type_id area_id municipality_id project_id nuisance_type_ids"
    " main_nuisance_type_id complexity_ids is_complex contraindication_ids party_ids meeting_ids"
    " agreement_ids pause_ids intervention_id outcome_id close_date aftercare_date"
    " aftercare_outcome_id feedback_state external_ref",
    "buurtbemiddeling.project": "company_id area_ids user_ids date_start",
    "buurtbemiddeling.case.stage": "code sequence fold is_closed norm_days required_field_ids",
    "buurtbemiddeling.case.party": "case_id partner_id side willing consent_date informed_date"
    " tenure landlord_id household age_band language_id",
    "buurtbemiddeling.nuisance.type": "code benchmark_heading_id",
    "buurtbemiddeling.outcome": "code counts_suitable counts_handled counts_positive",
    "buurtbemiddeling.intervention": "code name sequence active",
    "buurtbemiddeling.contraindication": "code name sequence active",
    "buurtbemiddeling.complexity": "code name sequence active",
    "buurtbemiddeling.referrer.type": "code name sequence active",
    "buurtbemiddeling.referral.partner": "partner_id referrer_type_id",
    "buurtbemiddeling.area": "code kind parent_id inhabitants municipality_id",
    "buurtbemiddeling.volunteer": "partner_id stage_id language_ids competence_ids max_cases"
    " area_id document_ids",
    "buurtbemiddeling.assignment": "case_id volunteer_id state date_start date_end hours",
    "buurtbemiddeling.training": "kind hours",
    "buurtbemiddeling.training.session": "training_id",
    "buurtbemiddeling.training.enrolment": "state attended_hours result",
    "buurtbemiddeling.case.report": "company_id",
    "buurtbemiddeling.indicator": "code",
    "buurtbemiddeling.benchmark": "year reference_date company_id area_ids",
    "buurtbemiddeling.benchmark.line": "benchmark_id indicator_code dimension dimension_code"
    " numerator denominator value",
    "buurtbemiddeling.benchmark.reference": "year",
    "buurtbemiddeling.target": "indicator_id year value",
}
STORED = {
    "buurtbemiddeling.case": "municipality_id is_complex project_id",
}
GROUPS = (
    "buurtbemiddeling_case.group_user",
    "buurtbemiddeling_case.group_manager",
    "buurtbemiddeling_report.group_reporting",
)


@tagged("post_install", "-at_install")
class TestContract(TransactionCase):
    def test_models_and_fields_keep_their_names(self):
        for model, names in MODELS.items():
            self.assertEqual(set(names.split()) - set(self.env[model]._fields), set(), model)

    def test_facts_that_figures_rest_on_are_stored(self):
        for model, names in STORED.items():
            for name in names.split():
                self.assertTrue(self.env[model]._fields[name].store, name)

    def test_groups_keep_their_names(self):
        for xml_id in GROUPS:
            self.assertTrue(self.env.ref(xml_id).privilege_id, xml_id)

    def test_party_partner_can_not_be_deleted_and_may_be_unknown(self):
        field = self.env["buurtbemiddeling.case.party"]._fields["partner_id"]
        self.assertEqual(field.ondelete, "restrict", "so that privacy_lookup finds it")
        self.assertFalse(field.required)

    def test_data_flows_from_case_to_volunteer_to_report_and_never_back(self):
        order = ["buurtbemiddeling_case", "buurtbemiddeling_volunteer", "buurtbemiddeling_report"]
        depends = {
            module.name: set(module.dependencies_id.mapped("name"))
            for module in self.env["ir.module.module"].search([("name", "in", order)])
        }
        for position, name in enumerate(order):
            self.assertEqual(depends[name] & set(order[position:]), set())
