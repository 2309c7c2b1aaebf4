from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
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
        cls.env["ir.filters"].create(
            {"name": "A", "model_id": "res.partner", "domain": "[('name', '=', 'Anna Melder')]"}
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

    def uninstall(self):
        """Run the hook as Odoo does when the module is about to go."""
        self.env["ir.module.module"].search(
            [("name", "like", "buurtbemiddeling"), ("state", "=", "installed")]
        ).state = "to remove"
        uninstall_hook(self.env)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_residents_are_deleted_or_emptied_and_clients_stay(self):
        self.uninstall()
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
        self.assertFalse(self.env["ir.filters"].search([("domain", "like", "Anna Melder")]))

    def test_module_says_so_to_odoo(self):
        module = self.env["ir.module.module"].search([("name", "=", "buurtbemiddeling_case")])
        self.assertEqual(module.get_module_info(module.name)["uninstall_hook"], "uninstall_hook")

    def test_who_uninstalls_is_told_what_is_lost_and_says_so_first(self):
        module = self.env["ir.module.module"].search([("name", "=", "buurtbemiddeling_case")])
        admin = self.make_user("odoo_admin", "base.group_system")
        wizards = self.env["base.module.uninstall"].with_user(admin)
        wizard = wizards.create({"module_ids": [Command.set(module.ids)]})
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False)
        self.assertIn(f"Cases: {cases.search_count([])}\n", wizard.buurtbemiddeling_losses)
        self.assertIn("Contacts of residents: ", wizard.buurtbemiddeling_losses)
        self.assertNotIn("Anna", wizard.buurtbemiddeling_losses)
        with self.assertRaisesRegex(UserError, "Nothing is uninstalled yet"):
            wizard.action_uninstall()
        self.assertEqual(module.state, "installed")
        wizard.buurtbemiddeling_is_sure = True
        with patch.object(type(module), "button_immediate_uninstall", autospec=True) as uninstalled:
            wizard.action_uninstall()
        self.assertEqual(uninstalled.call_args.args[0], module)

    def test_another_module_is_uninstalled_as_always(self):
        other = self.env["ir.module.module"].search([("name", "=", "privacy_lookup")])
        alone = self.env["ir.module.module"].search(
            [("state", "=", "installed"), ("name", "not like", "buurtbemiddeling")]
        ).filtered(lambda module: not module.downstream_dependencies())[:1]
        wizards = self.env["base.module.uninstall"]
        self.assertFalse(
            wizards.create({"module_ids": [Command.set(alone.ids)]}).buurtbemiddeling_losses
        )
        # ... unless ours need it, and go with it
        self.assertTrue(
            wizards.create({"module_ids": [Command.set(other.ids)]}).buurtbemiddeling_losses
        )
