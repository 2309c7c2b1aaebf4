from datetime import date, timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CaseCommon
from .test_access_file import ANNA_TOLD, BERT_TOLD, OF_BERT, AccessFileCase


@tagged("post_install", "-at_install")
class TestPrivacyRequest(AccessFileCase):
    """AVG, articles 12 to 21: asked, answered in time, and logged without content."""

    # THE TERM

    def test_an_answer_is_due_in_thirty_days_and_never_after_a_month(self):
        self.request.received_date = date(2026, 3, 1)
        self.assertEqual(self.request.due_date, date(2026, 3, 31))
        self.request.received_date = date(2026, 1, 31)
        self.assertEqual(self.request.due_date, date(2026, 2, 28))
        self.company.buurtbemiddeling_answer_days = 14
        self.assertEqual(self.request.due_date, date(2026, 2, 14))

    def test_two_months_more_when_said_within_the_first(self):
        today = fields.Date.context_today(self.request)
        self.request.extension_reason = "complex"
        self.assertGreater(self.request.due_date, today + timedelta(days=85))
        late = self.make_request(partner_id=self.bert.id, received_date=today - timedelta(days=40))
        self.assertTrue(late.is_late)
        with self.assertRaises(ValidationError):
            late.extension_reason = "number"

    def test_it_shows_on_my_day_of_who_handles_it_and_later_as_too_late(self):
        kinds = {
            code: self.env["buurtbemiddeling.attention"]
            .with_user(self.coordinator)
            .search([("code", "=", code)])
            for code in ("PRIVACY_REQUEST", "PRIVACY_LATE")
        }
        found = {code: kind.record_count for code, kind in kinds.items()}
        self.assertEqual(found, {"PRIVACY_REQUEST": 1, "PRIVACY_LATE": 0})
        self.request.received_date -= timedelta(days=60)
        self.env.invalidate_all()
        found = {code: kind.record_count for code, kind in kinds.items()}
        self.assertEqual(found, {"PRIVACY_REQUEST": 0, "PRIVACY_LATE": 1})

    def test_a_request_of_tomorrow_or_of_nobody_is_refused(self):
        with self.assertRaises(ValidationError):
            self.make_request(
                partner_id=self.anna.id,
                received_date=fields.Date.context_today(self.request) + timedelta(days=1),
            )
        with self.assertRaises(ValidationError):
            self.make_request()

    # WHO

    def test_it_says_what_the_person_is_and_who_may_be_the_same(self):
        self.assertIn(self.case.name, self.request.role_text)
        self.assertIn(self.other_case.name, self.request.role_text)
        self.assertFalse(self.request.double_text)
        self.env["res.partner"].create(
            {"name": "anna witteveen", "company_id": self.company.id, "is_confidential": True}
        )
        self.env.invalidate_all()
        self.assertTrue(self.request.double_text)

    def test_the_name_of_a_request_names_nobody(self):
        self.assertNotIn("Anna", self.request.display_name)

    def test_the_button_of_a_party_fills_in_who_it_is(self):
        arch = self.env["buurtbemiddeling.case.party"].get_view(view_type="form")["arch"]
        self.assertIn("'default_partner_id': partner_id", arch)

    # THE LOG

    def test_nothing_is_left_of_who_asked_when_it_is_done(self):
        self.request.action_check()
        self.request.action_done()
        self.check_empty(self.request)
        self.assertEqual(self.request.state, "done")
        self.assertEqual(self.request.done_by_id, self.coordinator)
        self.assertIn(self.case.name, self.request.subject_text)

    def check_empty(self, request):
        """No name and no value of the person is in any column of the request."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(r)::text FROM buurtbemiddeling_privacy_request r WHERE id = %s",
            [request.id],
        )
        row = self.env.cr.fetchone()[0].lower()
        for marker in ("anna", "witteveen", "veenpad", ANNA_TOLD.lower(), "zwartkruin"):
            self.assertNotIn(marker, row)
        self.assertFalse(request.partner_id | request.party_id.partner_id)
        self.assertFalse(request.checked_digest)

    def test_what_is_done_stays_as_it_is(self):
        self.request.refusal_reason = "withdrawn"
        self.request.action_refuse()
        self.check_empty(self.request)
        for user in (self.coordinator, self.manager):
            request = self.request.with_user(user)
            with self.assertRaises(UserError):
                request.identity_check = "letter"
            with self.assertRaises(AccessError):
                request.unlink()

    def test_only_the_buttons_go_on_with_a_request(self):
        for user in (self.coordinator, self.manager):
            request = self.request.with_user(user)
            for vals in ({"state": "done"}, {"state": "checked"}, {"subject_text": "Anna"}):
                with self.assertRaises(AccessError):
                    request.write(vals)
                with self.assertRaises(AccessError):
                    request.create({"partner_id": self.anna.id, **vals})
        with self.assertRaisesRegex(UserError, "Look at the file"):
            self.request.action_done()
        with self.assertRaisesRegex(UserError, "why"):
            self.request.action_refuse()

    def test_there_is_no_field_to_type_in(self):
        """A free text would hold a name one day."""
        typed = [
            field.name
            for field in self.request._fields.values()
            if field.type in ("char", "text", "html") and field.store and not field.readonly
        ]
        self.assertEqual(typed, [])

    def test_of_a_closed_project_only_its_own_coordinators_see_a_request(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Besloten",
                "company_id": self.company.id,
                "user_ids": [Command.set(self.coordinator.ids)],
                "is_members_only": True,
                "date_start": date(2020, 1, 1),
            }
        )
        self.case.project_id = project
        self.other_case.project_id = project
        request = self.make_request(partner_id=self.bert.id)
        nameless = self.make_request(party_id=self.b.id)
        second = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.env.invalidate_all()
        for mine in (request, nameless, self.request):
            self.assertTrue(mine.with_user(self.coordinator).has_access("read"))
            self.assertFalse(mine.with_user(second).has_access("read"))

    # CORRECTION AND RESTRICTION

    def test_correction_opens_the_screen_and_keeps_which_fields(self):
        request = self.make_request(partner_id=self.bert.id, kind="correction")
        action = request.action_open_records()
        self.assertEqual((action["res_model"], action["res_id"]), (self.b._name, self.b.id))
        with self.assertRaisesRegex(UserError, "Tick"):
            request.action_done()
        request.corrected_address = True
        with self.assertRaisesRegex(UserError, "told"):
            request.action_done()
        request.recipients_told = "told"
        request.action_done()
        self.check_empty(request)
        self.assertTrue(request.corrected_address)

    def test_restriction_tells_the_recipients(self):
        request = self.make_request(partner_id=self.bert.id, kind="restriction")
        with self.assertRaisesRegex(UserError, "told"):
            request.action_done()
        request.recipients_told = "nobody"
        request.action_done()
        self.assertEqual(request.state, "done")


@tagged("post_install", "-at_install")
class TestErasure(AccessFileCase):
    """AVG, article 17: one person goes before the term is over, and the neighbour stays."""

    def close(self, cases):
        cases.write(
            {
                "stage_id": self.stage("closed").id,
                "close_date": date(2026, 4, 1),
                "outcome_id": self.code("outcome", "OPG_BEM").id,
            }
        )

    def make_erasure(self, partner, user=None, **values):
        return self.make_request(
            user or self.manager,
            partner_id=partner.id,
            kind="erasure",
            recipients_told="nobody",
            **values,
        )

    def test_only_an_administrator_removes(self):
        self.close(self.case)
        request = self.make_erasure(self.bert, self.coordinator)
        self.assertFalse(request.can_erase)
        with self.assertRaises(AccessError):
            request.action_erase()
        with self.assertRaises(UserError):
            request.action_done()

    def test_a_running_case_is_closed_first(self):
        request = self.make_erasure(self.bert)
        self.assertFalse(request.can_erase)
        self.assertIn("Close it first", request.erasure_text)
        with self.assertRaisesRegex(UserError, "Close it first"):
            request.action_erase()

    def test_what_is_on_hold_stays_and_says_why(self):
        self.close(self.case)
        today = fields.Date.context_today(self.case)
        self.case.write(
            {
                "retention_hold_reason": "Klacht bij de gemeente.",
                "retention_hold_until": today + timedelta(days=30),
            }
        )
        request = self.make_erasure(self.bert)
        with self.assertRaisesRegex(UserError, "Klacht bij de gemeente"):
            request.action_erase()
        self.env.flush_all()
        self.env.cr.execute(  # the day passes
            "UPDATE buurtbemiddeling_case SET retention_hold_until = %s WHERE id = %s",
            [today - timedelta(days=1), self.case.id],
        )
        self.env.invalidate_all()
        self.assertTrue(request.can_erase)

    def test_what_goes_and_what_stays_is_said_before(self):
        self.close(self.case)
        request = self.make_erasure(self.bert)
        for part in ("What goes", "What stays", "No figure changes", "files of the neighbour"):
            self.assertIn(part, request.erasure_text)

    def test_who_it_is_and_who_was_told_come_first(self):
        self.close(self.case)
        request = self.make_erasure(self.bert)
        request.recipients_told = False
        with self.assertRaisesRegex(UserError, "told"):
            request.action_erase()
        request.write({"recipients_told": "told", "identity_check": False})
        with self.assertRaisesRegex(UserError, "how you know"):
            request.action_erase()

    def test_the_neighbour_goes_and_the_story_of_the_reporter_stays(self):
        self.close(self.case)
        facts = self.case.read(
            ["outcome_id", "close_date", "nuisance_type_ids", "main_nuisance_type_id"]
        )
        request = self.make_erasure(self.bert)
        bert_id = self.bert.id
        request.action_erase()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(request.state, "done")
        self.assertFalse(self.env["res.partner"].browse(bert_id).exists())
        self.assertFalse(self.b.story or self.b.partner_id)
        self.assertTrue(self.b.anonymized_date)
        self.assertIn(ANNA_TOLD, self.a.story)
        self.assertFalse(self.case.anonymized_date, "of Anna everything is still there")
        self.assertEqual(
            self.case.read(
                ["outcome_id", "close_date", "nuisance_type_ids", "main_nuisance_type_id"]
            ),
            facts,
        )
        texts = [
            *(self.a[name] for name in self.get_texts(self.a)),
            *self.case.agreement_ids.mapped("name"),
            *self.case.meeting_ids.filtered("location").mapped("location"),
            *(self.a.message_ids | self.case.message_ids).mapped("body"),
            *filter(None, self.a.message_ids.mapped("subject")),
            *self.a.activity_ids.mapped("summary"),
            *map(str, self.a.activity_ids.mapped("note")),
            *self.env["ir.attachment"]
            .search([("res_model", "=", self.a._name), ("res_id", "=", self.a.id)])
            .mapped("name"),
            self.case.referrer_ref,
        ]
        for text in texts:
            for marker in OF_BERT:
                with self.subTest(marker):
                    self.assertNotIn(marker.lower(), str(text).lower())
        self.assertIn("[removed]", self.a.story)
        self.assertIn("Veenpad 5", str(texts), "the other's own address stays")

    def test_the_marker_of_the_person_is_nowhere_in_the_database(self):
        self.close(self.case)
        request = self.make_erasure(self.bert)
        self.case.meeting_ids.location = "Zwartkruin thuis"
        request.action_erase()
        self.assertEqual(self.find("Zwartkruin"), [])
        self.assertEqual(self.find("Kruinlaan"), [])
        self.assertNotEqual(self.find("Witteveen"), [])

    def test_the_person_is_taken_out_of_markup_and_of_other_spellings(self):
        self.close(self.case)
        self.bert.phone = "0698765432 / 0342123456"
        bodies = (
            "<p>De foto <img src='/web/image/1' alt='Zwartkruin bij de schuur'/></p>",
            "<p>bertzwartkruin, Swartcruin en <b>Z</b>wartkruin; [bert@kruin.example.com]</p>",
            "<p>06 98765432. 2 keer gebeld, ook 0342-123456 geprobeerd; hij woont op 77</p>",
        )
        notes = [self.case._message_log(body=Markup(body)) for body in bodies]
        notes += [self.a._message_log(body=Markup(body)) for body in bodies]
        self.make_erasure(self.bert).action_erase()
        for note in notes:
            left = note.body.lower()
            for marker in ("kruin", "cruin", "9876", "123456", "77"):
                with self.subTest(note.body, marker=marker):
                    self.assertNotIn(marker, left)

    def find(self, marker):
        """Return the ``[table.column]`` of the whole database in which the marker is."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = current_schema AND table_type = 'BASE TABLE'"
            " AND data_type IN ('character varying', 'text', 'jsonb', 'json')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{marker}%"]
            )
            if self.env.cr.fetchone():
                found.append(f"{table}.{column}")
        return found

    def test_the_last_one_takes_the_texts_of_the_case_along(self):
        self.close(self.case)
        self.make_erasure(self.bert).action_erase()
        self.close(self.other_case)
        self.make_erasure(self.anna).action_erase()
        self.assertTrue(self.case.anonymized_date)
        self.assertFalse(self.other_case.anonymized_date)
        self.assertEqual(self.find(ANNA_TOLD), [])
        self.assertEqual(self.find(BERT_TOLD), [])


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
