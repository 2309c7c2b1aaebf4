from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 10:00:00")
class TestPoolMirror(VolunteerCommon):
    """The team compared with the population, as counts only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        areas = cls.env["buurtbemiddeling.area"]
        cls.town = areas.create(
            {"name": "Testdam", "code": "GM9991", "kind": "municipality", "inhabitants": 1000}
        )
        cls.north, cls.south = areas.create(
            [
                {
                    "name": name,
                    "code": code,
                    "kind": "district",
                    "parent_id": cls.town.id,
                    "inhabitants": inhabitants,
                }
                for name, code, inhabitants in (
                    ("North", "WK999101", 700),
                    ("South", "WK999102", 0),
                )
            ]
        )
        cls.corner = areas.create(
            {"name": "Corner", "code": "BU99910101", "parent_id": cls.north.id}
        )

    def figure(self, count, year=2026, **values):
        dimension = {"age_band": "age_band", "language_id": "language", "area_id": "area"}
        return (
            self.env["buurtbemiddeling.population"]
            .with_user(self.coordinator)
            .create(
                {
                    "dimension": dimension[next(iter(values))],
                    "count": count,
                    "year": year,
                    "company_id": self.company.id,
                    **values,
                }
            )
        )

    def team(self, count, **values):
        return [self.make_volunteer(f"V {values} {n}", **values) for n in range(count)]

    def mirror(self, dimension):
        """Return the rows by the code or name of what they are about; "" is not known."""
        self.env.flush_all()
        rows = self.env["buurtbemiddeling.pool.mirror"].with_user(self.coordinator)
        rows.invalidate_model()
        rows = rows.search([("company_id", "=", self.company.id), ("dimension", "=", dimension)])
        return {row.age_band or row.language_id.code or row.area_id.name or "": row for row in rows}

    def test_nothing_to_compare_is_an_empty_list(self):
        self.assertFalse(self.mirror("age_band"))

    def test_shares_of_ages(self):
        self.team(6, age_band="60_74")
        self.team(2, age_band="25_39")
        self.team(1)
        self.team(1, age_band="unknown")
        self.team(3, age_band="60_74", stage="left")
        self.figure(500, age_band="25_39")
        self.figure(300, age_band="40_59")
        self.figure(200, age_band="60_74")
        rows = self.mirror("age_band")
        self.assertEqual({key: row.pool_count for key, row in rows.items()}, {
            "25_39": 2, "40_59": 0, "60_74": 6, "": 2,
        })  # fmt: skip
        self.assertEqual(rows["60_74"].pool_known, 8)
        self.assertAlmostEqual(rows["60_74"].pool_share, 0.75)
        self.assertAlmostEqual(rows["60_74"].population_share, 0.2)
        self.assertAlmostEqual(rows["60_74"].difference, 0.55)
        self.assertEqual(
            rows["60_74"].sentence,
            "6 of 8 volunteers (75%); of the population 20%. 4 more than its share.",
        )
        self.assertEqual(rows[""].name, "Not stated")
        self.assertFalse(rows[""].pool_share)

    def test_a_small_number_is_not_told_to_others(self):
        self.team(6, age_band="60_74")
        self.team(2, age_band="25_39")
        self.figure(500, age_band="25_39")
        self.figure(500, age_band="60_74")
        self.assertEqual(
            self.mirror("age_band")["25_39"].sentence,
            "Fewer than 5 volunteers; of the population 50%. The team has too few.",
        )
        self.company.buurtbemiddeling_small_number = 7
        self.assertIn("Fewer than 7", self.mirror("age_band")["60_74"].sentence)

    def test_an_age_follows_from_the_birthday(self):
        for birthday in (date(2001, 6, 16), date(2001, 6, 15), date(1951, 6, 15)):
            self.make_volunteer(str(birthday), birthday=birthday, age_band="40_59")
        rows = self.mirror("age_band")
        self.assertEqual(
            {key: row.pool_count for key, row in rows.items()},
            {"0_24": 1, "25_39": 1, "75_plus": 1},
        )

    def test_who_speaks_two_languages_counts_under_both(self):
        dutch, turkish = self.code("language", "nl"), self.code("language", "tr")
        self.team(5, language_ids=[(6, 0, dutch.ids)])
        self.team(5, language_ids=[(6, 0, (dutch | turkish).ids)])
        self.figure(900, language_id=dutch.id)
        self.figure(100, language_id=turkish.id)
        rows = self.mirror("language")
        self.assertEqual((rows["nl"].pool_count, rows["tr"].pool_count), (10, 5))
        self.assertEqual((rows["nl"].pool_share, rows["tr"].pool_share), (1, 0.5))
        self.assertAlmostEqual(rows["tr"].population_share, 0.1)

    def test_a_neighbourhood_counts_under_the_districts_around_it(self):
        self.team(3, area_id=self.corner.id)
        self.team(1, area_id=self.south.id)
        self.team(1)
        self.figure(1000, area_id=self.town.id)
        self.figure(700, area_id=self.north.id)
        rows = self.mirror("area")
        self.assertEqual(
            {key: row.pool_count for key, row in rows.items()},
            {"Testdam": 4, "North": 3, "": 1},
        )
        self.assertEqual(rows["Testdam"].population_share, 1, "its districts are not more people")
        self.assertAlmostEqual(rows["North"].population_share, 0.7)
        self.assertAlmostEqual(rows["North"].pool_share, 0.75)

    def test_the_last_year_counts(self):
        self.team(5, age_band="60_74")
        self.figure(100, 2024, age_band="60_74")
        self.figure(900, 2024, age_band="25_39")
        self.figure(50, 2026, age_band="60_74")
        rows = self.mirror("age_band")
        self.assertEqual(list(rows), ["60_74"])
        self.assertEqual((rows["60_74"].population_count, rows["60_74"].year), (50, 2026))

    def test_no_division_by_zero(self):
        self.figure(0, age_band="60_74")
        row = self.mirror("age_band")["60_74"]
        self.assertEqual((row.pool_share, row.population_share), (0, 0))
        self.assertEqual(row.sentence, "Of no volunteer is this known.")
        self.team(5, age_band="60_74")
        self.assertIn("no figure of the population", self.mirror("age_band")["60_74"].sentence)

    def test_people_are_not_on_the_screen(self):
        rows = self.env["buurtbemiddeling.pool.mirror"]
        names = {field.comodel_name for field in rows._fields.values() if field.comodel_name}
        self.assertFalse(names & {"buurtbemiddeling.volunteer", "res.partner"})

    def test_another_organisation_sees_nothing_of_it(self):
        self.team(5, age_band="60_74")
        figure = self.figure(100, age_band="60_74")
        self.env.flush_all()
        theirs = self.env["buurtbemiddeling.pool.mirror"].with_user(self.stranger)
        self.assertNotIn(self.company, theirs.search([]).sudo().company_id)
        with self.assertRaises(AccessError):
            figure.with_user(self.stranger).read(["count"])

    def test_inhabitants_come_from_the_list_of_areas(self):
        self.team(1, area_id=self.corner.id)
        figures = self.env["buurtbemiddeling.population"].with_user(self.coordinator)
        figures.action_take_inhabitants()
        own = [("company_id", "=", self.company.id)]
        [figure] = figures.search(own)
        self.assertEqual((figure.area_id, figure.count, figure.year), (self.town, 1000, 2026))
        self.town.inhabitants = 1100
        self.env["buurtbemiddeling.project"].create(
            {
                "name": "Project",
                "company_id": self.company.id,
                "area_ids": [(6, 0, (self.town | self.north | self.south).ids)],
            }
        )
        figures.action_take_inhabitants()
        found = {figure.area_id: figure.count for figure in figures.search(own)}
        self.assertEqual(found, {self.town: 1100, self.north: 700})

    def test_a_project_that_ended_serves_nobody_any_more(self):
        self.env["buurtbemiddeling.project"].create(
            [
                {
                    "name": area.name,
                    "company_id": self.company.id,
                    "area_ids": [(6, 0, area.ids)],
                    "date_start": "2020-01-01",
                    "date_end": end,
                }
                for area, end in ((self.town, False), (self.north, "2021-12-31"))
            ]
        )
        figures = self.env["buurtbemiddeling.population"].with_user(self.coordinator)
        figures.action_take_inhabitants()
        found = figures.search([("company_id", "=", self.company.id)])
        self.assertEqual(found.area_id, self.town)

    def test_no_inhabitants_known_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Fill in the inhabitants"):
            self.env["buurtbemiddeling.population"].with_user(
                self.coordinator
            ).action_take_inhabitants()

    def test_choosing_an_area_fills_in_its_inhabitants(self):
        figure = (
            self.env["buurtbemiddeling.population"]
            .with_user(self.coordinator)
            .create({"dimension": "area", "area_id": self.north.id})
        )
        self.assertEqual(figure.count, 700)

    def test_a_figure_is_about_one_thing_once(self):
        self.figure(1, age_band="60_74")
        wrong = [
            {"age_band": "60_74"},
            {"age_band": "25_39", "area_id": self.town.id},
        ]
        for values in wrong:
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.figure(1, **values)
                self.env.flush_all()
