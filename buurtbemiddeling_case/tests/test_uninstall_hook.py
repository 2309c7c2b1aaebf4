from odoo.tests import tagged

from ..uninstall import uninstall_hook
from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestUninstallHook(CaseCommon):
    """When the wall goes, no resident is left behind it: Odoo would show them to everybody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.anna, cls.bert = cls.case.party_ids.partner_id
        cls.child = cls.env["res.partner"].create({"name": "Kind", "parent_id": cls.anna.id})
        cls.anna.message_post(body="Hello Anna")
        cls.env["ir.attachment"].create(
            {"name": "anna.txt", "res_model": "res.partner", "res_id": cls.anna.id}
        )
        # a contact that something else uses, and can not be deleted
        cls.env["calendar.filters"].create(
            {"user_id": cls.coordinator.id, "partner_id": cls.bert.id}
        )
        cls.bert.with_user(cls.coordinator).write({"phone": "0612345678", "comment": "About Bert"})
        cls.bert.message_post(body="Hello Bert")
        cls.client = cls.env["res.partner"].create({"name": "Client", "email": "c@example.com"})
        cls.case.party_ids.create(
            {"case_id": cls.case.id, "side": "b", "partner_id": cls.client.id}
        )
        cls.env.flush_all()

    def test_residents_are_deleted_or_emptied_and_clients_stay(self):
        uninstall_hook(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse((self.anna | self.child).exists())
        self.assertFalse(self.bert.active)
        self.assertEqual(self.client.name, "Client")
        self.assertEqual(self.client.email, "c@example.com")
        self.assertFalse(self.bert.message_ids)
        shown = str(self.bert.sudo().read())
        for text in ("Bert", "Dorpsstraat", "12345678"):
            self.assertNotIn(text, shown)
        for model, field in (("mail.message", "body"), ("ir.attachment", "name")):
            for text in ("Hello Anna", "Hello Bert", "anna.txt"):
                self.assertFalse(self.env[model].search([(field, "ilike", text)]))
        self.assertFalse(self.env["res.partner"].search([("name", "ilike", "Anna Melder")]))

    def test_module_says_so_to_odoo(self):
        module = self.env["ir.module.module"].search([("name", "=", "buurtbemiddeling_case")])
        self.assertEqual(module.get_module_info(module.name)["uninstall_hook"], "uninstall_hook")
