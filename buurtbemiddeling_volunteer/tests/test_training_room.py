from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import MONDAY_EVENING, VolunteerCommon


@tagged("post_install", "-at_install")
class TestTrainingRoom(VolunteerCommon):
    """Trainings and talks share the rooms, and no room is booked twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.room = (
            cls.env["buurtbemiddeling.room"]
            .with_user(cls.coordinator)
            .create({"name": "De Roos", "street": "Plein 1", "city": "Rozenstad"})
        )
        cls.case = cls.make_quarrel()

    def plan_talk(self, start=MONDAY_EVENING, **values):
        return (
            self.env["buurtbemiddeling.meeting"]
            .with_user(self.coordinator)
            .create(
                {
                    "case_id": self.case.id,
                    "kind": "mediation",
                    "start": start,
                    "room_id": self.room.id,
                    **values,
                }
            )
        )

    def test_a_room_of_a_training_refuses_a_talk(self):
        session = self.make_session(room_id=self.room.id)
        with self.assertRaisesRegex(ValidationError, "De Roos.*taken.*the training “Training ba"):
            self.plan_talk(MONDAY_EVENING + timedelta(weeks=2, hours=1))
        self.plan_talk(MONDAY_EVENING + timedelta(hours=3))
        session.action_cancel()
        self.plan_talk()

    def test_a_room_of_a_talk_refuses_a_training(self):
        self.plan_talk(MONDAY_EVENING + timedelta(weeks=1))
        with self.assertRaisesRegex(ValidationError, f"taken.*a talk in case {self.case.name}"):
            self.make_session(room_id=self.room.id)
        session = self.make_session()
        with self.assertRaisesRegex(ValidationError, "is taken"):
            session.room_id = self.room

    def test_a_half_day_is_not_moved_or_planned_again_into_a_taken_room(self):
        session = self.make_session(half_days=1, room_id=self.room.id)
        moved = {
            "start": MONDAY_EVENING + timedelta(days=1),
            "stop": MONDAY_EVENING + timedelta(days=1, hours=3),
        }
        self.plan_talk(moved["start"])
        with self.assertRaisesRegex(ValidationError, "is taken"), self.cr.savepoint():
            session.event_ids.write(moved)
        with self.assertRaisesRegex(ValidationError, "is taken") as caught:
            session.event_ids.with_user(self.colleague).write(moved)
        self.assertNotIn(self.case.name, str(caught.exception), "a colleague sees no case")
        session.action_cancel()
        self.plan_talk()
        with self.assertRaisesRegex(ValidationError, "is taken"):
            session.action_plan()

    def test_two_trainings_are_not_in_one_room_nor_one_training_twice(self):
        session = self.make_session(room_id=self.room.id)
        with self.assertRaisesRegex(ValidationError, "is taken"), self.cr.savepoint():
            self.make_session(half_days=1, room_id=self.room.id)
        with self.assertRaisesRegex(ValidationError, "is taken"):
            self.env["calendar.event"].with_user(self.coordinator).create(
                {
                    "training_session_id": session.id,
                    "start": MONDAY_EVENING,
                    "stop": MONDAY_EVENING + timedelta(hours=1),
                }
            )

    def test_the_calendar_shows_the_room_with_its_address_or_what_was_typed(self):
        session = self.make_session(half_days=1, room_id=self.room.id)
        self.assertEqual(session.location, "De Roos")
        self.assertEqual(session.event_ids.location, "De Roos, Plein 1, Rozenstad")
        with Form(session) as form:
            form.room_id = self.room.browse()
            form.location = "Buurthuis"
        self.assertEqual(session.event_ids.location, "Buurthuis")

    def test_a_room_of_another_organisation_is_not_used(self):
        foreign = self.env["buurtbemiddeling.room"].create(
            {"name": "Far away", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self.make_session(room_id=foreign.id)

    def test_all_trainers_have_the_half_days_on_their_calendar(self):
        trainers = self.env["res.partner"].create([{"name": "Tess"}, {"name": "Tom"}])
        session = self.make_session(
            trainer_id=trainers[0].id, co_trainer_ids=[(6, 0, trainers[1].ids)]
        )
        self.assertLessEqual(trainers, session.event_ids[0].partner_ids)
        session.co_trainer_ids = False
        self.assertNotIn(trainers[1], session.event_ids.partner_ids)

    def test_planned_sessions_come_soonest_first_and_past_ones_latest_first(self):
        def session(weeks, **values):
            made = self.make_session(half_days=0, **values)
            start = MONDAY_EVENING + timedelta(weeks=weeks)
            made.event_ids.create(
                {"training_session_id": made.id, "start": start, "stop": start + timedelta(hours=3)}
            )
            return made

        later, old, soon = session(2), session(-20, state="done"), session(1)
        last, undated = session(-2, state="done"), self.make_session(half_days=0)
        sessions = later + old + soon + last + undated
        self.assertEqual(
            sessions.search([("id", "in", sessions.ids)]), soon + later + undated + last + old
        )
        soon.state = "done"
        self.assertEqual(
            sessions.search([("id", "in", sessions.ids)]), later + undated + soon + last + old
        )
