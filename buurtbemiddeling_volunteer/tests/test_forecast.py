import math
from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestForecast(VolunteerCommon):
    """How many pairs are needed in the coming months, from own history."""

    def open(self):
        self.env.flush_all()
        model = self.env["buurtbemiddeling.forecast"].with_user(self.coordinator)
        action = model.action_open()
        return model.browse(action["res_id"])

    def history(self, year, month, count, mediated=0, days=30):
        """Close cases that came in in a month; pairs were busy with the first of them."""
        start = date(year, month, 1)
        end = start + timedelta(days=days - 1)
        closed = self.stage("closed")
        cases = self.env["buurtbemiddeling.case"].create(
            [
                {
                    "registration_date": start,
                    "close_date": max(end, start),
                    "stage_id": closed.id,
                    "company_id": self.company.id,
                }
                for _number in range(count)
            ]
        )
        for case in cases[:mediated]:
            for volunteer in (self.first, self.second):
                self.couple(case, volunteer, "ended", date_start=start, date_end=end)
        return cases

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_volunteer("First", "left")
        cls.second = cls.make_volunteer("Second", "left")

    def test_without_any_history_it_says_so(self):
        expected = self.open()
        self.assertEqual(len(expected.line_ids), 12)
        self.assertEqual(expected.line_ids[0].month, date(2026, 6, 1))
        self.assertEqual(set(expected.line_ids.mapped("needed")), {0})
        self.assertEqual(set(expected.line_ids.mapped("gap")), {0})
        self.assertIn("no whole month", expected.basis_text)
        self.assertIn("too early", expected.conclusion)

    def test_the_running_month_does_not_count(self):
        self.history(2026, 6, 4)
        self.assertIn("no whole month", self.open().basis_text)

    def test_a_month_is_the_average_of_three_years(self):
        self.history(2023, 5, 30)  # longer ago
        self.history(2024, 5, 6)
        self.history(2025, 5, 9)
        self.history(2026, 5, 3)
        lines = {line.month: line for line in self.open().line_ids}
        self.assertEqual(lines[date(2027, 5, 1)].registered, 6)
        self.assertEqual(lines[date(2026, 7, 1)].registered, 0, "a month without any is known")

    def test_need_is_registrations_times_share_times_duration(self):
        for month in range(1, 13):
            self.history(2025, month, 4, mediated=2, days=61)
        expected = self.open()
        self.assertIn("50% of the closed cases", expected.basis_text)
        self.assertIn("61 days", expected.basis_text)
        # January until May 2026 were months without any
        december = expected.line_ids.filtered(lambda line: line.month == date(2026, 12, 1))
        self.assertEqual((december.registered, december.new_count), (4, 2))
        self.assertEqual(december.needed, 4.0)  # two cases a month, two months each
        june = expected.line_ids[0]
        self.assertLess(june.needed, december.needed, "there was no need in May")

    def test_lacking_pairs_in_words(self):
        for month in range(6, 13):
            self.history(2025, month, 8, mediated=8, days=30)
        for month in range(1, 6):
            self.history(2026, month, 8, mediated=8, days=30)
        self.make_volunteer("One", max_cases=4)
        self.make_volunteer("Two", max_cases=5)
        expected = self.open()
        self.assertEqual((expected.volunteer_count, expected.place_count), (2, 9))
        line = expected.line_ids.filtered(lambda row: row.month == date(2027, 5, 1))
        self.assertEqual(line.available, 4.5)
        self.assertEqual((line.needed, line.gap), (7.9, -4))  # 3.4 pairs too few are 4
        self.assertEqual(line.sentence, "In May 2027 you lack 4 pairs.")
        self.assertIn(line.sentence, expected.conclusion)
        self.make_volunteer("Three", max_cases=7)
        self.assertIn("pairs enough", self.open().conclusion)

    def test_less_than_a_year_uses_what_there_is(self):
        self.history(2026, 3, 2)
        self.history(2026, 5, 4)
        expected = self.open()
        self.assertIn("less than a year", expected.basis_text)
        self.assertIn("6 registrations in 3 months", expected.basis_text)
        self.assertEqual({line.registered for line in expected.line_ids}, {0, 2, 4})

    def test_cases_that_run_do_not_tell_how_many_come_to_mediators(self):
        self.history(2026, 4, 2, mediated=1)
        self.make_case(registration_date=date(2026, 4, 20))
        expected = self.open()
        self.assertIn("3 registrations", expected.basis_text)
        self.assertIn("50% of the closed cases", expected.basis_text)

    def test_nothing_closed_yet(self):
        case = self.make_case(registration_date=date(2026, 4, 20))
        self.couple(case, self.make_volunteer())
        expected = self.open()
        self.assertIn("No case is closed yet", expected.basis_text)
        self.assertIn("too early", expected.conclusion)
        self.assertFalse(any(math.isnan(line.needed) for line in expected.line_ids))

    def test_archived_cases_count(self):
        self.history(2026, 4, 2).active = False
        self.assertIn("2 registrations", self.open().basis_text)

    def test_only_who_gets_cases_is_available(self):
        self.make_volunteer("Paused", "pause", max_cases=9)
        self.make_volunteer("Trained", "training", max_cases=9)
        self.make_volunteer("Ready", max_cases=2)
        self.assertEqual(self.open().line_ids[0].available, 1)

    def test_days_away_are_left_out(self):
        vera = self.make_volunteer(max_cases=2)
        count = self.env["buurtbemiddeling.forecast"]._count_places
        july = date(2026, 7, 1)
        self.assertEqual(count(vera, {}, july), 2)
        away = {vera.id: [(date(2026, 6, 20), date(2026, 7, 31))]}
        self.assertEqual(count(vera, away, july), 0)
        self.assertAlmostEqual(count(vera, away, date(2026, 6, 1)), 2 * 19 / 30)
        twice = {vera.id: [(july, date(2026, 7, 10)), (date(2026, 7, 5), None)]}
        self.assertEqual(count(vera, twice, july), 0)

    def test_another_organisation_counts_its_own(self):
        self.history(2026, 4, 2)
        self.env.flush_all()
        model = self.env["buurtbemiddeling.forecast"].with_user(self.stranger)
        expected = model.browse(model.action_open()["res_id"])
        self.assertIn("no whole month", expected.basis_text)

    def test_the_number_of_queries_does_not_grow_with_history_or_pool(self):
        model = self.env["buurtbemiddeling.forecast"].with_user(self.coordinator)
        self.history(2026, 4, 1, mediated=1)
        self.make_volunteer("One")
        few = self.count_queries(model.action_open)
        for month in range(1, 6):
            self.history(2026, month, 3, mediated=1)
        for number in range(10):
            self.make_volunteer(f"V {number}")
        self.assertLessEqual(self.count_queries(model.action_open), few)
