import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

sys.path.append(str(Path(__file__).resolve().parents[3]))  # where the package `bench` is
from bench.generator import shares
from bench.generator.generate import generate
from bench.generator.world import in_dutch
from bench.sizes import Size

SIZE = Size("test", 1_500, 2, 6, 40)
SAMPLE = 250
# of others, as far as what is generated is in them
OTHERS = ("res.partner", "calendar.event", "calendar.attendee", "mail.activity")
# rows of this transaction have one moment at which they were made, which says nothing
TRACE = ("create_date", "write_date", "create_uid", "write_uid")


@tagged("post_install", "-at_install")
class TestGenerator(TransactionCase):
    """The made-up country of `bin/bench` is as the ORM would have stored it, and as published."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = in_dutch(cls.env)
        cls.last_ids = {
            rows._name: rows.search([], order="id desc", limit=1).id or 0 for rows in cls._models()
        }
        cls.texts = []
        generate(cls.env, SIZE, cls.texts.append)
        cls.env.invalidate_all()
        cls.companies = cls.env["res.company"].search([("name", "like", "Buurtbemiddeling ")])
        cls.cases = cls.env["buurtbemiddeling.case"].search(
            [("company_id", "in", cls.companies.ids)]
        )

    @classmethod
    def _models(cls):
        """Every model of ours with a table, and some others."""
        for name in sorted(cls.registry):
            rows = cls.env[name].with_context(active_test=False)
            if name in OTHERS or name.startswith("buurtbemiddeling.") and rows._auto:
                if not (rows._abstract or rows._transient):
                    yield rows

    def _samples(self):
        """A sample of the rows that were made, model after model."""
        for model in self._models():
            made = model.search([("id", ">", self.last_ids[model._name])], order="id")
            if made:
                yield made[:: max(1, len(made) // SAMPLE)]

    def _read(self, rows):
        """What is stored of rows, as the database has it."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id, to_jsonb(t) - %s FROM %s t WHERE id = ANY(%s)",
                list(TRACE),
                SQL.identifier(rows._table),
                rows.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def test_recomputing_changes_nothing(self):
        """Every stored field that the ORM computes is what it computes."""
        for rows in self._samples():
            stored = self._read(rows)
            for field in rows._fields.values():
                if field.store and field.compute and field.column_type:
                    self.env.add_to_compute(field, rows)
            computed = self._read(rows)
            self.env.invalidate_all()
            different = Counter(
                name
                for id_, values in stored.items()
                for name, value in values.items()
                if value != computed[id_][name]
            )
            self.assertFalse(different, rows._name)

    def test_constraints_hold(self):
        """What the ORM refuses is not there."""
        for rows in self._samples():
            with self.subTest(model=rows._name):
                rows._validate_fields(rows._fields)

    def test_references_exist(self):
        """Rows that are written with COPY refer to rows that are there."""
        self.env.cr.execute(
            """
            SELECT conrelid::regclass::text, attname, confrelid::regclass::text
              FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE contype = 'f' AND connamespace = 'public'::regnamespace
               AND cardinality(conkey) = 1
            """
        )
        for table, column, target in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL(
                    """
                    SELECT 1 FROM %(table)s t
                     WHERE %(column)s IS NOT NULL
                       AND NOT EXISTS (SELECT 1 FROM %(target)s r WHERE r.id = t.%(column)s)
                     LIMIT 1
                    """,
                    table=SQL.identifier(table.strip('"')),
                    column=SQL.identifier(column),
                    target=SQL.identifier(target.strip('"')),
                )
            )
            self.assertFalse(self.env.cr.fetchone(), f"{table}.{column}")

    def test_number_of_everything(self):
        self.assertEqual(len(self.cases), SIZE.cases)
        self.assertEqual(len(self.companies), SIZE.organisations)
        self.assertTrue(
            all(case.party_ids.filtered(lambda p: p.side == "b") for case in self.cases)
        )
        facts = self.env["buurtbemiddeling.case.report"].with_context(
            period_start="2016-01-01", period_end="2025-12-31", reference_date="2025-12-31"
        )
        mine = [("company_id", "in", self.companies.ids)]
        self.assertEqual(facts.search_count([*mine, ("is_registered", "=", True)]), SIZE.cases)
        closed = self.cases.filtered("is_closed")
        self.assertEqual(facts.search_count([*mine, ("is_closed", "=", True)]), len(closed))
        self.assertTrue(any(str(SIZE.cases) in text.replace(",", "") for text in self.texts))

    def test_next_number(self):
        """A case that comes in now has the next number of its organisation and year."""
        for company in self.companies:
            numbers = self.cases.filtered(
                lambda case, company=company: (
                    case.company_id == company and case.name.startswith("2025-")
                )
            ).mapped("name")
            self.assertEqual(sorted(numbers), [f"2025-{n:04d}" for n in range(1, len(numbers) + 1)])
            case = self.env["buurtbemiddeling.case"].create(
                {"company_id": company.id, "user_id": False, "registration_date": "2025-12-31"}
            )
            self.assertEqual(case.name, f"2025-{len(numbers) + 1:04d}")

    def test_history_adds_up(self):
        """One stay begins when the one before it ends, and the days of all are those of a case."""
        for case in self.cases.filtered("is_closed")[:SAMPLE]:
            stays = case.phase_ids.sorted("id")
            self.assertEqual(stays[0].date_from, case.registration_date)
            self.assertTrue(all(one.date_to == two.date_from for one, two in pairwise(stays)))
            self.assertEqual(sum(stays.mapped("own_days")), case.own_days)
            self.assertEqual(sum(stays.mapped("waiting_days")), case.waiting_days)

    def test_residents_are_confidential(self):
        """As the ORM makes them; and nobody outside has a place in their threads."""
        residents = self.cases.party_ids.partner_id
        self.assertTrue(all(residents.mapped("is_confidential")))
        self.assertEqual(residents.company_id, self.companies)
        followers = self.env["mail.followers"].search(
            [
                ("res_model", "in", ("buurtbemiddeling.case", "buurtbemiddeling.case.party")),
                ("partner_id", "in", residents.ids),
            ]
        )
        self.assertFalse(followers)

    def test_shares_are_the_published_ones(self):
        """Within four times the error of a sample of this size."""
        counted = {
            "referred by oneself": (self._share(lambda c: c.referrer_type_id.code == "ZELF"), 0.48),
            "by the police": (self._share(lambda c: c.referrer_type_id.code == "POLITIE"), 0.19),
            "by a corporation": (
                self._share(lambda c: c.referrer_type_id.code == "CORPORATIE"),
                0.20,
            ),
            "noise": (
                self._share(lambda c: c.main_nuisance_type_id.code.startswith("GELUID")),
                0.36,
            ),
            "animals": (self._share(lambda c: c.main_nuisance_type_id.code == "DIEREN"), 0.065),
            "bullying and relation": (
                self._share(
                    lambda c: (
                        c.main_nuisance_type_id.code
                        in ("PESTEN_LASTIGVALLEN", "VERSTOORDE_RELATIE")
                    )
                ),
                0.21,
            ),
            "complex": (self._share(lambda c: c.is_complex), 0.235),
            "unsuitable": (
                self._share(lambda c: c.intake_decision in ("unsuitable", "refer")),
                0.10,
            ),
            "advice": (self._share(lambda c: c.intake_decision == "advice"), 0.17),
            "summer": (self._share(lambda c: c.registration_date.month in (5, 6, 7, 8)), 0.425),
        }
        for name, (found, published) in counted.items():
            error = (published * (1 - published) / SIZE.cases) ** 0.5
            self.assertAlmostEqual(found, published, delta=4 * error, msg=name)

    def _share(self, condition):
        return len(self.cases.filtered(condition)) / len(self.cases)

    def test_seven_in_ten_end_well(self):
        """Of the handled cases 68 to 71% are solved; 4 to 8% of a year run at its end."""
        closed = self.cases.filtered("is_closed")
        outcomes = [case.aftercare_outcome_id or case.outcome_id for case in closed]
        handled = [outcome for outcome in outcomes if outcome.counts_handled]
        solved = [outcome for outcome in handled if outcome.counts_positive]
        self.assertAlmostEqual(len(solved) / len(handled), 0.695, delta=0.05)
        running = Counter()
        for case in self.cases:
            for year in (2023, 2024, 2025):
                if case.registration_date.year <= year and (
                    not case.close_date or case.close_date.year > year
                ):
                    running[year] += 1
        of_years = len(self.cases.filtered(lambda c: c.registration_date.year >= 2023))
        self.assertAlmostEqual(sum(running.values()) / of_years, 0.06, delta=0.025)

    def test_years_grow(self):
        years = Counter(case.registration_date.year for case in self.cases)
        self.assertEqual(sorted(years), list(range(2016, 2026)))
        expected = [shares.YEARS.get(year, shares.LATER_YEARS) for year in sorted(years)]
        for year, weight in zip(sorted(years), expected, strict=True):
            self.assertAlmostEqual(years[year] / SIZE.cases, weight / sum(expected), delta=0.005)


@tagged("post_install", "-at_install")
class TestGeneratorAgain(TransactionCase):
    """The same country each time."""

    def test_same_again(self):
        first, second = self._make(), self._make()
        self.assertEqual(first, second)

    def _make(self):
        """What a country is made of, apart from ids; it is gone afterwards."""
        size = Size("again", 60, 1, 2, 12, years=3)
        with self.env.cr.savepoint(flush=False) as savepoint:
            generate(self.env, size, lambda text: None)
            self.env.cr.execute(
                """
                SELECT c.name, c.registration_date, c.close_date, c.own_days, c.stage_deadline,
                       c.channel, c.aftercare_date, p.side, p.story, p.willing, p.tenure,
                       r.name AS resident, r.street, r.zip, r.phone, r.email, area.code
                  FROM buurtbemiddeling_case c
                  JOIN buurtbemiddeling_case_party p ON p.case_id = c.id
                  JOIN buurtbemiddeling_area area ON area.id = c.area_id
                  LEFT JOIN res_partner r ON r.id = p.partner_id
                  JOIN res_company company ON company.id = c.company_id
                 WHERE company.name LIKE 'Buurtbemiddeling %'
                 ORDER BY c.name, p.id
                """
            )
            rows = self.env.cr.fetchall()
            savepoint.rollback()
        self.env.invalidate_all()
        self.registry.clear_all_caches()
        self.assertGreater(len(rows), size.cases)
        return rows
