import random
import re
from contextlib import contextmanager
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..models.buurtbemiddeling_target_board_mixin import STATES
from .attacker import Attacker
from .common import FiguresCase

TARGET = "buurtbemiddeling.target"


class TargetCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.make_area("North", inhabitants=60000)
        cls.south = cls.make_area("South", inhabitants=12000)
        cls.reporting, cls.coordinator = (
            mail_new_test_user(
                cls.env,
                login=f"targets_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in (
                ("reporting", "buurtbemiddeling_report.group_reporting"),
                ("coordinator", "buurtbemiddeling_case.group_user"),
            )
        )

    @classmethod
    def indicator(cls, code):
        return cls.env["buurtbemiddeling.indicator"].search([("code", "=", code)])

    @classmethod
    def make_target(cls, code, amount, year=2026, **values):
        return cls.env[TARGET].create(
            {
                "indicator_id": cls.indicator(code).id,
                "amount": amount,
                "year": year,
                "company_id": cls.company.id,
                **values,
            }
        )

    def freeze_new_version(self, frozen):
        """Compute the next version of a frozen benchmark, and freeze that."""
        version = frozen.browse(frozen.action_new_version()["res_id"])
        version.action_compute()
        version.action_freeze()
        return version

    @classmethod
    def make_season(cls, year, **values):
        """88 cases until November, and 10 more in December."""
        cls.make_cases(1, date(year, 1, 2), **values)
        cls.make_cases(79, date(year, 3, 1), **values)
        cls.make_cases(8, date(year, 10, 10), **values)
        cls.make_cases(10, date(year, 12, 15), **values)


@tagged("post_install", "-at_install")
class TestTarget(TargetCase):
    """What may be typed as a target, and copying targets to the next year."""

    def test_a_percentage_is_typed_as_a_percentage(self):
        target = self.make_target("success_of_handled", 70)
        self.assertAlmostEqual(target.value, 0.7)
        self.assertEqual(target.value_text, "70.0 %")
        target.amount = 68.5
        self.assertAlmostEqual(target.value, 0.685)
        self.assertEqual(self.make_target("cases_registered", 110).value, 110)
        self.assertEqual(self.make_target("own_days_median", 60).value, 60)

    def test_the_form_takes_percentages_and_counts(self):
        form = Form(self.env[TARGET].with_user(self.coordinator))
        form.indicator_id = self.indicator("success_of_handled")
        form.amount = 70
        form.year = 2026
        target = form.save()
        self.assertAlmostEqual(target.value, 0.7)
        self.assertEqual(target.unit, "percent")
        self.assertEqual((target.direction, target.date_due), ("at_least", date(2026, 12, 31)))

    def test_the_direction_follows_the_figure_and_can_be_changed(self):
        for code, direction in (
            ("cases_registered", "at_least"),
            ("own_days_median", "at_most"),
            ("feedback_owed", "at_most"),
            ("complex_share", "signal"),
            ("cases_running", "signal"),
        ):
            self.assertEqual(self.make_target(code, 1).direction, direction, code)
        target = self.make_target("cases_registered", 1, year=2027, direction="at_most")
        self.assertEqual(target.direction, "at_most")

    def test_nonsense_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "more than 100 percent"):
            self.make_target("success_of_handled", 101)
        with self.assertRaisesRegex(ValidationError, "not in 2026"):
            self.make_target("cases_registered", 10, date_due=date(2027, 1, 1))
        district = self.make_area("East", "district", self.north)
        with self.assertRaisesRegex(ValidationError, "not a municipality"):
            self.make_target("cases_registered", 10, municipality_id=district.id)
        for wrong in ({"year": 26}, {"amount": -1}):
            values = {"amount": 10, **wrong}
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
                with self.cr.savepoint():
                    self.make_target("cases_registered", **values)

    @contextmanager
    def refuses_empty(self):
        with self.assertRaisesRegex(ValidationError, "Fill in the target"), self.cr.savepoint():
            yield

    def test_a_target_needs_an_amount_unless_it_is_at_most_none(self):
        values = {"indicator_id": self.indicator("cases_closed").id, "year": 2026}
        for direction in ("at_least", "signal"):
            for name in ("amount", "value"):
                with self.refuses_empty():
                    self.env[TARGET].create({**values, name: 0, "direction": direction})
        target = self.make_target("feedback_owed", 0)
        self.assertEqual((target.direction, target.value), ("at_most", 0))
        with self.refuses_empty():
            target.direction = "at_least"
        other = self.make_target("cases_registered", 10)
        with self.refuses_empty():
            other.amount = 0
        form = Form(self.env[TARGET].with_user(self.coordinator))
        form.indicator_id = self.indicator("success_of_handled")
        with self.refuses_empty():
            form.save()

    def test_one_target_for_a_figure_year_and_municipality(self):
        self.make_target("cases_registered", 10)
        self.make_target("cases_registered", 5, municipality_id=self.north.id)
        self.make_target("cases_registered", 5, year=2027)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.make_target("cases_registered", 20)

    @freeze_time("2026-01-10")
    def test_last_years_targets_are_taken_over_in_one_click_as_often_as_one_likes(self):
        self.make_target("cases_registered", 110, 2025, date_due=date(2025, 6, 30))
        self.make_target("success_of_handled", 70, 2025, municipality_id=self.north.id)
        self.make_target("complex_share", 25, 2025, direction="at_most")
        kept = self.make_target("complex_share", 30, 2026)
        targets = self.env[TARGET].with_user(self.coordinator)
        for expected in ("made: 2. There already: 1.", "made: 0. There already: 3."):
            action = targets.action_take_over_last_year()
            self.assertIn(expected, action["params"]["message"])
            found = targets.search([("year", "=", 2026), ("company_id", "=", self.company.id)])
            self.assertEqual(
                {(t.indicator_id.code, round(t.amount, 4), t.place, t.date_due) for t in found},
                {
                    ("cases_registered", 110, "Figures BV", date(2026, 6, 30)),
                    ("success_of_handled", 70, "North", date(2026, 12, 31)),
                    ("complex_share", 30, "Figures BV", date(2026, 12, 31)),
                },
            )
        self.assertEqual(kept.direction, "signal", "what was there stays as it was")

    def test_selected_targets_go_to_the_year_after_theirs(self):
        target = self.make_target("cases_registered", 110, 2028, date_due=date(2028, 2, 29))
        target.action_copy_to_next_year()
        copied = self.env[TARGET].search(
            [("year", "=", 2029), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((copied.value, copied.date_due), (110, date(2029, 2, 28)))

    def test_a_project_that_has_ended_by_then_gets_no_target(self):
        projects = self.env["buurtbemiddeling.project"].create(
            [
                {
                    "name": "Ends",
                    "company_id": self.company.id,
                    "date_end": day,
                    "date_start": False,
                }
                for day in (date(2026, 12, 31), date(2027, 1, 1))
            ]
        )
        targets = self.env[TARGET].union(
            *(self.make_target("cases_registered", 9, project_id=each.id) for each in projects)
        )
        message = targets.action_copy_to_next_year()["params"]["message"]
        self.assertIn("made: 1. There already: 0. Left out", message)
        copied = self.env[TARGET].search([("year", "=", 2027), ("project_id", "!=", False)])
        self.assertEqual(copied.project_id, projects[1])

    def test_who_sees_figures_only_changes_no_target(self):
        target = self.make_target("cases_registered", 10).with_user(self.reporting)
        self.assertTrue(target.sentence)
        for change in (
            lambda: target.write({"amount": 5}),
            target.action_copy_to_next_year,
            target.unlink,
        ):
            with self.assertRaises(AccessError):
                change()


@tagged("post_install", "-at_install")
class TestBoard(TargetCase):
    """Where a target stands, in numbers and in words."""

    def on(self, day, target):
        """Return the target as the board shows it on a day."""
        return self.all_on(day, target)[target]

    def all_on(self, day, targets):
        """Return ``{target: what the board shows of it}`` on a day."""
        names = (
            "state", "sentence", "actual_text", "last_year_text", "forecast_text", "national_text",
        )  # fmt: skip
        targets.invalidate_recordset()
        with freeze_time(day):
            return {target: {name: target[name] for name in names} for target in targets}

    def assertSays(self, target, day, state, sentence):
        board = self.on(day, target)
        self.assertEqual(board["sentence"], sentence)
        self.assertEqual(board["state"], state)
        return board

    def test_the_sentence_of_the_brief(self):
        self.make_season(2025)
        self.make_cases(93, date(2026, 6, 1))
        target = self.make_target("cases_registered", 110)
        board = self.assertSays(
            target,
            "2026-11-22",
            "behind",
            "93 of the 110 registrations; at this pace 104 on 31 December, 6 too few."
            " Last year there were 88 by then.",
        )
        self.assertEqual((board["actual_text"], board["last_year_text"]), ("93", "88"))
        self.assertRegex(board["forecast_text"], r"^104 \(\d+ to \d+\), by earlier years$")

    def test_a_year_is_compared_with_the_same_part_of_last_year(self):
        self.make_cases(5, date(2025, 6, 30))
        self.make_cases(7, date(2025, 7, 1))
        self.make_cases(3, date(2026, 2, 1))
        target = self.make_target("cases_registered", 10)
        self.assertEqual(self.on("2026-06-30", target)["last_year_text"], "5")
        self.assertEqual(self.on("2026-07-01", target)["last_year_text"], "12")

    def test_without_history_the_forecast_goes_by_days_and_says_so(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 90)
        board = self.on("2026-07-02", target)  # 183 of 365 days
        self.assertRegex(board["forecast_text"], r"^100 \(\d+ to \d+\), by days$")
        self.assertEqual(board["state"], "on_track")
        self.assertIn("at this pace 100 on 31 December, 10 more than needed", board["sentence"])

    def test_a_target_that_is_met_is_reached_before_the_year_is_over(self):
        self.make_cases(12, date(2026, 3, 1))
        self.assertSays(
            self.make_target("cases_registered", 12),
            "2026-07-02",
            "reached",
            "12 registrations: the target of 12 is reached. Last year there were none by then.",
        )

    def test_few_cases_are_no_forecast(self):
        self.make_cases(9, date(2026, 3, 1))
        board = self.assertSays(
            self.make_target("cases_registered", 12),
            "2026-07-02",
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
            "2026-07-02",
            "unknown",
            "No registrations yet; the target is 2. Last year there was 1 by then.",
        )
        self.make_cases(1, date(2026, 3, 1))
        self.assertIn("1 of the 2 registrations;", self.on("2026-07-02", target)["sentence"])
        target.value = 1
        self.assertIn(
            "1 registration: the target of 1 is reached.", self.on("2026-07-02", target)["sentence"]
        )

    def test_a_year_that_is_over_is_reached_or_missed(self):
        self.make_cases(20, date(2025, 3, 1))
        self.make_cases(15, date(2026, 3, 1))
        target = self.make_target("cases_registered", 20)
        board = self.assertSays(
            target,
            "2027-02-01",
            "missed",
            "15 of the 20 registrations on 31 December, 5 too few. The year before there were 20.",
        )
        self.assertFalse(board["forecast_text"])
        target.value = 15
        self.assertEqual(self.on("2027-02-01", target)["state"], "reached")
        self.assertEqual(self.on("2026-12-31", target)["state"], "reached")

    def test_on_the_last_day_nothing_more_is_expected(self):
        self.make_cases(15, date(2026, 3, 1))
        target = self.make_target("cases_registered", 20)
        board = self.on("2026-12-31", target)
        self.assertEqual((board["forecast_text"], board["state"]), ("15", "behind"))

    def test_a_target_that_is_due_in_summer_is_judged_in_summer(self):
        self.make_cases(10, date(2026, 3, 1))
        self.make_cases(30, date(2026, 8, 1))
        target = self.make_target("cases_registered", 20, date_due=date(2026, 6, 30))
        self.assertSays(
            target,
            "2026-09-01",
            "missed",
            "10 of the 20 registrations on 30 June, 10 too few. The year before there were none.",
        )

    def test_a_year_that_has_not_begun_is_not_judged(self):
        self.assertSays(
            self.make_target("cases_registered", 20, 2027),
            "2026-12-31",
            "unknown",
            "2027 has not begun yet. The target is 20.",
        )

    def test_a_share_is_shown_with_its_base_and_not_foreseen(self):
        self.make_cases(14, date(2026, 1, 5), "OPG_BEM")
        self.make_cases(6, date(2026, 1, 5), "NIET_OPG")
        target = self.make_target("success_of_handled", 68)
        board = self.assertSays(
            target,
            "2026-07-02",
            "on_track",
            "So far 70.0 % (14 of 20); the target is at least 68.0 %.",
        )
        self.assertFalse(board["forecast_text"])
        self.assertEqual(board["national_text"], "71 % (2023)")
        target.value = 0.72
        self.assertEqual(self.on("2026-07-02", target)["state"], "behind")
        self.assertSays(
            target,
            "2027-02-01",
            "missed",
            "70.0 % (14 of 20) on 31 December: the target of at least 72.0 % is not reached.",
        )

    def test_a_share_of_few_or_no_cases_is_not_judged(self):
        target = self.make_target("success_of_handled", 68)
        self.assertSays(
            target, "2026-07-02", "unknown", "Nothing to measure yet; the target is 68.0 %."
        )
        self.make_cases(9, date(2026, 1, 5), "OPG_BEM")
        self.assertSays(
            target,
            "2026-07-02",
            "unknown",
            "So far 100.0 % (9 of 9), which is too few to judge by; the target is 68.0 %.",
        )

    def test_a_share_is_judged_as_exact_as_it_is_shown(self):
        self.make_cases(1999, date(2026, 1, 5), "OPG_BEM")
        self.make_cases(1001, date(2026, 1, 5), "NIET_OPG")
        target = self.make_target("success_of_handled", 66.6)
        self.assertEqual(self.on("2026-07-02", target)["state"], "on_track")

    def test_days_are_good_when_there_are_few(self):
        self.make_cases(11, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 2, 14))
        target = self.make_target("own_days_median", 45)
        self.assertSays(
            target,
            "2026-07-02",
            "on_track",
            "So far 40.0 days (11 cases); the target is at most 45.0 days.",
        )
        target.value = 39
        self.assertEqual(self.on("2026-07-02", target)["state"], "behind")

    def test_what_there_is_now_is_not_foreseen(self):
        self.make_cases(3, date(2026, 1, 5))
        target = self.make_target("cases_running", 5, direction="at_most")
        board = self.assertSays(
            target,
            "2026-07-02",
            "on_track",
            "Now 3 running cases; the target is at most 5. Last year there were none by then.",
        )
        self.assertFalse(board["forecast_text"])
        target.value = 2
        self.assertIn("1 more than the 2 agreed", self.on("2026-07-02", target)["sentence"])

    def test_at_most_is_behind_before_and_missed_when_it_is_too_many(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 60, direction="at_most")
        self.assertSays(
            target,
            "2026-07-02",
            "behind",
            "50 registrations, of at most 60; at this pace 100 on 31 December, 40 too many."
            " Last year there were none by then.",
        )
        target.value = 49
        self.assertEqual(self.on("2026-07-02", target)["state"], "missed")
        target.value = 120
        self.assertEqual(self.on("2026-07-02", target)["state"], "on_track")

    def test_too_many_of_what_can_come_down_is_missed_only_when_the_year_is_over(self):
        self.assertFalse(self.indicator("feedback_owed").grows, "feedback comes later")
        running = self.make_target("cases_running", 2, direction="at_most")
        self.make_cases(5, date(2026, 1, 5))
        self.assertEqual(self.on("2026-07-02", running)["state"], "behind")
        self.assertEqual(self.on("2027-01-02", running)["state"], "missed")

    def test_a_signal_is_shown_and_not_judged(self):
        self.make_cases(50, date(2026, 3, 1))
        target = self.make_target("cases_registered", 60, direction="signal")
        self.assertSays(
            target,
            "2026-07-02",
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
        board = self.on("2026-07-02", target)
        self.assertRegex(board["forecast_text"], r"^60 \(\d+ to \d+\), by earlier years$")
        self.assertEqual(board["state"], "on_track")

    def test_a_year_in_which_the_organisation_began_is_no_whole_year(self):
        self.make_cases(40, date(2025, 8, 1), "OPG_BEM", closed=date(2025, 9, 1))
        self.make_cases(20, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 3, 1))
        board = self.on("2026-07-02", self.make_target("cases_positive", 55))
        self.assertRegex(board["forecast_text"], r"by days$")

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
            [self.on("2026-07-02", one)["actual_text"] for one in (everywhere, north, south)],
            ["19", "12", "6"],
        )

    def test_a_municipality_that_merged_has_the_figures_of_its_predecessors(self):
        self.south.write({"merged_into_id": self.north.id, "merged_on": date(2026, 1, 1)})
        self.make_cases(3, date(2025, 3, 1), area_id=self.south.id)
        self.make_cases(4, date(2025, 3, 1), area_id=self.north.id)
        self.make_cases(2, date(2024, 3, 1), area_id=self.south.id)
        self.make_cases(8, date(2026, 3, 1), area_id=self.north.id)
        target = self.make_target("cases_registered", 10, municipality_id=self.north.id)
        board = self.on("2026-07-02", target)
        self.assertEqual((board["actual_text"], board["last_year_text"]), ("8", "7"))
        before = self.make_target("cases_registered", 10, 2025, municipality_id=self.north.id)
        self.assertEqual(self.on("2026-07-02", before)["actual_text"], "4")

    def test_other_organisations_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_cases(5, date(2026, 3, 1))
        self.make_cases(7, date(2026, 3, 1), company_id=other.id)
        target = self.make_target("cases_registered", 10)
        self.assertEqual(self.on("2026-07-02", target)["actual_text"], "5")

    def test_a_year_that_was_frozen_keeps_its_frozen_figures(self):
        self.make_cases(5, date(2025, 3, 1), area_id=self.north.id)
        benchmark = self.compute(2025)
        everywhere, north, south = (
            self.make_target("cases_registered", 10, 2025, municipality_id=place)
            for place in (False, self.north.id, self.south.id)
        )
        self.make_cases(2, date(2025, 3, 1), area_id=self.north.id)
        self.assertEqual(self.on("2026-07-02", everywhere)["actual_text"], "7")
        benchmark.action_compute()
        benchmark.action_freeze()
        self.make_cases(1, date(2025, 3, 1), area_id=self.south.id)
        self.assertEqual(
            [self.on("2026-07-02", one)["actual_text"] for one in (everywhere, north, south)],
            ["7", "7", "0"],
        )
        self.assertIn(
            "The year before there were none.", self.on("2026-07-02", everywhere)["sentence"]
        )

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
        self.assertEqual(self.on("2026-07-02", shown)["actual_text"], "40")
        self.assertEqual(self.on("2026-07-02", total)["actual_text"], "29")
        for target, wanted in ((small, "10"), (telling, "10"), (share, "10.0 %")):
            board = self.assertSays(
                target,
                "2026-07-02",
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
        self.assertEqual(self.on("2026-07-02", mine)["actual_text"], "3")
        self.company.buurtbemiddeling_small_number = 3
        self.assertEqual(self.on("2026-07-02", telling)["actual_text"], "12")

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

    def learn(self, whole, parts, targets, codes):
        """Return an attacker who knows what a reader of figures sees."""
        attacker = Attacker()
        counts = codes[:3]
        self.env.invalidate_all()
        towns = targets.municipality_id
        for code in counts:
            attacker.learn({(code, town.id): 1 for town in towns}, self.line(whole, code).value)
        for town in towns:
            registered, closed, positive = ((code, town.id) for code in counts)
            attacker.learn_at_most({closed: 1, registered: -1})
            attacker.learn_at_most({positive: 1, closed: -1})
        boards = self.all_on("2026-07-02", targets.with_user(self.reporting))
        for target, board in boards.items():
            code, town = target.indicator_id.code, target.municipality_id.id
            numbers = [int(number) for number in re.findall(r"\b\d+\b", board["sentence"])]
            if board["actual_text"] == "hidden":
                self.assertEqual(board["state"], "unknown")
                self.assertFalse(set(numbers) - {50, 0}, board["sentence"])
            elif code in counts:
                attacker.learn({(code, town): 1}, int(board["actual_text"]))
            elif board["actual_text"]:
                part, base = re.search(r"(\d+) of (\d+)\)", board["actual_text"]).groups()
                attacker.learn({("cases_positive", town): 1}, int(part))
                attacker.learn({("cases_closed", town): 1}, int(base))
        for part in parts:
            self.env.invalidate_all()
            for line in part.with_user(self.reporting).line_ids:
                if not line.dimension and line.indicator_code in counts:
                    attacker.learn({(line.indicator_code, part.area_ids.id): 1}, line.value)
        return attacker

    def get_secrets(self, targets):
        """Return ``{key: (expression, true value)}`` of counts and of the rest of shares."""
        self.env.invalidate_all()
        true = {}
        with freeze_time("2026-07-02"):
            for target in targets.filtered(lambda target: target.unit == "cases"):
                true[target.indicator_id.code, target.municipality_id.id] = target.actual
        secrets = {key: ({key: 1}, value) for key, value in true.items()}
        for (code, town), value in true.items():
            if code == "cases_closed":
                terms = {(code, town): 1, ("cases_positive", town): -1}
                secrets["rest", town] = (terms, value - true["cases_positive", town])
        return secrets

    def test_a_frozen_year_hides_what_was_small_when_it_was_frozen(self):
        for place, count in ((self.north, 3), (self.south, 6), (self.make_area("West"), 30)):
            self.make_cases(count, date(2025, 3, 1), area_id=place.id)
        self.compute(2025).action_freeze()
        self.make_cases(9, date(2025, 3, 1), area_id=self.north.id)
        for place in (self.north, self.south):
            target = self.make_target("cases_registered", 10, 2025, municipality_id=place.id)
            board = self.on("2026-07-02", target.with_user(self.reporting))
            self.assertEqual((board["actual_text"], board["state"]), ("hidden", "unknown"))

    def test_a_total_of_the_country_is_called_that_after_what_compares(self):
        target = self.make_target("cases_registered", 25, municipality_id=self.north.id)
        whole = self.make_target("cases_registered", 25)
        for one in (target, whole):
            self.assertEqual(
                self.on("2026-07-02", one)["national_text"],
                "about 11.4 per 10,000 inhabitants (2022); whole country: about 20,000 (2023)",
            )
        with freeze_time("2026-07-02"):
            self.assertEqual(target.size_class_text, "82 (2016)")
            self.assertFalse(whole.size_class_text)

    def test_earlier_years_with_nothing_after_this_day_are_too_little_data(self):
        self.make_cases(1, date(2024, 12, 1))
        self.make_cases(40, date(2025, 1, 5), "OPG_BEM", closed=date(2025, 3, 1))
        self.make_cases(30, date(2026, 1, 5), "OPG_BEM", closed=date(2026, 3, 1))
        target = self.make_target("cases_positive", 55)
        self.assertEqual(self.on("2026-07-02", target)["forecast_text"], "too little data")
        self.assertEqual(self.on("2026-12-31", target)["forecast_text"], "30")

    def make_project_target(self, amount=120, code="cases_registered", **values):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Part",
                "company_id": self.company.id,
                "area_ids": [(6, 0, self.north.ids)],
                **values,
            }
        )
        return self.make_target(code, amount, project_id=project.id)

    def test_a_project_that_began_in_the_year_has_the_pace_of_its_own_days(self):
        """61 of 245 days, whatever the seasons of the organisation were."""
        self.make_season(2025, area_id=self.south.id)
        target = self.make_project_target(date_start=date(2026, 5, 1))
        self.make_cases(20, date(2026, 5, 6), area_id=self.north.id)
        self.make_cases(20, date(2026, 6, 6), area_id=self.north.id)
        board = self.on("2026-06-30", target)
        self.assertIn("by days", board["forecast_text"])
        self.assertIn("at this pace 161 on 31 December", board["sentence"])
        self.assertEqual(board["state"], "on_track")

    def test_what_came_in_before_the_first_project_is_part_of_its_pace(self):
        target = self.make_project_target(date_start=date(2026, 5, 1))
        self.make_cases(20, date(2026, 1, 1), area_id=self.north.id)
        self.make_cases(20, date(2026, 6, 6), area_id=self.north.id)
        self.assertIn("at this pace 81 on", self.on("2026-06-30", target)["sentence"])

    def test_a_project_that_ended_in_the_year_takes_no_more_cases(self):
        target = self.make_project_target(date_start=False, date_end=date(2026, 6, 30))
        closed = self.make_target("cases_closed", 50, project_id=target.project_id.id)
        self.make_cases(40, date(2026, 2, 1), "OPG_BEM", area_id=self.north.id)
        self.assertIn("at this pace 80 on", self.on("2026-03-31", target)["sentence"])
        board = self.on("2026-10-01", target)
        self.assertEqual((board["forecast_text"], board["state"]), ("40", "behind"))
        board = self.on("2026-10-01", closed)
        self.assertEqual(board["forecast_text"], "too little data", "more may be closed yet")

    def test_a_project_that_runs_all_year_has_the_seasons_of_the_organisation(self):
        self.make_season(2025, area_id=self.south.id)
        target = self.make_project_target(date_start=date(2026, 1, 1), date_end=date(2026, 12, 31))
        self.make_cases(40, date(2026, 3, 1), area_id=self.north.id)
        self.assertIn("by earlier years", self.on("2026-06-30", target)["forecast_text"])

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

    def count_queries(self, targets):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with freeze_time("2026-07-02"):
            targets.mapped("sentence")
        return self.cr.sql_log_count - before

    def test_targets_that_are_behind_can_be_found(self):
        self.make_cases(30, date(2026, 3, 1))
        behind = self.make_target("cases_registered", 500)
        self.make_target("cases_running", 5)
        with freeze_time("2026-07-02"):
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
