from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .test_keeping import KeepingCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-12-24 10:00:00")
class TestBirthday(KeepingCommon):
    """Birthdays are found by month and day, in every year."""

    def born(self, *day, **values):
        return self.make_volunteer("-".join(map(str, day)), birthday=date(*day), **values)

    def test_birthdays_of_two_weeks_over_the_turn_of_the_year(self):
        coming = self.born(1950, 12, 24) | self.born(1960, 12, 31) | self.born(1970, 1, 7)
        self.born(1950, 12, 23)
        self.born(1970, 1, 8)
        self.make_volunteer("Not stated")
        self.assertEqual(self.found("BIRTHDAY"), coming)
        days = sorted(coming.mapped("next_birthday"))
        self.assertEqual(days, [date(2026, 12, 24), date(2026, 12, 31), date(2027, 1, 7)])

    def test_29_february_is_celebrated_on_the_28th_in_other_years(self):
        leap, other = self.born(1960, 2, 29), self.born(1960, 2, 28)
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator)
        for today, days, found in (
            ("2027-02-28", (date(2027, 2, 28), date(2027, 2, 28)), leap | other),
            ("2027-03-01", (date(2028, 2, 29), date(2028, 2, 28)), volunteers),
            ("2028-02-28", (date(2028, 2, 29), date(2028, 2, 28)), other),
            ("2028-02-29", (date(2028, 2, 29), date(2029, 2, 28)), leap),
        ):
            with self.subTest(today=today), freeze_time(f"{today} 10:00:00"):
                (leap | other).invalidate_recordset()
                self.assertEqual((leap.next_birthday, other.next_birthday), days)
                own = ("company_id", "=", self.company.id)
                self.assertEqual(volunteers.search([own, ("next_birthday", "=", "today")]), found)

    def test_every_way_of_searching_agrees_with_the_field(self):
        days = [(1950, 12, 24), (1951, 1, 2), (1952, 2, 29), (1953, 6, 1), (1954, 12, 23)]
        pool = self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator)
        for day in days:
            pool |= self.born(*day)
        pool |= self.make_volunteer("Not stated")
        for operator in ("=", "!=", "<", "<=", ">", ">="):
            for value in ("2026-12-24", "2027-01-02", "2027-02-28", "2027-12-23", False):
                if value is False and operator not in ("=", "!="):
                    continue
                domain = [("id", "in", pool.ids), ("next_birthday", operator, value)]
                with self.subTest(operator=operator, value=value):
                    self.assertEqual(pool.search(domain), pool.sorted().filtered_domain(domain))

    def test_who_left_or_got_a_card_is_not_shown_again(self):
        self.born(1950, 12, 25, stage="left")
        vera = self.born(1950, 12, 26)
        self.assertEqual(self.found("BIRTHDAY"), vera)
        self.env["buurtbemiddeling.thanks"].with_user(self.coordinator).create(
            {"volunteer_id": vera.id, "occasion_id": self.code("thanks.occasion", "birthday").id}
        )
        self.assertFalse(self.found("BIRTHDAY"))

    def test_nobody_is_born_tomorrow(self):
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.born(2026, 12, 25)

    def test_a_birthday_is_never_on_the_contact(self):
        vera = self.born(1950, 12, 25)
        own = [name for name in vera.partner_id._fields if "birth" in name]
        self.assertFalse(own)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestJubilee(KeepingCommon):
    """Years as a volunteer count from the first day, pauses included."""

    def since(self, *day, stage="active"):
        return self.make_volunteer("-".join(map(str, day)), stage, date_start=date(*day))

    def test_jubilees_of_two_weeks(self):
        one, twelve_and_a_half = self.since(2025, 6, 15), self.since(2013, 12, 29)
        forty = self.since(1986, 6, 29, stage="pause")
        self.since(2025, 6, 14)
        self.since(2025, 6, 30)
        self.since(2024, 6, 20)  # two years
        self.since(2021, 6, 20, stage="left")
        self.make_volunteer("Unknown")
        self.assertEqual(self.found("JUBILEE"), (one | twelve_and_a_half | forty).sorted())
        self.assertEqual(one.next_jubilee_date, date(2026, 6, 15))
        self.assertEqual(twelve_and_a_half.next_jubilee_id.name, "12.5 years")
        self.assertEqual(twelve_and_a_half.next_jubilee_date, date(2026, 6, 29))
        self.assertEqual(forty.next_jubilee_id.years, 40)

    def test_the_end_of_a_short_month(self):
        with freeze_time("2027-02-28 10:00:00"):
            late = self.since(2014, 8, 31)
            leap = self.since(2012, 2, 29)
            own = ("company_id", "=", self.company.id)
            found = late.search([own, ("next_jubilee_date", "=", "today")])
            self.assertEqual(found, (late | leap).sorted())
            self.assertEqual((late | leap).mapped("next_jubilee_date"), [date(2027, 2, 28)] * 2)

    def test_an_organisation_chooses_what_it_celebrates(self):
        vera = self.since(2023, 6, 20)
        self.assertFalse(self.found("JUBILEE"))
        self.env["buurtbemiddeling.jubilee"].with_user(self.manager).create(
            {"code": "3", "name": "3 years", "years": 3}
        )
        self.assertEqual(self.found("JUBILEE"), vera)
        self.code("jubilee", "3").active = False
        self.assertFalse(self.found("JUBILEE"))

    def test_half_years_only(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "years_halves"),
            self.cr.savepoint(),
        ):
            self.env["buurtbemiddeling.jubilee"].create({"code": "x", "name": "x", "years": 1.3})

    def test_after_the_last_jubilee_there_is_none(self):
        self.assertFalse(self.since(1980, 1, 1).next_jubilee_date)
