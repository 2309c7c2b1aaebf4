from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestDemoTarget(TransactionCase):
    """The demo's steering group has targets to talk about: met, missed, and not judged."""

    def test_the_board_shows_what_is_met_and_what_is_not(self):
        user = self.env.ref("buurtbemiddeling_report.demo_user_steering_group")
        targets = self.env["buurtbemiddeling.target"].with_user(user).search([])
        states = set(targets.mapped("state"))
        self.assertLessEqual({"reached", "missed", "unknown"}, states)
        self.assertTrue(states & {"on_track", "behind"})
        self.assertTrue(all(targets.mapped("sentence")))
