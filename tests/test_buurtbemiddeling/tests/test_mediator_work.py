from datetime import datetime, timedelta

from odoo.tests import tagged

from .test_volunteers import VolunteersCase


@tagged("post_install", "-at_install")
class TestMediatorWork(VolunteersCase):
    """What a mediator does in a case, on a small phone: plan, report, claim, agree."""

    browser_size = "360x740"
    touch_enabled = True

    def test_plan_report_agree_and_claim(self):
        bea = self.volunteers[0]
        self.give_login(bea, "bea_at_work")
        case = self.make_case()
        assignment = self.env["buurtbemiddeling.assignment"].create(
            {"case_id": case.id, "volunteer_id": bea.id, "state": "accepted"}
        )
        held = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": case.id, "kind": "talk_a", "start": datetime.now() - timedelta(days=1)}
        )
        self.start_tour(
            f"/my/bemiddelingen/{assignment.id}",
            "buurtbemiddeling_mediator_work",
            login="bea_at_work",
            timeout=120,
        )
        self.env.invalidate_all()
        planned = case.meeting_ids - held
        self.assertEqual(planned._get_local_start().strftime("%H:%M"), "19:30")
        self.assertTrue(planned.invited_date)
        self.assertEqual((held.state, held.outcome), ("done", "onward"))
        self.assertEqual(case.visit_report_ids.text, "Wil graag weer slapen.")
        self.assertEqual(assignment.hours, 2.5)
        self.assertEqual(case.agreement_ids.name, "Muziek uit na tienen")
        self.assertRecordValues(
            assignment.expense_ids, [{"kind": "parking", "amount": 4.5, "state": "submitted"}]
        )
