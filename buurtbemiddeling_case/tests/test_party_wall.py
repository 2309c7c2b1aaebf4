from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestPartyWall(CaseCommon):
    """What is sent to A can not reach B, and what is written about them reaches no outsider."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel(neighbour_phone="0600000002")
        cls.a, cls.b = cls.case.party_ids
        cls.anna, cls.bert = cls.a.partner_id, cls.b.partner_id
        cls.bert.email = "bert@example.com"
        cls.second = cls.make_user("second", "buurtbemiddeling_case.group_user")
        cls.foreign = cls.make_user(
            "foreign", "buurtbemiddeling_case.group_user", cls.other_company
        )
        cls.a = cls.a.with_user(cls.coordinator)
        cls.case = cls.case.with_user(cls.coordinator)
        cls.env.cr.precommit.run()  # from here on changes are tracked

    def notified(self, message):
        """Return who gets the message, in Odoo or by mail."""
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        return message.sudo().notification_ids.res_partner_id | mails.recipient_ids

    def test_message_to_a_reaches_a(self):
        message = self.a.message_post(
            body="Hello", partner_ids=self.anna.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(self.notified(message), self.anna)

    def test_naming_b_or_an_outsider_on_the_thread_of_a_is_refused(self):
        for partner in (self.bert, self.colleague.partner_id, self.foreign.partner_id):
            with self.assertRaisesRegex(UserError, "can not get a message"):
                self.a.message_post(body="Hello", partner_ids=partner.ids)

    def test_a_loose_mail_address_is_refused(self):
        with self.assertRaisesRegex(UserError, "loose mail addresses"):
            self.a.message_post(body="Hello", outgoing_email_to="bert@example.com")

    def test_thread_of_the_case_reaches_no_resident(self):
        for resident in (self.anna, self.bert):
            with self.assertRaisesRegex(UserError, "can not get a message"):
                self.case.message_post(body="Hello", partner_ids=resident.ids)

    def test_residents_and_outsiders_never_follow(self):
        everyone = self.anna | self.bert | self.colleague.partner_id | self.foreign.partner_id
        for record in (self.case, self.a, self.case.party_ids[1]):
            record.sudo().message_subscribe(everyone.ids)
            self.assertFalse(record.sudo().message_partner_ids & everyone)
        self.case.message_subscribe(self.second.partner_id.ids)
        self.assertIn(self.second.partner_id, self.case.message_partner_ids)

    def test_follower_who_left_buurtbemiddeling_gets_nothing_more(self):
        self.a.message_subscribe(self.second.partner_id.ids)
        self.second.group_ids = [
            Command.unlink(self.env.ref("buurtbemiddeling_case.group_user").id)
        ]
        message = self.a.message_post(body="Hello", subtype_xmlid="mail.mt_comment")
        self.assertNotIn(self.second.partner_id, self.notified(message))

    def test_reply_of_a_by_mail_is_not_passed_on_to_b(self):
        message = self.a.sudo().message_post(
            body="Answer",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
            author_id=self.anna.id,
            partner_ids=self.bert.ids,
            incoming_email_to="bert@example.com",
        )
        self.assertNotIn(self.bert, self.notified(message) | message.partner_ids)

    def test_composer_refuses_b_in_a_comment_and_in_a_mass_mail(self):
        for mode in ("comment", "mass_mail"):
            composer = (
                self.env["mail.compose.message"]
                .with_user(self.coordinator)
                .create(
                    {
                        "composition_mode": mode,
                        "model": self.a._name,
                        "res_ids": str(self.a.ids),
                        "body": "Hello",
                        "subject": "Hello",
                        "partner_ids": [Command.set(self.bert.ids)],
                    }
                )
            )
            with self.subTest(mode=mode), self.assertRaisesRegex(UserError, "can not get"):
                composer._action_send_mail()

    def test_mail_made_by_hand_for_the_thread_of_a_goes_to_a_only(self):
        values = {"model": self.a._name, "res_id": self.a.id, "body_html": "x", "subject": "x"}
        mail = self.env["mail.mail"].create(
            {**values, "recipient_ids": [Command.set(self.anna.ids)]}
        )
        self.assertEqual(mail.recipient_ids, self.anna)
        with self.assertRaisesRegex(UserError, "can not get a message"):
            self.env["mail.mail"].create(
                {**values, "recipient_ids": [Command.set((self.anna | self.bert).ids)]}
            )
        with self.assertRaisesRegex(UserError, "loose mail addresses"):
            self.env["mail.mail"].create({**values, "email_to": "bert@example.com"})

    def test_file_of_a_can_not_be_sent_from_the_thread_of_b(self):
        attachment = self.env["ir.attachment"].create(
            {"name": "letter.pdf", "raw": b"x", "res_model": self.a._name, "res_id": self.a.id}
        )
        self.a.message_post(body="Own file", attachment_ids=attachment.ids)
        b = self.case.party_ids[1]
        with self.assertRaisesRegex(UserError, "letter.pdf"):
            b.message_post(body="Wrong file", attachment_ids=attachment.ids)

    def test_subjects_notifications_and_to_dos_name_no_resident(self):
        message = self.a.message_post(
            body="Hello", partner_ids=self.anna.ids, subtype_xmlid="mail.mt_comment"
        )
        activity = self.a.activity_schedule("mail.mail_activity_data_todo")
        for text in (message.record_name, activity.res_name, self.a.display_name):
            self.assertIn(self.case.name, text)
            self.assertNotIn("Anna", text)

    def test_notifications_to_residents_are_not_listed_for_colleagues(self):
        self.a.message_post(
            body="Hello", partner_ids=self.anna.ids, subtype_xmlid="mail.mt_comment"
        )
        domain = [("res_partner_id", "=", self.anna.id)]
        for user, count in ((self.coordinator, 1), (self.colleague, 0)):
            self.assertEqual(
                self.env["mail.notification"].with_user(user).search_count(domain), count
            )

    def test_administrator_of_odoo_reads_no_mail_or_tracked_value_of_a_case(self):
        administrator = self.make_user("system", "base.group_system")
        self.a.message_post(
            body="Hello", partner_ids=self.anna.ids, subtype_xmlid="mail.mt_comment"
        )
        self.case.stage_id = self.stage("intake")
        self.flush_tracking()
        ours = {
            "mail.mail": [("model", "like", "buurtbemiddeling.")],
            "mail.tracking.value": [("mail_message_id.model", "like", "buurtbemiddeling.")],
        }
        for model, domain in ours.items():
            self.assertTrue(self.env[model].search(domain), model)
            self.assertFalse(self.env[model].with_user(administrator).search(domain), model)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_old_details_of_a_resident_are_not_kept_as_tracked_values(self):
        client = self.env["res.partner"].create({"name": "Client", "email": "old@example.com"})
        self.flush_tracking()
        values = {"phone": "0600000009", "email": "new@example.com"}
        (self.anna | client).with_user(self.coordinator).write(values)
        self.flush_tracking()
        tracked = self.env["mail.tracking.value"].search(
            [("mail_message_id.model", "=", "res.partner")]
        )
        self.assertIn(client.id, tracked.mail_message_id.mapped("res_id"), "others are tracked")
        self.assertFalse(
            self.env["mail.tracking.value"].search(
                [
                    ("mail_message_id.model", "=", "res.partner"),
                    ("mail_message_id.res_id", "=", self.anna.id),
                ]
            )
        )

    def test_to_do_about_a_case_is_not_given_to_an_outsider(self):
        for record in (self.case, self.a):
            with self.assertRaisesRegex(UserError, "can not see this page"):
                record.activity_schedule("mail.mail_activity_data_todo", user_id=self.colleague.id)

    def test_nobody_outside_is_put_in_charge(self):
        for user in (self.colleague, self.foreign):
            with self.assertRaisesRegex(ValidationError, "does not work for buurtbemiddeling"):
                self.case.sudo().user_id = user


@tagged("post_install", "-at_install")
class TestHiddenByEveryDoor(CaseCommon):
    """Who may not see a contact can not name it on any model, and so learns nothing of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.anna = cls.case.party_ids[0].partner_id

    def test_no_model_accepts_a_contact_that_the_user_may_not_see(self):
        for user, model, values in self.get_doors():
            with self.subTest(model=model):
                self.assertRefused(self.env[model].with_user(user), values)

    def get_doors(self):
        """Return ``(user, model, values)`` of ways to name Anna."""
        bare = self.make_user("bare", "base.group_user")
        system = self.make_user("system", "base.group_system")
        event = (
            self.env["calendar.event"]
            .with_user(bare)
            .create({"name": "Own", "start": "2027-03-08 10:00:00", "stop": "2027-03-08 11:00:00"})
        )
        return [
            (bare, "calendar.attendee", {"partner_id": self.anna.id, "event_id": event.id}),
            (self.colleague, "res.partner", {"name": "Child", "parent_id": self.anna.id}),
            (self.colleague, "res.partner.bank", {"partner_id": self.anna.id, "acc_number": "1"}),
            (self.colleague, "mail.compose.message", {"author_id": self.anna.id}),
            (self.colleague, "mail.message", {"body": "x", "author_id": self.anna.id}),
            (system, "mail.mail", {"author_id": self.anna.id}),
            (system, "res.users", {"login": "x", "name": "x", "partner_id": self.anna.id}),
            (
                self.stranger,
                "buurtbemiddeling.referral.partner",
                {
                    "partner_id": self.anna.id,
                    "referrer_type_id": self.code("referrer.type", "POLITIE").id,
                },
            ),
        ]

    def assertRefused(self, records, values):  # noqa: N802
        """None of the ways to fill in a record takes the contact, or says who it is."""
        (name,) = [name for name, value in values.items() if value == self.anna.id]
        rest = {key: value for key, value in values.items() if key != name}
        with self.subTest(door="create"):
            with self.assertRaises(AccessError) as caught:
                records.create(values)
            self.assertNotIn("Anna", str(caught.exception))
        for disguise in (str, float, lambda id_: f" {id_} "):
            with self.subTest(door="disguised id"):
                with self.assertRaises(AccessError):
                    records.create({**values, name: disguise(self.anna.id)})
        with self.subTest(door="onchange"):
            with self.assertRaises(AccessError):
                records.onchange(values, [name], {name: {}, "display_name": {}})
        with self.subTest(door="default"):
            with self.assertRaises(AccessError):
                records.with_context(**{f"default_{name}": self.anna.id}).create(rest)

    def test_no_model_shows_a_record_that_is_named_by_model_and_id(self):
        party = self.case.party_ids[0]
        doors = [
            ("mail.activity", {"res_model": "res.partner", "res_id": self.anna.id}, "res_name"),
            ("mail.activity", {"res_model": party._name, "res_id": party.id}, "res_name"),
            ("mail.message", {"model": "res.partner", "res_id": self.anna.id}, "record_name"),
            ("mail.message", {"model": party._name, "res_id": str(party.id)}, "record_name"),
            (
                "mail.compose.message",
                {"model": "res.partner", "res_ids": str(self.anna.ids)},
                "subject",
            ),
        ]
        if "sms.composer" in self.env:
            values = {"res_model": party._name, "res_id": party.id, "body": "x"}
            doors.append(("sms.composer", values, "recipient_single_description"))
            with self.assertRaises(AccessError):
                self.env["sms.composer"].with_user(self.colleague).create(values)
        for model, values, shown in doors:
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.colleague).onchange(
                    values, list(values), {**{name: {} for name in values}, shown: {}}
                )

    def test_colleague_copies_ordinary_contacts(self):
        client = self.env["res.partner"].create({"name": "Client"})
        self.assertTrue(client.with_user(self.colleague).copy())

    def test_resident_is_written_to_from_the_case_only(self):
        client = self.env["res.partner"].create({"name": "Client"}).with_user(self.coordinator)
        with self.assertRaisesRegex(UserError, "from the case"):
            client.message_post(body="Hello", partner_ids=self.anna.ids)

    def test_resident_is_no_follower_however_made(self):
        client = self.env["res.partner"].create({"name": "Client"})
        with self.assertRaises(ValidationError):
            self.env["mail.followers"].create(
                {"res_model": "res.partner", "res_id": client.id, "partner_id": self.anna.id}
            )

    def test_code_with_more_rights_does_not_open_a_door(self):
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.colleague).sudo().create(
                {"name": "Child", "parent_id": self.anna.id}
            )

    def test_writing_a_hidden_contact_is_refused_in_every_form(self):
        own = self.env["res.partner"].with_user(self.colleague).create({"name": "Own"})
        for value in ([Command.link(self.anna.id)], [Command.set(self.anna.ids)]):
            with self.assertRaises(AccessError):
                own.write({"child_ids": value})
        with self.assertRaises(AccessError):
            own.parent_id = self.anna.id

    def test_ordinary_contacts_are_as_usable_as_ever(self):
        client = self.env["res.partner"].create({"name": "Client"})
        own = self.env["res.partner"].with_user(self.colleague).create({"name": "Own"})
        own.parent_id = client
        self.assertEqual(own.parent_id, client)

    def test_copy_and_child_of_a_resident_are_as_hidden(self):
        partners = self.env["res.partner"].with_user(self.coordinator)
        copy = partners.browse(self.anna.id).copy()
        child = partners.create({"name": "Son", "parent_id": self.anna.id})
        moved = partners.create({"name": "Daughter"})
        moved.parent_id = self.anna
        typed = partners.with_context(default_parent_id=self.anna.id).create({"name": "Cousin"})
        forced = partners.browse(self.anna.id).copy({"is_confidential": False})
        for partner in (copy, child, moved, typed, forced):
            self.assertTrue(partner.is_confidential)
            self.assertFalse(
                self.env["res.partner"].with_user(self.colleague).search([("id", "=", partner.id)])
            )

    def test_contacts_under_a_resident_are_hidden_when_the_resident_is(self):
        parent = self.env["res.partner"].create({"name": "P", "company_id": self.company.id})
        child = self.env["res.partner"].create({"name": "C", "parent_id": parent.id})
        parent.with_user(self.coordinator).is_confidential = True
        self.assertTrue(child.is_confidential)

    def test_confidential_contact_belongs_to_one_organisation(self):
        with self.assertRaisesRegex(ValidationError, "belongs to one organisation"):
            self.env["res.partner"].create({"name": "X", "is_confidential": True})

    def test_colleague_can_not_be_hidden(self):
        partner = self.colleague.partner_id
        partner.company_id = self.company
        with self.assertRaisesRegex(ValidationError, "can not be made confidential"):
            partner.is_confidential = True

    def test_new_address_typed_on_a_thread_becomes_a_hidden_contact(self):
        party = self.case.party_ids[0].with_user(self.coordinator)
        found = party._partner_find_from_emails_single(["New Resident <new@example.com>"])
        self.assertTrue(found.sudo().is_confidential)
        self.assertEqual(found.sudo().company_id, self.company)
