"""Figures of a project: part of those of the organisation, and all projects together all of it."""

import json
from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_project_figures import ProjectCase


@tagged("post_install", "-at_install")
class TestProjectFigures(ProjectCase):
    def test_a_case_counts_under_the_project_that_it_says(self):
        self.make_cases(4, area_id=self.towns[0].id)
        self.make_cases(1, area_id=self.towns[0].id, project_id=self.south.id)
        self.make_cases(2)
        figures = [
            self.line(self.compute(**values), "cases_registered").value
            for values in (
                {},
                {"project_id": self.north.id},
                {"project_id": self.south.id},
                {"area_ids": [(6, 0, self.towns[0].ids)]},
            )
        ]
        self.assertEqual(figures, [7, 4, 1, 5])

    def test_volunteers_count_under_their_project(self):
        start = date(2017, 1, 1)
        self.make_volunteer("N", date_start=start, area_id=self.towns[0].id)
        self.make_volunteer("S", date_start=start, area_id=self.towns[0].id).project_id = self.south
        self.make_volunteer("-", date_start=start)
        self.make_cases(6, area_id=self.towns[0].id)
        north, south = (self.compute_project(each) for each in (self.north, self.south))
        self.assertFigures(north, {"volunteers_active": 1, "cases_per_mediator": 6})
        self.assertFigures(south, {"volunteers_active": 1, "cases_per_mediator": 0})
        whole = self.compute()
        self.assertFigures(whole, {"volunteers_active": 3, "cases_per_mediator": 2})
        self.assertFigures(
            whole, {"volunteers_active": 1, "cases_registered": 6}, "project", str(self.north.id)
        )

    def per_inhabitant(self, **values):
        line = self.line(self.compute(**values), "cases_per_10000")
        return line.numerator, line.denominator

    def test_inhabitants_of_projects_with_areas_of_their_own_add_up(self):
        for town in self.towns:
            self.make_cases(3, area_id=town.id)
        self.assertEqual(self.per_inhabitant(), (6, 50000))
        self.assertEqual(self.per_inhabitant(project_id=self.north.id), (3, 30000))
        self.assertEqual(self.per_inhabitant(project_id=self.south.id), (3, 20000))

    def test_inhabitants_of_projects_inside_one_another_do_not_add_up(self):
        """The explanation says so: each counts all who live in its areas, the whole counts once."""
        quarter = self.make_area("Quarter", "neighbourhood", self.towns[0], inhabitants=5000)
        inside = self.make_project("Quarter", quarter, date_start=date(2010, 1, 1))
        self.make_cases(2, area_id=quarter.id)
        self.make_cases(4, area_id=self.towns[0].id)
        self.assertEqual(self.per_inhabitant(), (6, 50000))
        self.assertEqual(self.per_inhabitant(project_id=self.north.id), (4, 30000))
        self.assertEqual(self.per_inhabitant(project_id=inside.id), (2, 5000))
        explanation = self.env.ref("buurtbemiddeling_report.indicator_cases_per_10000").explanation
        self.assertIn("projects", explanation)

    def test_a_project_that_ended_before_the_year_serves_nobody_in_it(self):
        self.south.date_end = date(2017, 12, 31)
        self.make_cases(3, area_id=self.towns[0].id)
        self.make_cases(2, area_id=self.towns[1].id, project_id=self.south.id)
        self.assertEqual(self.per_inhabitant(), (3, 30000))
        self.assertEqual(self.per_inhabitant(project_id=self.south.id), (0, 0))
        self.assertEqual(self.per_inhabitant(year=2017)[1], 50000)

    def test_a_project_keeps_the_inhabitants_of_a_municipality_that_merged(self):
        """It takes cases of that one only; the organisation serves what it became."""
        north, south, east = self.towns
        for town, count in ((north, 6), (south, 4)):
            self.make_cases(count, area_id=town.id)
        north.write({"merged_into_id": south.id, "merged_on": date(2018, 1, 1)})
        south.inhabitants = 50000
        self.assertEqual(self.per_inhabitant(project_id=self.north.id), (6, 30000))
        self.assertEqual(self.per_inhabitant(project_id=self.south.id), (4, 50000))
        self.assertEqual(self.per_inhabitant(), (10, 50000))
        both = self.make_project("Both", north + east, date_start=date(2010, 1, 1), active=False)
        self.make_cases(3, area_id=east.id, project_id=both.id)
        self.assertEqual(self.per_inhabitant(project_id=both.id), (3, 40000))
        both.area_ids |= south
        self.assertEqual(self.per_inhabitant(project_id=both.id), (3, 60000), "north in south")
        south.write({"merged_into_id": east.id, "merged_on": date(2018, 6, 1)})
        both.area_ids = north + east
        self.assertEqual(self.per_inhabitant(project_id=both.id), (3, 10000), "two in a row")
        north.inhabitants = 0
        self.assertEqual(self.per_inhabitant(project_id=self.north.id), (0, 0), "not known")

    def test_a_part_of_the_year_is_about_all_inhabitants_and_says_so(self):
        self.north.date_end = date(2018, 3, 31)
        self.make_project("Next", self.towns[0], date_start=date(2018, 4, 1))
        self.make_cases(3, date(2018, 2, 1), area_id=self.towns[0].id)
        self.make_cases(9, area_id=self.towns[0].id)
        self.assertEqual(self.per_inhabitant(project_id=self.north.id), (3, 30000))
        explanation = self.env.ref("buurtbemiddeling_report.indicator_cases_per_10000").explanation
        self.assertIn("began or ended during the year", explanation)

    def test_medians_do_not_add_up_but_are_taken_of_all_cases(self):
        for town, days in ((self.towns[0], 10), (self.towns[1], 90)):
            self.make_cases(
                3, area_id=town.id, outcome="OPG_BEM", closed=date(2018, 5, 1) + timedelta(days)
            )
        figures = [
            self.line(self.compute(**values), "own_days_median")
            for values in ({}, {"project_id": self.north.id}, {"project_id": self.south.id})
        ]
        self.assertEqual([line.value for line in figures], [50, 10, 90])
        self.assertEqual([line.denominator for line in figures], [6, 3, 3])

    def test_measuring_without_a_benchmark_knows_the_project(self):
        self.make_cases(4, area_id=self.towns[0].id)
        self.make_cases(3)
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        asked = (self.company, 2018, date(2018, 12, 31))
        self.assertEqual(indicator._measure_total(*asked)[indicator].value, 7)
        found = indicator._measure_total(*asked, project=self.north)
        self.assertEqual(found[indicator].value, 4)

    # Scope

    def test_figures_are_about_a_project_or_about_areas(self):
        with self.assertRaisesRegex(ValidationError, "a project or about areas, not both"):
            self.compute_project(self.north, area_ids=[(6, 0, self.towns[0].ids)])

    def test_another_project_is_other_figures(self):
        self.make_cases(2, area_id=self.towns[0].id)
        benchmark = self.compute_project(self.north)
        self.assertEqual(benchmark.name, "2018 (31-12-2018) North")
        self.assertEqual(set(benchmark.line_ids.project_id), {self.north})
        benchmark.project_id = self.south
        self.assertFalse(benchmark.line_ids)
        self.assertFalse(benchmark.computed_on)

    def test_a_project_of_another_organisation_is_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["buurtbemiddeling.project"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "belongs to another company|Incompatible"):
            self.compute_project(theirs)

    def test_project_and_organisation_are_frozen_apart_and_each_once(self):
        self.make_cases(9, area_id=self.towns[0].id)
        whole, north = self.compute(), self.compute_project(self.north)
        whole.action_freeze()
        north.action_freeze()
        self.assertEqual(north.release_ids.project_id, self.north)
        with self.assertRaisesRegex(UserError, "frozen already"):
            self.compute_project(self.north).action_freeze()
        new = north.browse(north.action_new_version()["res_id"])
        self.assertEqual((new.version, new.project_id), (2, self.north))
        with self.assertRaisesRegex(UserError, "areas and project stay the same"):
            new.project_id = self.south

    def test_a_case_that_moved_to_another_project_explains_the_difference(self):
        cases = self.make_cases(9, area_id=self.towns[0].id)
        north = self.compute_project(self.north)
        cases[0].project_id = self.south
        north.action_check()
        difference = north.difference_ids.filtered(
            lambda each: each.indicator_code == "cases_registered" and not each.dimension
        )
        self.assertEqual((difference.value_then, difference.value_now), (9, 8))
        self.assertIn("project_id", json.dumps(difference.causes))

    def test_last_year_of_a_project_is_that_of_the_project(self):
        self.make_cases(5, date(2017, 3, 1), area_id=self.towns[0].id)
        self.make_cases(8, date(2017, 3, 1), area_id=self.towns[1].id)
        self.make_cases(6, area_id=self.towns[0].id)
        before = self.compute_project(self.north, year=2017)
        self.compute(2017)
        now = self.compute_project(self.north)
        self.assertEqual(now._get_year_before(), before)
        comparison = now._get_comparison()["cases_registered"]
        self.assertEqual(comparison.previous, 5)
        before.unlink()
        comparison = now._get_comparison()["cases_registered"]
        self.assertEqual(comparison.previous, 5, "measured from the facts")

    def test_a_project_in_one_municipality_has_its_size(self):
        classes = self.env["buurtbemiddeling.size.class"]
        expected = classes._of_inhabitants(30000)
        self.assertEqual(self.compute_project(self.north)._get_size_class(), expected)

    def test_files_say_which_project(self):
        self.make_cases(20, area_id=self.towns[0].id)
        north = self.compute_project(self.north)
        content = json.loads(north._render_json())
        self.assertEqual(content["project"], "North")
        head, first = (
            row.split(";") for row in north._render_csv().decode("utf-8-sig").splitlines()[:2]
        )
        self.assertEqual(first[head.index("Project")], "North")
        layout = self.env.ref("buurtbemiddeling_report.layout_full")
        reader = north._get_output_reader(layout, False)
        self.assertIn("North", north._get_output_notes(reader, False)[0])
        self.assertIn("North", north._get_case_file_notice())

    def test_missing_data_of_a_project_are_those_of_its_cases(self):
        self.make_cases(2, area_id=self.towns[0].id)
        self.make_cases(3, area_id=self.towns[1].id)
        north = self.compute_project(self.north)
        action = north.action_open_missing()
        rows = self.env["buurtbemiddeling.missing.fact"].with_context(**action["context"])
        self.assertEqual(rows.search(action["domain"]).case_id.project_id, self.north)

    def test_project_page_leads_to_figures_and_targets_and_fills_in_the_project(self):
        self.make_cases(6, area_id=self.towns[0].id)
        self.compute()
        benchmark = self.compute_project(self.north)
        self.assertEqual(self.north.benchmark_count, 1)
        action = self.north.action_open_benchmarks()
        model = self.env[action["res_model"]].with_context(**action["context"])
        self.assertEqual(model.search(action["domain"]), benchmark)
        self.assertEqual(Form(model).save().project_id, self.north)
        tiles = self.north.action_open_key_figures()
        self.assertEqual(tiles["context"]["searchpanel_default_benchmark_id"], benchmark.id)
        lines = self.env[tiles["res_model"]].search(tiles["domain"])
        self.assertEqual(lines.benchmark_id, benchmark)

    def test_tiles_of_the_organisation_are_not_those_of_a_project(self):
        whole = self.compute()
        self.compute_project(self.north)
        lines = self.env["buurtbemiddeling.benchmark.line"]
        context = lines.action_open_dashboard()["context"]
        self.assertEqual(context["searchpanel_default_benchmark_id"], whole.id)

    def test_projects_stand_side_by_side_each_with_its_newest_figures(self):
        self.compute(2018)
        self.compute_project(self.north, year=2017)
        newest = [self.compute_project(each) for each in (self.north, self.south)]
        action = self.env["buurtbemiddeling.benchmark.line"].action_open_projects()
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(lines.benchmark_id), set(newest))
