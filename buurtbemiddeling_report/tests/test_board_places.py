import random
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_target import HALFWAY, TARGET, BoardCase


@tagged("post_install", "-at_install")
class TestBoardPlaces(BoardCase):
    """Targets of municipalities and projects, and what they must not tell."""

    def test_each_municipality_has_its_own_figures(self):
        inside = self.make_area("Centre", "neighbourhood", self.north)
        self.make_cases(12, date(2026, 3, 1), area_id=inside.id)
        self.make_cases(6, date(2026, 3, 1), area_id=self.south.id)
        self.make_cases(1, date(2026, 3, 1))
        everywhere, north, south = (
            self.make_target("cases_registered", 10, municipality_id=place)
            for place in (False, self.north.id, self.south.id)
        )
        self.assertEqual(
            [self.on(one)["actual_text"] for one in (everywhere, north, south)],
            ["19", "12", "6"],
        )

    def test_a_municipality_that_merged_has_the_figures_of_its_predecessors(self):
        self.south.write({"merged_into_id": self.north.id, "merged_on": date(2026, 1, 1)})
        self.make_cases(3, date(2025, 3, 1), area_id=self.south.id)
        self.make_cases(4, date(2025, 3, 1), area_id=self.north.id)
        self.make_cases(2, date(2024, 3, 1), area_id=self.south.id)
        self.make_cases(8, date(2026, 3, 1), area_id=self.north.id)
        target = self.make_target("cases_registered", 10, municipality_id=self.north.id)
        board = self.on(target)
        self.assertEqual((board["actual_text"], board["last_year_text"]), ("8", "7"))
        before = self.make_target("cases_registered", 10, 2025, municipality_id=self.north.id)
        self.assertEqual(self.on(before)["actual_text"], "4")

    def test_other_organisations_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_cases(5, date(2026, 3, 1))
        self.make_cases(7, date(2026, 3, 1), company_id=other.id)
        target = self.make_target("cases_registered", 10)
        self.assertEqual(self.on(target)["actual_text"], "5")

    def test_a_year_that_was_frozen_keeps_its_frozen_figures(self):
        self.make_cases(5, date(2025, 3, 1), area_id=self.north.id)
        benchmark = self.compute(2025)
        everywhere, north, south = (
            self.make_target("cases_registered", 10, 2025, municipality_id=place)
            for place in (False, self.north.id, self.south.id)
        )
        self.make_cases(2, date(2025, 3, 1), area_id=self.north.id)
        self.assertEqual(self.on(everywhere)["actual_text"], "7")
        benchmark.action_compute()
        benchmark.action_freeze()
        self.make_cases(1, date(2025, 3, 1), area_id=self.south.id)
        self.assertEqual(
            [self.on(one)["actual_text"] for one in (everywhere, north, south)],
            ["7", "7", "0"],
        )
        self.assertIn("The year before there were none.", self.on(everywhere)["sentence"])

    def test_figures_only_sees_no_small_number_of_a_municipality(self):
        """Nor what would tell it: two are hidden, for the total is shown."""
        west = self.make_area("West")
        self.make_cases(4, date(2025, 3, 1), area_id=self.south.id)
        self.make_cases(30, date(2025, 3, 1), area_id=west.id)
        for place, solved, unsolved in ((self.north, 3, 0), (self.south, 6, 6), (west, 20, 20)):
            self.make_cases(solved, date(2026, 1, 5), "OPG_BEM", area_id=place.id)
            self.make_cases(unsolved, date(2026, 1, 5), "NIET_OPG", area_id=place.id)
        shown, small, telling, share, total = (
            self.make_target(code, 10, municipality_id=place).with_user(self.reporting)
            for code, place in (
                ("cases_registered", west.id),
                ("cases_registered", self.north.id),
                ("cases_registered", self.south.id),
                ("success_of_handled", self.south.id),
                ("cases_positive", False),
            )
        )
        self.assertEqual(self.on(shown)["actual_text"], "40")
        self.assertEqual(self.on(total)["actual_text"], "29")
        for target, wanted in ((small, "10"), (telling, "10"), (share, "10.0 %")):
            board = self.assertSays(
                target,
                "unknown",
                f"Not shown, because it is or would tell a small number. The target is {wanted}.",
            )
            self.assertEqual(board["actual_text"], "hidden")
            self.assertFalse(board["forecast_text"])
            self.assertNotIn("4", str(board["last_year_text"]))
        for raw in ("actual", "last_year", "forecast"):
            with self.assertRaises(AccessError):
                small[raw]
        mine = small.with_user(self.coordinator)
        self.assertEqual(self.on(mine)["actual_text"], "3")
        self.company.buurtbemiddeling_small_number = 3
        self.assertEqual(self.on(telling)["actual_text"], "12")

    def test_nobody_subtracts_a_small_number_from_what_the_board_and_comparison_show(self):
        """An attacker knows every figure, sentence and state, and all totals."""
        codes = ["cases_registered", "cases_closed", "cases_positive", "success_of_closed"]
        found_some = False
        for seed in range(3):
            rng = random.Random(seed)
            towns = [self.make_area(f"Town {seed} {number}") for number in range(5)]
            for town in towns:
                solved, unsolved, running = (rng.choice([0, 2, 3, 6, 11, 20]) for _i in range(3))
                day, place = date(2025, 3, 1), {"area_id": town.id}
                self.make_cases(solved, day, "OPG_BEM", **place)
                self.make_cases(unsolved, day, "NIET_OPG", **place)
                self.make_cases(running, day, **place)
            targets = self.env[TARGET]
            for town in towns:
                for code in codes:
                    targets += self.make_target(code, 50, 2025, municipality_id=town.id)
            whole = self.compute(2025)
            parts = [self.compute(2025, area_ids=[(6, 0, town.ids)]) for town in towns]
            attacker = self.learn(whole, parts, targets, codes)
            secrets = self.get_secrets(targets)
            found = attacker.find({key: terms for key, (terms, _true) in secrets.items()})
            for key, value in found.items():
                self.assertEqual(value, secrets[key][1], "the attacker knows how to count")
                self.assertFalse(0 < value < 5, f"{seed} {key}")
            found_some |= bool(found)
            self.env["buurtbemiddeling.case"].search(
                [("company_id", "=", self.company.id)]
            ).unlink()
            (whole.browse().concat(whole, *parts)).unlink()
            targets.unlink()
        self.assertTrue(found_some, "something is shown")

    def test_a_frozen_year_hides_what_was_small_when_it_was_frozen(self):
        for place, count in ((self.north, 3), (self.south, 6), (self.make_area("West"), 30)):
            self.make_cases(count, date(2025, 3, 1), area_id=place.id)
        self.compute(2025).action_freeze()
        self.make_cases(9, date(2025, 3, 1), area_id=self.north.id)
        for place in (self.north, self.south):
            target = self.make_target("cases_registered", 10, 2025, municipality_id=place.id)
            board = self.on(target.with_user(self.reporting))
            self.assertEqual((board["actual_text"], board["state"]), ("hidden", "unknown"))

    def test_a_total_of_the_country_is_called_that_after_what_compares(self):
        target = self.make_target("cases_registered", 25, municipality_id=self.north.id)
        whole = self.make_target("cases_registered", 25)
        for one in (target, whole):
            self.assertEqual(
                self.on(one)["national_text"],
                "about 11.4 per 10,000 inhabitants (2022); whole country: about 20,000 (2023)",
            )
        with freeze_time(HALFWAY):
            self.assertEqual(target.size_class_text, "82 (2016)")
            self.assertFalse(whole.size_class_text)

    def test_earlier_years_with_nothing_after_this_day_are_too_little_data(self):
        self.make_cases(1, date(2024, 12, 1))
        self.make_cases(40, date(2025, 1, 5), "OPG_BEM", closed=date(2025, 3, 1))
        self.make_cases(30, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 3, 1))
        target = self.make_target("cases_positive", 55)
        self.assertEqual(self.on(target)["forecast_text"], "too little data")
        self.assertEqual(self.on(target, "2026-12-31")["forecast_text"], "30")

    def test_a_project_that_began_in_the_year_has_the_pace_of_its_own_days(self):
        """61 of 245 days, whatever the seasons of the organisation were."""
        self.make_season(2025, area_id=self.south.id)
        target = self.make_project_target(date_start=date(2026, 5, 1))
        self.make_cases(20, date(2026, 5, 6), area_id=self.north.id)
        self.make_cases(20, date(2026, 6, 6), area_id=self.north.id)
        board = self.on(target, "2026-06-30")
        self.assertIn("by days", board["forecast_text"])
        self.assertIn("at this pace 161 on 31 December", board["sentence"])
        self.assertEqual(board["state"], "on_track")

    def test_what_came_in_before_the_first_project_is_part_of_its_pace(self):
        target = self.make_project_target(date_start=date(2026, 5, 1))
        self.make_cases(20, date(2026, 1, 1), area_id=self.north.id)
        self.make_cases(20, date(2026, 6, 6), area_id=self.north.id)
        self.assertIn("at this pace 81 on", self.on(target, "2026-06-30")["sentence"])

    def test_a_project_that_ended_in_the_year_takes_no_more_cases(self):
        target = self.make_project_target(date_start=False, date_end=date(2026, 6, 30))
        closed = self.make_target("cases_closed", 50, project_id=target.project_id.id)
        self.make_cases(40, date(2026, 2, 1), "OPG_BEM", area_id=self.north.id)
        self.assertIn("at this pace 80 on", self.on(target, "2026-03-31")["sentence"])
        board = self.on(target, "2026-10-01")
        self.assertEqual((board["forecast_text"], board["state"]), ("40", "behind"))
        board = self.on(closed, "2026-10-01")
        self.assertEqual(board["forecast_text"], "too little data", "more may be closed yet")

    def test_a_project_that_runs_all_year_has_the_seasons_of_the_organisation(self):
        self.make_season(2025, area_id=self.south.id)
        target = self.make_project_target(date_start=date(2026, 1, 1), date_end=date(2026, 12, 31))
        self.make_cases(40, date(2026, 3, 1), area_id=self.north.id)
        self.assertIn("by earlier years", self.on(target, "2026-06-30")["forecast_text"])
