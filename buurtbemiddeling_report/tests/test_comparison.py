from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.buurtbemiddeling_benchmark_comparison_mixin import Comparison
from .common_target import TargetCase


@tagged("post_install", "-at_install")
class TestComparison(TargetCase):
    """A benchmark next to earlier years, the country, a size class and the own targets."""

    def compare(self, benchmark, code):
        return benchmark._get_comparison()[code]

    def test_earlier_years_are_measured_from_the_facts(self):
        self.make_cases(4, date(2016, 5, 1), "OPG_BEM")
        self.make_cases(3, date(2017, 5, 1), "OPG_BEM")
        self.make_cases(1, date(2017, 5, 1), "NIET_OPG")
        self.make_cases(9, date(2018, 5, 1))
        benchmark = self.compute(2018)
        registered = self.compare(benchmark, "cases_registered")
        self.assertEqual((registered.previous, registered.before), (4, 4))
        solved = self.compare(benchmark, "success_of_handled")
        self.assertEqual((solved.previous, solved.before), (0.75, 1.0))
        last_year = self.compute(2017)
        for line in last_year.line_ids.filtered(lambda line: not line.dimension):
            if line.indicator_id.kind == "count" or line.denominator and line.value:
                found = self.compare(benchmark, line.indicator_code).previous
                self.assertAlmostEqual(found, line.value, msg=line.indicator_code)

    def test_a_year_with_nothing_is_none_counted_and_no_share(self):
        self.make_cases(1)
        benchmark = self.compute(2018)
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 0)
        self.assertIsNone(self.compare(benchmark, "success_of_handled").previous)
        self.assertIsNone(self.compare(benchmark, "own_days_median").previous)

    def test_half_a_year_is_compared_with_the_same_half(self):
        for year in (2024, 2025):
            self.make_cases(2, date(year, 3, 1), "OPG_BEM", closed=date(year, 6, 30))
            self.make_cases(3, date(year, 5, 1), "OPG_BEM", closed=date(year, 7, 1))
            self.make_cases(5, date(year, 7, 1))
        self.make_cases(1, date(2026, 5, 1))
        with freeze_time("2026-06-30 12:00:00"):
            benchmark = self.compute(2026, reference_date=date(2026, 6, 30))
            registered = self.compare(benchmark, "cases_registered")
            self.assertEqual((registered.previous, registered.before), (5, 5))
            self.assertEqual(self.compare(benchmark, "cases_positive").previous, 2)
            line = self.line(benchmark, "cases_registered")
            self.assertEqual(
                line.comparison_note,
                "National figure: own calculation. Earlier years up to the same day, 30 June.",
            )

    def test_the_reference_date_of_june_asked_in_autumn_knows_the_cases_of_summer(self):
        """As in the year itself: registered is all that came in, results are those of June."""
        self.make_cases(2, date(2025, 3, 1), "OPG_BEM", closed=date(2025, 8, 1))
        self.make_cases(3, date(2025, 8, 1))
        self.make_cases(4, date(2025, 12, 1))
        self.make_cases(6, date(2026, 8, 1))
        with freeze_time("2026-10-01 12:00:00"):
            benchmark = self.compute(2026, reference_date=date(2026, 6, 30))
            self.assertFigures(benchmark, {"cases_registered": 6})
            self.assertEqual(self.compare(benchmark, "cases_registered").previous, 5)
            self.assertEqual(self.compare(benchmark, "cases_running").previous, 5)

    def test_a_reference_date_to_come_is_today(self):
        self.make_cases(2, date(2025, 3, 1))
        self.make_cases(3, date(2025, 8, 1))
        self.make_cases(1, date(2026, 3, 1))
        with freeze_time("2026-06-30 12:00:00"):
            benchmark = self.compute(2026)
            self.assertEqual(self.compare(benchmark, "cases_registered").previous, 2)

    def test_the_day_before_a_leap_day_stands_for_it(self):
        self.make_cases(2, date(2027, 2, 28))
        self.make_cases(3, date(2027, 3, 1))
        with freeze_time("2028-02-29 12:00:00"):
            benchmark = self.compute(2028, reference_date=date(2028, 2, 29))
            self.assertEqual(self.compare(benchmark, "cases_registered").previous, 2)

    def test_a_frozen_year_stays_what_it_was(self):
        self.make_cases(4, date(2017, 5, 1))
        concept = self.compute(2017)
        self.make_cases(1, date(2017, 5, 1))
        benchmark = self.compute(2018)
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 5)
        concept.action_compute()
        concept.action_freeze()
        self.make_cases(1, date(2017, 5, 1))
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 5)

    def test_the_last_version_of_a_frozen_year_counts(self):
        self.make_cases(4, date(2017, 5, 1))
        first = self.compute(2017)
        first.action_freeze()
        self.make_cases(1, date(2017, 5, 1))
        self.freeze_new_version(first)
        self.make_cases(1, date(2017, 5, 1))
        self.assertEqual(self.compare(self.compute(2018), "cases_registered").previous, 5)

    def test_a_frozen_year_of_another_scope_or_part_is_not_compared_with(self):
        self.make_cases(4, date(2017, 5, 1), area_id=self.north.id)
        self.make_cases(2, date(2017, 8, 1))
        for values in (
            {"area_ids": [(6, 0, self.north.ids)]},
            {"reference_date": date(2017, 6, 30)},
        ):
            self.compute(2017, **values).action_freeze()
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids |= other
        self.compute(2017, company_id=other.id).action_freeze()
        self.make_cases(1, date(2017, 5, 1))
        benchmark = self.compute(2018)
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 7)
        self.assertEqual(self.compare(benchmark, "cases_running").previous, 7)

    def test_another_definition_in_an_earlier_year_is_said(self):
        self.make_cases(4, date(2017, 5, 1))
        frozen = self.compute(2017)
        frozen.action_freeze()
        indicator = self.indicator("cases_registered")
        indicator.numerator_domain = "[('is_registered', '=', True), ('is_closed', 'in', [0, 1])]"
        benchmark = self.compute(2018)
        self.assertTrue(self.compare(benchmark, "cases_registered").is_other_version)
        self.assertFalse(self.compare(benchmark, "cases_closed").is_other_version)
        self.assertIn(
            "definition was another one", self.line(benchmark, "cases_registered").comparison_note
        )
        self.assertFalse(self.line(benchmark, "cases_closed").comparison_note)

    def test_a_national_figure_of_another_base_is_said(self):
        self.make_cases(4, date(2023, 5, 1), "OPG_BEM")
        benchmark = self.compute(2023)
        same = self.line(benchmark, "success_of_handled")
        self.assertEqual((same.national_text, same.comparison_note), ("71 % (2023)", False))
        closed = self.line(benchmark, "success_of_closed")
        self.assertFalse(closed.national_text)
        self.assertEqual(
            closed.comparison_note,
            "The national figure has another base: Solved, of handled cases.",
        )
        self.assertIsNone(self.compare(benchmark, "success_of_closed").national)
        self.assertFalse(self.compare(benchmark, "success_of_closed").national_reference)
        target = self.make_target("success_of_closed", 70, 2023)
        self.assertFalse(target.national_text or target.national)
        sheet = self.env["buurtbemiddeling.layout.sheet"].search(
            [("kind", "=", "comparison")], limit=1
        )
        sheet.column_ids = False
        reader = benchmark._make_reader(benchmark.line_ids, benchmark.line_ids)
        (page,) = benchmark._prepare_comparison_sheets(sheet, reader, public=False)
        place = page.columns.index("The country")
        self.assertEqual(page.columns[place + 1], "Published for")
        rows = {row[0]: row[place : place + 2] for row in page.rows}
        self.assertEqual(rows["Solved, of handled cases"], ((0.71, "percent"), "2023"))
        self.assertEqual(rows["Solved, of closed cases"], ((None, "percent"), ""))
        comparison = self.compare(benchmark, "success_of_handled")
        self.assertAlmostEqual(comparison.national, 0.71)
        self.assertIn("surplus.nl", comparison.national_reference.source)
        self.assertIsNone(self.compare(benchmark, "own_days_median").national)

    def test_a_rate_of_a_part_of_the_year_is_not_put_beside_one_of_a_whole_year(self):
        self.make_cases(4, date(2023, 3, 1), area_id=self.north.id)
        whole = self.compute(2023)
        self.assertTrue(self.line(whole, "cases_per_10000").national_text)
        values = {"reference_date": date(2023, 6, 10), "is_to_date": True}
        part = self.compute(2023, **values)
        line = self.line(part, "cases_per_10000")
        self.assertFalse(line.national_text)
        self.assertIn("is of a whole year", line.comparison_note)
        self.assertIsNone(self.compare(part, "cases_per_10000").national)
        self.assertTrue(self.compare(part, "cases_registered").rate_reference)
        self.assertTrue(self.compare(part, "success_of_handled").national_reference)

    def test_one_municipality_is_compared_with_those_of_its_size(self):
        self.make_cases(4, date(2016, 5, 1), area_id=self.north.id)
        north, south, both = (
            self.compute(2016, area_ids=[(6, 0, areas.ids)])
            for areas in (self.north, self.south, self.north + self.south)
        )
        comparison = self.compare(north, "cases_registered")
        self.assertEqual(comparison.size_class, 82)
        self.assertIn("welzijncapelle", comparison.size_class_reference.source)
        self.assertEqual(self.line(north, "cases_registered").size_class_text, "82 (2016)")
        for benchmark in (south, both, self.compute(2016)):
            self.assertIsNone(self.compare(benchmark, "cases_registered").size_class)

    def test_the_target_of_the_same_place_is_compared_with(self):
        self.make_target("cases_registered", 110, 2018)
        self.make_target("cases_registered", 25, 2018, municipality_id=self.north.id)
        self.make_target("success_of_handled", 70, 2018)
        self.make_cases(1)
        self.assertEqual(self.compare(self.compute(2018), "cases_registered").target, 110)
        line = self.line(self.compute(2018), "success_of_handled")
        self.assertEqual(line.target_text, "70.0 %")
        benchmark = self.compute(2018, area_ids=[(6, 0, self.north.ids)])
        self.assertEqual(self.compare(benchmark, "cases_registered").target, 25)
        self.assertIsNone(self.compare(benchmark, "success_of_handled").target)

    def test_a_municipality_that_merged_is_compared_with_its_predecessors(self):
        self.south.write({"merged_into_id": self.north.id, "merged_on": date(2018, 1, 1)})
        self.make_cases(3, date(2017, 3, 1), area_id=self.south.id)
        self.make_cases(4, date(2017, 3, 1), area_id=self.north.id)
        alone = self.compute(2017, area_ids=[(6, 0, self.north.ids)])
        alone.action_freeze()
        benchmark = self.compute(2018, area_ids=[(6, 0, self.north.ids)])
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 7)
        self.assertEqual(self.compare(alone, "cases_registered").previous, 0)
        together = self.compute(2017, area_ids=[(6, 0, (self.north + self.south).ids)])
        together.action_freeze()
        self.make_cases(1, date(2017, 3, 1), area_id=self.north.id)
        self.assertEqual(self.compare(benchmark, "cases_registered").previous, 7)

    def test_a_series_runs_from_old_to_new_with_the_year_itself_as_computed(self):
        for year, count in ((2016, 2), (2017, 3), (2018, 4)):
            self.make_cases(count, date(year, 5, 1), "OPG_BEM")
        benchmark = self.compute(2018)
        self.make_cases(1, date(2018, 5, 1))
        self.assertEqual(
            benchmark._get_series(
                ["cases_registered", "success_of_handled"], [2018, 2015, 2017, 2016]
            ),
            {
                "cases_registered": [(2015, 0), (2016, 2), (2017, 3), (2018, 4)],
                "success_of_handled": [(2015, None), (2016, 1.0), (2017, 1.0), (2018, 1.0)],
            },
        )

    def test_figures_only_sees_the_comparison_without_what_tells_a_small_number(self):
        west = self.make_area("West")
        for year, north in ((2016, 12), (2017, 3), (2018, 14)):
            self.make_cases(north, date(year, 5, 1), area_id=self.north.id)
            self.make_cases(15, date(year, 5, 1), area_id=self.south.id)
            self.make_cases(30, date(year, 5, 1), area_id=west.id)
        for place, before in ((self.north, 12), (self.south, 15)):
            benchmark = self.compute(2018, area_ids=[(6, 0, place.ids)])
            self.env.invalidate_all()
            theirs = benchmark.with_user(self.reporting)
            comparison = self.compare(theirs, "cases_registered")
            self.assertEqual((comparison.previous, comparison.before), (None, before))
            line = self.line(theirs, "cases_registered")
            self.assertEqual((line.last_year_text, line.before_text), ("hidden", str(before)))
            series = theirs._get_series(["cases_registered"], [2016, 2017, 2018])
            self.assertEqual(
                series, {"cases_registered": [(2016, before), (2017, None), (2018, line.value)]}
            )
        mine = benchmark.with_user(self.coordinator)
        self.assertEqual(self.compare(mine, "cases_registered").previous, 15)
        self.assertEqual(self.line(mine, "cases_registered").last_year_text, "15")

    def test_figures_only_sees_no_line_of_a_part_that_tells_a_small_number(self):
        west = self.make_area("West")
        for place, count in ((self.north, 3), (self.south, 12), (west, 30)):
            self.make_cases(count, area_id=place.id)
        whole = self.compute(2018).with_user(self.reporting)
        self.assertFigures(whole, {"cases_registered": 45})
        for place, is_seen in ((self.north, False), (self.south, False), (west, True)):
            part = self.compute(2018, area_ids=[(6, 0, place.ids)])
            self.env.invalidate_all()
            seen = part.with_user(self.reporting).line_ids.filtered("numerator")
            self.assertEqual(bool(seen), is_seen, place.name)
            self.env.invalidate_all()
            self.assertTrue(part.with_user(self.coordinator).line_ids.filtered("numerator"))
        both = self.compute(2018, area_ids=[(6, 0, (self.north + self.south).ids)])
        self.env.invalidate_all()
        self.assertFalse(both.with_user(self.reporting).line_ids.filtered("numerator"))

    def test_until_the_reference_date_is_compared_with_the_same_part(self):
        """However it is computed: measured, frozen, and whenever."""
        for year, count in ((2017, 2), (2018, 3)):
            self.make_cases(count, date(year, 3, 1), "OPG_BEM")
            self.make_cases(5, date(year, 8, 1))
        values = {"is_to_date": True}
        half = self.compute(2018, reference_date=date(2018, 6, 30), **values)
        registered = self.compare(half, "cases_registered")
        self.assertEqual((registered.previous, registered.before), (2, 0))
        self.assertEqual(
            half._get_series(["cases_registered"], [2017, 2018]),
            {"cases_registered": [(2017, 2), (2018, 3)]},
        )
        other = self.compute(2017, reference_date=date(2017, 6, 29), **values)
        other.action_freeze()
        before = self.compute(2017, reference_date=date(2017, 6, 30), **values)
        for line in before.key_line_ids:
            counts = line.indicator_id.kind in ("count", "total") or line.denominator
            if counts and (line.value or line.indicator_id.unit != "euros"):
                found = self.compare(half, line.indicator_code).previous
                self.assertAlmostEqual(found, line.value, msg=line.indicator_code)
        before.action_freeze()
        self.make_cases(1, date(2017, 3, 1))
        self.assertEqual(self.compare(half, "cases_registered").previous, 2)
        self.assertEqual(
            self.line(half, "cases_closed").comparison_note,
            "Earlier years up to the same day, 30 June.",
        )

    def test_tile_and_comparison_find_the_same_benchmark_of_last_year(self):
        self.make_cases(4, date(2017, 5, 1))
        whole, to_date = (
            self.compute(2017, **values)
            for values in ({}, {"reference_date": date(2017, 6, 30), "is_to_date": True})
        )
        later = self.compute(2017, reference_date=date(2017, 6, 30))
        for benchmark, found in (
            (self.compute(2018), whole),
            (self.compute(2018, reference_date=date(2018, 6, 30), is_to_date=True), to_date),
            (self.compute(2018, reference_date=date(2018, 6, 30)), later.browse()),
        ):
            self.assertEqual(benchmark._get_year_before(), found)

    def test_figures_only_has_no_way_through_to_a_case(self):
        self.make_cases(3)
        benchmark = self.compute(2018).with_user(self.reporting)
        action = benchmark.action_open_comparison()
        self.assertEqual(action["res_model"], "buurtbemiddeling.benchmark.line")
        for view_id, _mode in action["views"]:
            arch = self.env[action["res_model"]].with_user(self.reporting).get_view(view_id)["arch"]
            self.assertNotIn("<button", arch)
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.case"].with_user(self.reporting).search([])

    def test_the_screen_compares_totals_only(self):
        self.make_cases(3, area_id=self.north.id)
        benchmark = self.compute(2018)
        action = benchmark.action_open_comparison()
        lines = self.env["buurtbemiddeling.benchmark.line"].search(action["domain"])
        self.assertEqual(lines, benchmark.key_line_ids)
        row = benchmark.line_ids.filtered("dimension")[:1]
        self.assertFalse(row.last_year_text)
        self.assertEqual(Comparison(), (None,) * 9 + (False, ()))

    def test_the_comparison_takes_few_queries_whatever_the_number_of_figures(self):
        self.make_cases(20, area_id=self.north.id)
        benchmark = self.compute(2018)
        self.env.flush_all()
        self.env.invalidate_all()
        benchmark._get_comparison()  # what is read once a session: groups, fields
        self.env.invalidate_all()
        with self.assertQueryCount(23):
            benchmark.key_line_ids.mapped("last_year_text")

    def test_a_series_takes_as_many_queries_for_all_figures_as_for_one(self):
        self.make_cases(20, area_id=self.north.id)
        benchmark = self.compute(2018)
        codes = benchmark.key_line_ids.mapped("indicator_code")
        self.assertGreater(len(codes), 20)
        benchmark._get_series(codes, [2017])  # what is read once a session
        one, all_codes, more_years = (
            self.count_queries(benchmark, *asked)
            for asked in (
                (["success_of_handled"], [2016, 2017, 2018]),
                (codes, [2016, 2017, 2018]),
                (codes, [2014, 2015, 2016, 2017, 2018]),
            )
        )
        self.assertLessEqual(all_codes, one + 4, "each source of facts once a year")
        self.assertLessEqual(more_years - all_codes, 2 * 6, "a few for each year")
        self.assertLessEqual(all_codes, 20)

    def count_queries(self, benchmark, codes, years):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        benchmark._get_series(codes, years)
        return self.cr.sql_log_count - before

    def test_an_area_served_by_two_organisations_can_be_frozen(self):
        other = self.env["res.company"].create({"name": "Other"})
        for company in (other, self.company):
            self.make_cases(3, company_id=company.id, area_id=self.north.id)
        for company in (other, self.company):
            self.env.user.company_ids |= company
            part = self.compute(2018, company_id=company.id, area_ids=[(6, 0, self.north.ids)])
            part.action_freeze()
            self.assertEqual(part.state, "frozen")
