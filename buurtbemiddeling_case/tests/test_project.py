from contextlib import contextmanager
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestProject(CaseCommon):
    """Which project a case falls under, and that projects do not get in each other's way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.env.ref("buurtbemiddeling_case.area_gm0014")
        cls.quarter = cls.env["buurtbemiddeling.area"].create(
            {"name": "Q", "code": "X-Q", "kind": "neighbourhood", "parent_id": cls.town.id}
        )

    @classmethod
    def make_project(cls, name, *areas, start=date(2020, 1, 1), end=False, **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "area_ids": [(6, 0, [area.id for area in areas])],
                "date_start": start,
                "date_end": end,
                **values,
            }
        )

    def case_of(self, day, area=None):
        return self.make_case(registration_date=day, area_id=(area or self.town).id)

    @contextmanager
    def assertRefused(self, sentence):
        with self.assertRaisesRegex(ValidationError, sentence), self.env.cr.savepoint():
            yield

    def test_the_project_of_the_day_of_registration_gets_the_case(self):
        first = self.make_project("First", self.town, end=date(2023, 12, 31))
        second = self.make_project("Second", self.town, start=date(2024, 1, 1))
        self.assertEqual(self.case_of(date(2023, 12, 31)).project_id, first)
        self.assertEqual(self.case_of(date(2024, 1, 1)).project_id, second)

    def test_a_case_of_before_the_first_project_falls_under_that_one(self):
        first = self.make_project("First", self.town, end=date(2023, 12, 31))
        self.make_project("Second", self.town, start=date(2024, 1, 1))
        self.assertEqual(self.case_of(date(2018, 5, 1)).project_id, first)

    def test_a_case_of_after_the_last_project_falls_under_none(self):
        self.make_project("First", self.town, end=date(2023, 12, 31))
        self.assertFalse(self.case_of(date(2024, 1, 1)).project_id)

    def test_the_project_of_the_smallest_area_wins_while_it_runs(self):
        town = self.make_project("Town", self.town)
        pilot = self.make_project(
            "Pilot", self.quarter, start=date(2025, 1, 1), end=date(2025, 12, 31)
        )
        days = (date(2024, 6, 1), date(2025, 6, 1), date(2026, 2, 1))
        self.assertEqual(
            [self.case_of(day, self.quarter).project_id for day in days], [town, pilot, town]
        )

    def test_a_succession_entered_afterwards_takes_the_cases_of_its_days(self):
        first = self.make_project("First", self.town)
        elsewhere = self.make_project("Elsewhere")
        before, after, inside = (
            self.case_of(day, area)
            for day, area in (
                (date(2025, 6, 30), self.town),
                (date(2025, 7, 10), self.town),
                (date(2025, 7, 10), self.quarter),
            )
        )
        elsewhere.date_end = date(2025, 1, 31)
        corrected = self.case_of(date(2025, 7, 10))
        corrected.project_id = elsewhere
        first.date_end = date(2025, 6, 30)
        self.assertEqual(after.project_id, first, "until there is another one")
        second = self.make_project("Second", self.town, start=date(2025, 7, 1))
        cases = before + after + inside + corrected
        self.assertEqual([case.project_id for case in cases], [first, second, second, elsewhere])
        second.date_start = date(2025, 8, 1)
        self.assertEqual(after.project_id, second)
        first.date_end = date(2025, 7, 31)
        self.assertEqual(after.project_id, first, "the day of the succession was corrected")

    def test_what_came_in_before_the_first_project_stays_there_at_a_succession(self):
        first = self.make_project("First", self.town)
        case = self.case_of(date(2018, 5, 1))
        first.date_end = date(2025, 6, 30)
        self.make_project("Second", self.town, start=date(2025, 7, 1))
        self.assertEqual(case.project_id, first)

    def test_a_succession_shows_no_case_to_others_than_before(self):
        own = {"is_members_only": True, "user_ids": [(6, 0, self.coordinator.ids)]}
        for name, then, now in (("closed", own, {}), ("opened", {}, own)):
            area = self.env["buurtbemiddeling.area"].create(
                {"name": name, "code": f"X-{name}", "kind": "municipality"}
            )
            first = self.make_project(f"First {name}", area, **then)
            case = self.case_of(date(2025, 7, 10), area)
            first.date_end = date(2025, 6, 30)
            self.make_project(f"Second {name}", area, start=date(2025, 7, 1), **now)
            self.assertEqual(case.project_id, first, name)

    def test_a_succession_costs_as_many_queries_for_many_cases_as_for_few(self):
        first = self.make_project("First", self.town, end=date(2025, 6, 30))
        second = self.make_project("Second", self.town, start=date(2025, 7, 1))

        def count(number):
            for _i in range(number):
                self.case_of(date(2025, 7, 10)).project_id = first
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            first._hand_over()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(1)  # what is read once a session
        self.assertEqual(count(2), count(12))
        self.assertEqual(second.case_count, 15)

    def test_many_cases_find_their_project_in_one_query(self):
        self.make_project("Town", self.town)
        values = [
            {
                "company_id": self.company.id,
                "area_id": self.quarter.id,
                "registration_date": date(2025, 1, 1 + day),
            }
            for day in range(20)
        ]
        cases = self.env["buurtbemiddeling.case"].create(values)
        self.env.flush_all()
        self.env.invalidate_all()
        cases.mapped("area_id.parent_path")
        cases.mapped("registration_date")
        places = {(case.company_id.id, case.area_id, case.registration_date) for case in cases}
        with self.assertQueryCount(4):  # the ids of projects, their dates, areas, parents of these
            self.env["buurtbemiddeling.project"]._get_of_places(places)

    def test_two_projects_on_one_area_and_day_are_refused(self):
        first = self.make_project("First", self.town)
        with self.assertRefused("“First” serves .* .since"):
            self.make_project("Second", self.town, self.quarter, start=date(2026, 1, 1))
        first.date_end = date(2025, 12, 31)
        second = self.make_project("Second", self.town, start=date(2026, 1, 1))
        with self.assertRefused("“Second” serves"):
            first.date_end = date(2026, 1, 1)
        with self.assertRefused("until|to"):
            second.date_start = False

    def test_projects_made_at_once_are_held_against_each_other(self):
        with self.assertRaisesRegex(ValidationError, "serves"):
            self.env["buurtbemiddeling.project"].create(
                [
                    {"name": name, "company_id": self.company.id, "area_ids": [(4, self.town.id)]}
                    for name in ("One", "Other")
                ]
            )

    def test_an_archived_project_and_another_organisation_are_in_nobodys_way(self):
        self.make_project("Old", self.town, active=False)
        other = self.env["res.company"].create({"name": "Organisation elsewhere"})
        self.make_project("Theirs", self.town, company_id=other.id)
        mine = self.make_project("Mine", self.town)
        with self.assertRaisesRegex(ValidationError, "“Mine” serves"):
            self.env["buurtbemiddeling.project"].with_context(active_test=False).search(
                [("name", "=", "Old")]
            ).active = True
        self.assertTrue(mine.active)

    @mute_logger("odoo.sql_db")
    def test_a_project_does_not_end_before_it_starts(self):
        with self.assertRaises(IntegrityError):
            self.make_project("Wrong", start=date(2025, 1, 1), end=date(2024, 12, 31))

    def test_the_page_of_a_project_opens_its_cases(self):
        project = self.make_project("Town", self.town)
        case = self.case_of(date(2026, 1, 5))
        self.make_case(registration_date=date(2026, 1, 5))
        project = project.with_user(self.coordinator)
        self.assertEqual(project.case_count, 1)
        action = project.action_open_cases()
        found = (
            self.env["buurtbemiddeling.case"].with_user(self.coordinator).search(action["domain"])
        )
        self.assertEqual(found, case)
        form = Form(found.browse().with_context(**action["context"]))
        self.assertEqual(form.project_id, project)
