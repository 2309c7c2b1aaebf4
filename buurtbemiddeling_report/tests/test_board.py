import re
from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from ..models.buurtbemiddeling_target_board_mixin import STATES
from .common_target import HALFWAY, TARGET, BoardCase


@tagged("post_install", "-at_install")
class TestBoard(BoardCase):
    """Where a target stands, in numbers and in words."""

    def test_the_sentence_of_the_brief(self):
        self.make_season(2025)
        self.make_cases(93, date(2026, 6, 1))
        target = self.make_target("cases_registered", 110)
        board = self.assertSays(
            target,
            "behind",
            "93 of the 110 registrations; at this pace 104 on 31 December, 6 too few."
            " Last year there were 88 by then.",
            "2026-11-22",
        )
        self.assertEqual((board["actual_text"], board["last_year_text"]), ("93", "88"))
        self.assertRegex(board["forecast_text"], r"^104 \(\d+ to \d+\), by earlier years$")

    def test_a_year_is_compared_with_the_same_part_of_last_year(self):
        self.make_cases(5, date(2025, 6, 30))
        self.make_cases(7, date(2025, 7, 1))
        self.make_cases(3, date(2026, 2, 1))
        target = self.make_target("cases_registered", 10)
        self.assertEqual(self.on(target, "2026-06-30")["last_year_text"], "5")
        self.assertEqual(self.on(target, "2026-07-01")["last_year_text"], "12")

    def test_without_history_the_forecast_goes_by_days_and_says_so(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 90)
        board = self.on(target)
        self.assertRegex(board["forecast_text"], r"^100 \(\d+ to \d+\), by days$")
        self.assertEqual(board["state"], "on_track")
        self.assertIn("at this pace 100 on 31 December, 10 more than needed", board["sentence"])

    def test_a_target_that_is_met_is_reached_before_the_year_is_over(self):
        self.make_cases(12, date(2026, 3, 1))
        self.assertSays(
            self.make_target("cases_registered", 12),
            "reached",
            "12 registrations: the target of 12 is reached. Last year there were none by then.",
        )

    def test_few_cases_are_no_forecast(self):
        self.make_cases(9, date(2026, 3, 1))
        board = self.assertSays(
            self.make_target("cases_registered", 12),
            "unknown",
            "9 of the 12 registrations; too few yet to say what it will be on 31 December."
            " Last year there were none by then.",
        )
        self.assertEqual(board["forecast_text"], "too little data")

    def test_grammar_for_none_one_and_many(self):
        self.make_cases(1, date(2025, 3, 1))
        target = self.make_target("cases_registered", 2)
        self.assertSays(
            target,
            "unknown",
            "No registrations yet; the target is 2. Last year there was 1 by then.",
        )
        self.make_cases(1, date(2026, 3, 1))
        self.assertIn("1 of the 2 registrations;", self.on(target)["sentence"])
        target.value = 1
        self.assertIn("1 registration: the target of 1 is reached.", self.on(target)["sentence"])

    def test_a_year_that_is_over_is_reached_or_missed(self):
        self.make_cases(20, date(2025, 3, 1))
        self.make_cases(15, date(2026, 3, 1))
        target = self.make_target("cases_registered", 20)
        board = self.assertSays(
            target,
            "missed",
            "15 of the 20 registrations on 31 December, 5 too few. The year before there were 20.",
            "2027-02-01",
        )
        self.assertFalse(board["forecast_text"])
        target.value = 15
        self.assertState(target, "reached", "2027-02-01")
        self.assertState(target, "reached", "2026-12-31")

    def test_on_the_last_day_nothing_more_is_expected(self):
        self.make_cases(15, date(2026, 3, 1))
        target = self.make_target("cases_registered", 20)
        board = self.on(target, "2026-12-31")
        self.assertEqual((board["forecast_text"], board["state"]), ("15", "behind"))

    def test_a_target_that_is_due_in_summer_is_judged_in_summer(self):
        self.make_cases(10, date(2026, 3, 1))
        self.make_cases(30, date(2026, 8, 1))
        target = self.make_target("cases_registered", 20, date_due=date(2026, 6, 30))
        self.assertSays(
            target,
            "missed",
            "10 of the 20 registrations on 30 June, 10 too few. The year before there were none.",
            "2026-09-01",
        )

    def test_a_year_that_has_not_begun_is_not_judged(self):
        self.assertSays(
            self.make_target("cases_registered", 20, 2027),
            "unknown",
            "2027 has not begun yet. The target is 20.",
            "2026-12-31",
        )

    def test_a_share_is_shown_with_its_base_and_not_foreseen(self):
        self.make_cases(14, date(2026, 1, 5), "OPG_BEM")
        self.make_cases(6, date(2026, 1, 5), "NIET_OPG")
        target = self.make_target("success_of_handled", 68)
        board = self.assertSays(
            target,
            "on_track",
            "So far 70.0 % (14 of 20); the target is at least 68.0 %.",
        )
        self.assertFalse(board["forecast_text"])
        self.assertEqual(board["national_text"], "71 % (2023)")
        target.value = 0.72
        self.assertState(target, "behind")
        self.assertSays(
            target,
            "missed",
            "70.0 % (14 of 20) on 31 December: the target of at least 72.0 % is not reached.",
            "2027-02-01",
        )

    def test_a_share_of_few_or_no_cases_is_not_judged(self):
        target = self.make_target("success_of_handled", 68)
        self.assertSays(target, "unknown", "Nothing to measure yet; the target is 68.0 %.")
        self.make_cases(9, date(2026, 1, 5), "OPG_BEM")
        self.assertSays(
            target,
            "unknown",
            "So far 100.0 % (9 of 9), which is too few to judge by; the target is 68.0 %.",
        )

    def test_a_share_is_judged_as_exact_as_it_is_shown(self):
        self.make_cases(1999, date(2026, 1, 5), "OPG_BEM")
        self.make_cases(1001, date(2026, 1, 5), "NIET_OPG")
        target = self.make_target("success_of_handled", 66.6)
        self.assertState(target, "on_track")

    def test_days_are_good_when_there_are_few(self):
        self.make_cases(11, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 2, 14))
        target = self.make_target("own_days_median", 45)
        self.assertSays(
            target,
            "on_track",
            "So far 40.0 days (11 cases); the target is at most 45.0 days.",
        )
        target.value = 39
        self.assertState(target, "behind")

    def test_what_there_is_now_is_not_foreseen(self):
        self.make_cases(3, date(2026, 1, 5))
        target = self.make_target("cases_running", 5, direction="at_most")
        board = self.assertSays(
            target,
            "on_track",
            "Now 3 running cases; the target is at most 5. Last year there were none by then.",
        )
        self.assertFalse(board["forecast_text"])
        target.value = 2
        self.assertIn("1 more than the 2 agreed", self.on(target)["sentence"])

    def test_at_most_is_behind_before_and_missed_when_it_is_too_many(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 60, direction="at_most")
        self.assertSays(
            target,
            "behind",
            "50 registrations, of at most 60; at this pace 100 on 31 December, 40 too many."
            " Last year there were none by then.",
        )
        target.value = 49
        self.assertState(target, "missed")
        target.value = 120
        self.assertState(target, "on_track")

    def test_too_many_of_what_can_come_down_is_missed_only_when_the_year_is_over(self):
        self.assertFalse(self.indicator("feedback_owed").grows, "feedback comes later")
        running = self.make_target("cases_running", 2, direction="at_most")
        self.make_cases(5, date(2026, 1, 5))
        self.assertState(running, "behind")
        self.assertState(running, "missed", "2027-01-02")

    def test_a_signal_is_shown_and_not_judged(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 60, direction="signal")
        self.assertSays(
            target,
            "unknown",
            "50 registrations; the signal is at 60. Last year there were none by then.",
        )

    def test_a_count_that_runs_behind_is_foreseen_by_earlier_years(self):
        """Solved cases of a year come late: their months of registration tell nothing."""
        self.make_cases(1, date(2024, 12, 1))
        self.make_cases(10, date(2025, 1, 5), "OPG_BEM", closed=date(2025, 3, 1))
        self.make_cases(30, date(2025, 1, 5), "OPG_BEM", closed=date(2025, 9, 1))
        self.make_cases(15, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 3, 1))
        target = self.make_target("cases_positive", 55)
        board = self.on(target)
        self.assertRegex(board["forecast_text"], r"^60 \(\d+ to \d+\), by earlier years$")
        self.assertEqual(board["state"], "on_track")

    def test_a_year_in_which_the_organisation_began_is_no_whole_year(self):
        self.make_cases(40, date(2025, 8, 1), "OPG_BEM", closed=date(2025, 9, 1))
        self.make_cases(20, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 3, 1))
        board = self.on(self.make_target("cases_positive", 55))
        self.assertRegex(board["forecast_text"], r"by days$")

    def test_the_board_reads_the_facts_once_for_all_targets(self):
        self.make_season(2025, area_id=self.north.id)
        self.make_cases(20, date(2026, 1, 5), "OPG_BEM", area_id=self.north.id)
        codes = [
            "cases_registered", "success_of_handled", "cases_positive", "own_days_median",
            "cases_running", "complex_share", "feedback_share", "cases_closed",
        ]  # fmt: skip
        places = [self.north, self.south] + [self.make_area(f"Town {i}") for i in range(6)]
        targets = self.env[TARGET]
        for code in codes:
            targets += self.make_target(code, 50)
        few = self.count_queries(targets)
        for place in places:
            for code in codes:
                targets += self.make_target(code, 50, municipality_id=place.id)
        many = self.count_queries(targets)
        self.assertLess(many, few + 14, "no query for each target")
        self.assertLess(many, 45)

    def test_targets_that_are_behind_can_be_found(self):
        self.make_cases(30, date(2026, 3, 1))
        behind = self.make_target("cases_registered", 500)
        self.make_target("cases_running", 5)
        with freeze_time(HALFWAY):
            found = self.env[TARGET].search(
                [("state", "in", ["behind", "missed"]), ("company_id", "=", self.company.id)]
            )
        self.assertEqual(found, behind)

    def test_every_state_has_an_icon_of_its_own_next_to_word_and_colour(self):
        arch = self.env.ref("buurtbemiddeling_report.buurtbemiddeling_target_view_kanban").arch
        icons = dict(re.findall(r"'(\w+)': \['(fa-[a-z-]+)'", arch))
        self.assertEqual(set(icons), set(dict(STATES)))
        self.assertEqual(len(set(icons.values())), len(STATES), "no two states look alike")
        self.assertIn('aria-hidden="true"/><field name="state"/>', arch, "the word next to it")

    def test_the_board_leads_to_no_case(self):
        for name in ("kanban", "list", "form"):
            view = self.env.ref(f"buurtbemiddeling_report.buurtbemiddeling_target_view_{name}")
            arch = self.env[TARGET].with_user(self.reporting).get_view(view.id)["arch"]
            self.assertNotIn("<button", arch)
