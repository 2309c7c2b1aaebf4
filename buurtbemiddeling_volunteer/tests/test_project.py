from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestVolunteerProject(VolunteerCommon):
    """Volunteers and trainings fall under a project; it can be corrected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.env.ref("buurtbemiddeling_case.area_gm0014")
        cls.village = cls.env.ref("buurtbemiddeling_case.area_gm0034")

    def make_project(self, name, *areas, **values):
        return self.env["buurtbemiddeling.project"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "area_ids": [Command.set([area.id for area in areas])],
                "date_start": date(2020, 1, 1),
                **values,
            }
        )

    def make_session(self, **values):
        training = self.make_training(name="Listening")
        return (
            self.env["buurtbemiddeling.training.session"]
            .with_user(self.coordinator)
            .create({"training_id": training.id, "company_id": self.company.id, **values})
        )

    def test_a_volunteer_falls_under_the_project_of_the_place_of_living(self):
        town = self.make_project("Town", self.town)
        village = self.make_project("Village", self.village)
        volunteer = self.make_volunteer(area_id=self.village.id)
        self.assertEqual(volunteer.project_id, village)
        volunteer.project_id = town
        self.assertEqual(volunteer.project_id, town, "it can be corrected")
        volunteer.area_id = self.town
        volunteer.area_id = self.village
        self.assertEqual(volunteer.project_id, town, "and stays corrected")

    def test_without_a_place_the_only_project_of_the_coordinator_counts(self):
        mine = self.make_project("Mine", user_ids=[Command.link(self.coordinator.id)])
        self.make_project("Other")
        volunteer = self.make_volunteer()
        self.assertEqual(volunteer.coordinator_id, self.coordinator)
        self.assertEqual(volunteer.project_id, mine)
        self.assertEqual(self.make_session().project_id, mine)

    def test_of_two_projects_none_is_guessed(self):
        for name in ("One", "Other"):
            self.make_project(name, user_ids=[Command.link(self.coordinator.id)])
        self.assertFalse(self.make_volunteer().project_id)
        self.assertFalse(self.make_session().project_id)

    def test_a_project_that_ended_takes_nobody_up(self):
        self.make_project("Old", date_end=date(2021, 1, 1))
        self.assertFalse(self.make_volunteer().project_id)
        self.assertEqual(
            (self.make_project("New"), "New"),
            (self.make_volunteer("Wim").project_id, "New"),
        )

    def test_a_project_that_comes_later_takes_up_who_has_none(self):
        volunteer, session = self.make_volunteer(), self.make_session()
        project = self.make_project("Only")
        self.assertEqual((volunteer.project_id, session.project_id), (project, project))

    def test_the_page_counts_and_opens_who_works_for_the_project(self):
        project = self.make_project("Only")
        volunteer = self.make_volunteer()
        applicant = self.make_volunteer("Appie", stage="applied")
        project = project.with_user(self.coordinator)
        self.assertEqual(project.volunteer_count, 1)
        found = volunteer.search(project.action_open_volunteers()["domain"])
        self.assertEqual(found, volunteer | applicant)
