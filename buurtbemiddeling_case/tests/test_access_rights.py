from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestAccessRights(CaseCommon):
    """Who may do what with which record is in ``access_table.csv`` of ``test_buurtbemiddeling``."""

    def test_installing_gives_nobody_the_cases(self):
        admin = self.env.ref("base.user_admin")
        self.assertFalse(
            admin.has_group("buurtbemiddeling_case.group_user")
            and not self.env.ref("base.module_buurtbemiddeling_case").demo
        )

    def test_case_can_not_be_made_for_another_organisation(self):
        with self.assertRaises(AccessError):
            self.make_case(self.stranger, company_id=self.company.id, user_id=False)
