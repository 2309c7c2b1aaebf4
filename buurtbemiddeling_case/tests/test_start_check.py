from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestStartCheck(CaseCommon):
    """The step of the security check is done when the check finds nothing wrong, and only then."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.step = cls.env.ref("buurtbemiddeling_case.start_step_check").with_user(cls.manager)

    def run_check(self):
        """Check for real: something is wrong while personal data do not go by themselves."""
        self.company.buurtbemiddeling_retention_automatic = False
        self.env["buurtbemiddeling.check"].with_user(self.manager).action_run()
        self.step.invalidate_recordset()

    def test_a_red_check_leaves_it_to_do_and_a_tick_does_not_help(self):
        self.run_check()
        self.step.action_done()
        self.assertEqual(self.step.state, "open")

    def test_it_follows_the_check_both_ways(self):
        self.company.buurtbemiddeling_check_is_passed = True
        self.assertEqual(self.step.state, "seen")
        self.run_check()
        self.assertEqual(self.step.state, "open")

    def test_it_may_be_not_for_an_organisation(self):
        self.step.action_skip()
        self.assertEqual(self.step.state, "skipped")
