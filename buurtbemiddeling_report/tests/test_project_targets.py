from collections import Counter
from datetime import date, timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_project_figures import ProjectCase

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
