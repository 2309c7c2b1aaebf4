from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.tests.common_project_rights import ProjectRightsCase

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestVolunteerProjectRights(VolunteerCommon, ProjectRightsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.volunteer = cls.make_volunteer(max_cases=1, project_id=cls.closed_project.id)
        cls.work = cls.couple(cls.closed_case, cls.volunteer)

    def test_work_in_a_closed_case_is_for_the_members_and_administrators(self):
        """Role x operation x record of the closed and of the open project."""
        other = self.make_volunteer("Otto")
        for case, volunteer, work in (
            (self.closed_case, self.volunteer, self.work),
            (self.open_case, other, self.couple(self.open_case, other)),
        ):
            for row in self.make_rows(case, volunteer, work):
                for user, may in (
                    (self.manager, True),
                    (self.member, True),
                    (self.outsider, case == self.open_case),
                ):
                    with self.subTest(model=row._name, user=user.name, case=case.project_id.name):
                        self.assertEqual(bool(self.see(user, row)), may)
                        for operation in ("read", "write", "unlink"):
                            mine = row.with_user(user)
                            if mine.browse().has_access(operation):
                                self.assertEqual(mine.has_access(operation), may, operation)

    def make_rows(self, case, volunteer, work):
        """Return work in a case, and a record of each model that tells of it."""
        party, of_volunteer = case.party_ids[0], {"case_id": case.id, "volunteer_id": volunteer.id}
        report = self.env["buurtbemiddeling.visit.report"].create(
            {"case_id": case.id, "party_id": party.id, "assignment_id": work.id}
        )
        rows = [work, report, *report.hours_ids]
        for model, values in (
            ("expense", {"assignment_id": work.id, "amount": 5}),
            ("debrief", {"case_id": case.id}),
            ("coach.note", {**of_volunteer, "note": "x"}),
            ("assignment.objection", {**of_volunteer, "party_id": party.id, "ground": "other"}),
            ("volunteer.declaration", {**of_volunteer, "kind": "case"}),
        ):
            rows.append(self.env[f"buurtbemiddeling.{model}"].create(values))
        return rows

    def test_volunteer_is_shared_and_shows_no_closed_case(self):
        volunteer = self.volunteer.with_user(self.outsider)
        self.env.invalidate_all()
        self.assertTrue(self.see(self.outsider, self.volunteer))
        self.assertFalse(volunteer.assignment_ids)
        with self.assertRaises(AccessError):
            self.work.with_user(self.outsider).read(["display_name", "case_id"])

    def test_how_busy_a_volunteer_is_counts_closed_cases(self):
        """Or whoever is outside would give a volunteer too much."""
        self.env.invalidate_all()
        volunteer = self.volunteer.with_user(self.outsider)
        self.assertEqual((volunteer.active_case_count, volunteer.case_count), (1, 1))
        self.assertFalse(volunteer.is_available)
        self.assertNotIn(volunteer, volunteer.search([("is_available", "=", True)]))
        case = self.make_case(self.outsider, area_id=self.village.id)
        facts = volunteer._get_pair_facts(case, date.today(), date(2026, 1, 1))[volunteer.id]
        self.assertEqual((facts["running"], facts["last"]), (1, date(2026, 3, 9)))
        load = self.env["buurtbemiddeling.volunteer.load"].with_user(self.outsider)
        self.assertEqual(load.browse(volunteer.id).running_count, 1)

    def test_hours_and_first_cases_count_closed_cases(self):
        self.company.buurtbemiddeling_first_cases = 1
        self.work.write({"hours": 4, "state": "ended", "date_end": date(2026, 4, 1)})
        self.env["buurtbemiddeling.expense"].create(
            {"assignment_id": self.work.id, "amount": 5, "date": date.today()}
        )
        self.env.invalidate_all()
        for user in (self.member, self.outsider):
            volunteer = self.volunteer.with_user(user)
            self.assertEqual(volunteer.case_hours, 4)
            self.assertEqual(volunteer.expense_total, 5)
            self.assertTrue(volunteer.has_first_cases)
            self.assertIn(volunteer, volunteer.search([("has_first_cases", "=", True)]))
            volunteer.invalidate_recordset()

    def test_who_met_a_party_in_a_closed_case_is_not_independent(self):
        """The kind of tie is told, and not in which case."""
        again = self.make_case(self.outsider, area_id=self.village.id)
        self.env["buurtbemiddeling.case.party"].create(
            {
                "case_id": again.id,
                "side": "a",
                "partner_id": self.closed_case.party_ids[0].partner_id.id,
            }
        )
        conflicts = (
            self.env["buurtbemiddeling.assignment"]
            .with_user(self.outsider)
            ._get_conflicts(again.with_user(self.outsider), self.volunteer)
        )
        self.assertEqual([conflict.kind for conflict in conflicts], ["met"])
        self.assertNotIn(self.closed_case.name, conflicts[0].sentence)

    def test_lists_are_narrowed_to_my_projects(self):
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.member)
        self.assertEqual(
            volunteers.search([("project_id.user_ids", "in", self.member.id)]), self.volunteer
        )
        self.assertIn('name="my_projects"', volunteers.get_view(view_type="search")["arch"])
