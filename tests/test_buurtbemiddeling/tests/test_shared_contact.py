from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_hidden import HiddenCase


@tagged("post_install", "-at_install")
class TestSharedContact(HiddenCase):
    """Who is a client of the organisation, and a party in a quarrel as well, stays a client.

    Colleagues use the contact as before, and nothing tells them that there is a case.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sam = cls.env["res.partner"].create(
            {"name": "Sam Samen", "email": "sam@samen.example", "phone": "0612300000"}
        )
        cls.before = cls.look(cls.contacts)
        cls.shared = (
            cls.env["buurtbemiddeling.case.party"]
            .with_user(cls.coordinator)
            .create({"case_id": cls.case.id, "side": "b", "partner_id": cls.sam.id})
        )
        cls.shared.message_post(
            body="Secret talk", partner_ids=cls.sam.ids, subtype_xmlid="mail.mt_comment"
        )
        cls.shared.activity_schedule("mail.mail_activity_data_todo", summary="Secret to-do")
        cls.env["ir.attachment"].create(
            {"name": "secret.txt", "res_model": cls.shared._name, "res_id": cls.shared.id}
        )
        cls.shared.sudo().no_mail = True
        cls.env.flush_all()

    @classmethod
    def look(cls, user):
        """Return all that the contact's form, list and export show, less when it was changed."""
        cls.env.flush_all()
        cls.env.invalidate_all()
        contact = cls.sam.with_user(user)
        values = {}
        for name in contact.fields_get(attributes=()):
            if not name.startswith("write_") and "token" not in name:
                try:
                    values[name] = contact.read([name])
                except AccessError as error:
                    values[name] = str(error)
        parts = ["name", "child_ids/name", "message_ids/body", "activity_ids/summary"]
        return values, contact.export_data(parts)["datas"]

    def test_contact_shows_the_same_as_before(self):
        self.assertEqual(self.look(self.contacts), self.before)

    def test_no_row_that_a_colleague_reads_is_about_the_case(self):
        words = (self.case.name, "Secret", "secret.txt")
        for user in (self.contacts, self.system):
            told = []
            for name in self.find_readable(user):
                rows = self.as_user(user, name)
                if not rows._log_access or rows._transient:
                    continue
                rows = rows.search([("create_date", ">=", self.env.cr.now())])
                for field in rows.fields_get(attributes=()) if rows else ():
                    try:
                        shown = str(rows.mapped(field)) + str(rows.read([field]))
                    except Exception as error:  # an error may tell something too
                        shown = str(error)
                    told += [(name, field, word) for word in words if word in shown]
            with self.subTest(user=user.login):
                self.assertFalse(told)

    def test_no_message_or_notification_about_the_case_counts(self):
        for role, user in self.outsiders.items():
            for model, name in (
                ("mail.message", "partner_ids"),
                ("mail.notification", "res_partner_id"),
                ("mail.message", "notified_partner_ids"),
            ):
                rows = self.as_user(user, model)
                with self.subTest(role=role, model=model, field=name):
                    self.assertFalse(rows.search_count([(name, "in", self.sam.ids)]))
        rows = self.as_user(self.coordinator, "mail.notification")
        self.assertTrue(rows.search_count([("res_partner_id", "=", self.sam.id)]))

    def test_form_has_no_field_or_button_of_ours(self):
        contacts = self.as_user(self.contacts, "res.partner")
        self.assertFalse(
            [name for name in contacts.fields_get() if name.startswith("buurtbemiddeling")]
        )
        for kind in ("form", "list", "kanban", "search"):
            arch = contacts.get_view(view_type=kind)["arch"]
            with self.subTest(view=kind):
                self.assertNotIn("buurtbemiddeling", arch)
                self.assertNotIn('name="is_confidential"', arch)

    def test_colleagues_change_mail_and_archive_as_ever(self):
        contact = self.sam.with_user(self.contacts)
        contact.write({"name": "Sam Anders", "email": "sam@anders.example"})
        contact.message_post(
            body="About your course", partner_ids=self.sam.ids, subtype_xmlid="mail.mt_comment"
        )
        contact.message_subscribe(self.sam.ids)
        self.assertIn(self.sam, contact.message_partner_ids)
        contact.activity_schedule("mail.mail_activity_data_todo", user_id=self.contacts.id)
        self.env["calendar.event"].with_user(self.contacts).create(
            {
                "name": "Course",
                "start": "2027-01-04 10:00:00",
                "stop": "2027-01-04 11:00:00",
                "partner_ids": [Command.link(self.sam.id)],
            }
        )
        contact.action_archive()
        self.assertFalse(self.sam.active)
        self.assertEqual(self.shared.partner_id, self.sam)

    def test_refusal_to_delete_is_that_of_any_contact_in_use(self):
        """Odoo would say that a "Party" of a case uses it."""
        other = self.env["res.partner"].create({"name": "Ook in gebruik"})
        self.env["calendar.filters"].create(
            {"user_id": self.coordinator.id, "partner_id": other.id}
        )
        told = []
        for contact in (self.sam, other):
            for user in (self.contacts, self.system):
                with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as refused:
                    contact.with_user(user).unlink()
                told.append(str(refused.exception))
        self.assertEqual(len(set(told)), 1)
        self.assertIn("Archive it", told[0])
        free = self.env["res.partner"].create({"name": "Vrij"})
        free.with_user(self.contacts).unlink()
        self.assertFalse(free.exists())

    def test_merging_with_a_double_keeps_the_case_and_says_nothing(self):
        double = self.env["res.partner"].create({"name": "Sam S.", "email": "sam@samen.example"})
        wizard = self.as_user(self.contacts, "base.partner.merge.automatic.wizard").create(
            {"partner_ids": [Command.set((self.sam | double).ids)], "dst_partner_id": double.id}
        )
        answer = wizard.action_merge()
        self.assertNotIn("buurtbemiddeling.", str(answer))
        self.assertFalse(self.sam.exists())
        self.shared.invalidate_recordset()
        self.assertEqual(self.shared.partner_id, double)
        bodies = self.as_user(self.contacts, "res.partner").browse(double.id).message_ids
        self.assertNotIn(self.case.name, str(bodies.mapped("body")))

    def test_coordinator_hears_what_uses_it(self):
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(Exception, "Party|party"):
            self.sam.sudo().unlink()
