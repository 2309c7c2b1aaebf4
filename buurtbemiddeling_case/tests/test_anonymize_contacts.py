from odoo.fields import Command
from odoo.tests import tagged

from .common_anonymize import MARK, AnonymizeCase


@tagged("post_install", "-at_install")
class TestAnonymizeContacts(AnonymizeCase):
    """Which contacts go with a case, and which stay."""

    def test_contact_that_nothing_needs_goes_with_its_family(self):
        anna = self.anna.partner_id
        child = anna.create({"name": f"Child {MARK}", "parent_id": anna.id})
        bank = self.env["res.partner.bank"].create({"acc_number": MARK, "partner_id": anna.id})
        self.case._anonymize()
        self.assertFalse((anna | child).exists() or bank.exists())

    def test_contact_of_another_case_stays(self):
        """Who is a party in a case that is not due, keeps the contact until that one is."""
        anna = self.anna.partner_id
        other = self.make_case(party_ids=[Command.create({"side": "a", "partner_id": anna.id})])
        self.case._anonymize()
        self.assertFalse(self.anna.partner_id)
        self.assertEqual(other.party_ids.partner_id.name, f"Anna {MARK}")
        other._anonymize()
        self.assertFalse(anna.exists())

    def test_household_stays_while_one_of_it_is_needed(self):
        household = self.env["res.partner"].create(
            {"name": "Family", "is_confidential": True, "company_id": self.company.id}
        )
        anna, sister = (
            self.anna.partner_id,
            household.create({"name": "Sister", "parent_id": household.id}),
        )
        anna.parent_id = household
        other = self.make_case(party_ids=[Command.create({"side": "a", "partner_id": sister.id})])
        self.case._anonymize()
        self.assertFalse(anna.exists())
        self.assertTrue((household | sister).exists() == household | sister)
        other._anonymize()
        self.assertFalse((household | sister).exists())

    def test_contact_that_another_app_uses_stays_untouched(self):
        """The rest of the organisation works on with a contact, and does not see it was one."""
        anna = self.anna.partner_id
        # as any app does: a table of its own with a foreign key
        self.env.cr.execute(
            "CREATE TABLE test_invoice (partner_id int REFERENCES res_partner);"
            "INSERT INTO test_invoice VALUES (%s)",
            [anna.id],
        )
        self.env.registry.clear_cache()
        before = anna.read(["name", "email", "phone", "street", "write_date"])
        self.case._anonymize()
        self.assertEqual(before, anna.read(["name", "email", "phone", "street", "write_date"]))
        self.assertFalse(self.anna.partner_id)
        self.env.registry.clear_cache()

    def test_contact_that_is_not_confidential_stays(self):
        client = self.env["res.partner"].create({"name": "Client of all", "email": "c@example.com"})
        case = self.make_case(party_ids=[Command.create({"side": "a", "partner_id": client.id})])
        client.message_post(body="of another department")
        case._anonymize()
        self.assertEqual(client.exists().email, "c@example.com")
        self.assertTrue(client.message_ids)
        self.assertFalse(case.party_ids.partner_id)

    def test_refusal_of_mail_goes_unless_another_has_the_address(self):
        blacklist = self.env["mail.blacklist"].sudo()
        alone = blacklist._add(f"anna.{MARK}@example.com")
        shared = blacklist._add("shared@example.com")
        self.bert.partner_id.email = "shared@example.com"
        self.env["res.partner"].create({"name": "Other", "email": "shared@example.com"})
        self.case._anonymize()
        self.assertFalse(alone.exists())
        self.assertTrue(shared.exists())
