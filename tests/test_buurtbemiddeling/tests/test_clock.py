from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon
from odoo.addons.buurtbemiddeling_volunteer.tools.feed import make_feed

# an hour before and half an hour after the Dutch new year, in UTC; that of UTC is still to come
OLD_YEAR, NEW_YEAR = "2025-12-31 22:30:00", "2025-12-31 23:30:00"


@tagged("post_install", "-at_install")
class TestClock(VolunteerCommon):
    """The day of what happens is that of the clock on the wall, and in every figure the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_ids |= cls.company
        cls.coordinator.tz = "Europe/Amsterdam"
        cls.company.resource_calendar_id.tz = "Europe/Amsterdam"
        cls.company.buurtbemiddeling_talk_reminder_days = 1
        cls.visitor = cls.env.ref("base.public_user")

    def get_figure(self, year, code):
        """Return a figure of a year that is over, as the benchmark has it."""
        benchmark = self.env["buurtbemiddeling.benchmark"].create(
            {"year": year, "company_id": self.company.id, "reference_date": date(year, 12, 31)}
        )
        benchmark.action_compute()
        totals = benchmark.line_ids.filtered(lambda line: not line.dimension)
        return totals.filtered(lambda line: line.indicator_code == code).value

    def make_talk(self, start, **values):
        case = self.make_quarrel(registration_date=date(2025, 11, 3), user_id=self.coordinator.id)
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create({"case_id": case.id, "kind": "mediation", "start": start, **values})
        )

    # ------------------------------------------------------------
    # New Year's Eve
    # ------------------------------------------------------------

    def test_a_request_of_a_resident_is_of_the_year_on_the_wall(self):
        """Visitors have no time zone; the server works in UTC."""
        self.visitor.tz = False
        cases = self.env["buurtbemiddeling.case"].with_user(self.visitor)
        found = {}
        for moment in (OLD_YEAR, NEW_YEAR):
            with freeze_time(moment):
                found[moment] = cases._register_from_outside(self.company, {"channel": "web"})
        old, new = found.values()
        self.assertEqual(old.registration_date, date(2025, 12, 31))
        self.assertEqual(new.registration_date, date(2026, 1, 1))
        self.assertEqual([old.name, new.name], ["2025-0001", "2026-0001"])
        self.assertEqual(self.get_figure(2025, "cases_registered"), 1)
        self.assertEqual(self.get_figure(2026, "cases_registered"), 1)

    def test_a_case_by_phone_is_of_the_year_of_who_registers_it(self):
        names = []
        for moment in (OLD_YEAR, NEW_YEAR):
            with freeze_time(moment):
                case = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
                names.append(case.create({"company_id": self.company.id}).name)
        self.assertEqual(names, ["2025-0001", "2026-0001"])

    def test_the_day_of_a_talk_is_the_same_wherever_it_is_told(self):
        """Also where the working hours of the organisation are kept in another time zone."""
        self.company.resource_calendar_id.tz = "UTC"
        with freeze_time("2026-01-05 10:00:00"):
            talk = self.make_talk(fields.Datetime.to_datetime(NEW_YEAR), state="done")
        self.assertEqual(talk._get_local_start().date(), date(2026, 1, 1))
        self.assertEqual(talk.case_id.last_talk_date, date(2026, 1, 1))
        self.assertEqual(talk.case_id.last_contact_date, date(2026, 1, 1))

    def test_hours_of_a_session_at_the_turn_of_the_year_count_once(self):
        """In the year in which it ended, as its result does: whoever notes it, and where."""
        self.coordinator.tz = "UTC"
        volunteer = self.make_volunteer(ready=False, date_start=date(2025, 1, 6))
        training = self.make_training("peer", hours=2)
        for hours, begin in ((1, OLD_YEAR), (2, NEW_YEAR)):
            start = fields.Datetime.to_datetime(begin) - timedelta(hours=hours)
            session = self.env["buurtbemiddeling.training.session"].create(
                {
                    "training_id": training.id,
                    "company_id": self.company.id,
                    "event_ids": [
                        (0, 0, {"start": start, "stop": start + timedelta(hours=hours)})
                    ],
                }
            )
            enrolment = self.enrol(session, volunteer, state="attended", attended_hours=hours)
            with self.subTest(begin=begin):
                enrolment.result = "passed"
                ended = date(2025, 12, 31) if begin == OLD_YEAR else date(2026, 1, 1)
                self.assertEqual(enrolment.result_date, ended)
        self.assertEqual(self.get_figure(2025, "trained_hours"), 1)
        self.assertEqual(self.get_figure(2026, "trained_hours"), 2)

    def test_a_volunteer_of_whom_only_the_entry_is_known_begins_on_that_day(self):
        for moment, counted in ((OLD_YEAR, 1), (NEW_YEAR, 0)):
            volunteer = self.make_volunteer(f"Vera {counted}", ready=False)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE buurtbemiddeling_volunteer SET create_date = %s, date_start = NULL"
                " WHERE id = %s",
                (moment, volunteer.id),
            )
        self.env.invalidate_all()
        self.assertEqual(self.get_figure(2025, "volunteers_active"), 1)
        self.assertEqual(self.get_figure(2026, "volunteers_active"), 2)

    # ------------------------------------------------------------
    # Summer time: 29 March and 25 October 2026
    # ------------------------------------------------------------

    def test_a_talk_in_the_night_of_summer_time_takes_as_long_as_it_takes(self):
        for start, local in (
            (datetime(2026, 3, 29, 0, 30), "01:30"),
            (datetime(2026, 3, 29, 1, 30), "03:30"),
            (datetime(2026, 10, 25, 0, 30), "02:30"),
            (datetime(2026, 10, 25, 1, 30), "02:30"),
        ):
            with self.subTest(start=start):
                talk = self.make_talk(start, duration=2)
                self.assertEqual(talk.stop - talk.start, timedelta(hours=2))
                self.assertEqual(f"{talk._get_local_start():%H:%M}", local)
                self.assertEqual(talk.sudo().event_id.duration, 2)

    def test_a_calendar_of_a_mediator_tells_moments_and_no_clock_that_is_changed(self):
        entry = {"uid": "talk-1", "title": "T", "place": "", "changed": datetime(2026, 1, 1)}
        entry |= {"is_cancelled": False}
        entry |= {"start": datetime(2026, 10, 25, 0, 30), "stop": datetime(2026, 10, 25, 1, 30)}
        feed = make_feed("B", "x", [entry]).decode()
        self.assertIn("DTSTART:20261025T003000Z", feed)
        self.assertIn("DTEND:20261025T013000Z", feed)

    def test_a_reminder_is_due_from_the_day_on_the_wall(self):
        """A talk of 00:30 on the Monday after the change is reminded of on Sunday, from 0:00 on."""
        with freeze_time("2026-03-01 10:00:00"):
            talk = self.make_talk(datetime(2026, 3, 29, 22, 30))
        for moment, is_due in (("2026-03-28 22:59:00", False), ("2026-03-28 23:01:00", True)):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(talk._is_reminder_due(), is_due)

    def test_a_day_is_a_working_day_when_the_clock_is_changed(self):
        cases = self.env["buurtbemiddeling.case"]
        for friday in (date(2026, 3, 27), date(2026, 10, 23)):
            with self.subTest(friday=friday):
                monday = friday + timedelta(days=3)
                self.assertEqual(cases._add_working_days(self.company, friday, 1), monday)
