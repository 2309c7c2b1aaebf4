from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestNextStage(VolunteerCommon):
    """The first button on the page of an applicant is the next step."""

    def test_it_leads_to_the_next_phase_and_no_further_than_allowed(self):
        stages = self.env["buurtbemiddeling.volunteer.stage"].search([])
        volunteer = self.make_volunteer("Nora", stage_id=stages[0].id)
        self.env["buurtbemiddeling.requirement"].search([]).active = True
        volunteer = volunteer.with_user(self.coordinator)
        self.assertEqual(volunteer.next_stage_id, stages[1])
        volunteer.action_next_stage()
        self.assertEqual(volunteer.stage_id, stages[1])
        with self.assertRaisesRegex(UserError, "can not get cases yet"):
            for _turn in range(20):
                volunteer.action_next_stage()

    def test_it_comes_before_leaving(self):
        arch = self.env["buurtbemiddeling.volunteer"].get_view(view_type="form")["arch"]
        buttons = [part.split('"')[0] for part in arch.split('<button name="')[1:]]
        self.assertEqual(buttons[0], "action_next_stage")
        self.assertGreater(buttons.index("action_leave"), buttons.index("action_give_login"))
