from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import JourneyCase


class ReferralCase(JourneyCase):
    """A housing adviser who refers a resident, in Dutch, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["buurtbemiddeling.referral.partner"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Wil Consulent",
                "parent_id": cls.partner.partner_id.id,
                "email": "wil@example.com",
            }
        )

    def check_referral(self):
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(case.channel, "portal")
        self.assertEqual((case.referral_contact_id, case.referrer_ref), (self.contact, "WR-2026-7"))
        self.assertTrue(case.party_ids.referral_consent_date)
        self.assertTrue(case.receipt_date)

    def refer_on_the_portal(self):
        mail_new_test_user(
            self.env,
            login="wil-consulent",
            partner_id=self.contact.id,
            name=self.contact.name,
            lang="nl_NL",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.start_tour("/my", "buurtbemiddeling_referral", login="wil-consulent")
        self.check_referral()

    def refer_with_a_link(self):
        links = self.env["buurtbemiddeling.referral.link"].with_user(self.coordinator)
        link, address = links._make(self.partner.with_user(self.coordinator), self.contact)
        self.start_tour(address[len(self.base_url()) :], "buurtbemiddeling_referral_link")
        self.check_referral()
        self.assertEqual(link.state, "used")


@tagged("post_install", "-at_install")
class TestReferral(ReferralCase):
    def test_on_the_portal(self):
        self.refer_on_the_portal()

    def test_with_a_link(self):
        self.refer_with_a_link()


@tagged("post_install", "-at_install")
class TestReferralOnPhone(ReferralCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_on_the_portal(self):
        self.refer_on_the_portal()

    def test_with_a_link(self):
        self.refer_with_a_link()
