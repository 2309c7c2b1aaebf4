from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestClosing(CaseCommon):
    """Closing date and closed phase say the same, and a person names the result."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solved = cls.code("outcome", "OPG_BEM")
        cls.closed = cls.stage("closed")

    def wizard(self, case, **values):
        action = case.action_close()
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        for name, value in values.items():
            form[name] = value
        return form.save()

    def test_closing_without_a_result_is_refused(self):
        case = self.make_case()
        with self.assertRaisesRegex(UserError, "Result at closing"):
            case.stage_id = self.closed

    def test_wizard_closes_with_result_and_date(self):
        case = self.make_case()
        self.wizard(case, outcome_id=self.solved, close_date=date(2026, 4, 1)).action_close()
        self.assertRecordValues(
            case,
            [
                {
                    "stage_id": self.closed.id,
                    "is_closed": True,
                    "outcome_id": self.solved.id,
                    "close_date": date(2026, 4, 1),
                }
            ],
        )

    @freeze_time("2026-04-10")
    def test_wizard_refuses_a_date_before_registration_or_in_the_future(self):
        case = self.make_case()
        for wrong in (date(2026, 3, 1), date(2026, 4, 11)):
            with self.assertRaises(UserError):
                self.wizard(case, outcome_id=self.solved, close_date=wrong).action_close()
        self.assertFalse(case.is_closed, "nothing is half saved")

    def test_closed_today_unless_said_otherwise(self):
        case = self.make_case()
        case.write({"stage_id": self.closed.id, "outcome_id": self.solved.id})
        self.assertEqual(case.close_date, date.today())

    def test_closing_date_alone_moves_an_imported_case_to_the_closed_phase(self):
        case = self.make_case(close_date=date(2026, 4, 1), outcome_id=self.solved.id)
        self.assertEqual(case.stage_id, self.closed)
        later = self.make_case(outcome_id=self.solved.id)
        later.close_date = date(2026, 4, 1)
        self.assertEqual(later.stage_id, self.closed)

    def test_closing_date_in_an_open_phase_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "closed phase"):
            self.make_case(close_date=date(2026, 4, 1), stage_id=self.stage("talk_a").id)

    def test_closed_case_keeps_a_closing_date(self):
        case = self.make_case(close_date=date(2026, 4, 1), outcome_id=self.solved.id)
        with self.assertRaisesRegex(UserError, "keeps a closing date"):
            case.close_date = False

    def test_reopening_takes_the_closing_date_away(self):
        case = self.make_case(close_date=date(2026, 4, 1), outcome_id=self.solved.id)
        case.stage_id = self.stage("mediation")
        self.assertFalse(case.close_date)
        self.assertFalse(case.is_closed)

    def test_dates_before_registration_are_refused(self):
        for field in ("close_date", "aftercare_date"):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.make_case(**{field: date(2026, 3, 1)})

    def test_own_days_and_waiting_days_after_closing(self):
        case = self.make_case()
        self.env["buurtbemiddeling.case.pause"].create(
            [
                {"case_id": case.id, "date_from": date(2026, 3, 6), "date_to": date(2026, 3, 10)},
                {"case_id": case.id, "date_from": date(2026, 3, 9), "date_to": date(2026, 3, 12)},
            ]
        )
        case.write({"close_date": date(2026, 4, 1), "outcome_id": self.solved.id})
        self.assertEqual((case.own_days, case.waiting_days), (23, 7))

    def test_pause_that_ends_before_it_begins_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["buurtbemiddeling.case.pause"].create(
                {
                    "case_id": self.make_case().id,
                    "date_from": date(2026, 3, 6),
                    "date_to": date(2026, 3, 5),
                }
            )

    def test_result_after_aftercare_leaves_the_result_at_closing(self):
        case = self.make_case(close_date=date(2026, 4, 1), outcome_id=self.solved.id)
        case.write(
            {
                "aftercare_date": case.close_date + timedelta(days=21),
                "aftercare_outcome_id": self.code("outcome", "NIET_OPG").id,
            }
        )
        self.assertEqual(case.outcome_id, self.solved)
