from datetime import date, timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_access_file import ANNA_TOLD, BERT_TOLD, OF_BERT, AccessFileCase


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
