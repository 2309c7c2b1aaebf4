from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestPrivacyLookupWalls(CaseCommon):
    """Odoo's privacy lookup reads past all rights; it shows no hidden resident."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.party = cls.case.party_ids[0]
        cls.anna = cls.party.partner_id
        cls.party.message_post(
            body="I come on Friday",
            author_id=cls.anna.id,
            email_from="anna@example.com",
            message_type="email",
        )
        cls.client = cls.env["res.partner"].create(
            {"name": "Anna Melder", "email": "anna@example.com"}
        )
        cls.administrator = cls.make_user("administrator", "base.group_system")
        # Odoo's administrator and a coordinator in one, as in a small organisation
        cls.both = cls.make_user("both", "base.group_system,buurtbemiddeling_case.group_manager")

    def look_up(self, user):
        wizard = (
            self.env["privacy.lookup.wizard"]
            .with_user(user)
            .create({"name": "Anna Melder", "email": "anna@example.com"})
        )
        wizard.action_lookup()
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard.line_ids

    def make_line(self, record, user=None):
        model = self.env["ir.model"]._get(record._name)
        lines = self.env["privacy.lookup.wizard.line"].with_user(user or self.administrator)
        return lines.create({"res_model_id": model.id, "res_id": record.id, "is_active": True})

    def test_administrator_of_odoo_finds_the_client_and_not_the_resident(self):
        lines = self.look_up(self.administrator)
        found = {(line.res_model, line.res_id) for line in lines}
        self.assertIn(("res.partner", self.client.id), found)
        self.assertNotIn(("res.partner", self.anna.id), found)
        self.assertFalse({model for model, _id in found} - {"res.partner"})
        self.assertNotIn(f"#{self.anna.id}", lines.wizard_id.records_description)

    def test_who_may_see_both_finds_both(self):
        found = {(line.res_model, line.res_id) for line in self.look_up(self.both)}
        self.assertLessEqual({("res.partner", c.id) for c in self.client | self.anna}, found)
        self.assertIn((self.party._name, self.party.id), found)
        self.assertIn("mail.message", {model for model, _id in found})

    def test_what_one_looked_up_is_not_for_others(self):
        lines = self.look_up(self.both)
        for records in (lines, lines.wizard_id):
            records.with_user(self.both).check_access("read")
            self.assertFalse(records.with_user(self.administrator).has_access("read"))

    def test_line_made_by_hand_shows_no_name_and_changes_nothing(self):
        for record in (self.anna, self.party, self.case):
            with self.subTest(model=record._name):
                line = self.make_line(record)
                self.assertFalse(line.res_name)
                changes = [line.action_unlink, line.action_unlink_all]
                if line.has_active:
                    changes.append(line.action_archive_all)
                for change in changes:
                    with self.assertRaises(AccessError):
                        change()
                shown = line.browse().onchange(
                    {"res_model_id": line.res_model_id.id, "res_id": record.id},
                    ["res_id"],
                    {"res_name": {}},
                )
                self.assertFalse(shown["value"].get("res_name"))
        self.assertEqual(self.make_line(self.client).res_name, "Anna Melder")
        self.assertIn("Anna", self.make_line(self.anna, self.both).res_name)

    def test_archiving_in_a_form_that_is_not_saved_archives_no_resident(self):
        lines = self.env["privacy.lookup.wizard.line"].with_user(self.administrator)
        model = self.env["ir.model"]._get("res.partner")
        values = {"res_model_id": model.id, "res_id": self.anna.id, "is_active": False}
        with self.assertRaises(AccessError):
            lines.onchange(values, ["is_active"], {"is_active": {}})
        self.assertTrue(self.anna.active)
        lines.onchange({**values, "res_id": self.client.id}, ["is_active"], {"is_active": {}})
        self.assertFalse(self.client.active)

    def test_administrator_still_deletes_the_client(self):
        self.make_line(self.client).action_unlink()
        self.assertFalse(self.client.exists())
