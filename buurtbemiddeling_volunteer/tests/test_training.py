from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import MONDAY_EVENING, VolunteerCommon


@tagged("post_install", "-at_install")
class TestTraining(VolunteerCommon):
    def test_a_basic_training_takes_at_least_fifteen_hours(self):
        self.assertEqual(self.make_training().hours, 15)
        with self.assertRaises(ValidationError):
            self.make_training(hours=18, min_hours=12)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_training(hours=12)
            self.env.flush_all()

    def test_each_kind_of_training_can_be_chosen_once(self):
        kinds = [kind for kind, _label in self.make_training()._fields["kind"].selection]
        self.assertEqual(sorted(kinds), ["advanced", "basic", "information", "peer"])

    def test_another_training_asks_for_all_its_hours_unless_said_otherwise(self):
        self.assertEqual(self.make_training("advanced", hours=6).min_hours, 6)
        self.assertEqual(self.make_training("peer", hours=3, min_hours=2).min_hours, 2)


@tagged("post_install", "-at_install")
class TestSession(VolunteerCommon):
    """The half-days of a session stand on the calendar of the trainer and the coordinator."""

    def setUp(self):
        super().setUp()
        self.trainer = self.env["res.partner"].create(
            {"name": "Trainer", "email": "trainer@example.com"}
        )
        self.mails = self.env["mail.mail"].search_count([])
        self.session = self.make_session(trainer_id=self.trainer.id, location="Buurthuis")

    def test_it_lasts_from_its_first_to_its_last_half_day(self):
        self.assertEqual(self.session.date_start, MONDAY_EVENING)
        self.assertEqual(
            self.session.date_end, MONDAY_EVENING + timedelta(weeks=4, hours=3)
        )
        self.session.event_ids.sorted("start")[-1].unlink()
        self.assertEqual(
            self.session.date_end, MONDAY_EVENING + timedelta(weeks=3, hours=3)
        )

    def test_the_next_half_day_is_a_week_later_at_the_same_hour(self):
        self.env.user.tz = "Europe/Amsterdam"
        session = self.session.with_context(tz="Europe/Amsterdam").with_user(self.env.user)
        # in between summer time begins, so that the same hour is an hour earlier in UTC
        last = MONDAY_EVENING + timedelta(weeks=2)
        session.event_ids.filtered(lambda event: event.start > last).unlink()
        self.assertEqual(session.next_start, last + timedelta(weeks=1, hours=-1))
        self.assertEqual(session.next_stop - session.next_start, timedelta(hours=3))

    def test_entries_bear_the_title_of_the_training(self):
        self.assertEqual(set(self.session.event_ids.mapped("name")), {"Training basic"})
        self.assertEqual(set(self.session.event_ids.mapped("location")), {"Buurthuis"})
        self.session.training_id.name = "Basistraining"
        self.assertEqual(set(self.session.event_ids.mapped("name")), {"Basistraining"})

    def test_trainer_and_coordinator_attend_and_volunteers_are_not_named(self):
        self.enrol(self.session, self.make_volunteer("Vera"))
        staff = self.trainer + self.coordinator.partner_id
        for event in self.session.event_ids:
            self.assertEqual(event.partner_ids, staff)
            self.assertEqual(event.attendee_ids.partner_id, staff)
            self.assertFalse(event.description)

    def test_entries_follow_a_change_of_trainer(self):
        other = self.env["res.partner"].create({"name": "Other", "email": "o@example.com"})
        self.session.trainer_id = other
        self.assertEqual(
            self.session.event_ids.partner_ids, other + self.coordinator.partner_id
        )

    def test_nobody_is_mailed(self):
        event = self.session.event_ids[0]
        event.write({"start": MONDAY_EVENING + timedelta(days=1),
                     "stop": MONDAY_EVENING + timedelta(days=1, hours=3)})
        self.session.trainer_id = self.coordinator.partner_id
        self.session.action_cancel()
        self.assertEqual(self.env["mail.mail"].search_count([]), self.mails)
        self.assertFalse(
            self.env["mail.message"].search_count(
                [("model", "=", "calendar.event"), ("res_id", "in", event.ids)]
            )
        )

    def test_other_entries_in_the_same_batch_stay_what_they_are(self):
        half_day, own = self.env["calendar.event"].with_user(self.coordinator).create(
            [
                {"training_session_id": self.session.id, "start": MONDAY_EVENING,
                 "stop": MONDAY_EVENING + timedelta(hours=3)},
                {"name": "Own", "start": MONDAY_EVENING,
                 "stop": MONDAY_EVENING + timedelta(hours=1)},
            ]
        )
        self.assertEqual(half_day.training_session_id, self.session)
        self.assertEqual((own.name, own.partner_ids), ("Own", self.coordinator.partner_id))
        (half_day + own).write({"location": "Zaal 2"})
        self.assertEqual({half_day.location, own.location}, {"Zaal 2"})

    def test_dragging_a_half_day_in_the_calendar_moves_the_session(self):
        first = self.session.event_ids.sorted("start")[0]
        first.with_user(self.colleague).write(
            {"start": MONDAY_EVENING - timedelta(days=7),
             "stop": MONDAY_EVENING - timedelta(days=7) + timedelta(hours=3)}
        )
        self.assertEqual(self.session.date_start, MONDAY_EVENING - timedelta(days=7))

    def test_a_cancelled_session_leaves_the_calendar_and_keeps_its_dates(self):
        self.session.action_cancel()
        self.assertFalse(any(self.session.event_ids.mapped("active")))
        self.assertEqual(self.session.date_start, MONDAY_EVENING)
        self.session.action_plan()
        self.assertTrue(all(self.session.event_ids.mapped("active")))

    def test_deleting_the_session_deletes_its_entries(self):
        events = self.session.event_ids
        self.session.with_user(self.manager).unlink()
        self.assertFalse(events.exists())


@tagged("post_install", "-at_install")
class TestEnrolment(VolunteerCommon):
    """Who comes after the last seat waits, and moves up in order."""

    def setUp(self):
        super().setUp()
        self.volunteers = [self.make_volunteer(f"Volunteer {n}", "training") for n in range(5)]
        self.session = self.make_session(capacity=2)

    def states(self):
        return self.session.enrolment_ids.sorted("id").mapped("state")

    def test_a_full_session_has_a_waiting_list(self):
        self.enrol(self.session, *self.volunteers[:1])
        self.enrol(self.session, *self.volunteers[1:4])
        self.assertEqual(self.states(), ["enrolled", "enrolled", "waiting", "waiting"])
        self.assertEqual((self.session.seats_taken, self.session.seats_free), (2, 0))
        self.assertEqual(self.session.waiting_count, 2)

    def test_cancelling_moves_the_first_in_line_up(self):
        rows = self.enrol(self.session, *self.volunteers)
        rows[0].state = "cancelled"
        self.assertEqual(
            self.states(), ["cancelled", "enrolled", "enrolled", "waiting", "waiting"]
        )
        rows[1].unlink()
        self.assertEqual(self.states(), ["cancelled", "enrolled", "enrolled", "waiting"])
        self.assertIn("Volunteer 2", str(self.session.message_ids.mapped("body")))

    def test_cancelling_who_waits_moves_nobody(self):
        rows = self.enrol(self.session, *self.volunteers[:4])
        rows[2].state = "cancelled"
        self.assertEqual(self.states(), ["enrolled", "enrolled", "cancelled", "waiting"])

    def test_more_seats_let_people_in(self):
        self.enrol(self.session, *self.volunteers)
        self.session.capacity = 4
        self.assertEqual(self.states(), ["enrolled"] * 4 + ["waiting"])
        self.session.capacity = 0
        self.assertEqual(self.states(), ["enrolled"] * 5)

    def test_nobody_jumps_the_queue_into_a_full_session(self):
        rows = self.enrol(self.session, *self.volunteers[:3])
        with self.assertRaisesRegex(UserError, "full"):
            rows[2].state = "enrolled"

    def test_absence_keeps_the_seat(self):
        rows = self.enrol(self.session, *self.volunteers[:3])
        rows[0].state = "absent"
        self.assertEqual(rows[2].state, "waiting")

    def test_a_session_that_was_held_takes_nobody_in_from_the_waiting_list(self):
        rows = self.enrol(self.session, *self.volunteers[:3])
        self.session.state = "done"
        rows[0].state = "cancelled"
        self.assertEqual(rows[2].state, "waiting")

    def test_a_volunteer_is_enrolled_in_a_session_once_at_a_time(self):
        row = self.enrol(self.session, self.volunteers[0])
        row.state = "cancelled"
        self.enrol(self.session, self.volunteers[0])
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.enrol(self.session, self.volunteers[0])
            self.env.flush_all()

    def test_hours_lie_between_nothing_and_the_whole_training(self):
        row = self.enrol(self.session, self.volunteers[0])
        for hours in (-1, 18.5):
            with self.assertRaisesRegex(ValidationError, "between 0 and 18"):
                row.attended_hours = hours
        row.attended_hours = 18
        self.assertEqual(row.state, "attended")

    def test_who_was_absent_has_no_hours_and_passes_nothing(self):
        row = self.enrol(self.session, self.volunteers[0])
        with self.assertRaisesRegex(ValidationError, "was not there"):
            row.write({"state": "absent", "attended_hours": 3})
        with self.assertRaisesRegex(ValidationError, "was not there"):
            row.write({"state": "absent", "attended_hours": 0, "result": "passed"})

    def test_moving_to_another_session_takes_a_seat_there_and_frees_one_here(self):
        here = self.make_session(self.session.training_id, capacity=1)
        full = self.make_session(self.session.training_id, capacity=1)
        seated = self.enrol(here, self.volunteers[0])
        waiting = self.enrol(here, self.volunteers[1])
        self.enrol(full, self.volunteers[2])
        with self.assertRaisesRegex(UserError, "is full"), self.env.cr.savepoint():
            seated.session_id = full
        full.capacity = 2
        seated.session_id = full
        self.assertEqual(full.seats_taken, 2)
        self.assertEqual(waiting.state, "enrolled")

    def test_competences_follow_from_what_was_passed(self):
        coaching = self.code("competence", "COACHING")
        training = self.make_training("advanced", hours=6, competence_ids=[(6, 0, coaching.ids)])
        rows = self.enrol(self.make_session(training), *self.volunteers[:2], attended_hours=6)
        rows[0].result = "passed"
        rows[1].result = "failed"
        self.assertEqual(self.volunteers[0].competence_ids, coaching)
        self.assertFalse(self.volunteers[1].competence_ids)

    def test_passing_together_does_not_share_the_competences_one_had_before(self):
        coaching, groups = (self.code("competence", code) for code in ("COACHING", "GROEP"))
        self.volunteers[0].competence_ids = groups
        training = self.make_training("advanced", hours=6, competence_ids=[(6, 0, coaching.ids)])
        session = self.make_session(training, half_days=2)
        enrolments = self.enrol(session, self.volunteers[0], self.volunteers[1])
        enrolments.write({"state": "attended", "attended_hours": 6, "result": "passed"})
        self.assertEqual(self.volunteers[0].competence_ids, groups + coaching)
        self.assertEqual(self.volunteers[1].competence_ids, coaching)

    def test_learning_hours_count_by_the_year_of_the_session(self):
        volunteer = self.volunteers[0]
        self.enrol(self.session, volunteer, attended_hours=15)
        evening = self.make_session(self.make_training("peer", hours=3), half_days=0)
        self.enrol(evening, volunteer, attended_hours=2.5)
        with freeze_time("2027-12-01"):
            volunteer.invalidate_recordset()
            self.assertEqual(volunteer.learning_hours, 17.5)
            self.assertEqual(volunteer.learning_hours_year, 15)
        with freeze_time("2028-01-02"):
            volunteer.invalidate_recordset()
            self.assertEqual(volunteer.learning_hours_year, 0)


@tagged("post_install", "-at_install")
class TestCertificate(VolunteerCommon):
    def setUp(self):
        super().setUp()
        self.session = self.make_session()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    @freeze_time("2026-05-04")
    def test_certificates_are_numbered_by_organisation_and_year(self):
        rows = self.enrol(
            self.session, self.vera, self.wim, attended_hours=15, result="passed"
        )
        rows.action_give_certificate()
        self.assertEqual(
            rows.mapped("certificate_number"), ["CERT-2026-0001", "CERT-2026-0002"]
        )
        self.assertEqual(set(rows.mapped("certificate_date")), {date(2026, 5, 4)})
        rows.action_give_certificate()
        self.assertEqual(
            rows.mapped("certificate_number"), ["CERT-2026-0001", "CERT-2026-0002"]
        )

    def test_no_certificate_without_passing_long_enough(self):
        for values in (
            {"attended_hours": 14.5, "result": "passed"},
            {"attended_hours": 18, "result": "failed"},
            {"attended_hours": 18},
            {"state": "absent"},
        ):
            row = self.enrol(self.make_session(), self.vera, **values)
            with self.subTest(**values), self.assertRaisesRegex(UserError, "Vera has not earned"):
                row.action_give_certificate()
            self.assertFalse(row.certificate_number)

    def test_a_certificate_stays_true_and_stays(self):
        row = self.enrol(self.session, self.vera, attended_hours=15, result="passed")
        row.action_give_certificate()
        for values in ({"attended_hours": 14}, {"result": "failed"}):
            with self.assertRaisesRegex(ValidationError, row.certificate_number):
                row.write(values)
        with self.assertRaisesRegex(UserError, row.certificate_number):
            row.unlink()
