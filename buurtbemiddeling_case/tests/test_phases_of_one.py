from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_phase import PhaseCommon


@tagged("post_install", "-at_install")
class TestPhasesOfAnOrganisation(PhaseCommon):
    """Shared phases, and an organisation's own in their place."""

    def phases(self, company):
        return self.env["buurtbemiddeling.case.stage"]._get_of_company(company)

    def test_own_phase_takes_the_place_of_the_shared_one(self):
        own = self.own_stage("intake", name="Kennismaking", norm_days=3, sequence=20)
        mine, theirs = self.phases(self.company), self.phases(self.other_company)
        self.assertIn(own, mine)
        self.assertNotIn(self.shared("intake"), mine)
        self.assertEqual(mine.mapped("code"), theirs.mapped("code"), "same order")
        self.assertIn(self.shared("intake"), theirs)
        self.assertNotIn(own, theirs)

    def shared(self, code):
        return self.env.ref(f"buurtbemiddeling_case.case_stage_{code}")

    def test_shared_phase_is_found_first_by_code(self):
        self.own_stage("intake", sequence=20)
        self.assertEqual(
            self.env["buurtbemiddeling.case.stage"].search([("code", "=", "intake")])[0],
            self.shared("intake"),
        )

    def test_own_phase_with_a_code_of_its_own_is_an_addition(self):
        extra = self.own_stage("table", sequence=85, norm_days=3)
        self.assertEqual(len(self.phases(self.company)), 11)
        case = self.make_case(stage_id=extra.id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 5))
        with self.assertRaises(UserError):
            self.make_case(
                self.env.user, company_id=self.other_company.id, stage_id=extra.id, user_id=False
            )
        with self.assertRaises(AccessError):
            extra.with_user(self.stranger).read(["name"])

    def test_archived_own_phase_leaves_that_phase_out(self):
        self.own_stage("approach_b").active = False
        self.assertNotIn("approach_b", self.phases(self.company).mapped("code"))
        self.assertIn("approach_b", self.phases(self.other_company).mapped("code"))

    def test_code_is_unique_among_shared_and_own_phases(self):
        self.own_stage("intake")
        for company in (self.company, self.env["res.company"]):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                self.env["buurtbemiddeling.case.stage"].create(
                    {"code": "intake", "name": "Again", "company_id": company.id}
                )

    def test_own_phase_closes_cases_just_when_the_shared_one_does(self):
        for code, is_closed in (("aftercare", True), ("closed", False)):
            with self.assertRaisesRegex(ValidationError, "takes the place of a shared phase"):
                with self.env.cr.savepoint():
                    self.own_stage(code, is_closed=is_closed)

    def test_phase_stays_with_its_organisation(self):
        with self.assertRaisesRegex(UserError, "stays with its organisation"):
            self.own_stage("table").company_id = False
        with self.assertRaisesRegex(UserError, "stays with its organisation"):
            self.shared("intake").company_id = self.company

    def test_making_own_phases_changes_nothing_of_the_cases(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-05")
        closed = self.make_case()
        self.close(closed, "2026-03-20")
        elsewhere = self.make_case(self.stranger, company_id=self.other_company.id)
        facts = ["stage_date", "stage_deadline", "close_date", "is_closed", "own_days"]
        before = (case + closed).read(facts)
        history = case.phase_ids.read(["date_from", "date_to", "deadline", "own_days"])
        messages = case.message_ids
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        self.assertEqual(len(self.phases(self.company)), 10)
        self.assertEqual(self.phases(self.company).company_id, self.company)
        self.assertEqual(case.stage_id.company_id, self.company)
        self.assertEqual(case.phase_ids[-1].stage_id, case.stage_id)
        self.assertEqual(case.phase_ids[0].stage_id, self.shared("new"), "history stays")
        self.assertEqual((case + closed).read(facts), before)
        self.assertEqual(
            case.phase_ids.read(["date_from", "date_to", "deadline", "own_days"]), history
        )
        self.assertEqual(case.message_ids, messages)
        self.assertFalse(elsewhere.stage_id.company_id)
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        self.assertEqual(len(self.phases(self.company)), 10, "a second time adds nothing")

    def test_norm_of_an_own_phase_counts_for_the_cases_in_it(self):
        case = self.make_case(stage_id=self.shared("intake").id)
        self.own_stage("intake", norm_days=1)
        self.assertEqual(case.stage_deadline, date(2026, 3, 3))

    def test_coordinator_can_not_make_phases(self):
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.case.stage"].with_user(self.coordinator).action_make_own()

    def test_cases_come_in_and_move_in_own_phases(self):
        self.env["buurtbemiddeling.case.stage"].with_user(self.manager).action_make_own()
        case = self.make_case()
        self.assertEqual(case.stage_id.company_id, self.company)
        imported = self.make_case(stage_id=self.shared("talk_a").id)
        self.assertEqual(imported.stage_id.company_id, self.company)
        case.stage_id = self.shared("talk_a")
        self.assertEqual(case.stage_id, imported.stage_id)
        case.write({"close_date": date(2026, 4, 1), "outcome_id": self.solved.id})
        self.assertEqual((case.stage_id.code, case.stage_id.company_id), ("closed", self.company))
        closed = self.make_case(close_date=date(2026, 4, 1))
        self.assertEqual(closed.stage_id, case.stage_id)

    def test_cases_of_several_organisations_move_each_in_its_own_phase(self):
        self.own_stage("intake")
        cases = self.make_case() + self.make_case(self.stranger, company_id=self.other_company.id)
        cases.with_user(self.env.user).write({"stage_id": self.shared("intake").id})
        self.assertEqual(cases.stage_id.mapped("code"), ["intake", "intake"])
        self.assertEqual(cases.stage_id.company_id, self.company)

    def test_case_that_changes_organisation_changes_phase(self):
        own = self.own_stage("intake")
        case = self.make_case(stage_id=own.id, user_id=False)
        case.with_user(self.env.user).company_id = self.other_company
        self.assertEqual(case.stage_id, self.shared("intake"))

    def test_board_shows_the_phases_of_the_organisation(self):
        own = self.own_stage("intake", sequence=15)
        self.make_case()
        groups = (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .with_context(read_group_expand=True)
            .formatted_read_group([], ["stage_id"], ["__count"])
        )
        self.assertEqual([group["stage_id"][0] for group in groups], self.phases(self.company).ids)
        self.assertEqual(groups[1]["stage_id"][0], own.id)

    def test_list_of_phases_shows_which_are_replaced(self):
        self.own_stage("intake")
        stages = self.shared("intake") + self.shared("new")
        mine, theirs = stages.with_user(self.manager), stages.with_user(self.stranger)
        self.assertEqual(mine.mapped("is_replaced"), [True, False])
        self.assertEqual(theirs.mapped("is_replaced"), [False, False])


@tagged("post_install", "-at_install")
class TestPhasesOfAFormOfHelp(PhaseCommon):
    """Each form of help shows its own phases."""

    def codes(self, case):
        return " ".join(case.selectable_stage_ids.mapped("code"))

    def test_every_form_of_help_has_phases_from_new_to_closed(self):
        for intervention in self.env["buurtbemiddeling.intervention"].search([]):
            codes = intervention.stage_ids.mapped("code")
            self.assertLessEqual({"new", "intake", "aftercare", "closed"}, set(codes))
        self.assertNotIn("mediation", self.code("intervention", "ADVIES").stage_ids.mapped("code"))

    def test_status_bar_shows_the_phases_of_the_form_of_help(self):
        case = self.make_case(intervention_id=self.code("intervention", "ADVIES").id)
        self.assertEqual(self.codes(case), "new intake aftercare closed")
        case.stage_id = self.stage("talk_a")
        self.assertIn("talk_a", self.codes(case), "dragged to another phase, it shows that too")

    def test_without_form_of_help_or_without_its_phases_all_show(self):
        case = self.make_case()
        self.assertEqual(len(case.selectable_stage_ids), 10)
        case.intervention_id = self.env["buurtbemiddeling.intervention"].create(
            {"code": "X", "name": "X"}
        )
        self.assertEqual(len(case.selectable_stage_ids), 10)

    def test_own_phases_count_by_their_code(self):
        own = self.own_stage("intake", sequence=20)
        case = self.make_case(intervention_id=self.code("intervention", "ADVIES").id)
        self.assertIn(own, case.selectable_stage_ids)
        self.assertEqual(self.codes(case), "new intake aftercare closed")
