from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestLearningGoal(VolunteerCommon):
    """Coordinators learn too; what they learn is between them and the administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_user("other", "buurtbemiddeling_case.group_user")
        cls.vera = cls.make_volunteer("Vera")
        cls.goals = cls.env["buurtbemiddeling.learning.goal"].with_user(cls.coordinator)
        cls.days = cls.env["buurtbemiddeling.study.day"].with_user(cls.coordinator)

    def test_a_goal_is_ones_own_unless_it_is_a_volunteers(self):
        with Form(self.goals) as form:
            form.name = "To listen longer"
            form.date_due = date(2027, 6, 1)
        self.assertEqual(form.record.user_id, self.coordinator)
        with Form(self.goals) as form:
            form.name = "To summarise"
            form.volunteer_id = self.vera
        self.assertFalse(form.record.user_id)
        self.assertEqual(self.vera.learning_goal_ids, form.record)

    def test_a_goal_is_of_one_person(self):
        with self.assertRaisesRegex(ValidationError, "of one person"):
            self.goals.create(
                {"name": "Both", "volunteer_id": self.vera.id, "user_id": self.coordinator.id}
            )
        with self.assertRaisesRegex(ValidationError, "of one person"):
            self.goals.create({"name": "Nobody's", "user_id": False})

    def test_who_sees_which_goals(self):
        own = self.goals.create({"name": "Own"})
        of_volunteer = self.goals.create({"name": "Vera's", "volunteer_id": self.vera.id})
        both = own + of_volunteer
        for user, seen in (
            (self.coordinator, both),
            (self.other, of_volunteer),
            (self.manager, both),
            (self.stranger, both.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(both.with_user(user).search([("id", "in", both.ids)]), seen)
        with self.assertRaises(AccessError):
            own.with_user(self.other).write({"state": "dropped"})
        of_volunteer.with_user(self.other).write({"state": "reached", "result": "It works"})
        with self.assertRaises(AccessError):
            both.with_user(self.colleague).read(["name"])

    def test_nobody_gives_a_colleague_a_goal(self):
        with self.assertRaises(AccessError):
            self.goals.create({"name": "For you", "user_id": self.other.id})

    def test_who_sees_which_study_days(self):
        with Form(self.days) as form:
            form.name = "Regional meeting"
            form.hours = 3
        day = form.record
        self.assertEqual(day.user_id, self.coordinator)
        for user, seen in (
            (self.coordinator, day),
            (self.other, day.browse()),
            (self.manager, day),
            (self.stranger, day.browse()),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(day.with_user(user).search([("id", "=", day.id)]), seen)
        with self.assertRaises(AccessError):
            day.with_user(self.other).unlink()
        with self.assertRaises(AccessError):
            self.days.create({"name": "Yours", "hours": 1, "user_id": self.other.id})

    def test_a_study_day_serves_an_own_goal_and_takes_time(self):
        goal = self.goals.with_user(self.manager).create({"name": "Manager's"})
        own = self.goals.create({"name": "Own"})
        day = self.days.create({"name": "Course", "hours": 6, "goal_id": own.id})
        self.assertEqual(own.study_day_ids, day)
        with self.assertRaisesRegex(ValidationError, "of someone else"):
            day.with_user(self.manager).goal_id = goal
        with self.assertRaises(AccessError):
            day.goal_id = goal
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.days.create({"name": "Nothing", "hours": 0})

    def test_a_study_day_may_be_a_training_of_ones_own(self):
        session = self.make_session()
        day = self.days.create({"name": "Basic", "hours": 15, "session_id": session.id})
        session.with_user(self.manager).unlink()
        self.assertTrue(day.exists())
        self.assertFalse(day.session_id)
