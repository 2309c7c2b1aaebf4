"""Figures of a project: part of those of the organisation, and all projects together all of it."""

import json
from collections import Counter
from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FiguresCase

YEAR = 2018
#: None: the project that serves the area; else what a coordinator made of it, 0 for none
CORRECTED = st.sampled_from([None, None, None, 0, 1, 2])
CASE = st.fixed_dictionaries(
    {
        "registered": st.dates(date(YEAR - 1, 9, 1), date(YEAR, 12, 31)),
        "open_for": st.none() | st.integers(0, 200),
        "outcome": st.integers(0, 14),
        "place": st.integers(0, 3),
        "project": CORRECTED,
        "referrer": st.integers(0, 3),
        "nuisances": st.sets(st.integers(0, 4), max_size=2),
        "parties": st.sampled_from(["", "a", "ab"]),
        "quarrel": st.sampled_from([False, "weeks", "years"]),
    }
)
VOLUNTEER = st.fixed_dictionaries(
    {
        "start": st.none() | st.dates(date(YEAR - 1, 6, 1), date(YEAR, 12, 31)),
        "stays": st.none() | st.integers(0, 300),
        "place": st.integers(0, 3),
        "project": CORRECTED,
    }
)


class ProjectCase(FiguresCase):
    """Three towns, of which two projects serve the first two."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.towns = [
            cls.make_area(name, inhabitants=count)
            for name, count in (("North", 30000), ("South", 20000), ("East", 10000))
        ]
        cls.north, cls.south = (
            cls.make_project(town.name, town, date_start=date(2010, 1, 1)) for town in cls.towns[:2]
        )

    @classmethod
    def make_project(cls, name, areas, **values):
        return cls.env["buurtbemiddeling.project"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "area_ids": [(6, 0, areas.ids)],
                **values,
            }
        )

    @classmethod
    def make_volunteer(cls, name, **values):
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": name}).id,
                "company_id": cls.company.id,
                **values,
            }
        )

    def compute_project(self, project, **values):
        return self.compute(project_id=project.id, **values)


@tagged("post_install", "-at_install")
class TestProjectsAddUp(ProjectCase):
    def make_world(self, cases, volunteers):
        self.env = self.env(context={**self.env.context, "import_file": True})
        places = [self.env["buurtbemiddeling.area"], *self.towns]
        projects = [self.env["buurtbemiddeling.project"], self.north, self.south]
        outcomes = self.env["buurtbemiddeling.outcome"].search([])
        referrers = self.env["buurtbemiddeling.referrer.type"].search([])
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([])

        def corrected(spec):
            return {} if spec is None else {"project_id": projects[spec].id}

        vals_list = []
        for case in cases:
            vals = {
                "company_id": self.company.id,
                "registration_date": case["registered"],
                "area_id": places[case["place"]].id,
                "referrer_type_id": case["referrer"] and referrers[case["referrer"]].id,
                "nuisance_type_ids": [(6, 0, [nuisances[i].id for i in case["nuisances"]])],
                "quarrel_duration": case["quarrel"],
                "party_ids": [(0, 0, {"side": side}) for side in case["parties"]],
                **corrected(case["project"]),
            }
            if case["open_for"] is not None:
                vals.update(
                    stage_id=self.closed.id,
                    close_date=case["registered"] + timedelta(days=case["open_for"]),
                    outcome_id=case["outcome"] and outcomes[case["outcome"] - 1].id,
                )
            vals_list.append(vals)
        self.env["buurtbemiddeling.case"].create(vals_list)
        for index, spec in enumerate(volunteers):
            start, stays = spec["start"], spec["stays"]
            self.make_volunteer(
                f"Volunteer {index}",
                date_start=start,
                date_end=start and stays is not None and start + timedelta(days=stays),
                area_id=places[spec["place"]].id,
                **corrected(spec["project"]),
            )

    def count(self, lines):
        """Return ``{place and figure: numbers}`` of figures that add up; no share is one itself."""
        counts = Counter()
        for line in lines:
            indicator = line.indicator_id
            place = (line.dimension or "", line.dimension_code or "", indicator.code)
            counts[*place, "numerator"] += line.numerator
            if indicator.kind in ("share", "ratio"):
                counts[*place, "denominator"] += line.denominator
            elif indicator.kind == "total":
                counts[*place, "value"] += round(line.value, 6)
        return +counts

    def measure_rest(self, whole):
        """Return the lines of what falls under no project, by the one way to measure."""
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        scopes = {
            source: scope & Domain("project_id", "=", False)
            for source, scope in whole._get_scopes().items()
            if source != "area"
        }
        rows = whole.line_ids.indicator_id._measure(
            whole._get_facts(), scopes, [(), *(each._get_field_names() for each in dimensions)]
        )
        values_list = [
            whole._prepare_line(indicator, figure) for indicator, figure in rows[0][3].items()
        ]
        for index, dimension in enumerate(dimensions, start=1):
            values_list += whole._prepare_breakdown(
                dimension, [row[1:] for row in rows if row[0] == index]
            )
        lines = self.env["buurtbemiddeling.benchmark.line"]
        return lines.concat(*(lines.new({**v, "benchmark_id": False}) for v in values_list))

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=8,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(CASE, min_size=3, max_size=20), st.lists(VOLUNTEER, max_size=5))
    def test_projects_and_what_falls_under_none_are_the_organisation(self, cases, volunteers):
        """Every number of cases, residents, volunteers and hours, in total and in every row of
        every breakdown, and the two numbers of every share and of cases per mediator. What is per
        inhabitant has areas of its own; medians do not add up, how many cases they are of does."""
        with self.env.cr.savepoint() as savepoint:
            self.make_world(cases, volunteers)
            whole = self.compute()
            parts = [self.compute_project(project) for project in (self.north, self.south)]
            together = self.count(self.measure_rest(whole))
            for part in parts:
                together += self.count(part.line_ids)

            def without_inhabitants(counts):
                # a row of a ratio is left out where it has no base: those of mediators have one
                # in the organisation and perhaps not in the project
                return {
                    place: count
                    for place, count in counts.items()
                    if not place[2].startswith("cases_per") or (not place[0] and "medi" in place[2])
                }

            expected = without_inhabitants(self.count(whole.line_ids))
            self.assertTrue(expected)
            self.assertEqual(without_inhabitants(together), expected)
            for project, part in zip((self.north, self.south), parts, strict=True):
                rows = self.count(
                    whole.line_ids.filtered(
                        lambda line, code=str(project.id): (
                            line.dimension == "project" and line.dimension_code == code
                        )
                    )
                )
                totals = self.count(part.line_ids.filtered(lambda line: not line.dimension))
                rows = {place[2:]: count for place, count in rows.items()}
                totals = {
                    place[2:]: count
                    for place, count in totals.items()
                    if not place[2].startswith("cases_per")
                }
                rows = {key: n for key, n in rows.items() if not key[0].startswith("cases_per")}
                self.assertEqual(rows, totals, "the row of a project is its own benchmark")
            savepoint.rollback()
        self.env.invalidate_all()


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


@tagged("post_install", "-at_install")
class TestProjectTargets(ProjectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registered = cls.env.ref("buurtbemiddeling_report.indicator_cases_registered")

    def make_target(self, amount=10, **values):
        return self.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": self.registered.id,
                "amount": amount,
                "year": 2018,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_a_target_of_a_project_is_measured_on_the_project(self):
        self.make_cases(12, area_id=self.towns[0].id)
        self.make_cases(7)
        mine, all_of_it = self.make_target(project_id=self.north.id), self.make_target()
        self.assertEqual((mine.place, all_of_it.place), ("North", "Figures BV"))
        self.assertEqual((mine.actual, all_of_it.actual), (12, 19))
        rate = self.make_target(
            2,
            project_id=self.north.id,
            indicator_id=self.env.ref("buurtbemiddeling_report.indicator_cases_per_10000").id,
        )
        self.assertEqual(rate.actual_text, "4.0 per 10,000", "12 of 30,000")

    def test_a_frozen_year_counts_for_the_target_of_a_project(self):
        cases = self.make_cases(12, area_id=self.towns[0].id)
        target = self.make_target(project_id=self.north.id)
        self.compute().action_freeze()
        cases[0].project_id = self.south
        self.env.invalidate_all()
        self.assertEqual(target.actual, 12, "its row in the frozen figures")
        self.compute_project(self.north).action_freeze()
        self.env.invalidate_all()
        self.assertEqual(target.actual, 11, "its own frozen figures")

    def test_a_target_is_about_a_project_or_a_municipality(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.make_target(project_id=self.north.id, municipality_id=self.towns[0].id)

    def test_one_target_for_a_figure_year_and_project(self):
        self.make_target()
        self.make_target(project_id=self.north.id)
        self.make_target(project_id=self.south.id)
        self.make_target(municipality_id=self.towns[0].id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.cr.savepoint(),
        ):
            self.make_target(project_id=self.north.id)

    def test_next_year_the_target_is_that_of_the_project_too(self):
        target = self.make_target(project_id=self.north.id)
        target.action_copy_to_next_year()
        target.action_copy_to_next_year()
        new = target.search([("year", "=", 2019), ("company_id", "=", self.company.id)])
        self.assertEqual((len(new), new.project_id), (1, self.north))

    def test_a_target_without_a_figure_has_no_unit_and_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "choose a figure. Its unit"):
            self.make_target(indicator_id=False)

    def test_key_figures_of_a_project_stand_next_to_its_targets(self):
        self.make_cases(12, area_id=self.towns[0].id)
        self.make_target(99)
        self.make_target(15, project_id=self.north.id)
        comparison = self.compute_project(self.north)._get_comparison()
        self.assertEqual(comparison["cases_registered"].target, 15)

    @freeze_time("2019-02-02")
    def test_a_report_of_a_project_has_its_figures_and_the_next_is_of_it_too(self):
        self.make_cases(12, area_id=self.towns[0].id, outcome="OPG_BEM")
        self.make_cases(7, date(2018, 3, 1))
        reports = self.env["buurtbemiddeling.year.report"]
        whole = reports.create({"kind": "annual", "year": 2018, "company_id": self.company.id})
        report = reports.create(
            {
                "kind": "annual",
                "year": 2018,
                "company_id": self.company.id,
                "project_id": self.north.id,
            }
        )
        self.assertEqual(report.name, "Annual report 2018, North")
        self.assertEqual(report.benchmark_id.project_id, self.north)
        self.assertEqual(
            [self.line(each.benchmark_id, "cases_registered").value for each in (report, whole)],
            [12, 19],
        )
        with self.assertRaisesRegex(ValidationError, "place or project"):
            report.benchmark_id = whole.benchmark_id
        report._finalize()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "buurtbemiddeling_report.report_year_report", report.ids
        )[0].decode()  # fmt: skip
        self.assertIn("Project North", html)
        again = reports.browse(report.action_correct()["res_id"])
        self.assertEqual((again.project_id, again.state), (self.north, "draft"))
        self.assertEqual(
            reports.browse(report.action_new_annual()["res_id"]).project_id, self.north
        )
