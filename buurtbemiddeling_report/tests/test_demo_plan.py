from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestDemoPlan(TransactionCase):
    """The demo has a plan that the steering group approved, and one that is being made."""

    def test_the_steering_group_reads_the_approved_plan_only(self):
        approved = self.env.ref("buurtbemiddeling_report.demo_plan_heldervoort")
        making = self.env.ref("buurtbemiddeling_report.demo_plan_lindewaard")
        self.assertEqual((approved.state, making.state), ("approved", "draft"))
        user = self.env.ref("buurtbemiddeling_report.demo_user_steering_group")
        self.assertEqual(approved.with_user(user).search([]), approved)
        self.assertGreaterEqual(len(approved.with_user(user)._get_print_chapters()), 8)
        self.assertIn("\n", making.gaps, "several things lack")
