from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestAccessRights(VolunteerCommon):
    """Who may do what with which record is in ``access_table.csv`` of ``test_buurtbemiddeling``."""

    def test_a_colleague_sees_a_half_day_and_not_which_session_it_is(self):
        event = self.make_session().event_ids[0].with_user(self.colleague)
        self.assertEqual(event.name, "Training basic")
        self.assertNotIn("training_session_id", event.fields_get())
        with self.assertRaises(AccessError):
            event.read(["training_session_id"])
        with self.assertRaises(AccessError):
            event.search([("training_session_id", "!=", False)])
