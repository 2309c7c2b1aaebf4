from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon

TOUCHED = {"last_contact_date", "attention_ids", "write_date", "write_uid"}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-01")
class TestCoaching(CaseCommon):
    """Coaching hangs under a case and moves nothing of it, also not of a closed one (R14)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.anna, cls.bert = cls.case.party_ids
        cls.closed = cls.make_quarrel(
            close_date=date(2026, 4, 1), outcome_id=cls.code("outcome", "B_WEIGERT").id
        )

    def coach(self, case=None, **values):
        case = case or self.case
        return (
            self.env["buurtbemiddeling.coaching"]
            .with_user(self.coordinator)
            .create({"case_id": case.id, "party_id": case.party_ids[0].id, **values})
        )

    def facts(self, case):
        """Return all values of a case and its parties as they are in the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = []
        for record in (case, *case.party_ids):
            names = [
                name
                for name, field in record._fields.items()
                if (field.store or field.type in ("one2many", "many2many"))
                and name not in TOUCHED | {"coaching_ids"}
            ]
            found.append(record.sudo().read(names))
        return found

    def test_coaching_leaves_the_case_as_it_is(self):
        for case in (self.case, self.closed):
            before = self.facts(case)
            coaching = self.coach(case)
            coaching.action_note_talk()
            coaching.write({"state": "ended", "result": "reached"})
            coaching.state = "running"
            coaching.state = "stopped"
            with self.subTest(closed=case.is_closed):
                self.assertEqual(self.facts(case), before)
                self.assertEqual(case.last_contact_date, date(2026, 6, 1))
            coaching.unlink()
            self.assertEqual(self.facts(case), before)

    def test_talk_notes_when_the_resident_was_last_in_touch(self):
        coaching = self.coach(last_talk_date=date(2026, 5, 4), state="running")
        self.assertEqual(self.case.last_contact_date, date(2026, 5, 4))
        coaching.last_talk_date = date(2026, 5, 11)
        self.assertEqual(self.case.last_contact_date, date(2026, 5, 11))

    def test_first_talk_starts_the_coaching_and_each_talk_counts(self):
        coaching = self.coach()
        self.assertFalse(coaching.date_start)
        coaching.action_note_talk()
        coaching.action_note_talk()
        self.assertRecordValues(
            coaching,
            [
                {
                    "state": "running",
                    "date_start": date(2026, 6, 1),
                    "date_end": False,
                    "talk_count": 2,
                    "last_talk_date": date(2026, 6, 1),
                }
            ],
        )

    def test_dates_follow_the_state_unless_they_are_given(self):
        coaching = self.coach(state="running", date_start=date(2026, 4, 6))
        coaching.state = "ended"
        self.assertEqual(
            (coaching.date_start, coaching.date_end), (date(2026, 4, 6), date(2026, 6, 1))
        )
        coaching.state = "running"
        self.assertFalse(coaching.date_end)
        past = self.coach(state="stopped", date_start=date(2026, 4, 6), date_end=date(2026, 5, 4))
        self.assertEqual(past.date_end, date(2026, 5, 4))

    def test_dates_out_of_order_are_refused(self):
        for values in (
            {"state": "ended", "date_start": date(2026, 5, 4), "date_end": date(2026, 5, 3)},
            {"state": "running", "date_start": date(2026, 5, 4), "last_talk_date": "2026-05-03"},
            {"talk_count": -1},
        ):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.coach(**values)

    def test_talk_in_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "once it was held"):
            self.coach(state="running", last_talk_date=date(2026, 6, 2))

    def test_coaching_is_of_one_resident_of_this_case(self):
        with self.assertRaisesRegex(ValidationError, "another case"):
            self.coach(party_id=self.closed.party_ids[0].id)
        coaching = self.coach(party_id=self.bert.id)
        self.assertNotIn("Bert", coaching.display_name)
        self.assertNotIn("Anna", str(coaching.read()))
        self.bert.unlink()
        self.assertFalse(coaching.exists())

    def test_coaching_is_started_from_a_closed_case(self):
        action = self.closed.with_user(self.coordinator).action_start_coaching()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        form.party_id = self.closed.party_ids[0]
        form.goal = "refused"
        coaching = form.save()
        self.assertEqual(coaching.user_id, self.coordinator)
        self.assertEqual(self.closed.coaching_ids, coaching)
        with Form(coaching) as form:
            form.state = "ended"
            form.result = "partly"
        self.assertEqual(coaching.date_end, date(2026, 6, 1))

    def test_screen_asks_the_result_at_the_end(self):
        form = Form(self.coach(state="running"))
        form.state = "ended"
        with self.assertRaisesRegex(AssertionError, "result is a required"):
            form.save()

    def test_coaching_of_another_organisation_is_out_of_reach(self):
        coaching = self.coach()
        self.assertFalse(coaching.with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            coaching.with_user(self.stranger).read(["goal"])
