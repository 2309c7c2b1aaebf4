import io
import tracemalloc
from datetime import date
from random import Random

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..models import buurtbemiddeling_benchmark_case_file_mixin as case_file
from ..tools import long_sheet
from .test_case_file import CaseFileCase

NUMBERS = ("Registered in the year", "Own days")
ROWS = 20_000


def read_workbook(content):
    """Return the rows of the only sheet, as tuples."""
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


@tagged("post_install", "-at_install")
class TestCaseFileWorkbook(CaseFileCase):
    """The case file over more years, and as a workbook: the same facts, in a fixed memory."""

    def read_workbook(self, benchmark, since=None):
        benchmark = benchmark.with_user(self.coordinator)
        notice, self.head, *rows = read_workbook(b"".join(benchmark._stream_case_workbook(since)))
        self.notice = notice[0]
        return rows

    def make_some(self, count, town, **values):
        """Create cases of which much is told: nuisance, form of help, and half of them a result."""
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([], limit=3)
        cases = self.make_cases(count, area_id=town.id, **values)
        cases |= self.make_cases(count, area_id=town.id, outcome="OPG_BEM", **values)
        for number, case in enumerate(cases):
            case.main_nuisance_type_id = nuisances[number % 3]
            case.nuisance_type_ids = nuisances[number % 3 :]
        return cases

    def test_the_workbook_holds_what_the_csv_holds(self):
        self.make_some(7, self.town)
        self.make_some(4, self.village)
        benchmark = self.compute(2018)
        lines = self.read_file(benchmark)
        rows = self.read_workbook(benchmark)
        self.assertEqual(
            sorted(";".join("" if cell is None else str(cell) for cell in row) for row in rows),
            sorted(";".join(line) for line in lines),
        )
        for heading in NUMBERS:
            column = self.head.index(heading)
            found = {type(row[column]) for row in rows if row[column] != "*"} - {type(None)}
            self.assertEqual(found, {int}, heading)

    def test_text_stays_text_whatever_it_looks_like(self):
        row = ("=1+1", "007", " <b>&\x0b ", None, "*", "7")
        content = b"".join(
            long_sheet.stream("Sheet", "Notice", list("abcdef"), [[row], [row]], first_number=4)
        )
        *_head, first, second = read_workbook(content)
        self.assertEqual(first, ("=1+1", "007", " <b>& ", None, "*", 7))
        self.assertEqual(second, first)

    def test_a_file_of_more_years_begins_in_the_first(self):
        self.make(6, self.town)
        earlier = self.make_cases(
            9, registered=date(2016, 3, 1), outcome="OPG_BEM", area_id=self.town.id
        )
        self.make_cases(5, registered=date(2015, 3, 1), outcome="OPG_BEM", area_id=self.town.id)
        self.make_cases(3, registered=date(2019, 2, 1))
        benchmark = self.compute(2018)
        self.assertEqual(len(self.read_workbook(benchmark)), 6)
        self.assertNotIn("period", self.notice)
        self.assertEqual(len(self.read_workbook(benchmark, 2018)), 6)
        rows = self.read_workbook(benchmark, 2016)
        self.assertEqual(len(rows), 6 + len(earlier))
        self.assertIn("2016 up to and including 2018", self.notice)
        column = self.head.index("Closed in the period")
        self.assertEqual(sum(row[column] for row in rows), len(earlier))

    def test_what_too_few_share_in_the_whole_period_is_left_out(self):
        for year in (2016, 2017):
            self.make_cases(4, registered=date(year, 3, 1), area_id=self.village.id)
        self.make_cases(9, registered=date(2016, 3, 1), area_id=self.town.id)
        rows = self.read_workbook(self.compute(2017), 2016)
        self.assertEqual(
            {row[:3] for row in rows},
            {("TEST-Stad", "NONE", "2016-03"), ("TEST-Dorp", "NONE", "*")},
        )

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        self.make(6, self.town)
        benchmark = self.compute(2018).with_user(self.coordinator)
        for since in (1989, 2019, -1):
            with self.assertRaisesRegex(UserError, "Choose another first year"):
                benchmark._check_case_file(since)

    def test_cases_of_a_closed_project_in_an_earlier_year_are_not_told(self):
        """Who does not see all cases of the period gets no file, also when the year is complete."""
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "Closed", "company_id": self.company.id, "is_members_only": True}
        )
        self.make(6, self.town).project_id = False
        self.make_cases(6, registered=date(2016, 3, 1), outcome="OPG_BEM", project_id=project.id)
        benchmark = self.compute(2018).with_user(self.coordinator)
        self.assertTrue(list(benchmark._stream_case_workbook()))
        with self.assertRaisesRegex(Exception, "only for its own coordinators"):
            list(benchmark._stream_case_workbook(2016))

    def test_two_hundred_cases_take_as_many_queries_as_five(self):
        self.make(5, self.town)
        benchmark = self.compute(2018).with_user(self.coordinator)

        def count(method):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(list(getattr(benchmark, method)(2016)))
            return self.env.cr.sql_log_count - before

        methods = ("_stream_cases", "_stream_case_workbook")
        self.assertTrue([count(method) for method in methods], "what is asked once is asked")
        few = {method: count(method) for method in methods}
        self.make(195, self.town)
        self.assertEqual({method: count(method) for method in methods}, few)

    def test_memory_does_not_grow_with_the_number_of_rows(self):
        """Twenty thousand rows leave no more behind on the way than the first two thousand."""
        rng = Random("rows")
        codes = [f"CODE{number}" for number in range(400)]

        def make_batches():
            for _batch in range(ROWS // case_file.CHUNK):
                yield [
                    (*rng.choices(codes, k=10), *rng.choices("01*", k=7), 12, None)
                    for _row in range(case_file.CHUNK)
                ]

        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        size, after_first = 0, None
        for piece in long_sheet.stream("Sheet", "", ["Heading"] * 19, make_batches(), 10):
            size += len(piece)
            held, _peak = tracemalloc.get_traced_memory()
            after_first = after_first or held
            self.assertLess(held, after_first + 500_000)
        self.assertGreater(size, 500_000, "it would have grown by as much")
        _held, peak = tracemalloc.get_traced_memory()
        self.assertLess(peak, 20_000_000)


@tagged("post_install", "-at_install")
class TestCaseFileWorkbookDownload(CaseFileCase, HttpCase):
    def test_a_coordinator_downloads_more_years_and_it_is_noted(self):
        self.make(7, self.town)
        self.make_cases(5, registered=date(2016, 3, 1), outcome="OPG_BEM", area_id=self.town.id)
        benchmark = self.compute(2018)
        wizard = self.env["buurtbemiddeling.download"].with_user(self.coordinator)
        wizard = wizard.create({"benchmark_id": benchmark.id, "file_format": "cases_xlsx"})
        self.assertEqual(wizard.first_year, 2018)
        wizard.first_year = 2016
        self.authenticate(self.coordinator.login, self.coordinator.login)
        response = self.url_open(wizard.action_download()["url"])
        self.assertEqual(response.status_code, 200)
        self.assertIn(".xlsx", response.headers["Content-Disposition"])
        self.assertNotIn("Content-Length", response.headers, "it is sent while it is read")
        self.assertEqual(len(read_workbook(response.content)), 2 + 12)
        release = benchmark.release_ids
        self.assertEqual((release.kind, release.user_id), ("cases", self.coordinator))
        self.assertEqual(release.name, f"2016–{benchmark.name}")
        wizard.file_format = "cases"
        lines = self.url_open(wizard.action_download()["url"]).text.splitlines()
        self.assertEqual(len(lines), 2 + 12 + 1)
        refused = self.url_open(f"/buurtbemiddeling/benchmark/{benchmark.id}/cases?since=2019")
        self.assertEqual(refused.status_code, 403)
        odd = self.url_open(f"/buurtbemiddeling/benchmark/{benchmark.id}/cases?since=x")
        self.assertEqual(odd.status_code, 404)
