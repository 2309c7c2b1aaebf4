from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .common_phase import PhaseCommon

MONDAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestHistory(PhaseCommon):
    """Every stay in a phase is a row, and keeps what was."""

    def test_each_phase_keeps_its_own_days_and_waiting_days(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-04")
        self.pause(case, date(2026, 3, 5), date(2026, 3, 6))
        self.move(case, "talk_a", "2026-03-10")
        self.close(case, "2026-03-20")
        self.assertHistory(
            case,
            [
                ("new", "02-03", "04-03", 2, 0),
                ("intake", "04-03", "10-03", 4, 2),
                ("talk_a", "10-03", "20-03", 10, 0),
                ("closed", "20-03", False, 0, 0),
            ],
        )

    def test_days_of_the_phases_add_up_to_the_days_of_the_case(self):
        case = self.make_case()
        self.pause(case, date(2026, 3, 3), date(2026, 3, 12))
        for code, day in (("intake", "2026-03-05"), ("talk_a", "2026-03-11")):
            self.move(case, code, day)
        self.close(case, "2026-04-01")
        self.assertEqual(sum(case.phase_ids.mapped("own_days")), case.own_days)
        self.assertEqual(sum(case.phase_ids.mapped("waiting_days")), case.waiting_days)
        self.assertEqual((case.own_days, case.waiting_days), (20, 10))

    def test_open_case_shows_own_days_and_waiting_days_as_of_today(self):
        case = self.make_case()
        self.move(case, "intake", "2026-03-04")
        self.pause(case, date(2026, 3, 9))
        with freeze_time("2026-03-12"):
            case.invalidate_recordset()
            self.assertEqual((case.own_days_so_far, case.waiting_days_so_far), (7, 3))
            self.assertEqual((case.own_days, case.waiting_days), (0, 0), "facts of closed cases")
            now = case.phase_ids[-1]
            self.assertEqual((now.own_days_so_far, now.waiting_days_so_far), (5, 3))
            self.assertEqual(sum(case.phase_ids.mapped("own_days_so_far")), 7)

    def test_history_survives_other_norms_names_and_coordinators(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        colleague = self.make_user("second", "buurtbemiddeling_case.group_user")
        self.move(case, "talk_a", "2026-03-05")
        kept = {
            "norm_days": 5, "deadline": date(2026, 3, 9), "user_id": self.coordinator.id,
            "own_days": 3,
        }  # fmt: skip
        self.assertRecordValues(case.phase_ids[0], [kept])
        self.stage("intake").write({"norm_days": 20, "name": "Intake by phone"})
        case.user_id = colleague
        self.company.resource_calendar_id = False
        self.assertRecordValues(case.phase_ids[0], [kept])
        self.assertEqual(case.phase_ids[1].user_id, colleague, "who has it now")

    def test_current_stay_follows_the_norm(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        self.stage("intake").norm_days = 10
        self.assertEqual(case.stage_deadline, date(2026, 3, 16))
        self.assertRecordValues(case.phase_ids, [{"norm_days": 10, "deadline": date(2026, 3, 16)}])

    def test_deadline_of_a_closed_case_never_shifts(self):
        case, other = self.make_case(), self.make_case(stage_id=self.stage("talk_a").id)
        self.move(case, "talk_a", "2026-03-03")
        self.close(case, "2026-03-10")
        before = case.phase_ids.mapped("deadline")
        self.stage("talk_a").norm_days = 3
        self.stage("closed").norm_days = 4
        self.assertEqual(other.stage_deadline, date(2026, 3, 5), "an open case moves")
        self.assertFalse(case.stage_deadline)
        self.assertEqual(case.phase_ids.mapped("deadline"), before)

    def test_case_that_comes_in_later_has_one_row(self):
        imported = self.make_case(
            stage_id=self.stage("closed").id, close_date=date(2026, 4, 1), outcome_id=self.solved.id
        )
        self.assertHistory(imported, [("closed", "01-04", False, 0, 0)])
        halfway = self.make_case(stage_id=self.stage("talk_b").id, stage_date=date(2026, 3, 20))
        self.assertHistory(halfway, [("talk_b", "20-03", False, 0, 0)])

    def test_history_follows_corrected_dates(self):
        case = self.make_case()
        case.registration_date = date(2026, 3, 1)
        self.assertEqual(case.stage_date, date(2026, 3, 1), "still in the phase it came in")
        self.move(case, "intake", "2026-03-05")
        self.move(case, "talk_a", "2026-03-20")
        case.registration_date = MONDAY
        with freeze_time("2026-03-25"):
            case.write({"close_date": date(2026, 3, 15), "outcome_id": self.solved.id})
        expected = [
            ("new", "02-03", "05-03", 3, 0),
            ("intake", "05-03", "15-03", 10, 0),
            ("talk_a", "15-03", "15-03", 0, 0),
            ("closed", "15-03", False, 0, 0),
        ]
        self.assertHistory(case, expected)
        case.close_date = date(2026, 3, 17)
        self.assertEqual(case.phase_ids.mapped("own_days"), [3, 10, 2, 0])
        self.assertEqual(sum(case.phase_ids.mapped("own_days")), case.own_days)

    def test_case_from_before_there_was_a_history_gets_one_when_it_moves(self):
        case = self.make_case()
        case.sudo().phase_ids.unlink()
        self.move(case, "intake", "2026-03-05")
        self.assertEqual(case.phase_ids.mapped("stage_id.code"), ["new", "intake"])

    def test_nobody_writes_history_by_hand(self):
        stay = self.make_case().phase_ids
        for user in (self.coordinator, self.manager):
            mine = stay.with_user(user)
            self.assertTrue(mine.read(["own_days"]))
            for change in (
                lambda mine=mine: mine.write({"date_to": MONDAY}),
                lambda mine=mine: mine.copy(),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.case_id.write({"phase_ids": [(2, mine.id)]}),
            ):
                with self.assertRaises(AccessError):
                    change()
        with self.assertRaises(AccessError):
            stay.with_user(self.stranger).read(["own_days"])

    def test_what_a_phase_asked_for_is_not_emptied_afterwards(self):
        case = self.make_case(
            stage_id=self.stage("closed").id,
            close_date=date(2026, 3, 20),
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        with self.assertRaisesRegex(UserError, "belongs to the phase Closed"):
            case.with_user(self.coordinator).web_save({"outcome_id": False}, {"name": {}})
        other = self.code("outcome", "OPG_1P")
        case.with_user(self.coordinator).web_save({"outcome_id": other.id}, {"name": {}})
        self.assertEqual(case.outcome_id, other)

    def test_bulk_costs_no_query_a_case(self):
        intake, talk_a = self.stage("intake"), self.stage("talk_a")

        def queries(count):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            cases = self.env["buurtbemiddeling.case"].create(
                [
                    {
                        "registration_date": date(2026, 1, 1 + number % 28),
                        "company_id": self.company.id,
                        "stage_id": intake.id,
                        "intake_decision": "suitable",
                        "user_id": False,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            created = self.env.cr.sql_log_count - before
            before = self.env.cr.sql_log_count
            cases.write({"stage_id": talk_a.id})
            self.env.flush_all()
            return created, self.env.cr.sql_log_count - before

        self.env = self.env(context={**self.env.context, "tracking_disable": True})
        queries(2)
        few, many = queries(4), queries(60)
        self.assertLess(many[0] - few[0], 10)
        self.assertLess(many[1] - few[1], 10)


@tagged("post_install", "-at_install")
class TestClock(PhaseCommon):
    """Pauses stop the norm; they are rows with a reason."""

    def test_pause_extends_the_deadline_by_its_working_days(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))
        pause = self.pause(case, date(2026, 3, 5), date(2026, 3, 8))
        self.assertEqual(case.stage_deadline, date(2026, 3, 11), "Thursday and Friday")
        pause.date_to = date(2026, 3, 9)
        self.assertEqual(case.stage_deadline, date(2026, 3, 12))
        pause.unlink()
        self.assertEqual(case.stage_deadline, date(2026, 3, 9))

    def test_only_days_in_the_phase_count(self):
        case = self.make_case()
        self.pause(case, date(2026, 3, 3), date(2026, 3, 6))
        self.move(case, "intake", "2026-03-05")
        self.assertEqual(case.stage_deadline, date(2026, 3, 13), "one day of the pause")
        self.pause(case, date(2026, 3, 16), date(2026, 3, 20))
        self.assertEqual(case.stage_deadline, date(2026, 3, 13), "after the norm")

    def test_days_off_within_a_pause_count_once(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-05 00:00:00",
                "date_to": "2026-03-05 23:00:00",
            }
        )
        case = self.make_case(stage_id=self.stage("intake").id)
        self.pause(case, date(2026, 3, 5), date(2026, 3, 6))
        self.assertEqual(case.stage_deadline, date(2026, 3, 11))

    def test_paused_case_is_not_late(self):
        case = self.make_case(stage_id=self.stage("intake").id)
        late = [("stage_deadline", "<", "today"), ("id", "=", case.id)]
        with freeze_time("2026-03-06"):
            pause = self.pause(case, date(2026, 3, 6))
        with freeze_time("2026-05-06"):
            case.invalidate_recordset()
            self.assertEqual(case.stage_status, "paused")
            self.assertFalse(case.search(late))
            pause.date_to = date(2026, 5, 1)
            self.assertEqual(case.stage_deadline, date(2026, 5, 5))
            self.assertTrue(case.search(late))

    def test_second_pause_while_one_lasts_is_refused(self):
        case = self.make_case()
        first = self.pause(case, date(2026, 3, 5))
        with self.assertRaisesRegex(ValidationError, case.name + " is paused already"):
            with self.env.cr.savepoint():
                self.pause(case, date(2026, 3, 9))
        case.write(
            {
                "pause_ids": [
                    (1, first.id, {"date_to": date(2026, 3, 8)}),
                    (0, 0, {"date_from": date(2026, 3, 9), "reason": "interpreter"}),
                ]
            }
        )
        self.assertEqual(len(case.pause_ids), 2)
        self.pause(self.make_case(), date(2026, 3, 9))

    def test_pause_before_registration_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "was registered on 03/02/2026"):
            self.pause(self.make_case(), date(2026, 3, 1))
        self.pause(self.make_case(), MONDAY)

    def test_closing_ends_the_pause_and_counts_it_until_then(self):
        case = self.make_case()
        pause = self.pause(case, date(2026, 3, 10))
        self.close(case, "2026-03-20")
        self.assertEqual(pause.date_to, date(2026, 3, 20))
        self.assertEqual((case.own_days, case.waiting_days), (8, 10))
        self.move(case, "mediation", "2026-04-20")
        with freeze_time("2026-04-30"):
            self.assertNotEqual(case.stage_status, "paused")

    def test_part_time_organisation_has_its_own_working_days(self):
        calendar = self.company.resource_calendar_id = self.env["resource.calendar"].create(
            {"name": "Mondays", "company_id": self.company.id, "tz": "Europe/Amsterdam"}
        )
        calendar.attendance_ids.filtered(lambda day: day.dayofweek != "0").unlink()
        case = self.make_case(stage_id=self.stage("intake").id)
        self.assertEqual(case.stage_deadline, date(2026, 4, 6))
        self.stage("waiting").norm_days = 60
        case = self.make_case(stage_id=self.stage("waiting").id)
        self.assertEqual(case.stage_deadline, date(2027, 4, 26))

    def test_no_working_days_no_deadline(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertFalse(self.make_case(stage_id=self.stage("intake").id).stage_deadline)
