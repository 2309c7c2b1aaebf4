"""Years that organisations published, loaded as cases: the figures come out as printed."""

import csv
import io
import json
from datetime import date

from openpyxl import load_workbook

from odoo.tests import tagged

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestPublishedYears(FiguresCase):
    def read_key_sheet(self, benchmark):
        """Return ``{figure: (cases, base, value)}`` as read back from the workbook."""
        workbook = load_workbook(io.BytesIO(benchmark._render_xlsx()))
        names = {
            indicator.name: indicator.code
            for indicator in self.env["buurtbemiddeling.indicator"].search([])
        }
        return {
            names[row[0]]: row[1:4]
            for row in workbook.worksheets[0].iter_rows(values_only=True)
            if row[0] in names
        }

    def read_csv(self, benchmark, dimension=""):
        """Return ``{(figure, code): (cases, base, value)}`` as read back from the CSV."""
        text = benchmark._render_csv().decode("utf-8-sig")
        return {
            (row["Figure code"], row["Code"]): (
                int(row["Number or euros"]),
                int(row["Base"]),
                float(row["Value"].replace(",", ".")),
            )
            for row in csv.DictReader(io.StringIO(text), delimiter=";")
            if row["Breakdown code"] == dimension
        }

    def read_json(self, benchmark, dimension=None):
        """Return ``{(figure, code): (cases, base, value)}`` as read back from the JSON."""
        return {
            (line["figure"], line["code"] or ""): (
                line["numerator"],
                line["denominator"],
                line["value"],
            )
            for line in json.loads(benchmark._render_json())["lines"]
            if line["breakdown"] == dimension
        }

    def assertPublished(self, benchmark, expected):
        """The lines, the workbook, CSV and JSON say the same: what was published."""
        for found in (self.read_csv(benchmark), self.read_json(benchmark)):
            for name, (numerator, denominator, value) in expected.items():
                cases, base, shown = found[name, ""]
                self.assertEqual((cases, base), (numerator, denominator or 0), name)
                self.assertAlmostEqual(shown, value, places=9, msg=name)
        self.assertFigures(benchmark, {name: value for name, (_n, _d, value) in expected.items()})
        sheet = self.read_key_sheet(benchmark)
        for name, (numerator, denominator, value) in expected.items():
            line = self.line(benchmark, name)
            self.assertEqual(line.numerator, numerator, name)
            self.assertEqual(line.denominator, denominator or 0, name)
            cases, base, shown = sheet[name]
            self.assertEqual((cases, base), (numerator, denominator), name)
            self.assertAlmostEqual(shown, value, places=4, msg=name)

    def test_etten_leur_2018(self):
        """93 cases, 70 solved, 4 over the year's end, 19 not solved: 75.3 % of all, 78.7 % of
        the 89 closed (Surplus, BN DeStem 2019)."""
        self.make_cases(70, outcome="OPG_BEM")
        self.make_cases(19, outcome="NIET_OPG")
        self.make_cases(4, registered=date(2018, 12, 3), outcome="OPG_BEM", closed=date(2019, 2, 1))
        benchmark = self.compute(2018)
        self.assertPublished(
            benchmark,
            {
                "cases_registered": (93, None, 93),
                "cases_closed": (89, None, 89),
                "cases_running": (4, None, 4),
                "cases_handled": (89, None, 89),
                "cases_positive": (70, None, 70),
                "success_of_registered": (70, 93, 70 / 93),
                "success_of_suitable": (70, 93, 70 / 93),
                "success_of_handled": (70, 89, 70 / 89),
                "success_of_closed": (70, 89, 70 / 89),
            },
        )
        self.assertEqual(round(100 * self.line(benchmark, "success_of_registered").value, 1), 75.3)
        self.assertEqual(round(100 * self.line(benchmark, "success_of_closed").value, 1), 78.7)

    def test_haarlemmermeer_2018(self):
        """160 cases, 129 ordinary and 31 complex; tenure known of 157 (MeerWaarde, HC Nieuws)."""
        tenures = ["owner"] * 92 + ["corporation"] * 59 + ["private_rent"] + ["unknown"] * 5
        cases = self.make_cases(123, outcome="OPG_BEM") + self.make_cases(37, outcome="NIET_OPG")
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "a", "tenure": tenure}
                for case, tenure in zip(cases, tenures, strict=False)
            ]
        )
        cases[-31:].complexity_ids = self.code("complexity", "GEESCALEERD")
        benchmark = self.compute(2018)
        self.assertPublished(
            benchmark,
            {
                "cases_registered": (160, None, 160),
                "complex_share": (31, 160, 31 / 160),
                "success_of_registered": (123, 160, 123 / 160),
            },
        )
        self.assertEqual(round(100 * self.line(benchmark, "complex_share").value, 1), 19.4)
        self.assertEqual(round(100 * self.line(benchmark, "success_of_registered").value), 77)
        rows = {
            line.dimension_code: line.value
            for line in benchmark.line_ids
            if (line.dimension, line.indicator_code) == ("tenure", "cases_registered")
        }
        self.assertEqual(
            rows,
            {"owner": 92, "corporation": 59, "private_rent": 1, "unknown": 5, "NONE": 3},
            "what was not recorded is a row of its own, apart from the answer 'unknown'",
        )
        workbook = load_workbook(io.BytesIO(benchmark._render_xlsx()))
        name = self.env.ref("buurtbemiddeling_report.dimension_tenure").name
        table = list(workbook[name].iter_rows(values_only=True))
        place = next(row for row in table if "Code" in row).index("Code")
        column = {row[place]: row[1] for row in reversed(table) if row[place]}
        self.assertEqual({code: column[code] for code in rows}, rows)
        for found in (self.read_csv(benchmark, "tenure"), self.read_json(benchmark, "tenure")):
            self.assertEqual(
                {code: found["cases_registered", code][2] for code in rows}, rows, "once more"
            )

    def test_midden_limburg_2009(self):
        """220 requests, 103 referred or withdrawn, 117 taken up, 89 solved: 76.1 % of handled and
        40.5 % of all (Blik op Nieuws 2010)."""
        registered = date(2009, 3, 2)
        self.make_cases(60, registered=registered, outcome="DOORVERWEZEN")
        self.make_cases(43, registered=registered, outcome="A_TREKT_TERUG")
        self.make_cases(89, registered=registered, outcome="OPG_1P")
        self.make_cases(28, registered=registered, outcome="NIET_OPG")
        benchmark = self.compute(2009)
        self.assertPublished(
            benchmark,
            {
                "cases_registered": (220, None, 220),
                "cases_suitable": (160, None, 160),
                "cases_handled": (117, None, 117),
                "cases_positive": (89, None, 89),
                "success_of_registered": (89, 220, 89 / 220),
                "success_of_suitable": (89, 160, 89 / 160),
                "success_of_handled": (89, 117, 89 / 117),
                "success_of_closed": (89, 220, 89 / 220),
            },
        )
        self.assertEqual(round(100 * self.line(benchmark, "success_of_handled").value, 1), 76.1)
        self.assertEqual(round(100 * self.line(benchmark, "success_of_registered").value, 1), 40.5)
