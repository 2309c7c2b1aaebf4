from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_feedback import FeedbackCommon
from .common_referral import PASSWORD, ReferralCommon


@tagged("post_install", "-at_install")
class TestReferrerEmail(ReferralCommon, HttpCase):
    """Mail of an address a referrer has is a referral: nobody types that of a resident."""

    def test_referrer_takes_no_address_of_someone_else_by_the_api_of_odoo(self):
        user, before = self.wil_user.with_user(self.wil_user), self.wil.email
        for email in ("anna@example.com", f"{before}, anna@example.com", False):
            with self.assertRaises(UserError):
                user.write({"email": email})
        user.write({"email": before, "phone": "0612345678"})
        self.assertEqual(self.wil.email, before)

    def test_referrer_takes_no_address_of_someone_else_on_the_pages_of_odoo(self):
        self.authenticate("bb_wil", PASSWORD)
        before, people = self.wil.email, self.wbv.partner_id.child_ids
        answers = {
            "name": self.wil.name, "email": "anna@example.com", "phone": "0612345678",
            "street": "Street 1", "city": "Town", "zip": "1234 AB", "zipcode": "1234 AB",
            "country_id": str(self.env.ref("base.nl").id), "address_type": "billing",
            "use_delivery_as_billing": "true", "csrf_token": http.Request.csrf_token(self),
        }  # fmt: skip
        for partner_id in (str(self.wil.id), ""):
            data = {**answers, "partner_id": partner_id}
            response = self.url_open("/my/address/submit", data=data)
            self.assertIn("An e-mail address is changed by the organisation", response.text)
        self.assertEqual(self.wil.email, before)
        self.assertEqual(self.wbv.partner_id.child_ids, people)

    def test_colleague_outside_does_not_lead_the_mail_that_resets_a_password_elsewhere(self):
        outside = "base.group_user,base.group_partner_manager"
        colleague = self.make_login("outside", self.env["res.partner"], outside)
        for contact in (self.wil, self.wil | self.ton):
            with self.assertRaises(AccessError):
                contact.with_user(colleague).write({"email": "outside@example.com"})
        self.wil.with_user(colleague).write({"email": self.wil.email, "function": "Desk"})
        plain = self.make_contact_person(self.wbv, "Without a login")
        plain.with_user(colleague).write({"email": "plain@example.com"})
        self.wil.with_user(self.coordinator).write({"email": "wil.new@example.com"})
        self.assertEqual(self.wil.email, "wil.new@example.com")

    def test_colleague_outside_lets_nobody_log_in_for_a_referral_partner(self):
        outside = "base.group_user,base.group_partner_manager"
        colleague = self.make_login("outside", self.env["res.partner"], outside)
        new = self.env["res.partner"].with_user(colleague)
        new = new.create({"name": "New", "email": "new@example.com"})
        customer = self.make_login("customer", self.env["res.partner"].create({"name": "Klaas"}))
        organisation = self.wbv.partner_id.with_user(colleague)
        for change in (
            lambda: customer.partner_id.with_user(colleague).write({"parent_id": organisation.id}),
            lambda: organisation.write({"child_ids": [Command.link(customer.partner_id.id)]}),
        ):
            with self.assertRaises(AccessError):
                change()
        wizards = self.env["portal.wizard"].with_user(colleague)
        row = wizards.create({"partner_ids": [Command.set(new.ids)]}).user_ids
        row.action_grant_access()  # who works for nobody that refers
        self.assertTrue(new.user_ids)
        desk = new.create(
            {"name": "Desk", "email": "desk@example.com", "parent_id": organisation.id}
        )
        for contact in (desk, organisation):
            row = wizards.create({"partner_ids": [Command.set(contact.ids)]}).user_ids
            with self.assertRaises(AccessError):
                row.action_grant_access()
        self.assertFalse(desk.user_ids)

    def test_who_has_a_login_for_something_else_changes_the_own_address(self):
        customer = self.make_login("customer", self.env["res.partner"].create({"name": "Klaas"}))
        customer.with_user(customer).write({"email": "klaas@example.com"})
        self.assertEqual(customer.email, "klaas@example.com")


@tagged("post_install", "-at_install")
class TestReferralLogin(FeedbackCommon):
    """A coordinator gives a contact person a login, and nobody else."""

    def get_user(self):
        return self.wil.with_context(active_test=False).user_ids

    def give(self, contact=None, user=None):
        return (contact or self.wil).with_user(user or self.coordinator).action_give_portal_access()

    def test_contact_person_gets_a_login_and_loses_it(self):
        self.assertEqual(self.wil.buurtbemiddeling_login, "none")
        self.give()
        user = self.get_user()
        self.assertTrue(user._is_portal())
        self.assertFalse(user._is_internal())
        self.assertEqual((user.login, user.company_ids), ("wil@wbv.example.com", self.company))
        self.assertEqual(self.wil.buurtbemiddeling_login, "invited")
        partners = self.env["buurtbemiddeling.referral.partner"].with_user(user)
        self.assertEqual(partners._get_mine(), self.wbv)
        self.give()  # once more the mail, not the login
        self.assertEqual(self.get_user(), user)
        self.wil.with_user(self.coordinator).action_take_portal_access()
        self.assertFalse(user.active)
        self.assertFalse(user._is_portal())
        self.assertEqual(self.wil.buurtbemiddeling_login, "none")
        self.give()
        self.assertTrue(self.get_user().active)
        self.assertIn("invited to refer", self.get_messages(self.wbv)[-2:].mapped("body")[0])

    def test_a_resident_never_gets_a_login(self):
        resident = self.make_quarrel().party_ids.partner_id.filtered("email")
        with self.assertRaisesRegex(UserError, "Residents never"):
            self.give(resident)
        # not as a contact person of a referrer either
        resident.parent_id = self.wbv.partner_id
        with self.assertRaisesRegex(UserError, "Residents never"):
            self.give(resident)
        self.assertFalse(resident.user_ids)

    def test_only_contact_persons_of_a_partner_with_an_address(self):
        stranger = self.env["res.partner"].create({"name": "Other", "email": "o@example.com"})
        for contact in (stranger, self.wbv.partner_id):
            with self.assertRaisesRegex(UserError, "Only contact persons"):
                self.give(contact)
        self.wil.email = False
        with self.assertRaisesRegex(UserError, "Fill in the e-mail address"):
            self.give()
        self.wil.email = "wil@wbv.example.com"
        self.wbv.active = False
        with self.assertRaisesRegex(UserError, "Only contact persons"):
            self.give()

    def test_who_works_in_odoo_keeps_that_login(self):
        self.colleague.partner_id.parent_id = self.wbv.partner_id
        self.assertEqual(self.colleague.partner_id.buurtbemiddeling_login, "internal")
        for active in (True, False):
            self.colleague.active = active
            with self.assertRaisesRegex(UserError, "works in Odoo"):
                self.give(self.colleague.partner_id)
            with self.assertRaisesRegex(UserError, "works in Odoo"):
                self.colleague.partner_id.with_user(self.coordinator).action_take_portal_access()

    def test_an_address_that_is_someone_elses_login_is_refused(self):
        self.wil.email = self.portal.login = "taken@example.com"
        with self.assertRaises(UserError):
            self.give()

    def test_only_coordinators_of_the_partner_do_this(self):
        for user in (self.colleague, self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.give(user=user)
        with self.assertRaisesRegex(UserError, "Only contact persons"):
            self.give(user=self.stranger)
        self.assertFalse(self.get_user())
