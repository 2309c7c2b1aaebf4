"""The figures of a year: computing them, the workbook, and the screens that read them.

The benchmark of the country is one benchmark: all cases become those of one organisation, in a
transaction that is rolled back.

Beside the counting stands `benchmark.sql`: one statement, written by hand, that scans the same
cases, keeps the same facts and stores the same lines. It counts the figures on cases only (not
those on volunteers, areas and costs), has codes for labels, and judges no small numbers. What both
find is compared the first time: a difference is an error.
"""

import gc
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from odoo.tools import SQL

from ..plain_book import PlainBook
from ..timing import Result, medians, timed, timed_alone

STATEMENT = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
REPEATS = 5
MANUAL = "one SQL statement by hand"
TOPIC = "figures"
ALIKE = 225  # cases of a year in the organisation of which the screens are opened


def measure(office, quick):
    """Compute a year of the country, and render it; render and read that of an organisation."""
    with office.request() as env:
        year, company_id = find_year(env)
    if not company_id:
        return []
    results = []
    for part, company in (
        (measure_country, company_id),
        (measure_country_book, company_id),
        (measure_largest_book, company_id),
        (measure_screens, find_organisation(office, year)),
    ):
        if not quick:
            # what was rolled back is in the indexes still, and would be looked at
            office.tidy()
        with office.request() as env:
            results += part(Figures(env, year, company), 1 if quick else REPEATS)
    return results


def find_year(env):
    """The last year that is over, and the organisation that had most cases in it."""
    env.cr.execute(
        "SELECT date_part('year', registration_date)::int, company_id FROM buurtbemiddeling_case"
        " WHERE registration_date < date_trunc('year', now())"
        " GROUP BY 1, company_id ORDER BY 1 DESC, count(*) DESC, company_id LIMIT 1"
    )
    return env.cr.fetchone() or (None, None)


def find_organisation(office, year):
    """The organisation that had about as many cases in a year as that of a small database."""
    with office.request() as env:
        env.cr.execute(
            "SELECT company_id FROM buurtbemiddeling_case"
            " WHERE date_part('year', registration_date) = %s GROUP BY company_id"
            " ORDER BY abs(count(*) - %s), company_id LIMIT 1",
            [year, ALIKE],
        )
        return env.cr.fetchone()[0]


def measure_country(figures, repeats):
    """Figures of the country as one organisation: count and compute, beside one statement."""
    figures.join_all()
    figures.check()  # which warms up
    for action, ours, peer, peer_name in (
        ("count a year of the country", figures.count, figures.read_by_hand, "read"),
        ("compute a year of the country", figures.compute, figures.store_by_hand, "storing lines"),
    ):
        found = medians({"ours": ours, "peer": peer}, repeats, warm_up=0)
        yield Result(
            TOPIC,
            action,
            found["ours"],
            found["peer"],
            f"{MANUAL}, {peer_name}",
            1.5 if figures.is_large else None,
            rows=figures.cases,
            linear=True,
            remark=f"{figures.lines} lines; names and small numbers are in ours only",
        )


def measure_country_book(figures, repeats):
    """The workbook of the country as one organisation."""
    figures.join_all()
    figures.freeze_years_before()
    figures.benchmark.action_compute()
    figures.env.flush_all()
    limit = 1.3 if figures.is_large else None
    yield measure_workbook(figures.benchmark, "workbook of the country", repeats, limit)


def measure_largest_book(figures, repeats):
    """The workbook of the organisation with most cases."""
    figures.benchmark.action_compute()
    figures.env.flush_all()
    yield measure_workbook(figures.benchmark, "workbook of the largest organisation", repeats)


def measure_screens(figures, repeats):
    """The screens of an organisation that is as large in each database: `find_organisation`."""
    figures.benchmark.action_compute()
    figures.env.flush_all()
    for action, read in SCREENS.items():

        def open_screen(read=read):
            figures.env.invalidate_all()
            return timed(lambda: read(figures.benchmark))

        found = medians({"ours": open_screen}, repeats, warm_up=min(repeats - 1, 2))
        yield Result(TOPIC, action, found["ours"], remark=f"{figures.cases} cases")


class Figures:
    """The benchmark of an organisation over one year, in one request; each time rolled back."""

    def __init__(self, env, year, company_id):
        self.year, self.company_id, self.lines = year, company_id, 0
        self.system = env
        manager = env["res.users"].search(
            [
                ("all_group_ids", "in", env.ref("buurtbemiddeling_case.group_manager").ids),
                ("company_id", "=", company_id),
            ],
            limit=1,
        )
        self.env = env(
            user=manager.id or env.uid,
            context={"allowed_company_ids": [company_id], "lang": manager.lang},
        )
        self.benchmark = self.env["buurtbemiddeling.benchmark"].create(
            {
                "company_id": company_id,
                "year": year,
                "reference_date": date(year, 12, 31),
            }
        )
        env.flush_all()

    @property
    def is_large(self):
        """Whether limits hold: in a village, what is the same for any number takes most time."""
        return self.cases > 10_000

    @property
    def cases(self):
        """How many cases came in that year."""
        return self.system["buurtbemiddeling.case"].search_count(
            [
                ("company_id", "=", self.company_id),
                ("registration_date", ">=", date(self.year, 1, 1)),
                ("registration_date", "<=", date(self.year, 12, 31)),
            ]
        )

    def join_all(self):
        """Make the country one organisation: whatever figures are made of becomes its own."""
        models = {
            name
            for source in ("case", "volunteer", "area", "cost")
            for name, names in self.env[f"buurtbemiddeling.{source}.report"]._depends.items()
            if "company_id" in names
        }
        for name in sorted(models):
            table = SQL.identifier(self.env[name]._table)
            # numbers of cases are counted by each organisation
            number = SQL(", name = id::text" if name == "buurtbemiddeling.case" else "")
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET company_id = %s%s WHERE company_id != %s",
                    table,
                    self.company_id,
                    number,
                    self.company_id,
                )
            )
            self.env.cr.execute(SQL("ANALYZE %s", table))
        self.env.invalidate_all()

    def freeze_years_before(self):
        """Make the years that a workbook stands beside final, as they are once they are over.

        Only their figures are wanted: the step goes past what is checked and noted when freezing.
        """
        for years in (1, 2, 3):
            before = self.benchmark.create(
                {
                    "company_id": self.company_id,
                    "year": self.year - years,
                    "reference_date": date(self.year - years, 12, 31),
                }
            )
            before.action_compute()
            before._write_step({"state": "frozen", "frozen_on": before.computed_on})
        self.env.flush_all()

    @contextmanager
    def turn(self):
        """Work with an empty cache; what it wrote is rolled back."""
        with self.env.cr.savepoint() as savepoint:
            self.env.invalidate_all()
            gc.collect()
            yield self.benchmark
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def count(self):
        """Seconds to count all figures in all breakdowns, nothing stored."""
        with self.turn() as benchmark:
            indicators = benchmark.env["buurtbemiddeling.indicator"]._of_year(self.year)
            dimensions = benchmark.env["buurtbemiddeling.dimension"].search([])
            return timed(lambda: benchmark._measure_rows(indicators, dimensions))

    def compute(self):
        """Seconds that the button Compute takes."""
        with self.turn() as benchmark:
            return timed(benchmark.action_compute)

    def read_by_hand(self):
        """Seconds of the statement when it stores nothing, and of reading its rows."""
        with self.turn() as benchmark:
            return timed(lambda: self.run_by_hand(benchmark, stores=False))

    def store_by_hand(self):
        """Seconds of the statement."""
        with self.turn() as benchmark:
            return timed(lambda: self.run_by_hand(benchmark))

    def run_by_hand(self, benchmark, stores=True):
        """Run the statement; when it stores nothing, read its rows."""
        text = STATEMENT
        if not stores:
            counting, _kept, storing = text.partition(",\nkept AS")
            lines = storing.partition("INSERT INTO buurtbemiddeling_benchmark_line")[2]
            text = counting + lines[lines.index("\nSELECT") :]
        cr = benchmark.env.cr
        cr.execute("SET LOCAL jit TO off")
        cr.execute(
            text,
            {
                "start": date(self.year, 1, 1),
                "stop": date(self.year, 12, 31),
                "benchmarks": benchmark.ids,
            },
        )
        if not stores:
            cr.fetchall()

    def check(self):
        """Raise when the statement finds other numbers than ours."""
        with self.turn() as benchmark:
            benchmark.action_compute()
            self.lines = count_lines(benchmark)
            ours = read_numbers(benchmark)
        with self.turn() as benchmark:
            self.run_by_hand(benchmark)
            theirs = read_numbers(benchmark)
        codes = {key[0] for key in theirs}  # the statement counts cases only
        ours = {key: value for key, value in ours.items() if key[0] in codes}
        different = {
            key
            for key in ours.keys() | theirs.keys()
            if not is_same(ours.get(key), theirs.get(key))
        }
        if different:
            key = min(different, key=str)
            raise ValueError(
                f"{len(different)} of {len(ours)} figures differ from those counted by hand,"
                f" such as {key}: {ours.get(key)} and {theirs.get(key)}"
            )


def count_lines(benchmark):
    """How many lines there are."""
    lines = benchmark.env["buurtbemiddeling.benchmark.line"]
    return lines.search_count([("benchmark_id", "=", benchmark.id)])


def read_numbers(benchmark):
    """All numbers that are not nought, by figure, breakdown and row."""
    rows = benchmark.env.execute_query(
        SQL(
            "SELECT indicator_code, dimension_id, dimension_values::text, numerator,"
            " denominator, value FROM buurtbemiddeling_benchmark_line"
            " WHERE benchmark_id = %s AND (numerator != 0 OR denominator != 0)",
            benchmark.id,
        )
    )
    return {row[:3]: row[3:] for row in rows}


def is_same(one, other):
    """Whether two figures are the same, but for the last bits of a fraction."""
    return bool(one and other) and one[:2] == other[:2] and abs(one[2] - other[2]) < 1e-9


def measure_workbook(benchmark, action, repeats, limit=None):
    """Render a workbook beside bare xlsxwriter."""
    book = PlainBook(benchmark._render_xlsx())

    def render():
        benchmark.env.invalidate_all()
        return timed_alone(benchmark._render_xlsx)

    found = medians({"ours": render, "peer": book.seconds}, repeats, warm_up=0)
    return Result(
        TOPIC,
        action,
        found["ours"],
        found["peer"],
        "bare xlsxwriter, the same cells and formats",
        limit,
        rows=count_lines(benchmark),
        linear=True,
        remark=f"{book.cells} cells; ours reads the lines and draws charts too",
    )


def open_form(benchmark):
    """Read what the form of a benchmark shows."""
    names = ("display_name", "remarks", "missing_count", "missing_html", "release_count")
    specification = {name: {} for name in names}
    specification["key_line_ids"] = {
        "fields": {name: {} for name in ("name", "value_text", "base_text")}
    }
    benchmark.web_read(specification)


def open_tiles(benchmark):
    """Read the tiles of the steering group."""
    benchmark.env["buurtbemiddeling.benchmark.line"].web_search_read(
        [("benchmark_id", "=", benchmark.id), ("dimension_id", "=", False)],
        {name: {} for name in ("name", "value_text", "base_text", "trend_text", "trend")},
    )


def compare(benchmark):
    """Read the key figures beside earlier years, targets and the country."""
    benchmark.env["buurtbemiddeling.benchmark.line"].web_search_read(
        [("benchmark_id", "=", benchmark.id), ("dimension_id", "=", False)],
        {
            name: {}
            for name in ("name", "value_text", "last_year_text", "target_text", "national_text")
        },
    )


SCREENS = {
    "open a benchmark": open_form,
    "tiles of the steering group": open_tiles,
    "key figures compared": compare,
}
