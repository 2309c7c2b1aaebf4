from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestPrivacyLookup(CaseCommon):
    """Odoo's search for a person finds all our records, for our administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.party = cls.case._get_first_party("a")
        cls.referrer = cls.make_referral_partner()
        cls.contact = cls.make_contact_person(cls.referrer)
        cls.case.write(
            {"referral_partner_id": cls.referrer.id, "referral_contact_id": cls.contact.id}
        )
        cls.covenant = cls.env["buurtbemiddeling.covenant"].create(
            {
                "name": "Convenant",
                "company_id": cls.company.id,
                "user_id": cls.coordinator.id,
                "party_ids": [
                    Command.create(
                        {
                            "partner_id": cls.referrer.partner_id.id,
                            "contact_ids": [Command.set(cls.contact.ids)],
                        }
                    )
                ],
            }
        )

    def look_up(self, name, email, user=None):
        wizard = self.env["privacy.lookup.wizard"].with_user(user or self.manager)
        wizard = wizard.create({"name": name, "email": email})
        wizard.action_lookup()
        return wizard.line_ids

    def found(self, *args):
        return {(line.res_model, line.res_id) for line in self.look_up(*args)}

    def test_administrator_finds_a_resident_and_what_came_by_mail(self):
        mail = self.env["buurtbemiddeling.unsorted.mail"].create(
            {
                "company_id": self.company.id,
                "email_from": "Anna <anna@example.com>",
                "subject": "x",
                "reason": "sender",
            }
        )
        found = self.found("Anna Melder", "anna@example.com")
        for record in (self.party, self.party.partner_id, mail):
            self.assertIn((record._name, record.id), found)

    def test_administrator_finds_who_works_for_a_referrer(self):
        found = self.found("Wil Consulent", "wil@wbv.example.com")
        for record in (self.contact, self.case, self.covenant.party_ids):
            self.assertIn((record._name, record.id), found)

    def test_no_line_stands_twice(self):
        lines = self.look_up("Wil Consulent", "wil@wbv.example.com")
        keys = [(line.res_model, line.res_id) for line in lines]
        self.assertEqual(len(keys), len(set(keys)))

    def test_every_model_with_data_of_people_is_looked_into(self):
        """Walks the inventory: a model that the lookup does not reach, nor its subject, fails."""
        wizard = self.env["privacy.lookup.wizard"].create({"name": "x", "email": "x@example.com"})
        self.env.cr.execute(wizard._get_query())
        query = wizard._get_query().code
        engine = self.env["buurtbemiddeling.anonymizer"]
        about = {"party", "volunteer", "applicant", "referrer", "sender"}
        missing = set()
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if line.about not in about or line.model not in self.env:
                continue
            if not line.path and self.env[line.model]._fields[line.field].type == "binary":
                continue  # a file of many people: nobody's own
            target = engine._get_target(line.model, line.path) if line.path else line.model
            tables = [self.env[name]._table for name in {line.model, target}]
            # a case is reached by its parties
            if target == "buurtbemiddeling.case":
                tables.append("buurtbemiddeling_case_party")
            if not any(f'FROM "{table}"' in query for table in tables):
                missing.add((line.model, line.field))
        self.assertEqual(missing, set())

    def test_others_have_no_such_search(self):
        for user in (self.coordinator, self.colleague, self.portal):
            with self.assertRaises(AccessError):
                self.look_up("Anna Melder", "anna@example.com", user)

    def test_another_organisations_administrator_finds_nothing(self):
        lines = self.look_up("Anna Melder", "anna@example.com", self.stranger)
        self.assertFalse(lines)

    def test_nothing_of_a_case_is_deleted_or_archived_from_the_list(self):
        lines = self.look_up("Anna Melder", "anna@example.com")
        for line in lines:
            for action in (line.action_unlink, line._onchange_is_active, line.action_unlink_all):
                with self.assertRaisesRegex(UserError, "privacy request"):
                    action()
        self.assertTrue(self.party.exists())

    def test_loose_mail_is_deleted_from_the_list_and_logged_without_a_name(self):
        mail = self.env["buurtbemiddeling.unsorted.mail"].create(
            {"company_id": self.company.id, "email_from": "piet@example.com", "reason": "sender"}
        )
        line = self.look_up("Piet Poster", "piet@example.com")
        line.action_unlink()
        self.env.flush_all()
        self.assertFalse(mail.exists())
        log = self.env["privacy.log"].search([], order="id desc", limit=1)
        self.assertNotIn("Piet", log.anonymized_name)
        self.assertIn(f"#{mail.id}", log.execution_details)
