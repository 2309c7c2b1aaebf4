"""The expectation at the end of the year, on seasons that are known and at its edges."""

from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools import outlook

# Suggested weights of the months, as in domain.md 8: busy from spring to the end of summer.
SEASON = (65, 65, 80, 90, 105, 110, 110, 100, 85, 75, 60, 55)
HISTORY = {
    (year, month): SEASON[month - 1] for year in (2023, 2024, 2025) for month in range(1, 13)
}
END = date(2026, 12, 31)


@tagged("post_install", "-at_install")
class TestOutlook(BaseCase):
    def test_a_known_season_is_recognised_at_the_end_of_every_month(self):
        for month, weight in enumerate(SEASON, start=1):
            last_day = date(2026 + month // 12, month % 12 + 1, 1)
            day = date.fromordinal(last_day.toordinal() - 1)
            part = outlook.part_by_season(HISTORY, day, END)
            self.assertAlmostEqual(part, sum(SEASON[:month]) / 1000, places=9, msg=weight)
            if month > 1:
                foreseen = outlook.foresee(sum(SEASON[:month]), part, day == END)
                self.assertEqual(foreseen.expected, 1000)
                self.assertTrue(foreseen.low <= 1000 <= foreseen.high)

    def test_after_a_quiet_winter_the_season_expects_more_than_the_days_do(self):
        day = date(2026, 3, 31)
        by_season = outlook.foresee(21, outlook.part_by_season(HISTORY, day, END))
        by_days = outlook.foresee(21, outlook.part_by_days(day, END))
        self.assertEqual((by_season.expected, by_days.expected), (100, 85))

    def test_a_target_that_is_due_in_summer_is_foreseen_until_then(self):
        part = outlook.part_by_season(HISTORY, date(2026, 3, 31), date(2026, 6, 30))
        self.assertAlmostEqual(part, 210 / 515)

    def test_on_the_last_day_the_forecast_is_the_count_also_of_few_cases(self):
        for part in (
            outlook.part_by_season(HISTORY, END, END),
            outlook.part_by_days(END, END),
        ):
            self.assertEqual(part, 1)
            self.assertEqual(outlook.foresee(3, part, is_last_day=True), (3, 3, 3))

    def test_where_earlier_years_had_nothing_after_this_day_nothing_is_foreseen(self):
        """The count itself without an interval would pretend to be certain."""
        day = date(2026, 7, 1)
        history = {(2025, month): 20 if month < 3 else 0 for month in range(1, 13)}
        for part in (
            outlook.part_by_season(history, day, END),
            outlook.part_by_years([(40, 40)]),
        ):
            self.assertEqual(part, 1)
            self.assertIsNone(outlook.foresee(40, part))

    def test_on_the_first_day_of_the_year_nothing_is_foreseen(self):
        for part in (
            outlook.part_by_season(HISTORY, date(2026, 1, 1), END),
            outlook.part_by_days(date(2026, 1, 1), END),
        ):
            self.assertGreater(part, 0)
            self.assertIsNone(outlook.foresee(20, part))

    def test_the_leap_day_is_a_day_of_the_year(self):
        end = date(2028, 12, 31)
        self.assertEqual(outlook.part_by_days(date(2028, 2, 29), end), 60 / 366)
        self.assertAlmostEqual(
            outlook.part_by_season(HISTORY, date(2028, 2, 29), end), (65 + 65) / 1000
        )

    def test_too_few_cases_foretell_nothing(self):
        self.assertIsNone(outlook.foresee(0, 0.5))
        self.assertIsNone(outlook.foresee(9, 0.5))
        self.assertIsNotNone(outlook.foresee(10, 0.5))
        self.assertIsNone(outlook.part_by_season({}, date(2026, 6, 1), END))
        self.assertIsNone(outlook.part_by_years([]))

    def test_the_interval_becomes_narrower_as_the_year_goes_by(self):
        widths = []
        for part in (0.25, 0.5, 0.75, 0.95):
            foreseen = outlook.foresee(round(200 * part), part)
            self.assertTrue(foreseen.low <= foreseen.expected <= foreseen.high)
            widths.append(foreseen.high - foreseen.low)
        self.assertEqual(widths, sorted(widths, reverse=True))
