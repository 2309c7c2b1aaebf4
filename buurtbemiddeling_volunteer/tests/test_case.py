from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestCase(VolunteerCommon):
    def setUp(self):
        super().setUp()
        self.case, self.lonely = self.make_quarrel(), self.make_quarrel()
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")

    def find(self, *domain):
        mine = ("id", "in", (self.case + self.lonely).ids)
        return self.env["buurtbemiddeling.case"].with_user(self.coordinator).search([mine, *domain])

    def test_the_coordinator_picks_two_mediators_on_the_case(self):
        with Form(self.case.with_user(self.coordinator)) as form:
            for volunteer in (self.vera, self.wim):
                with form.assignment_ids.new() as line:
                    line.volunteer_id = volunteer
        self.assertEqual(self.case.volunteer_ids, self.vera + self.wim)
        self.assertEqual(set(self.case.assignment_ids.mapped("state")), {"invited"})

    def test_a_refused_mediator_leaves_the_case_as_it_was(self):
        resting = self.make_volunteer("Rust", "pause")
        with self.assertRaisesRegex(UserError, "Rust"), self.cr.savepoint():
            with Form(self.case.with_user(self.coordinator)) as form:
                for volunteer in (self.vera, resting):
                    with form.assignment_ids.new() as line:
                        line.volunteer_id = volunteer
        self.assertFalse(self.case.assignment_ids)

    def test_cases_are_found_by_mediator(self):
        self.couple(self.case, self.vera)
        self.couple(self.lonely, self.vera, "ended")
        self.assertEqual(self.find(("volunteer_ids", "in", self.vera.ids)), self.case)
        self.assertEqual(self.find(("volunteer_ids", "ilike", "ver")), self.case)
        self.assertFalse(self.find(("volunteer_ids", "in", self.wim.ids)))
        self.assertEqual(self.find(("volunteer_ids", "not in", self.vera.ids)), self.lonely)

    def test_cases_without_mediators_are_found(self):
        self.couple(self.case, self.vera, "invited")
        self.couple(self.lonely, self.vera, "declined")
        self.assertEqual(self.find(("volunteer_ids", "=", False)), self.lonely)
        self.assertEqual(self.find(("volunteer_ids", "!=", False)), self.case)
