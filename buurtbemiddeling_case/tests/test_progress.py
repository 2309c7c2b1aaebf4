from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestProgress(CaseCommon):
    """The phase goes along with what happens, and never against the coordinator."""

    def talk(self, case, kind, **values):
        return self.env["buurtbemiddeling.meeting"].create(
            {"case_id": case.id, "kind": kind, "start": datetime(2026, 3, 9, 10), **values}
        )

    def code_of(self, case):
        return case.stage_id.code

    def test_a_request_that_was_judged_is_taken_up(self):
        case = self.make_quarrel(intake_decision=False)
        case.intake_decision = "suitable"
        self.assertEqual(self.code_of(case), "intake")

    def test_a_first_attempt_takes_a_request_up(self):
        case = self.make_quarrel(intake_decision=False)
        self.env["buurtbemiddeling.approach"].create(
            {"party_id": case.party_ids[1].id, "user_id": self.coordinator.id, "outcome": "left"}
        )
        self.assertEqual(self.code_of(case), "intake")

    def test_a_talk_that_was_held_brings_its_phase_and_a_planned_one_does_not(self):
        case = self.make_quarrel()
        for kind in ("talk_a", "approach_b", "talk_b", "mediation"):
            before = self.code_of(case)
            talk = self.talk(case, kind)
            self.assertEqual(self.code_of(case), before)
            talk.with_user(self.coordinator).state = "done"
            self.assertEqual(self.code_of(case), kind)
        self.assertEqual(case.phase_ids[-1].reason, "A talk was held.")
        self.assertEqual(case.phase_ids[-1].user_id, case.user_id)

    def test_it_never_goes_back(self):
        case = self.make_quarrel(stage_id=self.stage("mediation").id)
        self.talk(case, "talk_a", state="done")
        self.assertEqual(self.code_of(case), "mediation")

    def test_where_the_coordinator_took_a_case_back_it_stays(self):
        case = self.make_quarrel(stage_id=self.stage("talk_b").id)
        case._move_to_phase(self.stage("assigned"), "The mediators began anew")
        self.talk(case, "talk_b", state="done")
        self.assertEqual(self.code_of(case), "assigned")

    def test_a_case_that_waits_goes_on_waiting(self):
        case = self.make_quarrel(stage_id=self.stage("waiting").id)
        self.talk(case, "talk_a", state="done")
        self.assertEqual(self.code_of(case), "waiting")

    def test_a_phase_that_asks_for_more_is_not_entered_but_the_request_is_taken_up(self):
        case = self.make_quarrel(intake_decision=False)
        self.talk(case, "mediation", state="done")
        self.assertEqual(self.code_of(case), "intake")

    def test_closed_cases_stay_closed(self):
        case = self.make_quarrel(
            close_date=date(2026, 4, 1), outcome_id=self.code("outcome", "OPG_BEM").id
        )
        self.talk(case, "mediation", state="done")
        self.assertTrue(case.is_closed)

    def test_a_phase_that_the_form_of_help_has_not_is_left_out(self):
        case = self.make_quarrel()
        case.intervention_id = self.env["buurtbemiddeling.intervention"].search(
            [("stage_ids", "!=", False), ("stage_ids.code", "not in", ["mediation"])], limit=1
        )
        self.assertNotIn("mediation", case.selectable_stage_ids.mapped("code"))
        self.talk(case, "mediation", state="done")
        self.assertEqual(self.code_of(case), "intake")

    def test_the_button_leads_to_the_next_phase_and_skips_waiting(self):
        case = self.make_quarrel().with_user(self.coordinator)
        seen = []
        while case.next_stage_id:
            case.action_next_phase()
            seen.append(self.code_of(case))
        self.assertEqual(
            seen,
            ["intake", "assigned", "talk_a", "approach_b", "talk_b", "mediation", "aftercare"],
        )

    def test_the_button_says_what_is_lacking(self):
        case = self.make_quarrel(intake_decision=False, stage_id=self.stage("intake").id)
        with self.assertRaisesRegex(UserError, "Fill in"):
            case.action_next_phase()

    def test_the_button_goes_where_it_said_or_nowhere(self):
        """Who looks at an old page passes nobody by, and takes no case off the waiting list."""
        case = self.make_quarrel(stage_id=self.stage("intake").id).with_user(self.coordinator)
        page = case.with_context(seen_stage_id=case.stage_id.id)
        for code, name in (("assigned", "Assigned"), ("waiting", "Waiting")):
            case.stage_id = self.stage(code)
            with self.assertRaisesRegex(UserError, name):
                page.action_next_phase()
            self.assertEqual(self.code_of(case), code)
        case.stage_id = self.stage("intake")
        page.action_next_phase()
        self.assertEqual(self.code_of(case), "assigned")
