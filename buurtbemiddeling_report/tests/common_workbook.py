import io
import zipfile
from datetime import date

from openpyxl import load_workbook

from ..tools.workbook import sheet_name
from .common import FiguresCase


def parts(content):
    """Return ``{name: text}`` of the files in a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def read_csv(content):
    """Return the rows of a CSV of ours, numbers as numbers."""
    text = content.decode("utf-8-sig")
    rows = [row.split(";") for row in text.splitlines()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if len(row) == len(rows[0])]


class WorkbookCase(FiguresCase):
    """A benchmark and its workbook, read back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls.env.ref("buurtbemiddeling_report.layout_full")
        cls.ccv = cls.env.ref("buurtbemiddeling_report.layout_ccv")
        cls.funder = cls.env.ref("buurtbemiddeling_report.layout_funder")

    def load(self, benchmark, *args, **kwargs):
        self.content = benchmark._render_xlsx(*args, **kwargs)
        return load_workbook(io.BytesIO(self.content))

    def rows(self, workbook, name):
        return [row for row in workbook[name].iter_rows(values_only=True) if any(row)]

    def read_value(self, workbook, line):
        """Return the value of a line of a breakdown, which stands in one table of its sheet."""
        rows = self.rows(workbook, sheet_name(line.dimension_id.name, []))
        down, *across = line.dimension_label.split(" / ")
        corner = line.name if across else line.dimension_id.name
        heads = [
            index
            for index, row in enumerate(rows)
            if row[0] == corner and any(row[1:]) and (across or line.name in row)
        ]
        self.assertEqual(len(heads), 1, "it is there once")
        row = next(row for row in rows[heads[0] + 1 :] if row[0] == down)
        return row[rows[heads[0]].index(across[0] if across else line.name)]

    def make_small(self):
        """A year with 3 cases of a school, of which the 292 days tell who they are."""
        school, police, own, landlord = (
            {"referrer_type_id": self.code("referrer.type", code).id}
            for code in ("SCHOOL", "POLITIE", "ZELF", "CORPORATIE")
        )
        before = {"registered": date(2017, 12, 7), "closed": date(2018, 1, 9)}
        for solved, unsolved, running, values in (
            (30, 20, 20, own), (24, 21, 20, police), (14, 12, 11, landlord),
            (10, 10, 0, {**before, **own}), (7, 7, 0, {**before, **police}),
        ):  # fmt: skip
            self.make_cases(solved, outcome="OPG_BEM", **values)
            self.make_cases(unsolved, outcome="NIET_OPG", **values)
            self.make_cases(running, **{k: v for k, v in values.items() if k != "closed"})
        days = {"registered": date(2018, 1, 1), "closed": date(2018, 10, 20)}
        self.make_cases(3, outcome="OPG_BEM", **days, **school)
        return self.compute(2018)
