from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY_EVENING, VolunteerCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-05-03 10:00:00")
class TestAttendance(VolunteerCommon):
    """Who is there is noted each half-day, and hours, presence and dates follow from it."""

    def setUp(self):
        super().setUp()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        self.session = self.make_session(half_days=2)
        self.rows = self.enrol(self.session, self.vera, self.wim)
        self.first, self.second = self.session.event_ids.sorted("start")

    def test_nobody_was_at_a_half_day_that_is_still_to_come(self):
        self.enrol(self.session, self.make_volunteer("Nel"))
        with freeze_time("2027-03-09 10:00:00"):  # between the first half-day and the second
            for action in (
                self.open(self.second)[0].action_tap,
                self.open(self.second).action_all_present,
                self.session.action_done,
            ):
                with self.assertRaisesRegex(UserError, "is still to come"):
                    action()
            self.open(self.second)[0].action_excused()
            self.open(self.first).action_all_present()
        self.session.action_done()
        self.assertEqual(self.session.state, "done")

    def open(self, event):
        """Open the list of a half-day as a coordinator does, and return it."""
        action = event.with_user(self.coordinator).action_open_training_attendance()
        attendance = self.env[action["res_model"]].with_user(self.coordinator)
        return attendance.with_context(**action["context"]).search(action["domain"])

    def test_the_list_of_the_evening_has_everyone_with_a_seat_once(self):
        extra = [self.make_volunteer(name) for name in ("Invited", "Waiting", "Off", "No")]
        for volunteer, state in zip(
            extra, ("invited", "waiting", "cancelled", "declined"), strict=True
        ):
            self.enrol(self.session, volunteer, state=state)
        self.assertEqual(self.open(self.first).volunteer_id, self.vera + self.wim)
        self.assertEqual(len(self.open(self.first)), 2)
        late = self.make_volunteer("Late")
        self.enrol(self.session, late)
        self.assertIn(late, self.open(self.first).volunteer_id)
        self.rows[1].state = "cancelled"
        self.assertNotIn(self.wim, self.open(self.first).volunteer_id)

    def test_opening_the_list_changes_nothing(self):
        self.rows[0].attended_hours = 4
        self.open(self.first)
        self.assertEqual(self.rows.mapped("attended_hours"), [4, 0])
        self.assertEqual(self.rows.mapped("state"), ["attended", "enrolled"])

    def test_a_tap_is_present_and_another_absent(self):
        vera, wim = self.open(self.first)
        vera.action_tap()
        self.assertEqual((vera.state, vera.hours), ("present", 3))
        self.assertEqual((self.rows[0].state, self.rows[0].attended_hours), ("attended", 3))
        vera.action_tap()
        self.assertEqual((vera.state, vera.hours), ("absent", 0))
        self.assertEqual((self.rows[0].state, self.rows[0].attended_hours), ("enrolled", 0))
        wim.action_excused()
        self.assertEqual(self.rows[1].state, "enrolled")
        self.open(self.second).action_excused()
        self.assertEqual(self.rows.mapped("state"), ["absent", "absent"])
        self.open(self.second)[0].action_tap()
        self.assertEqual(self.rows.mapped("state"), ["attended", "absent"])

    def test_everyone_is_present_in_one_click_except_who_is_known_not_to_be(self):
        vera, wim = self.open(self.first)
        wim.action_excused()
        vera.browse().action_all_present()
        self.assertEqual((vera.state, wim.state), ("present", "excused"))
        self.open(self.second).browse().action_all_present()
        self.assertEqual(self.rows.mapped("attended_hours"), [6, 3])

    def test_starting_over_empties_the_half_day_and_what_followed_from_it(self):
        self.open(self.first).action_all_present()
        self.open(self.second).action_all_present()
        self.open(self.second).action_clear()
        self.assertEqual(self.rows.mapped("attended_hours"), [3, 3])
        self.open(self.first).action_clear()
        self.assertEqual(self.rows.mapped("attended_hours"), [0, 0])
        self.assertEqual(self.rows.mapped("state"), ["enrolled", "enrolled"])

    def test_who_leaves_early_has_fewer_hours(self):
        vera = self.open(self.first)[0]
        vera.action_tap()
        vera.hours = 1.5
        self.assertEqual(self.rows[0].attended_hours, 1.5)
        for hours in (0, 3.5, -1):
            with self.assertRaisesRegex(ValidationError, "takes 3 hours"), self.cr.savepoint():
                vera.hours = hours
        with self.assertRaisesRegex(ValidationError, "Wim was not there on this half-day"):
            self.open(self.first)[1].write({"state": "absent", "hours": 2})

    def test_hours_are_typed_only_where_no_attendance_was_noted(self):
        self.rows[0].attended_hours = 12
        self.open(self.first)[1].action_tap()
        self.assertEqual(self.rows[0].attended_hours, 12)
        with self.assertRaisesRegex(ValidationError, "Attendance was noted for Wim"):
            self.rows[1].attended_hours = 12

    def test_attendance_is_noted_once_a_half_day(self):
        row = self.open(self.first)[0]
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            row.copy()
            self.env.flush_all()

    def test_attendance_is_noted_on_half_days_of_the_own_session_only(self):
        other = self.make_session(half_days=1)
        with self.assertRaisesRegex(ValidationError, "another session"), self.cr.savepoint():
            self.env["buurtbemiddeling.training.attendance"].create(
                {"enrolment_id": self.rows[0].id, "event_id": other.event_ids.id}
            )
        self.open(self.first)[0].action_tap()
        self.rows[1].session_id = other
        self.assertFalse(self.rows[1].attendance_ids, "what was not noted yet, stays behind")
        with self.assertRaisesRegex(ValidationError, "another session"):
            self.rows[0].session_id = other
            self.env.flush_all()

    def test_moving_a_half_day_moves_its_attendance(self):
        self.open(self.first).action_all_present()
        self.open(self.first)[1].hours = 2
        start = MONDAY_EVENING + timedelta(days=2)
        self.first.write({"start": start, "stop": start + timedelta(hours=4)})
        self.assertEqual(self.open(self.first).mapped("hours"), [4, 2])
        self.assertEqual(self.open(self.first)[0].date_start, start)
        self.first.write({"start": start, "stop": start + timedelta(hours=1)})
        self.assertEqual(self.rows.mapped("attended_hours"), [1, 1])

    def test_a_colleague_may_move_a_half_day_and_changes_no_hours(self):
        self.open(self.first).action_all_present()
        half_day = self.first.with_user(self.colleague)
        start = MONDAY_EVENING + timedelta(days=1)
        half_day.write({"start": start, "stop": start + timedelta(hours=3)})
        self.assertEqual(self.session.date_start, start)
        with self.assertRaisesRegex(UserError, "only a coordinator"):
            half_day.write({"start": start, "stop": start + timedelta(hours=1)})

    def test_a_half_day_with_people_present_is_not_removed_another_is(self):
        self.open(self.first).action_all_present()
        self.open(self.second).action_excused()
        for user in (self.coordinator, self.colleague):
            with self.assertRaisesRegex(UserError, "so this half-day stays"):
                self.first.with_user(user).unlink()
        self.assertEqual(self.rows.mapped("attended_hours"), [3, 3])
        self.second.unlink()
        self.assertEqual(self.rows.mapped("attended_hours"), [3, 3])
        self.assertEqual(len(self.rows.attendance_ids), 2)

    def test_who_missed_all_half_days_that_are_left_was_absent(self):
        self.open(self.first).action_excused()
        self.assertEqual(self.rows[0].state, "enrolled")
        self.second.unlink()
        self.assertEqual(self.rows[0].state, "absent")
        start = MONDAY_EVENING + timedelta(weeks=9)
        self.session.event_ids = [(0, 0, {"start": start, "stop": start + timedelta(hours=3)})]
        self.assertEqual(self.rows[0].state, "enrolled")

    def test_a_peer_review_that_took_longer_than_planned_counts_as_it_was(self):
        peer = self.make_session(self.make_training("peer", hours=2), half_days=1)
        row = self.enrol(peer, self.vera)
        self.open(peer.event_ids).action_all_present()
        self.assertEqual(row.attended_hours, 3)

    def test_a_certificate_given_keeps_its_hours(self):
        session = self.make_session()
        row = self.enrol(session, self.vera)
        for event in session.event_ids:
            self.open(event).action_all_present()
        row.result = "passed"
        row.action_give_certificate()
        with self.assertRaisesRegex(ValidationError, row.certificate_number):
            self.open(session.event_ids[0])[0].action_tap()
            self.env.flush_all()

    def test_the_button_opens_the_half_day_of_today_or_the_last_one(self):
        def opened():
            return self.session.action_open_attendance()["context"]["attendance_event_id"]

        for day, expected in (
            ("2027-03-01", self.first), ("2027-03-08", self.first), ("2027-03-14", self.first),
            ("2027-03-15", self.second), ("2027-06-01", self.second),
        ):  # fmt: skip
            with freeze_time(f"{day} 09:00:00"), self.subTest(day=day):
                self.assertEqual(opened(), expected.id)
        with self.assertRaisesRegex(UserError, "Add the half-days first"):
            self.make_session(half_days=0).action_open_attendance()

    def test_who_is_outside_buurtbemiddeling_opens_no_list(self):
        for user in (self.colleague, self.portal):
            with self.assertRaises(AccessError):
                self.first.with_user(user).action_open_training_attendance()
        self.open(self.first)
        with self.assertRaises(AccessError):
            self.rows.attendance_ids.with_user(self.colleague).read(["state"])
        foreign = self.rows.attendance_ids.with_user(self.stranger)
        self.assertFalse(foreign.search([("id", "in", self.rows.attendance_ids.ids)]))

    def test_the_list_costs_as_many_queries_for_many_participants_as_for_few(self):
        def use(session):
            rows = self.open(session.event_ids[0])
            rows.action_clear()
            rows.action_all_present()
            rows.web_read({"volunteer_id": {"fields": {"display_name": {}}}, "state": {}})

        def make(count):
            session = self.make_session(half_days=2, capacity=0)
            self.enrol(session, *[self.make_volunteer(f"P {count} {n}") for n in range(count)])
            return session

        few, many = make(3), make(30)
        self.assertLessEqual(
            self.count_queries(lambda: use(many)), self.count_queries(lambda: use(few)) + 1
        )


@tagged("post_install", "-at_install")
class TestLearning(VolunteerCommon):
    """What counts as learning, per year, and who misses peer review."""

    def setUp(self):
        super().setUp()
        self.vera = self.make_volunteer("Vera", ready=False)

    def attend(self, kind, half_days=1, volunteer=None, **values):
        """Let a volunteer be present on all half-days of a session; return the enrolment."""
        session = self.make_session(self.make_training(kind), half_days=half_days, **values)
        row = self.enrol(session, volunteer or self.vera)
        attendance = self.env["buurtbemiddeling.training.attendance"].with_user(self.coordinator)
        attendance.create(
            [
                {"enrolment_id": row.id, "event_id": event.id, "state": "present"}
                for event in session.event_ids
            ]
        )
        return row

    @freeze_time("2027-12-01")
    def test_an_information_meeting_gives_no_learning_hours(self):
        row = self.attend("information")
        self.assertEqual((row.state, row.attended_hours), ("attended", 3))
        self.assertEqual(row.learning_hours, 0)
        self.assertEqual((self.vera.learning_hours, self.vera.learning_hours_year), (0, 0))
        self.assertEqual(self.vera.meeting_count, 0)
        self.attend("advanced")
        self.vera.invalidate_recordset()
        self.assertEqual((self.vera.learning_hours, self.vera.learning_hours_year), (3, 3))

    def test_an_information_meeting_gives_no_certificate(self):
        row = self.attend("information")
        row.result = "passed"
        with self.assertRaisesRegex(UserError, "information meeting gives no certificate"):
            row.action_give_certificate()
        self.assertFalse(row.certificate_number)

    def test_learning_hours_per_volunteer_and_year(self):
        self.attend("advanced", 2)
        self.attend("peer")
        self.attend("information")
        action = self.env.ref(
            "buurtbemiddeling_volunteer.buurtbemiddeling_training_enrolment_action"
        )
        self.assertIn("pivot", action.view_mode)
        groups = (
            self.env[action.res_model]
            .with_user(self.coordinator)
            .formatted_read_group(
                [("volunteer_id", "=", self.vera.id)],
                ["volunteer_id", "date_end:year"],
                ["learning_hours:sum"],
            )
        )
        self.assertEqual([group["learning_hours:sum"] for group in groups], [9])

    def test_last_peer_review_is_the_last_evening_present(self):
        row = self.attend("peer", 3)
        self.assertEqual(self.vera.last_peer_date, date(2027, 3, 22))
        row.attendance_ids.sorted("date_start")[-1].state = "absent"
        self.assertEqual(self.vera.last_peer_date, date(2027, 3, 15))
        row.attendance_ids.unlink()
        self.assertFalse(self.vera.last_peer_date)
        row.write({"state": "attended", "attended_hours": 2})
        self.assertEqual(self.vera.last_peer_date, date(2027, 3, 22), "history without half-days")
        row.unlink()
        self.assertFalse(self.vera.last_peer_date)

    def test_other_trainings_are_no_peer_review(self):
        self.attend("advanced")
        self.attend("information")
        self.assertFalse(self.vera.last_peer_date)

    def test_who_was_not_at_peer_review_asks_attention(self):
        def found():
            return (
                self.env["buurtbemiddeling.volunteer"]
                .with_user(self.coordinator)
                .search(
                    [
                        ("attention_ids.code", "=", "PEER_MISSED"),
                        ("company_id", "=", self.company.id),
                    ]
                )
            )

        new = self.make_volunteer("New", date_start=date(2027, 7, 1))
        never = self.make_volunteer("Never", date_start=date(2026, 7, 1))
        self.make_volunteer("Still in training", "training")
        self.attend("peer")
        with freeze_time("2027-09-07"):
            self.assertEqual(found(), never)
        with freeze_time("2027-09-10"):
            self.assertEqual(found(), never + self.vera)
        with freeze_time("2028-01-02"):
            self.assertEqual(found(), never + new + self.vera)

    def test_meetings_of_a_year_against_what_the_organisation_asks(self):
        self.assertEqual(self.vera.min_meetings, 5)
        self.company.buurtbemiddeling_min_meetings = 4
        self.attend("peer", 2)
        self.attend("basic", 5)
        history = self.make_session(self.make_training("advanced"))
        self.enrol(history, self.vera, state="attended", attended_hours=3)
        with freeze_time("2027-12-01"):
            self.vera.invalidate_recordset()
            self.assertEqual((self.vera.meeting_count, self.vera.min_meetings), (3, 4))
        with freeze_time("2028-03-12"):
            self.vera.invalidate_recordset()
            self.assertEqual(self.vera.meeting_count, 2)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.buurtbemiddeling_min_meetings = -1
            self.env.flush_all()

    def test_opening_a_pool_costs_no_query_a_volunteer(self):
        def read(pool):
            pool.invalidate_recordset()
            pool.mapped("meeting_count")
            pool.mapped("last_peer_date")

        few = self.make_volunteer("A") + self.make_volunteer("B")
        many = self.vera.browse().concat(*(self.make_volunteer(f"M {n}") for n in range(20)))
        for volunteer in few + many:
            self.attend("peer", volunteer=volunteer)
        self.assertEqual(
            self.count_queries(lambda: read(few)), self.count_queries(lambda: read(many))
        )
