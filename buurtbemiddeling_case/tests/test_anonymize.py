from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CaseCommon

MARK = "Zwartkruin"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@tagged("post_install", "-at_install")
class TestAnonymize(CaseCommon):
    """Personal data are removed, and what figures count stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_marked_case()
        cls.anna = cls.case.party_ids.filtered(lambda party: party.side == "a")
        cls.bert = cls.case.party_ids - cls.anna

    @classmethod
    def make_marked_case(cls):
        """Return a closed case with the marker in all that a coordinator can fill in by hand."""
        case = cls.make_quarrel(
            reporter_name=f"Anna {MARK}",
            reporter_email=f"anna.{MARK}@example.com",
            reporter_street=f"{MARK}straat 1",
            neighbour_name=f"Bert {MARK}",
            referrer_ref=MARK,
        )
        anna, bert = case.party_ids.sorted("side")
        anna.write({"story": f"{MARK} tells", "mediator_note": MARK})
        anna.partner_id.write({"phone": "06 12345678", "comment": MARK, "image_1920": PIXEL})
        case.write({"agreement_ids": [Command.create({"name": f"{MARK} is quiet"})]})
        for record in (case, anna, bert):
            record.message_post(
                body=MARK, attachments=[(f"{MARK}.txt", f"{MARK} {record.id}".encode())]
            )
            record.activity_schedule("mail.mail_activity_data_todo", summary=MARK, note=MARK)
            done = record.activity_schedule("mail.mail_activity_data_todo", summary=MARK)
            done.action_feedback(feedback=MARK)
        cls.env["buurtbemiddeling.meeting"].with_user(cls.coordinator).create(
            {
                "case_id": case.id,
                "kind": "talk_a",
                "start": datetime(2026, 3, 10, 10),
                "place": "elsewhere",
                "location": f"at {MARK}",
            }
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE calendar_event SET description = %s, location = %s WHERE id = %s",
            [MARK, MARK, case.meeting_ids.event_id.id],
        )
        return case

    def find_marker(self):
        """Return ``[table.column]`` of the whole database in which the marker is."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = current_schema AND table_type = 'BASE TABLE'"
            " AND data_type IN ('character varying', 'text', 'jsonb', 'json', 'bytea')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    "SELECT 1 FROM %s WHERE %s::text ILIKE %s LIMIT 1",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    f"%{MARK}%",
                )
            )
            if self.env.cr.fetchone():
                found.append(f"{table}.{column}")
        return found

    def test_marker_is_nowhere_after(self):
        self.assertTrue(self.find_marker())
        self.case._anonymize()
        self.assertEqual(self.find_marker(), [])
