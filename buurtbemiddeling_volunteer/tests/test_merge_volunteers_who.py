from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common_merge_volunteers import MergeVolunteersCase


@tagged("post_install", "-at_install")
class TestMergeVolunteersWho(MergeVolunteersCase):
    """Who may be merged with whom, and where it is asked."""

    def test_the_login_comes_along(self):
        login = mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        self.double.user_id = login
        merged = self.merge()
        self.assertEqual(merged.user_id, login)
        self.assertEqual(login.partner_id, merged.partner_id)

    def test_volunteers_of_two_organisations_both_stay(self):
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.double.partner_id.id, "company_id": self.other_company.id}
        )
        self.merge()
        self.assertEqual(elsewhere.partner_id, self.vera.partner_id)
        self.assertEqual(elsewhere.company_id, self.other_company)

    def test_a_contact_of_one_organisation_is_not_given_to_another(self):
        self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.double.partner_id.id, "company_id": self.other_company.id}
        )
        self.vera.partner_id.company_id = self.company
        with self.assertRaisesRegex(UserError, "several organisations"):
            self.merge()
        self.assertTrue(self.double.exists())

    def test_a_mediator_does_not_turn_into_a_neighbour(self):
        quarrel = self.make_quarrel()
        quarrel.party_ids[0].partner_id = self.env["res.partner"].create({"name": "Vera"})
        self.couple(quarrel, self.vera)
        contacts = self.vera.partner_id | quarrel.party_ids[0].partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"]
        with self.assertRaisesRegex(ValidationError, "one of the neighbours"):
            wizard.with_user(self.coordinator).sudo()._merge(contacts.ids, contacts[0])
        with self.assertRaises(UserError) as refusal:
            wizard.with_user(self.colleague)._merge(contacts.ids, contacts[0], extra_checks=False)
        self.assertNotIn(quarrel.name, str(refusal.exception))
        self.assertIn("Ask your Odoo administrator", str(refusal.exception))

    def test_a_colleague_outside_merges_without_loss_and_without_seeing(self):
        row = self.couple(self.case, self.double)
        self.merge(user=self.colleague)
        self.assertEqual(row.volunteer_id, self.vera)

    def test_a_coordinator_merges_two_volunteers_who_are_one_person(self):
        self.couple(self.case, self.double)
        form = self.open_wizard(self.vera | self.double)
        self.assertEqual(form.kept_id, self.double, "the one with most cases is proposed")
        form.kept_id = self.vera
        action = form.save().action_merge()
        self.assertEqual(action["res_id"], self.vera.id)
        self.assertFalse(self.double.exists())
        self.assertEqual(self.case.volunteer_ids, self.vera)

    def test_one_volunteer_is_not_merged(self):
        with self.assertRaisesRegex(UserError, "Choose two or three"):
            self.open_wizard(self.vera).save().action_merge()

    def test_a_login_is_not_reached_by_another_mail_address(self):
        mail_new_test_user(
            self.env,
            login="v.devries",
            groups="base.group_portal",
            partner_id=self.double.partner_id.id,
        )
        with self.assertRaisesRegex(UserError, "One of them logs in"):
            self.open_wizard(self.vera | self.double).save().action_merge()
        self.vera.partner_id.email = self.double.partner_id.email
        self.open_wizard(self.vera | self.double).save().action_merge()

    def test_two_logins_are_not_merged(self):
        for one in self.vera | self.double:
            mail_new_test_user(
                self.env,
                login=one.email,
                groups="base.group_portal",
                partner_id=one.partner_id.id,
            )
        with self.assertRaisesRegex(UserError, "two logins.* delete the one that is not used"):
            self.open_wizard(self.vera | self.double).save().action_merge()
        self.assertEqual((self.vera | self.double).exists(), self.vera | self.double)

    def test_volunteers_of_two_organisations_are_not_merged(self):
        both = mail_new_test_user(
            self.env,
            login="both",
            groups="buurtbemiddeling_case.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, (self.company | self.other_company).ids)],
        )
        elsewhere = self.env["buurtbemiddeling.volunteer"].create(
            {"partner_id": self.portal.partner_id.id, "company_id": self.other_company.id}
        )
        wizard = self.env["buurtbemiddeling.volunteer.merge"].with_user(both)
        wizard = wizard.with_context(allowed_company_ids=both.company_ids.ids)
        wizard = wizard.create({"volunteer_ids": [(6, 0, (self.vera | elsewhere).ids)]})
        with self.assertRaisesRegex(UserError, "different organisations"):
            wizard.action_merge()
