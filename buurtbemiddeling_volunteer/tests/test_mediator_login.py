from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common_mediator_portal import MediatorCase


@tagged("post_install", "-at_install")
class TestMediatorLogin(MediatorCase):
    """A coordinator gives a volunteer a login, for the portal and the own contact only."""

    def setUp(self):
        super().setUp()
        self.zoe = self.make_volunteer("Zoe").with_user(self.coordinator)

    def give(self, volunteer):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            volunteer.action_give_login()
        return volunteer.user_id.sudo()

    def test_a_login_is_of_the_own_contact_and_for_the_portal_only(self):
        user = self.give(self.zoe)
        self.assertEqual((user.login, user.partner_id), ("zoe@example.com", self.zoe.partner_id))
        self.assertTrue(user._is_portal())
        self.assertFalse(user._is_internal())
        self.assertEqual(user.company_id, self.company)

    def test_a_login_that_is_there_is_used(self):
        self.vera.user_id, login = False, self.vera.user_id
        self.assertEqual(self.give(self.vera.with_user(self.coordinator)), login)
        self.vera.with_user(self.coordinator).action_take_login()
        self.assertFalse(self.vera.user_id)
        self.assertTrue(login.active)  # it was there before

    def test_a_login_that_was_given_is_taken_away(self):
        user = self.give(self.zoe)
        self.zoe.action_take_login()
        self.assertFalse(self.zoe.user_id)
        self.assertFalse(user.active)
        self.assertFalse(user._is_portal())
        self.assertEqual(self.give(self.zoe), user)  # and can be given again
        self.assertTrue(user.active)

    def test_a_login_stays_for_who_refers_residents(self):
        user = self.give(self.zoe)
        self.zoe.partner_id.parent_id = self.make_referral_partner().partner_id
        self.zoe.action_take_login()
        self.assertFalse(self.zoe.user_id)
        self.assertTrue(user.active)

    def test_a_mediator_who_does_not_refer_any_more_keeps_the_login(self):
        user = self.give(self.zoe)
        referrer = self.make_referral_partner()
        contact = self.zoe.partner_id
        contact.parent_id = referrer.partner_id
        partners = referrer.with_user(user)
        self.assertEqual(partners._get_mine(), referrer)
        contact.action_take_portal_access()
        self.assertTrue(user.active)
        self.assertTrue(user._is_portal())
        self.assertEqual(self.zoe.with_user(user)._get_mine(), self.zoe)
        self.assertFalse(partners._get_mine())
        self.assertEqual(contact.buurtbemiddeling_login, "none")
        contact.action_give_portal_access()  # the login is there: only the referring comes back
        self.assertEqual(partners._get_mine(), referrer)
        self.assertEqual(contact.user_ids, user)

    def test_a_login_ends_with_the_last_thing_it_is_for(self):
        contact = self.zoe.partner_id
        contact.parent_id = self.make_referral_partner().partner_id
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            contact.action_give_portal_access()
        user = self.give(self.zoe)
        contact.action_take_portal_access()
        self.assertTrue(user.active)
        self.zoe.action_take_login()
        self.assertFalse(user.active)

    def test_who_left_as_a_mediator_loses_the_login_with_the_referring(self):
        user = self.give(self.zoe)
        self.zoe.partner_id.parent_id = self.make_referral_partner().partner_id
        self.zoe.sudo().stage_id = self.env["buurtbemiddeling.volunteer.stage"].search(
            [("is_left", "=", True)], limit=1
        )
        self.zoe.partner_id.action_take_portal_access()
        self.assertFalse(user.active)

    def test_no_login_without_an_address_or_for_who_has_left_or_is_confidential(self):
        for name, make, sentence in (
            ("No address", lambda v: v.partner_id.write({"email": False}), "Fill in one e-mail"),
            ("Two", lambda v: v.partner_id.write({"email": "a@b.nl, c@d.nl"}), "Fill in one"),
            ("Archived", lambda v: v.write({"active": False}), "has left"),
            (
                "Neighbour",
                lambda v: v.partner_id.write(
                    {"is_confidential": True, "company_id": self.company.id}
                ),
                "confidential",
            ),
        ):
            volunteer = self.make_volunteer(name, email=f"{name[:3].lower()}@example.com")
            make(volunteer)
            with self.subTest(name), self.assertRaisesRegex(UserError, sentence):
                volunteer.with_user(self.coordinator).action_give_login()
            self.assertFalse(volunteer.user_id)

    def test_no_login_by_the_address_of_someone_else(self):
        self.zoe.partner_id.email = self.colleague.login = "colleague@example.com"
        with self.assertRaisesRegex(UserError, "existing user"):
            self.zoe.action_give_login()
        self.assertFalse(self.zoe.user_id)

    def test_a_closed_login_of_a_colleague_is_not_opened(self):
        user = mail_new_test_user(
            self.env, login="was_here", groups="base.group_user", partner_id=self.zoe.partner_id.id
        )
        user.active = False
        with self.assertRaisesRegex(UserError, "Ask the administrator"):
            self.zoe.action_give_login()
        self.assertFalse(user.active)

    def test_only_coordinators_of_the_organisation_give_and_take_logins(self):
        for user in (self.colleague, self.portal, self.stranger, self.vera.user_id):
            for method in ("action_give_login", "action_take_login"):
                with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
                    getattr(self.vera.with_user(user), method)()
        self.assertTrue(self.vera.user_id)
