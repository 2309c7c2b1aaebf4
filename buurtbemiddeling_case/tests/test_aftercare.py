from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common_aftercare import AftercareCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10 10:00:00")
class TestAftercare(AftercareCommon):
    """Aftercare is planned by itself, two to six weeks after the last talk, and asked once."""

    # --- the last talk

    def test_last_talk_is_the_last_one_held_with_parties(self):
        case = self.make_mediated()
        self.make_talk(case, date(2026, 3, 20), "talk_a")
        self.make_talk(case, date(2026, 4, 3), "intake")
        self.make_talk(case, date(2026, 4, 4), "aftercare")
        self.make_talk(case, date(2026, 4, 20), "talk_b", state="planned")
        self.make_talk(case, date(2026, 4, 8), "talk_b", state="cancelled")
        self.assertEqual(case.last_talk_date, date(2026, 4, 1))

    def test_talk_late_in_the_evening_is_of_that_evening_in_the_netherlands(self):
        case = self.make_quarrel()
        self.company.resource_calendar_id.tz = "Europe/Amsterdam"
        self.make_talk(case, date(2026, 4, 1), hour=22)  # half past midnight in summer time
        self.assertEqual(case.last_talk_date, date(2026, 4, 2))

    # --- the term

    def test_term_is_two_to_six_weeks_after_the_last_talk(self):
        case = self.make_mediated()
        self.assertFalse(case.aftercare_from, "nothing has ended yet")
        self.close(case)
        self.assertRecordValues(
            case,
            [
                {
                    "aftercare_from": date(2026, 4, 15),
                    "aftercare_until": date(2026, 5, 13),
                    "aftercare_planned_date": date(2026, 4, 29),
                    "aftercare_state": "planned",
                }
            ],
        )

    def test_without_a_talk_the_term_counts_from_closing(self):
        case = self.make_quarrel()
        self.close(case, self.code("outcome", "OPG_ADVIES"))
        self.assertEqual(case.aftercare_from, date(2026, 4, 24))

    def test_organisation_has_its_own_term(self):
        self.company.write(
            {"buurtbemiddeling_aftercare_min_days": 30, "buurtbemiddeling_aftercare_max_days": 40}
        )
        case = self.make_mediated()
        self.close(case)
        self.assertEqual(
            (case.aftercare_from, case.aftercare_until), (date(2026, 5, 1), date(2026, 5, 11))
        )

    def test_unsuitable_and_withdrawn_cases_get_no_aftercare(self):
        for code in ("ONGESCHIKT", "DOORVERWEZEN", "A_TREKT_TERUG", "VERHUISD"):
            case = self.make_mediated()
            self.close(case, self.code("outcome", code))
            with self.subTest(code):
                self.assertRecordValues(
                    case, [{"aftercare_from": False, "aftercare_state": "none"}]
                )
                self.assertFalse(self.todos(case))

    def test_phase_aftercare_plans_it_before_closing(self):
        case = self.make_mediated()
        case.stage_id = self.aftercare
        self.assertEqual(self.todos(case).date_deadline, date(2026, 4, 29))
        self.close(case)
        self.assertEqual(len(self.todos(case)), 1, "closing does not plan it twice")

    def test_case_that_is_closed_late_is_still_asked(self):
        case = self.make_quarrel()
        self.make_talk(case, date(2026, 3, 3))
        with freeze_time("2026-06-10 10:00:00"):
            self.close(case)
        self.assertEqual(case.aftercare_planned_date, date(2026, 6, 10))

    # --- the to-do

    def test_to_do_is_the_coordinators_and_names_no_resident(self):
        case = self.make_mediated()
        self.close(case)
        todo = self.todos(case)
        self.assertEqual((todo.user_id, todo.date_deadline), (self.coordinator, date(2026, 4, 29)))
        for text in (todo.summary, todo.display_name, todo.res_name, str(todo.note or "")):
            for name in ("Anna", "Bert", "Dorpsstraat"):
                self.assertNotIn(name, text)

    def test_to_do_follows_the_planned_day_and_the_other_way_round(self):
        case = self.make_mediated()
        self.close(case)
        todo = self.todos(case)
        case.aftercare_planned_date = date(2026, 5, 4)
        self.assertEqual(todo.date_deadline, date(2026, 5, 4))
        todo.date_deadline = date(2026, 5, 6)
        self.assertEqual(case.aftercare_planned_date, date(2026, 5, 6))

    def test_to_do_follows_the_coordinator(self):
        case = self.make_mediated()
        self.close(case)
        case.user_id = self.manager
        self.assertEqual(self.todos(case).user_id, self.manager)

    def test_to_do_is_done_when_aftercare_is_noted(self):
        case = self.make_mediated()
        self.close(case)
        todo = self.todos(case)
        case.write({"aftercare_date": date(2026, 4, 10), "aftercare_outcome_id": self.solved.id})
        self.assertFalse(todo.active)
        self.assertTrue(todo.exists(), "done, not thrown away")
        self.assertEqual(case.aftercare_state, "done")

    def test_emptying_the_planned_day_says_no_aftercare(self):
        case = self.make_mediated()
        self.close(case)
        case.aftercare_planned_date = False
        self.assertFalse(self.todos(case))
        self.assertEqual(case.aftercare_state, "none")

    def test_result_that_turns_out_unsuitable_takes_the_to_do_away(self):
        case = self.make_mediated()
        self.close(case)
        case.outcome_id = self.unsuitable
        self.assertFalse(self.todos(case))

    def test_talk_noted_after_closing_moves_aftercare(self):
        case = self.make_mediated()
        self.close(case)
        talk = self.make_talk(case, date(2026, 4, 9), "talk_b", state="planned")
        self.assertEqual(case.aftercare_from, date(2026, 4, 15), "planned is not held")
        talk.state = "done"
        self.assertEqual(case.aftercare_from, date(2026, 4, 23))
        self.assertEqual(case.aftercare_planned_date, date(2026, 4, 29), "still fits")
        case.aftercare_planned_date = date(2026, 4, 23)
        talk.start = datetime(2026, 4, 10, 8)
        self.assertEqual(self.todos(case).date_deadline, date(2026, 5, 8), "half-way again")
        talk.unlink()
        self.assertEqual(self.todos(case).date_deadline, date(2026, 5, 8), "still fits")

    def test_import_and_bulk_work_plan_no_to_dos(self):
        for context in ({"import_file": True}, {"tracking_disable": True}):
            case = self.make_mediated().with_context(**context)
            self.close(case)
            self.assertEqual(case.aftercare_state, "planned", "the fact is there")
            self.assertFalse(self.todos(case))

    def test_history_is_asked_nothing(self):
        case = self.make_case(close_date=date(2026, 3, 2), outcome_id=self.solved.id)
        recent = self.make_case(close_date=date(2026, 4, 2), outcome_id=self.solved.id)
        with freeze_time("2027-01-01 10:00:00"):
            old = self.make_case(close_date=date(2026, 4, 2), outcome_id=self.solved.id)
        self.assertEqual(
            (case | recent | old).mapped("aftercare_state"), ["planned", "planned", "none"]
        )
        self.assertEqual(old.aftercare_until, date(2026, 5, 14), "figures know the term")
        self.assertFalse(self.todos(old))

    def test_due_cases_are_found_by_their_day(self):
        case = self.make_mediated()
        self.close(case)
        domain = [("attention_ids.code", "=", "AFTERCARE")]
        with freeze_time("2026-04-28"):
            self.assertNotIn(case, case.search(domain))
        with freeze_time("2026-04-29"):
            self.assertIn(case, case.search(domain))

    # --- impossible dates

    def test_aftercare_before_the_last_talk_is_refused(self):
        case = self.make_mediated()
        self.close(case)
        with self.assertRaisesRegex(ValidationError, "before its last talk"):
            case.aftercare_date = date(2026, 3, 31)
        case.aftercare_date = date(2026, 4, 1)

    def test_talk_held_after_aftercare_is_refused(self):
        case = self.make_mediated(aftercare_date=date(2026, 4, 2))
        self.make_talk(case, date(2026, 4, 5), "aftercare")
        talk = self.make_talk(case, date(2026, 4, 9), state="planned")
        with self.assertRaisesRegex(ValidationError, "open the case again first"):
            talk.state = "done"
            self.env.flush_all()

    def test_aftercare_before_registration_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.make_case(aftercare_date=date(2026, 3, 1))

    # --- opening again

    def test_case_that_is_opened_again_is_asked_anew(self):
        case = self.make_mediated()
        self.close(case)
        case.write({"aftercare_date": date(2026, 4, 8), "aftercare_outcome_id": self.not_solved.id})
        case.party_ids.write({"aftercare_date": date(2026, 4, 8), "aftercare_result": "worse"})
        case._reopen(self.stage("assigned"), "It did not hold.")
        self.assertRecordValues(
            case,
            [
                {
                    "is_closed": False,
                    "aftercare_date": False,
                    "aftercare_outcome_id": False,
                    "aftercare_state": "none",
                    "outcome_id": False,
                }
            ],
        )
        self.assertEqual(case.party_ids.mapped("aftercare_result"), ["worse", "worse"])
        until_now, again = case.phase_ids[-2:]
        self.assertRecordValues(
            until_now,
            [
                {
                    "outcome_id": self.solved.id,
                    "aftercare_outcome_id": self.not_solved.id,
                    "aftercare_date": date(2026, 4, 8),
                }
            ],
        )
        self.assertEqual(again.reason, "It did not hold.")
        thread = " ".join(map(str, case.message_ids.mapped("body")))
        self.assertIn("The result until now", thread)
        self.make_talk(case, date(2026, 4, 9))
        self.close(case)
        self.assertEqual(case.aftercare_planned_date, date(2026, 5, 7))
        self.assertEqual(len(self.todos(case)), 1)

    def test_opening_again_before_aftercare_takes_the_to_do_away(self):
        case = self.make_mediated()
        self.close(case)
        case.stage_id = self.stage("mediation")
        self.assertFalse(self.todos(case))
        self.assertFalse(case.aftercare_planned_date)

    def test_reopening_in_a_closed_phase_is_refused(self):
        case = self.make_mediated()
        with self.assertRaisesRegex(UserError, "case is open"):
            case._reopen(self.closed, "no")

    # --- batches

    def test_closed_cases_with_aftercare_come_in_batches_of_a_fixed_number_of_queries(self):
        def create(count):
            self.env["buurtbemiddeling.case"].with_user(self.coordinator).with_context(
                tracking_disable=True
            ).create(
                [
                    {
                        "registration_date": date(2026, 1, 5),
                        "company_id": self.company.id,
                        "close_date": date(2026, 3, 2) + timedelta(days=index % 5),
                        "outcome_id": self.solved.id,
                        "aftercare_date": date(2026, 3, 30),
                        "aftercare_outcome_id": self.not_solved.id,
                    }
                    for index in range(count)
                ]
            )

        few = self.count_queries(lambda: create(2))
        self.assertLessEqual(self.count_queries(lambda: create(40)), few + 2)

    def test_to_dos_are_planned_and_moved_in_a_fixed_number_of_queries(self):
        def plan(count):
            cases = (
                self.env["buurtbemiddeling.case"]
                .with_user(self.coordinator)
                .with_context(mail_notrack=True, mail_create_nosubscribe=True)
                .create([{"registration_date": date(2026, 3, 2)} for _index in range(count)])
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.close(cases)
            self.env.flush_all()
            closing = self.env.cr.sql_log_count
            cases.aftercare_planned_date = date(2026, 5, 1)
            self.env.flush_all()
            self.assertEqual(len(self.todos(cases)), count)
            return closing - before, self.env.cr.sql_log_count - closing

        plan(2)
        few = plan(2)
        many = plan(40)
        for fewer, more in zip(few, many, strict=True):
            self.assertLessEqual(more, fewer + 6)
