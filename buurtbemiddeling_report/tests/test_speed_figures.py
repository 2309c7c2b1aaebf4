from datetime import date

from .common import FiguresCase


class TestSpeedFigures(FiguresCase):
    """Figures take as many queries for a country as for a village."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.town = cls.make_area("Town", inhabitants=10_000)
        cls.others = cls.env["res.company"].create(
            [{"name": f"Figures of {number}"} for number in range(3)]
        )
        cls.env.user.company_ids |= cls.others
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": [*cls.company.ids, *cls.others.ids],
            }
        )

    def add_cases(self, count, **values):
        nuisance = [(6, 0, self.code("nuisance.type", "DIEREN").ids)]
        return self.make_cases(
            count, outcome="OPG_BEM", area_id=self.town.id, nuisance_type_ids=nuisance, **values
        )

    def count_queries(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_computing_takes_no_more_queries_with_more_cases(self):
        self.add_cases(2)
        benchmark = self.compute()
        few = self.count_queries(benchmark.action_compute)
        self.add_cases(20)
        self.assertLessEqual(self.count_queries(benchmark.action_compute), few)
        self.assertFigures(benchmark, {"cases_registered": 22})

    def test_the_workbook_takes_no_more_queries_with_more_cases(self):
        self.add_cases(2)
        benchmark = self.compute()
        benchmark._render_xlsx()
        few = self.count_queries(benchmark._render_xlsx)
        self.add_cases(20)
        benchmark.action_compute()
        benchmark._render_xlsx()  # notes that it leaves, once after computing
        self.assertLessEqual(self.count_queries(benchmark._render_xlsx), few)

    def test_files_take_no_more_queries_with_more_lines(self):
        """Two hundred lines more, of areas with a slash in their names: as many queries."""
        places = [self.make_area(f"Over / under {n}", inhabitants=1_000 + n) for n in range(9)]
        self.add_cases(2)
        self.make_cases(2, area_id=places[0].id)
        benchmark = self.compute()
        renders = (benchmark._render_xlsx, benchmark._render_csv, benchmark._render_json)
        for render in renders:
            render()
        few = [self.count_queries(render) for render in renders]
        lines = len(benchmark.line_ids)
        for place in places[1:]:
            self.make_cases(2, area_id=place.id)
        benchmark.action_compute()
        self.assertGreater(len(benchmark.line_ids), lines + 200)
        for render, count in zip(renders, few, strict=True):
            self.assertLessEqual(self.count_queries(render), count, render.__name__)
        self.assertIn("Over / under 8", benchmark._render_csv().decode())

    def test_the_totals_are_read_without_the_rows(self):
        self.add_cases(20)
        benchmark = self.compute()
        lines = benchmark.line_ids
        rows = lines.filtered("dimension_id")
        self.assertTrue(rows)
        screens = {
            "comparison": benchmark._get_comparison,
            "remarks": lambda: benchmark.remarks,
            "targets": benchmark._read_totals,
        }
        for name, read in screens.items():
            with self.subTest(name):
                self.env.invalidate_all()
                read()
                numerators = lines._fields["numerator"]._get_cache(self.env)
                self.assertTrue(numerators.keys() & {*lines.ids})
                self.assertEqual(len(numerators.keys() & {*rows.ids}), 0)

    def test_organisations_are_counted_in_one_pass_and_alike(self):
        """Together each comes to what it comes to alone, and the facts are read once."""
        for number, company in enumerate(self.others, start=3):
            self.add_cases(number, company_id=company.id)
        self.add_cases(1, company_id=self.others[0].id, registered=date(2017, 6, 1))
        alone = [self.compute(company_id=company.id) for company in self.others]
        together = alone[0].union(*(each.copy() for each in alone)) - alone[0]
        statements = []
        execute = type(self.env.cr).execute

        def listen(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if "FROM buurtbemiddeling_case c" in text and "INSERT" not in text:
                statements.append(text)
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", listen)
        together.action_compute()
        self.assertEqual(len(statements), 1)
        for one, other in zip(alone, together.sorted("id"), strict=True):
            self.assertEqual(self.read_all(one), self.read_all(other))
            self.assertEqual(
                one.fact_ids.mapped(lambda fact: (fact.res_id, fact.facts, fact.met)),
                other.fact_ids.mapped(lambda fact: (fact.res_id, fact.facts, fact.met)),
            )

    def test_lines_are_stored_as_the_orm_would_have_stored_them(self):
        self.add_cases(7)
        benchmark = self.compute()
        lines = benchmark.line_ids
        before = self.read_all(benchmark)
        for field in lines._fields.values():
            if field.store and field.compute:
                self.env.add_to_compute(field, lines)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.read_all(benchmark), before)
        benchmark._mark_small_numbers()
        self.assertEqual(self.read_all(benchmark), before)
        values = benchmark._prepare_lines(
            lines.indicator_id, self.env["buurtbemiddeling.dimension"].search([])
        )
        lines.unlink()
        lines.create(values)
        benchmark._mark_small_numbers()
        self.assertEqual(self.read_all(benchmark), before)

    def read_all(self, benchmark):
        """Return all that is stored of the lines, but for which they are."""
        self.env.flush_all()
        names = [
            name
            for name, field in benchmark.line_ids._fields.items()
            if field.store and name not in ("id", "benchmark_id", "create_date", "write_date")
        ]
        return [{name: line[name] for name in names} for line in benchmark.line_ids.sorted("id")]
