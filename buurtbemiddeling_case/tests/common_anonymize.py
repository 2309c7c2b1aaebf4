from datetime import datetime

from odoo.fields import Command

from .common import CaseCommon

MARK = "Zwartkruin"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
    "rkJggg=="
)


class AnonymizeCase(CaseCommon):
    """A case of which each field holds a marker."""

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
        anna.write({**dict.fromkeys(cls.get_texts(anna), MARK), "story": f"{MARK} tells"})
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

    def find_marker(self, mark=MARK):
        return super().find_marker(mark)
