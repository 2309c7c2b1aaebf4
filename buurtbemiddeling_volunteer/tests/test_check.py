from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.tests.common_check import CheckCommon

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestCheck(CheckCommon, VolunteerCommon):
    def test_user_mediator(self):
        self.assert_silent("user_mediator")
        user = self.make_user("vera", "base.group_portal")
        self.make_volunteer(partner_id=user.partner_id.id, user_id=user.id)
        result = self.assert_wrong("user_mediator", ": 1.", state="attention")
        self.assertFalse(result["remedy"].startswith("Ask your Odoo administrator"))
        self.env.cr.execute(
            "UPDATE res_users SET totp_secret = 'JBSWY3DPEHPK3PXP' WHERE id = %s", [user.id]
        )
        self.env.invalidate_all()
        self.assert_silent("user_mediator")

    def test_user_requirement(self):
        """Only who is on a case counts, and only what the organisation requires."""
        volunteer = self.make_volunteer()
        self.couple(self.make_case(), volunteer)
        self.assert_silent("user_requirement")
        volunteer.document_ids.filtered(
            lambda document: document.kind == "confidentiality"
        ).unlink()
        result = self.assert_wrong("user_requirement", ": 1.", user=self.manager)
        self.assertEqual(result["record_ids"], volunteer.ids)
        self.assertTrue(result["action"])

    def test_mail_application(self):
        self.company.buurtbemiddeling_application_form = True
        self.assert_wrong("mail_application", self.company.name, state="attention")
        self.company.buurtbemiddeling_application_user_id = self.coordinator
        self.assert_silent("mail_application")
