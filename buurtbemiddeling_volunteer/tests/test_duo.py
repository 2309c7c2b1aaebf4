from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestDuo(VolunteerCommon):
    """A case has its pair when two mediators have accepted."""

    def setUp(self):
        super().setUp()
        self.case = self.make_quarrel()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    def found(self, state):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        return cases.search([("duo_state", "=", state), ("id", "=", self.case.id)])

    def test_pair_from_nobody_to_complete_and_back(self):
        self.assertTrue(self.found("none"))
        first = self.couple(self.case, self.vera, "invited")
        self.assertTrue(self.found("incomplete"))
        second = self.couple(self.case, self.wim, "invited")
        self.assertTrue(self.found("asked"))
        first.state = "accepted"
        self.assertTrue(self.found("asked"))
        second.state = "accepted"
        self.assertTrue(self.found("complete"))
        first.state = "ended"
        self.assertTrue(self.found("incomplete"))
        second.state = "declined"
        self.assertTrue(self.found("none"))

    def test_a_group_may_have_more_than_two(self):
        for name in ("One", "Two", "Three"):
            self.couple(self.case, self.make_volunteer(name))
        self.assertEqual(self.case.duo_state, "complete")
        self.assertEqual(len(self.case.volunteer_ids), 3)

    def test_page_says_who_answered(self):
        self.assertFalse(self.case.duo_text)
        rows = self.couple(self.case, self.vera, "invited")
        rows += self.couple(self.case, self.wim)
        self.assertEqual(self.case.duo_text, "1 not asked yet, 1 accepted")
        rows._ask()
        self.assertEqual(self.case.duo_text, "1 invited, 1 accepted")

    def test_a_case_that_comes_in_with_its_mediators(self):
        case = self.make_case(
            assignment_ids=[
                (0, 0, {"volunteer_id": volunteer.id, "state": "accepted"})
                for volunteer in self.vera + self.wim
            ]
        )
        self.assertEqual(case.duo_state, "complete")

    def test_when_both_accepted_the_case_is_assigned(self):
        self.couple(self.case, self.vera)
        second = self.couple(self.case, self.wim, "invited")
        self.assertEqual(self.case.stage_id.code, "new")
        second.state = "accepted"
        self.assertEqual(self.case.stage_id.code, "assigned")
        self.assertFalse(self.case.can_be_assigned)

    def test_from_the_waiting_list_the_coordinator_moves(self):
        self.case.stage_id = self.stage("waiting")
        self.couple(self.case, self.vera)
        self.assertFalse(self.case.can_be_assigned)
        self.couple(self.case, self.wim)
        self.assertTrue(self.case.can_be_assigned)
        self.assertEqual(self.case.stage_id, self.stage("waiting"), "it was put there on purpose")
        self.case.with_user(self.coordinator).action_move_to_assigned()
        self.assertEqual(self.case.stage_id.code, "assigned")
        self.assertFalse(self.case.can_be_assigned)
        self.case.stage_id = self.stage("mediation")
        self.assertFalse(self.case.can_be_assigned)

    def test_a_missing_mediator_asks_attention(self):
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_duo_incomplete")
        self.assertEqual(kind.with_user(self.coordinator).record_count, 0)
        self.couple(self.case, self.vera)
        kind.invalidate_recordset(["record_count"])
        self.assertEqual(kind.with_user(self.coordinator).record_count, 1)

    def test_coupling_many_costs_a_fixed_number_of_queries(self):
        def couple(count):
            cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
            return self.count_queries(
                lambda: (
                    self.env["buurtbemiddeling.assignment"]
                    .with_user(self.coordinator)
                    .create(
                        [
                            {"case_id": case.id, "volunteer_id": self.vera.id, "state": "accepted"}
                            for case in cases.create([{"company_id": self.company.id}] * count)
                        ]
                    )
                )
            )

        few = couple(5)
        self.assertLessEqual(couple(50), few + 5)
