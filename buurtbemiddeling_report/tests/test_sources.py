"""Figures on volunteers and areas, norms, and what changes from one year to the next."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sources import SourcesCase


@tagged("post_install", "-at_install")
class TestVolunteerFigures(SourcesCase):
    def test_active_new_and_left_volunteers_add_up(self):
        self.make_volunteer()
        self.make_volunteer(start=date(2018, 4, 1))
        self.make_volunteer(end=date(2018, 9, 1))
        self.make_volunteer(end=date(2018, 12, 31))
        self.make_volunteer(end=date(2017, 12, 31))
        self.make_volunteer(start=date(2019, 1, 1))
        self.make_volunteer(start=False)  # never began
        expected = {"volunteers_active": 2, "volunteers_new": 1, "volunteers_left": 2}
        self.assertFigures(self.compute(2018), expected)
        before = self.line(self.compute(2017), "volunteers_active").value
        self.assertEqual(before + 1 - 2, 2, "active then, and new, less those who left")

    def test_what_happened_after_the_reference_date_is_not_known_yet(self):
        volunteer = self.make_volunteer(start=date(2018, 8, 1))
        self.make_volunteer(end=date(2018, 8, 1))
        self.train(volunteer, self.make_session(date(2018, 8, 2)), 3)
        expected = {
            "volunteers_active": 1, "volunteers_new": 0, "volunteers_left": 0, "trained_hours": 0,
        }  # fmt: skip
        self.assertFigures(self.compute(2018, reference_date=date(2018, 6, 30)), expected)
        self.assertFigures(self.compute(2018), {"volunteers_left": 1, "trained_hours": 3})

    def test_archived_volunteers_count(self):
        self.make_volunteer(active=False)
        self.assertFigures(self.compute(2018), {"volunteers_active": 1})

    def test_volunteer_without_first_day_has_begun_with_the_first_case(self):
        volunteer = self.make_volunteer(start=False)
        (case,) = self.make_cases(1, outcome="OPG_BEM")
        self.env["buurtbemiddeling.assignment"].create(
            {
                "case_id": case.id,
                "volunteer_id": volunteer.id,
                "state": "ended",
                "date_start": date(2018, 5, 10),
                "date_end": date(2018, 6, 10),
            }
        )
        self.assertFigures(self.compute(2018), {"volunteers_active": 1, "volunteers_new": 0})
        self.assertFigures(self.compute(2017), {"volunteers_active": 0})

    def test_hours_of_training_count_in_the_year_in_which_it_ended(self):
        one, other = self.make_volunteer(), self.make_volunteer()
        self.train(one, self.make_session(date(2018, 2, 1)), 2.5)
        self.train(one, self.make_session(date(2018, 3, 1), "peer"), 3)
        self.train(other, self.make_session(date(2018, 3, 1)), 1)
        self.train(other, self.make_session(date(2018, 4, 1), "information"), 2)
        self.train(other, self.make_session(date(2017, 4, 1)), 2)
        benchmark = self.compute(2018)
        line = self.line(benchmark, "trained_hours")
        self.assertEqual((line.value, line.numerator), (6.5, 2))
        self.assertEqual(line.value_text, "6.5 hours")

    def test_cases_of_a_volunteer_are_those_worked_on(self):
        volunteer = self.make_volunteer()
        cases = self.make_cases(5, registered=date(2017, 1, 1), outcome="OPG_BEM")
        rows = (
            ("ended", date(2017, 3, 1), date(2018, 1, 1)),
            ("ended", date(2018, 3, 1), date(2018, 4, 1)),
            ("ended", date(2017, 3, 1), date(2017, 4, 1)),
            ("declined", date(2018, 3, 1), date(2018, 3, 2)),
            ("ended", date(2019, 3, 1), date(2019, 4, 1)),
        )
        self.env["buurtbemiddeling.assignment"].create(
            [
                {
                    "case_id": case.id,
                    "volunteer_id": volunteer.id,
                    "state": state,
                    "date_start": start,
                    "date_end": end,
                }
                for case, (state, start, end) in zip(cases, rows, strict=True)
            ]
        )
        facts = self.env["buurtbemiddeling.volunteer.report"]._of_year(2018, date(2018, 12, 31))
        found = facts.search([("company_id", "=", self.company.id)])
        self.assertEqual((found.case_count, found.assignment_count), (2, 1))

    def test_cases_per_mediator(self):
        self.make_cases(12)
        for _i in range(2):
            self.make_volunteer()
        line = self.line(self.compute(2018), "cases_per_mediator")
        self.assertEqual((line.numerator, line.denominator, line.value), (12, 2, 6))
        self.assertEqual(line.value_text, "6.0")

    def test_without_mediators_there_is_no_ratio(self):
        self.make_cases(12)
        line = self.line(self.compute(2018), "cases_per_mediator")
        self.assertEqual((line.numerator, line.denominator, line.value), (12, 0, 0))
        self.assertEqual(line.value_text, "–")

    def test_volunteers_count_where_they_live(self):
        town, other = self.make_area("Town"), self.make_area("Other")
        quarter = self.make_area("Quarter", "neighbourhood", town)
        self.make_volunteer(area_id=quarter.id)
        self.make_volunteer(area_id=other.id)
        self.make_volunteer()
        benchmark = self.compute(2018)
        for code in ("TEST-Town", "TEST-Other", "NONE"):
            self.assertFigures(benchmark, {"volunteers_active": 1}, "municipality", code)
        self.assertFigures(benchmark, {"volunteers_active": 1}, "area", "TEST-Quarter")
        self.assertFalse(self.line(benchmark, "volunteers_active", "tenure", "NONE"))
        only = self.compute(2018, area_ids=[Command.set(town.ids)])
        self.assertFigures(only, {"volunteers_active": 1})

    def test_volunteers_of_other_organisations_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        volunteer = self.make_volunteer(company_id=other.id)
        self.train(volunteer, self.make_session(date(2018, 2, 1), company=other), 2)
        self.assertFigures(self.compute(2018), {"volunteers_active": 0, "trained_hours": 0})

    def test_a_figure_on_volunteers_opens_the_volunteers(self):
        volunteer = self.make_volunteer(active=False)
        self.make_volunteer(start=date(2020, 1, 1))
        action = self.line(self.compute(2018), "volunteers_active").action_open_cases()
        found = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(found.search(action["domain"]), volunteer)


@tagged("post_install", "-at_install")
class TestAreaFigures(SourcesCase):
    def per_10000(self, **values):
        line = self.line(self.compute(2018, **values), "cases_per_10000")
        return line.numerator, line.denominator

    def test_cases_per_10000_inhabitants(self):
        town = self.make_area("Town", inhabitants=20000)
        self.make_project(town)
        self.make_cases(7, area_id=self.make_area("In", "neighbourhood", town).id)
        line = self.line(self.compute(2018), "cases_per_10000")
        self.assertEqual((line.numerator, line.denominator), (7, 20000))
        self.assertAlmostEqual(line.value, 0.00035)
        self.assertEqual(line.value_text, "3.5 per 10,000")

    def test_cases_where_the_inhabitants_are_not_known_do_not_count(self):
        known = self.make_area("Known", inhabitants=10000)
        unknown, elsewhere = self.make_area("Unknown"), self.make_area("Else", inhabitants=9)
        self.make_project(known, unknown)
        for area in (known, unknown, elsewhere):
            self.make_cases(2, area_id=area.id)
        self.make_cases(3)
        self.assertEqual(self.per_10000(), (2, 10000))
        self.assertIn("10,000 inhabitants: 7.", self.compute(2018).remarks)

    def test_without_projects_the_municipalities_of_its_cases_are_served(self):
        town = self.make_area("Town", inhabitants=10000)
        self.make_area("Empty", inhabitants=5000)
        before = self.make_area("Before", inhabitants=300)
        quarter = self.make_area("Quarter", "neighbourhood", town, inhabitants=2000)
        self.make_cases(2, area_id=quarter.id)
        self.make_cases(1, area_id=before.id, registered=date(2017, 1, 1))
        self.assertEqual(self.per_10000(), (2, 10000))

    def test_an_area_inside_another_is_not_counted_twice(self):
        town = self.make_area("Town", inhabitants=10000)
        quarter = self.make_area("Quarter", "neighbourhood", town, inhabitants=2000)
        self.make_project(town)
        self.make_project(quarter, active=False)
        self.make_cases(2, area_id=quarter.id)
        self.assertEqual(self.per_10000(), (2, 10000))
        self.assertEqual(self.per_10000(area_ids=[Command.set(quarter.ids)]), (2, 2000))

    def test_a_project_that_began_later_is_not_served_yet(self):
        town, later = (self.make_area(name, inhabitants=10000) for name in ("Town", "Later"))
        self.make_project(town)
        self.make_project(later, start=date(2019, 1, 1))
        self.make_cases(1, area_id=later.id)
        self.assertEqual(self.per_10000(), (0, 10000))

    def test_two_organisations_in_one_municipality_have_their_own_figure(self):
        town = self.make_area("Town", inhabitants=10000)
        other = self.env["res.company"].create({"name": "Other"})
        self.make_project(town)
        self.make_project(town, company_id=other.id)
        self.make_cases(1, area_id=town.id)
        self.make_cases(4, area_id=town.id, company_id=other.id)
        self.assertEqual(self.per_10000(), (1, 10000))
        self.assertEqual(self.per_10000(company_id=other.id), (4, 10000))


@tagged("post_install", "-at_install")
class TestPlaces(SourcesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old = cls.make_area("Old", inhabitants=10000)
        cls.new = cls.make_area("New", inhabitants=30000)
        cls.quarter = cls.make_area("Quarter", "neighbourhood", cls.old)

    def merge(self):
        self.old.write({"merged_into_id": self.new.id, "merged_on": date(2018, 1, 1)})

    def test_merged_municipality_keeps_its_code_in_the_years_before(self):
        self.make_cases(2, area_id=self.quarter.id, registered=date(2017, 5, 1))
        self.make_cases(1, area_id=self.old.id, registered=date(2017, 5, 1))
        before = self.compute(2017)
        self.merge()
        after = self.compute(2017)
        for benchmark in (before, after):
            self.assertFigures(benchmark, {"cases_registered": 3}, "municipality", "TEST-Old")
        self.assertFigures(after, {"cases_registered": 3, "cases_running": 3})
        self.assertFigures(after, {"cases_per_10000": 3 / 10000})
        self.assertIn("Old became part of New", after.remarks)

    def test_merged_municipality_counts_under_the_new_one_from_that_year_on(self):
        self.merge()
        self.make_cases(2, area_id=self.quarter.id, registered=date(2017, 5, 1))
        self.make_cases(1, area_id=self.old.id)
        self.make_cases(4, area_id=self.new.id)
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_running": 7}, "municipality", "TEST-New")
        self.assertFigures(benchmark, {"cases_running": 2}, "area", "TEST-Quarter")
        self.assertFigures(benchmark, {"cases_running": 5}, "area", "TEST-New")
        self.assertFalse(self.line(benchmark, "cases_running", "municipality", "TEST-Old"))
        for area, count in ((self.new, 7), (self.old, 0), (self.quarter, 2)):
            only = self.compute(2018, area_ids=[Command.set(area.ids)])
            self.assertFigures(only, {"cases_running": count})
        self.assertIn("2018", self.compute(2018, area_ids=[Command.set(self.old.ids)]).remarks)

    def test_a_line_of_a_merged_municipality_opens_its_cases(self):
        self.merge()
        self.make_cases(2, area_id=self.quarter.id)
        line = self.line(self.compute(2018), "cases_registered", "municipality", "TEST-New")
        action = line.action_open_cases()
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count(action["domain"]), 2)

    def test_two_mergers_in_a_row(self):
        self.merge()
        last = self.make_area("Last")
        self.new.write({"merged_into_id": last.id, "merged_on": date(2019, 1, 1)})
        self.make_cases(1, area_id=self.quarter.id, registered=date(2017, 5, 1))
        for year, code in ((2017, "Old"), (2018, "New"), (2019, "Last")):
            self.assertFigures(
                self.compute(year), {"cases_running": 1}, "municipality", f"TEST-{code}"
            )

    def test_served_areas_follow_a_merger(self):
        self.make_project(self.old, self.new)
        self.make_cases(1, area_id=self.quarter.id)
        self.make_cases(1, area_id=self.new.id)
        self.merge()
        line = self.line(self.compute(2018), "cases_per_10000")
        self.assertEqual((line.numerator, line.denominator), (2, 30000))

    def test_case_moved_to_another_municipality_counts_once_where_it_is_now(self):
        (case,) = self.make_cases(1, area_id=self.quarter.id)
        case.area_id = self.new
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_registered": 1})
        self.assertFigures(benchmark, {"cases_registered": 1}, "municipality", "TEST-New")
        self.assertFalse(self.line(benchmark, "cases_registered", "municipality", "TEST-Old"))

    def test_wrong_mergers_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "same kind"), self.env.cr.savepoint():
            self.quarter.write({"merged_into_id": self.new.id, "merged_on": date(2018, 1, 1)})
        self.merge()
        with self.assertRaisesRegex(ValidationError, "itself"), self.env.cr.savepoint():
            self.new.write({"merged_into_id": self.old.id, "merged_on": date(2018, 1, 1)})
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "complete"):
            with self.env.cr.savepoint():
                self.old.merged_on = False
                self.env.flush_all()

    def test_a_year_half_over_says_so(self):
        self.make_cases(1)
        self.assertIn("06/30/2018", self.compute(2018, reference_date=date(2018, 6, 30)).remarks)
        self.assertNotIn("not over", self.compute(2018).remarks)

    def test_a_year_with_nothing_says_so(self):
        self.assertIn("Nothing was recorded in 2016", self.compute(2016).remarks)
