from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CaseCommon

START = datetime.now().replace(hour=18, minute=30, second=0, microsecond=0) + timedelta(365)


@tagged("post_install", "-at_install")
class TestRoom(CaseCommon):
    """Neighbours meet on neutral ground, and a room holds one talk at a time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case, cls.other_case = cls.make_quarrel(), cls.make_quarrel(reporter_name="Carla")
        cls.rooms = cls.env["buurtbemiddeling.room"].with_user(cls.coordinator)
        cls.room = cls.rooms.create(
            {"name": "De Roos", "street": "Plein 1", "zip": "1234 AB", "city": "Rozenstad"}
        )

    def plan(self, start=START, case=None, user=None, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "case_id": (case or self.case).id,
                    "kind": "mediation",
                    "start": start,
                    "room_id": self.room.id,
                    **values,
                }
            )
        )

    def test_room_is_not_booked_twice_in_one_or_another_case(self):
        talk = self.plan()
        for case in (self.case, self.other_case):
            for shift in (-1, 0, 1):
                with self.subTest(case=case, shift=shift):
                    with self.assertRaisesRegex(ValidationError, "De Roos.*is taken") as caught:
                        self.plan(START + timedelta(hours=shift), case)
                    self.assertIn(self.case.name, str(caught.exception))
                    self.assertNotIn("Anna", str(caught.exception))
        with self.assertRaises(ValidationError):
            self.plan(START - timedelta(hours=2), duration=8)
        self.assertEqual(talk.room_id, self.room)

    def test_room_is_free_before_and_after_a_talk_and_elsewhere(self):
        self.plan()
        self.plan(START + timedelta(hours=1.5), self.other_case)
        self.plan(START - timedelta(hours=1.5), self.other_case)
        self.plan(case=self.other_case, room_id=self.rooms.create({"name": "Town hall"}).id)
        self.plan(case=self.other_case, room_id=False)
        self.plan(case=self.other_case, room_id=False)

    def test_cancelled_talk_leaves_the_room_free_until_it_is_planned_again(self):
        talk = self.plan()
        talk.cancel_reason = "a"
        self.plan(case=self.other_case)
        with self.assertRaisesRegex(ValidationError, "is taken"):
            talk.action_plan_again()

    def test_moving_a_talk_into_a_taken_room_is_refused_in_case_and_calendar(self):
        self.plan()
        talk = self.plan(START + timedelta(days=1), self.other_case)
        with self.assertRaisesRegex(ValidationError, "is taken"):
            talk.start = START
        with self.assertRaisesRegex(ValidationError, "is taken"):
            talk.duration = 24
        with self.assertRaisesRegex(ValidationError, "is taken"):
            talk.event_id.write({"start": START, "stop": START + timedelta(hours=1)})
        talk.write({"start": START, "place": "home_a"})

    def test_two_talks_at_once_in_one_import_are_refused(self):
        values = {"case_id": self.case.id, "start": START, "room_id": self.room.id}
        talks = self.env["buurtbemiddeling.meeting"].with_user(self.coordinator)
        with self.assertRaisesRegex(ValidationError, "is taken"):
            talks.create([values, {**values, "case_id": self.other_case.id}])

    def test_booking_takes_no_query_a_talk(self):
        def count(first, number):
            values = [
                {
                    "case_id": self.case.id,
                    "start": START + timedelta(days=first + day),
                    "room_id": self.room.id,
                }
                for day in range(number)
            ]
            talks = self.env["buurtbemiddeling.meeting"].sudo().create(values)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            talks._check_room_is_free()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(10, 2), count(100, 20))

    def test_case_is_named_to_coordinators_only(self):
        talk = self.plan()
        text = self.room.with_user(self.colleague).sudo()._get_booked_text(talk.sudo())
        self.assertIn("De Roos", text)
        self.assertNotIn(self.case.name, text)

    def test_room_of_another_organisation_is_not_used(self):
        foreign = self.env["buurtbemiddeling.room"].create(
            {"name": "Far away", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.plan(room_id=foreign.id)

    def test_colleague_outside_sees_no_rooms(self):
        with self.assertRaises(AccessError):
            self.room.with_user(self.colleague).read(["name"])

    def test_place_follows_the_kind_of_talk_the_room_and_what_is_typed(self):
        talk = self.plan(room_id=False, kind="talk_a")
        self.assertEqual((talk.place, talk.where), ("home_a", "At the reporter's home"))
        self.assertEqual(talk.address, "Dorpsstraat 1")
        talk.kind = "approach_b"
        self.assertEqual((talk.place, talk.address), ("home_b", "Dorpsstraat 3"))
        talk.room_id = self.room
        self.assertEqual((talk.place, talk.where), ("room", "De Roos"))
        self.assertEqual(talk.address, "Plein 1, 1234 AB Rozenstad")
        talk.place = "phone"
        self.assertFalse(talk.room_id or talk.location or talk.address)
        self.assertEqual(talk.where, "By phone")
        talk.location = "Playground"
        self.assertEqual((talk.place, talk.where), ("elsewhere", "Playground"))

    def test_form_that_leaves_the_room_frees_it(self):
        talk = self.plan()
        view = "buurtbemiddeling_case.buurtbemiddeling_meeting_view_form_move"
        with Form(talk, view=view) as form:
            form.place = "online"
        self.assertFalse(talk.room_id or talk.location)
        self.plan(case=self.other_case)

    def test_talk_is_planned_from_an_empty_form(self):
        talks = self.env["buurtbemiddeling.meeting"].with_user(self.coordinator)
        with Form(talks) as form:
            form.case_id = self.case
            form.kind = "mediation"
            form.start = START
            form.room_id = self.room
        self.assertEqual((form.record.place, form.record.side), ("room", "both"))

    def test_side_follows_the_kind_of_talk(self):
        a, b = self.case.party_ids
        expected = {
            "intake": a, "talk_a": a, "coaching": a, "approach_b": b, "talk_b": b,
            "mediation": a + b, "aftercare": a + b, "other": a.browse(),
        }  # fmt: skip
        kinds = self.env["buurtbemiddeling.meeting"]._fields["kind"].get_values(self.env)
        for kind in kinds:
            with self.subTest(kind=kind):
                talk = self.plan(room_id=False, kind=kind)
                self.assertEqual(talk.party_ids, expected[kind])
        talk.side = "b"
        self.assertEqual(talk.party_ids, b)

    def test_every_party_of_a_side_is_in_the_talk(self):
        third = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.case.id, "side": "b", "street": "Dorpsstraat 5"}
        )
        self.assertEqual(self.plan(kind="talk_b").party_ids, self.case.party_ids[1] + third)

    def test_calendar_tells_of_a_neutral_room_but_of_no_home(self):
        talk = self.plan()
        self.assertEqual(talk.event_id.location, "De Roos, Plein 1, 1234 AB Rozenstad")
        self.env.invalidate_all()
        values = talk.event_id.with_user(self.colleague).read(["location"])[0]
        self.assertFalse(values["location"])
        self.env.invalidate_all()
        talk.place = "home_a"
        self.assertFalse(talk.event_id.location)
        talk.location = "Dorpsstraat 1"
        self.assertFalse(talk.event_id.location)

    def test_coordinator_who_is_busy_is_warned_not_refused(self):
        talk = self.plan()
        self.assertNotIn("Coordinator Tester", talk.warning or "")
        other = self.plan(START + timedelta(hours=1), self.other_case, room_id=False)
        self.assertIn("Coordinator Tester", other.warning)
        other.state = "cancelled"
        talk.invalidate_recordset(["warning"])
        self.assertNotIn("Coordinator Tester", talk.warning or "")

    def test_warning_tells_nothing_of_a_private_appointment(self):
        self.env["calendar.event"].with_user(self.coordinator).create(
            {
                "name": "Dentist",
                "start": START,
                "stop": START + timedelta(hours=1),
                "privacy": "private",
            }
        )
        manager_sees = self.plan(user=self.manager).warning
        self.assertIn("Coordinator Tester", manager_sees)
        self.assertNotIn("Dentist", manager_sees)

    def test_outcome_says_that_the_talk_was_held(self):
        talk = self.plan(datetime(2026, 3, 9, 18, 30))
        view = "buurtbemiddeling_case.buurtbemiddeling_meeting_view_form_held"
        with self.assertRaisesRegex(AssertionError, "outcome is a required"):
            Form(talk, view=view).save()
        with Form(talk, view=view) as form:
            form.outcome = "agreements"
        self.assertEqual(talk.state, "done")
        self.assertEqual(str(talk.case_id.last_contact_date), "2026-03-09")
        talk.action_plan_again()
        self.assertEqual((talk.state, talk.outcome), ("planned", False))

    def test_talk_to_come_can_not_have_been_held(self):
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.plan().outcome = "solved"
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.plan(state="done", room_id=False)

    def test_no_talk_before_the_registration(self):
        with self.assertRaisesRegex(ValidationError, "was registered on"):
            self.plan(datetime(2026, 3, 1, 18, 30))
        # half past midnight in Amsterdam on the day of registration
        self.plan(datetime(2026, 3, 1, 23, 30))

    def test_history_comes_in_without_an_outcome(self):
        talk = self.plan(datetime(2026, 3, 9, 18, 30), state="done")
        self.assertFalse(talk.outcome)
        self.assertEqual(str(talk.case_id.last_contact_date), "2026-03-09")
