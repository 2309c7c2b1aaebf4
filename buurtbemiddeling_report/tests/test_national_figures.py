"""The national figures that come with the module are those that were published."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FiguresCase

REFERENCE = "buurtbemiddeling.benchmark.reference"
#: Data year, cases, solved (code and share), municipalities, share of them, mediators, complex,
#: self, police, and of what else. Signs as published: ~ about, > more than, < almost, / out of.
#: What a reader calculated himself is not in it.
PUBLISHED = """
2007 | - | | 77 | - | - | - | 23 | 32 |
2008 | - | success 69 | 108 | 24 | - | - | - | - | noise_share 47, bullying_share 13
2010 | - | success ~66.666667 | 164 | - | - | - | - | 28 |
2011 | - | | - | - | - | - | 32 | 27 |
2012 | ~10000 | success_of_suitable 68 | 185 | - | - | - | 36 | 23 |
2013 | - | success 68 | - | - | - | - | - | - |
2014 | - | success 68 | 216 | - | - | - | 45 | - | suitable_share 90
2015 | ~10000 | | 218 | 56 | - | - | - | - |
2016 | ~13000 | success_of_registered 70| 253 | 65 | 2564 | ~20 | - | - |
2017 | ~15000 | success ~70 | 286 | ~75| - | - | - | - | suitable_share ~90
2018 | ~17000 | success ~70 | 301 | - | - | - | - | - |
2019 | ~18000 | | - | 85 | - | - | - | - |
2020 | ~20000 | success ~70 | 300 | 85 | - | - | - | - |
2021 | ~21000 | success ~70 | - | 85 | ~3500 | - | - | - |
2022 | ~20000 | success_of_handled 70 | - | 88 | ~3200 | ~25 | - | - |
2023 | ~20000 | success_of_handled 71 | - | ~90| ~3300 | ~25 | - | - |
"""
#: What another source of the same year says.
OTHERS = {
    (2010, "municipalities_offering", 160),
    (2014, "municipalities_offering", 207),
    (2014, "success", 66),
    (2016, "municipalities_offering", 231),
}
COLUMNS = (
    "cases_registered", None, "municipalities_offering", "municipalities_share",
    "volunteers_active", "complex_share", "self_referral_share", "police_share",
)  # fmt: skip


def read_published():
    """Return ``{(year, code, amount, approximate)}``."""
    found = set()
    for row in PUBLISHED.strip().splitlines():
        year, *cells = (cell.strip() for cell in row.split("|"))
        pairs = [(code, cell) for code, cell in zip(COLUMNS, cells[:8], strict=True) if code]
        pairs += [pair.split() for cell in (cells[1], cells[8]) for pair in cell.split(",") if pair]
        for code, cell in pairs:
            if cell != "-":
                found.add((int(year), code, round(float(cell.strip("~")), 4), "~" in cell))
    return found


@tagged("post_install", "-at_install")
class TestNationalFigures(FiguresCase):
    def get_shipped(self):
        xml_ids = self.env["ir.model.data"].search(
            [("module", "=", "buurtbemiddeling_report"), ("model", "=", REFERENCE)]
        )
        return self.env[REFERENCE].browse(xml_ids.mapped("res_id"))

    def test_every_published_figure_is_there_and_no_other(self):
        shipped = self.get_shipped().filtered(
            lambda one: not one.is_own_calculation and not one.size_class_id
        )
        main = shipped.filtered("is_preferred")
        self.assertEqual(
            {(r.year, r.indicator_code, round(r.amount, 4), r.approximate) for r in main},
            read_published(),
        )
        others = shipped - main
        self.assertEqual({(r.year, r.indicator_code, round(r.amount, 4)) for r in others}, OTHERS)

    def test_every_figure_names_its_source_by_address(self):
        for reference in self.get_shipped():
            for address in reference.source.split(" ; "):
                self.assertRegex(address, r"^https?://[^ ;]+$", reference.name)

    def test_every_code_has_a_name_in_words(self):
        for reference in self.get_shipped():
            self.assertNotEqual(reference.name, reference.indicator_code)

    def test_a_share_of_solved_cases_keeps_the_base_that_was_published(self):
        get_latest = self.env[REFERENCE]._get_latest
        for year, code, base in (
            (2016, "success_of_registered", "success_of_registered"),
            (2012, "success_of_suitable", "success_of_suitable"),
            (2023, "success_of_handled", "success_of_handled"),
            (2023, "success_of_closed", "success_of_handled"),
            (2020, "success_of_handled", "success"),
        ):
            find_other = self.env[REFERENCE]._get_other_base
            found, other = get_latest([code], year), find_other([code], year)
            used, left = (found, other) if code == base else (other, found)
            self.assertEqual(used[code].indicator_code, base, (year, code))
            self.assertFalse(left, (year, code))
        self.assertEqual(get_latest(["success_of_handled"], 2000), {})
        self.assertEqual(get_latest(["complex_share"], 2019)["complex_share"].year, 2016)

    def test_a_later_year_is_never_compared_with_an_earlier_one(self):
        found = self.env[REFERENCE]._get_latest(["cases_registered"], 2014)
        self.assertEqual(found["cases_registered"].year, 2012)

    def test_of_several_sources_of_a_year_one_is_compared_with(self):
        self.assertEqual(
            self.env[REFERENCE]
            ._get_latest(["municipalities_offering"], 2014)["municipalities_offering"]
            .value,
            216,
        )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env[REFERENCE].create(
                {
                    "year": 2014,
                    "indicator_code": "municipalities_offering",
                    "value": 210,
                    "source": "https://example.org",
                }
            )

    def test_per_10000_inhabitants_is_marked_as_an_own_calculation(self):
        (reference,) = self.get_shipped().filtered("is_own_calculation")
        self.assertEqual((reference.year, reference.indicator_code), (2022, "cases_per_10000"))
        municipalities = self.env["buurtbemiddeling.area"].search(
            [("kind", "=", "municipality"), ("code", "=like", "GM%")]
        )
        inhabitants = sum(municipalities.mapped("inhabitants"))
        self.assertEqual(inhabitants, 17590672)
        self.assertAlmostEqual(reference.value, 20000 / inhabitants, places=8)
        self.assertAlmostEqual(reference.amount, 11.37, places=2)
        self.assertIn("17,590,672", reference.note)

    def test_the_norm_of_2016_is_for_municipalities_the_size_of_capelle(self):
        (reference,) = self.get_shipped().filtered("size_class_id")
        self.assertEqual((reference.year, reference.value), (2016, 82))
        self.assertIn("Capelle aan den IJssel", reference.note)
        capelle = self.env["buurtbemiddeling.area"].search([("code", "=", "GM0502")])
        sizes = self.env["buurtbemiddeling.size.class"]
        self.assertEqual(sizes._of_inhabitants(capelle.inhabitants), reference.size_class_id)

    def test_every_number_of_inhabitants_has_one_size_class(self):
        sizes = self.env["buurtbemiddeling.size.class"]
        for inhabitants, code in (
            (1, "UNDER_5"), (4999, "UNDER_5"), (5000, "5_10"), (10000, "10_20"), (49999, "20_50"),
            (50000, "50_100"), (149999, "100_150"), (249999, "150_250"), (250000, "250_PLUS"),
            (900000, "250_PLUS"),
        ):  # fmt: skip
            self.assertEqual(sizes._of_inhabitants(inhabitants).code, code)
        self.assertFalse(sizes._of_inhabitants(0))

    def test_size_classes_do_not_overlap(self):
        with self.assertRaisesRegex(ValidationError, "overlap"):
            self.env["buurtbemiddeling.size.class"].create(
                {"code": "X", "name": "X", "min_inhabitants": 7000, "max_inhabitants": 9000}
            )

    def test_a_percentage_is_typed_as_a_percentage(self):
        reference = self.env[REFERENCE].create(
            {
                "year": 2024,
                "indicator_code": "complex_share",
                "amount": 27.5,
                "source": "https://example.org",
            }
        )
        self.assertEqual(reference.unit, "percent")
        self.assertAlmostEqual(reference.value, 0.275)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            reference.value = 27.5
            self.env.flush_all()
