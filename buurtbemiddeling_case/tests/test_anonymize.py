import json
import os
from datetime import date, datetime, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import file_open

from ..personal_data import read_personal_fields
from .common_anonymize import MARK, AnonymizeCase


@tagged("post_install", "-at_install")
class TestAnonymize(AnonymizeCase):
    """Personal data are removed, and what figures count stays."""

    # ------------------------------------------------------------
    # WHAT GOES
    # ------------------------------------------------------------

    def test_marker_is_nowhere_after(self):
        self.assertTrue(self.find_marker())
        self.case._anonymize()
        self.assertEqual(self.find_marker(), [])

    def test_files_go_from_the_disk(self):
        attachments = self.env["ir.attachment"].sudo()
        files = attachments.search([("name", "ilike", MARK)]).mapped("store_fname")
        self.assertTrue(files)
        self.case._anonymize()
        for file in files:
            mark = attachments._full_path("checklist") + "/" + file
            self.assertTrue(os.path.exists(mark), "is marked to be taken off the disk")

    def test_mail_of_who_has_a_similar_or_the_same_address_is_left_alone(self):
        contacts = self.env["res.partner"]
        family = contacts.create({"name": "Family", "email": "thuis@example.com"})
        self.bert.partner_id.email = "thuis@example.com"
        self.anna.partner_id.email = "anna@example.com"
        joanna = contacts.create({"name": "Joanna", "email": "joanna@example.com"})
        thread = contacts.create({"name": "A client of another department"})
        theirs = [
            thread.message_post(body="Hello", author_id=who.id, email_from=who.email_formatted)
            for who in (family, joanna)
        ]
        mails = self.env["mail.mail"].create(
            [{"subject": "Invoice", "email_to": who.email} for who in (family, joanna)]
        )
        before = [message.email_from for message in theirs]
        self.case._anonymize()
        self.assertFalse(self.anna.partner_id)
        self.assertEqual([message.email_from for message in theirs], before)
        self.assertEqual(mails.exists(), mails)

    def test_address_in_messages_of_others_goes(self):
        email = self.anna.partner_id.email
        thread = self.env["res.partner"].create({"name": "A client of another department"})
        message = thread.message_post(body="Hello", email_from=f'"A" <{email.upper()}>')
        self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "notification_type": "email",
                "mail_email_address": email,
            }
        )
        # of no thread
        self.env["mail.mail"].create({"subject": MARK, "email_to": f"B <b@x.nl>,{email}"})
        self.env["sms.sms"].create({"partner_id": self.anna.partner_id.id, "body": MARK})
        self.case._anonymize()
        self.assertEqual(self.find_marker(), [])

    def test_saved_searches_that_name_a_resident_go(self):
        case = self.make_quarrel()
        anna = case.party_ids[0].partner_id
        searches = self.env["ir.filters"].create(
            [
                {"name": name, "model_id": model, "domain": domain, "user_ids": []}
                for name, model, domain in (
                    (
                        "a",
                        "buurtbemiddeling.case.party",
                        f"[('partner_id', 'ilike', {anna.name!r})]",
                    ),
                    (f"All of {anna.name}", "res.partner", "[]"),
                    ("c", "buurtbemiddeling.case", "[('stage_id.is_closed', '=', True)]"),
                )
            ]
        )
        case._anonymize()
        self.assertEqual(searches.exists().mapped("name"), ["c"])

    def test_files_of_todos_and_planned_messages_go(self):
        todo = self.case.activity_schedule("mail.mail_activity_data_todo", summary="Look")
        planned = self.env["mail.scheduled.message"].create(
            {
                "model": self.case._name,
                "res_id": self.case.id,
                "author_id": self.coordinator.partner_id.id,
                "scheduled_date": datetime(2100, 1, 1),
            }
        )
        file = {"name": MARK, "raw": MARK.encode()}
        files = self.env["ir.attachment"].create(
            [
                {**file, "res_model": todo._name, "res_id": todo.id},  # as pasted in its text
                {**file, "res_model": planned._name, "res_id": planned.id},
                {**file, "res_model": planned._name, "res_id": 0},
                {**file, "res_model": self.case._name, "res_id": self.make_case().id},
            ]
        )
        todo.attachment_ids = files[0]
        planned.attachment_ids = files[2] | files[3]
        self.case._anonymize()
        self.assertEqual(files.exists(), files[3], "what is of another case stays with that")

    def test_names_of_an_import_and_what_devices_are_told_go(self):
        data = self.env["ir.model.data"].create(
            {
                "module": "old_system",
                "name": f"case_{MARK}",
                "model": self.case._name,
                "res_id": self.case.id,
            }
        )
        device = self.env["mail.push.device"].create(
            {
                "partner_id": self.coordinator.partner_id.id,
                "endpoint": "https://push.example.com/1",
                "keys": "{}",
            }
        )
        told = {"title": MARK, "options": {"data": {"model": self.case._name}}}
        self.env["mail.push"].create(
            {"mail_push_device_id": device.id, "payload": json.dumps(told)}
        )
        self.case._anonymize()
        self.assertFalse(data.exists())
        self.assertEqual(self.find_marker(), [])

    def test_facts_of_figures_stay(self):
        parties = self.case.party_ids
        names = ["registration_date", "area_id", "stage_id", "outcome_id", "name", "user_id"]
        names += ["is_complex", "intake_decision", "write_date", "referrer_type_id"]
        party_names = ["side", "tenure", "household", "postcode_key", "street_key", "write_date"]
        self.env.flush_all()
        before = self.case.read(names), parties.read(party_names), len(self.case.meeting_ids)
        self.assertTrue(any(parties.mapped("street_key")))
        self.case._anonymize()
        self.assertEqual(
            before, (self.case.read(names), parties.read(party_names), len(self.case.meeting_ids))
        )

    def test_address_that_returns_is_known_again(self):
        """The pseudonym of a door stays, so that a third request from it is seen as one."""
        self.case._anonymize()
        again = self.make_quarrel(reporter_street=f"{MARK}straat 1", neighbour_street="Elders 9")
        self.assertIn(self.case, again.earlier_case_ids)

    def test_twice_is_once(self):
        self.case._anonymize()
        self.env.cr.execute(
            "SELECT xmin::text FROM buurtbemiddeling_case_party WHERE case_id = %s", [self.case.id]
        )
        rows = self.env.cr.fetchall()
        first = self.case.anonymized_date
        with freeze_time(first + timedelta(days=9)):
            self.case._anonymize()
        self.assertEqual(self.case.anonymized_date, first)
        self.env.cr.execute(
            "SELECT xmin::text FROM buurtbemiddeling_case_party WHERE case_id = %s", [self.case.id]
        )
        self.assertEqual(rows, self.env.cr.fetchall(), "no row was written again")

    def test_nobody_is_told_and_nothing_is_tracked(self):
        messages = self.env["mail.message"].sudo()
        last = messages.search([], order="id desc", limit=1).id
        self.case._anonymize()
        self.assertFalse(messages.search([("id", ">", last)]))

    def test_resident_alone_goes_without_the_neighbour(self):
        self.anna._anonymize()
        self.assertFalse(self.anna.partner_id or self.anna.story or self.anna.message_ids)
        self.assertEqual(self.bert.partner_id.name, f"Bert {MARK}")
        self.assertTrue(self.bert.message_ids)
        self.assertTrue(self.case.agreement_ids.name)
        self.assertFalse(self.case.anonymized_date)

    def test_number_of_queries_does_not_grow(self):
        few = self.env["buurtbemiddeling.case"]
        many = few
        for _index in range(2):
            few |= self.make_marked_case()
        for _index in range(4):
            many |= self.make_marked_case()
        few[0]._anonymize()  # the first time fills the caches of the registry

        def count(cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases._anonymize()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(few[1:]), count(many))

    # ------------------------------------------------------------
    # CONTACTS
    # ------------------------------------------------------------

    def test_mail_that_may_belong_to_the_case_goes_too(self):
        mail = self.env["buurtbemiddeling.unsorted.mail"].create(
            {
                "company_id": self.company.id,
                "reason": "other",
                "email_from": f"{MARK}@example.com",
                "party_id": self.bert.id,
            }
        )
        self.case._anonymize()
        self.assertFalse(mail.exists())

    # ------------------------------------------------------------
    # AFTERWARDS
    # ------------------------------------------------------------

    def test_nobody_types_names_again(self):
        self.case.write(
            {"outcome_id": self.code("outcome", "OPG_BEM").id, "close_date": date(2026, 4, 1)}
        )
        self.case._anonymize()
        case, anna = (record.with_user(self.coordinator) for record in (self.case, self.anna))
        agreements = self.env["buurtbemiddeling.case.agreement"].with_user(self.coordinator)
        attempts = (
            lambda: anna.write({"story": "again"}),
            lambda: anna.write({"contact_name": "Anna"}),
            lambda: case.write({"reporter_name": "Anna"}),
            lambda: case.write({"referrer_ref": "Anna"}),
            lambda: case.write({"party_ids": [Command.create({"side": "b", "street": "A 1"})]}),
            lambda: case.message_post(body="Anna called"),
            lambda: anna.message_post(body="Anna called"),
            lambda: agreements.create({"case_id": case.id, "name": "Anna is quiet"}),
            lambda: case.write({"stage_id": self.stage("intake").id}),
        )
        for number, attempt in enumerate(attempts):
            with self.subTest(number), self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        case.write({"escalation": "hardened"})  # a fact for the figures can be corrected

    def test_screens_still_open(self):
        self.case._anonymize()
        for record in (self.case, self.anna):
            with Form(record.with_user(self.coordinator)) as form:
                self.assertTrue(form.anonymized_date)
        self.assertIn(
            self.case,
            self.case.with_user(self.coordinator).search([("anonymized_date", "!=", False)]),
        )

    # ------------------------------------------------------------
    # INVENTORY
    # ------------------------------------------------------------

    def test_inventory_can_be_carried_out(self):
        """Paths lead somewhere, fields are there, and nothing is emptied that has to be filled."""
        engine = self.env["buurtbemiddeling.anonymizer"]
        with file_open("buurtbemiddeling_case/security/personal_data.csv") as file:
            lines = read_personal_fields(file)
        for line in lines:
            with self.subTest(model=line.model, field=line.field):
                self.assertIn(line.model, self.env)
                model = self.env[line.model]
                if line.field != "*":
                    self.assertIn(line.field, model._fields)
                if line.path:
                    engine._get_target(line.model, line.path)
                if line.path and line.after_term in ("blank", "cut") and line.field != "*":
                    field = model._fields[line.field]
                    if field.store and field.column_type:
                        engine._get_empty_value(field)

    def test_every_thread_of_a_case_is_in_the_inventory(self):
        """Messages go with the records that they are on, so these have to lead to the case."""
        engine = self.env["buurtbemiddeling.anonymizer"]
        lines = engine._get_lines(("case", "party", "sender"))
        leading = {name for name, path in lines}
        parts = {
            name
            for name, model in self.env.items()
            if name.startswith("buurtbemiddeling.case.") or "case_id" in model._fields
            if model._auto and not model._transient and not model._abstract
            if isinstance(model, self.env.registry["mail.thread"])
        }
        self.assertEqual(parts - leading, set())
