from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_hidden import EMAIL, MARK, NAME, HiddenCase


@tagged("post_install", "-at_install")
class TestHiddenWays(HiddenCase, HttpCase):
    """Ways round: what is worked out with all rights, kept from before, or said in an error."""

    def assertNothingTold(self, text):  # noqa: N802
        self.assertNotIn(MARK.lower(), str(text).lower())

    def test_error_in_debug_mode_names_nobody(self):
        """Odoo lets everyone switch that on, and then names the records that it refuses."""
        for login, told in (("hidden_colleague", False), ("hidden_figures", False)):
            self.authenticate(login, login, session_extra={"debug": "1"})
            for record, field in (
                (self.zara, "name"),
                (self.child, "name"),
                (self.party, "side"),
            ):
                with self.subTest(login=login, model=record._name), mute_logger("odoo.http"):
                    with self.assertRaises(Exception) as refused:  # noqa: B017
                        self.make_jsonrpc_request(
                            f"/web/dataset/call_kw/{record._name}/read",
                            {
                                "model": record._name,
                                "method": "read",
                                "args": [record.ids, [field]],
                                "kwargs": {},
                            },
                        )
                    self.assertEqual(MARK in str(refused.exception), told)
                    self.assertNotIn(self.case.name, str(refused.exception))

    def test_display_name_is_read_with_the_rights_of_who_asks(self):
        for role, user in self.outsiders.items():
            contact = self.as_user(user, "res.partner").browse(self.zara.id)
            with self.subTest(role=role), self.assertRaises(AccessError):
                contact.display_name  # noqa: B018
        self.assertIn(MARK, self.zara.with_user(self.coordinator).display_name)

    def test_own_to_do_and_message_are_not_turned_to_a_resident(self):
        mine = self.contacts.partner_id
        activity = (
            self.env["mail.activity"]
            .with_user(self.contacts)
            .create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": self.client.id,
                    "user_id": self.contacts.id,
                }
            )
        )
        with self.assertRaises(AccessError):
            activity.write({"res_id": self.zara.id})
        with self.assertRaises(AccessError):
            activity.onchange({"res_id": self.zara.id}, ["res_id"], {"res_name": {}})
        message = mine.with_user(self.contacts).message_post(body="Mine")
        with self.assertRaises(AccessError):
            message.with_user(self.contacts).write({"res_id": self.zara.id})
        activity.write({"res_id": mine.id})
        self.assertEqual(activity.res_name, mine.display_name)

    def test_who_wrote_to_a_contact_before_reads_its_name_no_more(self):
        """Odoo lets whoever wrote a message, or has the to-do, read it ever after."""
        message = self.client.with_user(self.contacts).message_post(body="Welcome")
        activity = self.client.with_user(self.contacts).activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.contacts.id
        )
        for shown in (True, False):
            for record in (message, activity):
                found = self.as_user(self.contacts, record._name)
                with self.subTest(model=record._name, shown=shown):
                    self.assertEqual(bool(found.search([("id", "=", record.id)])), shown)
                    self.assertEqual(found.browse(record.id).has_access("read"), shown)
            self.client.with_user(self.coordinator).is_confidential = True

    def test_search_for_doubles_counts_no_resident(self):
        """The merge wizard asks the table itself, past all rights."""
        twin = self.env["res.partner"].create({"name": NAME, "email": EMAIL})
        wizards = self.as_user(self.system, "base.partner.merge.automatic.wizard")
        for together in (False, True):
            wizard = wizards.create({"group_by_email": True, "group_by_name": True})
            wizard.action_start_manual_process()
            groups = [line.aggr_ids for line in wizard.line_ids]
            found = [group for group in groups if str(twin.id) in group]
            with self.subTest(together=together):
                self.assertEqual(bool(found), together)
                self.assertNotIn(str(self.zara.id), str(groups).replace("[", ",").split(","))
            self.env["res.partner"].create({"name": NAME, "email": EMAIL})

    def test_mail_of_a_resident_to_another_app_is_of_a_stranger(self):
        """Colleagues there see the address that she wrote from, and not who we know she is."""
        page = self.client
        author = self.env["mail.thread"]._partner_find_from_emails_single([EMAIL], no_create=True)
        self.assertFalse(author)
        for record in (page, self.colleague.partner_id):
            self.assertFalse(record._partner_find_from_emails_single([EMAIL], no_create=True))
        made = page._partner_find_from_emails_single([EMAIL])
        self.assertNotEqual(made, self.zara)
        self.assertFalse(made.is_confidential)
        found = self.party._partner_find_from_emails_single([EMAIL], no_create=True)
        self.assertEqual(found, self.zara)
        client = page._partner_find_from_emails_single([page.email], no_create=True)
        self.assertEqual(client, page)

    def test_text_messages_to_residents_are_not_for_the_administrator_of_odoo(self):
        if "sms.sms" not in self.env:
            self.skipTest("Odoo's SMS app is not installed")
        values = {"number": "+31612349876", "body": f"Talk with {MARK}"}
        post = self.party.with_user(self.coordinator).message_post(body="Text")
        texts = self.env["sms.sms"].create(
            [
                {**values, "partner_id": self.zara.id},
                {**values, "mail_message_id": post.id},
                {**values, "partner_id": self.client.id, "body": "Open"},
            ]
        )
        found = self.as_user(self.system, "sms.sms")
        self.assertEqual(found.search([("id", "in", texts.ids)]), texts[2])
        self.assertEqual(found.browse(texts.ids)._filtered_access("read"), texts[2])

    def test_sign_up_page_is_opened_by_no_colleague(self):
        self.env["ir.config_parameter"].sudo().set_param("auth_signup.invitation_scope", "b2c")
        for role, user in self.outsiders.items():
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_user(user, "res.partner").browse(self.zara.id).signup_get_auth_param()

    def test_no_contact_can_be_made_a_child_to_read_its_parent(self):
        for values in ({"parent_id": self.zara.id}, {"child_ids": [Command.link(self.zara.id)]}):
            with self.assertRaises(AccessError):
                self.client.with_user(self.contacts).write(values)

    def test_visitors_see_no_picture_and_no_thread(self):
        drawn = self.url_open(f"/web/image/res.partner/{self.zara.id}/avatar_128").content
        self.assertGreater(len(drawn), 1000)
        for url in (
            f"/web/content/{self.zara.message_attachment_count}",
            f"/web/image/res.partner/{self.zara.id}/image_1920",
            f"/mail/view?model=res.partner&res_id={self.zara.id}",
        ):
            with self.subTest(url=url), mute_logger("odoo.http"):
                self.assertNothingTold(self.url_open(url).text)
        told = self.make_jsonrpc_request(
            "/mail/chatter_fetch", {"thread_model": "res.partner", "thread_id": self.zara.id}
        )
        self.assertFalse(told["messages"])
