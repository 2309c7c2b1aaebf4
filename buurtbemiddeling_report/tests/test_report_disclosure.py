"""Two progress reports of one year: who lays them side by side finds no hidden number."""

import random
import re
from datetime import date, timedelta

from odoo.tests import tagged

from .attacker import Attacker
from .common_year_report import YearReportCase

THRESHOLD = 5
HIDDEN = "*"
OTHERS = "Other rows, too small to show"
#: Breakdowns in which every case has one row, of facts that stay as they are.
SINGLE = ("month", "referrer_type", "municipality", "area", "main_nuisance_type", "tenure")
PAIR = "referrer_type_area"
COLUMNS = {
    "Cases registered": ("registered",),
    "Solved, of handled cases": ("positive", "handled"),
}
FIGURES = {
    "registered": "cases_registered",
    "positive": "cases_positive",
    "handled": "cases_handled",
}
TOTALS = {"Cases registered": "registered", "Handled cases": "handled", "Solved cases": "positive"}


def parse(text):
    """Return the numbers of a cell, ``None`` where it is hidden: 93, or 70 of 93."""
    if text == HIDDEN:
        return None
    if text == "–":
        return (0, 0)
    if part := re.search(r"\((\d+) of (\d+)\)", text):
        return tuple(map(int, part.groups()))
    return (int(text),)


class Reader:
    """Lays reports side by side: learns all that their tables say and what follows from it."""

    def __init__(self):
        self.attacker = Attacker()
        self.wanted = {}

    def learn(self, version, report, blocks, areas):
        """Learn the tables of one report, and return how it really is.

        :param blocks: ``{code of a chapter: tables}``
        :param areas: ``{name of a neighbourhood: name of its municipality}``
        """
        self.true = {
            (line.dimension or "", line.dimension_label or "", column): line.numerator
            for column, code in FIGURES.items()
            for line in report.benchmark_id.sudo().line_ids
            if line.indicator_code == code
        }
        tables = [table for found in blocks.values() for table in found if not table["is_words"]]
        listed = {}
        for table in tables:
            if table["columns"][:1] == ["Figure"]:
                self.learn_key_figures(version, table)
            for dimension in report.chapter_ids.dimension_ids.filtered(self.is_single):
                if table["columns"][:1] == [dimension.name]:
                    self.learn_table(version, dimension.code, table, listed)
        pairs = self.learn_pairs(version, report, tables)
        pairs |= {row for name, row, _column in self.true if name == PAIR}
        for code in SINGLE:
            # where some are hidden, which rows there are is not told: all there may be
            listed.setdefault(code, set()).update(
                row for name, row, _column in self.true if name == code
            )
            self.learn_sums(version, code, listed[code], ("", ""))
        for town in listed["municipality"]:
            inside = [area for area in listed["area"] if areas.get(area, area) == town]
            self.learn_sums(version, "area", inside, ("municipality", town))
        for index, code in enumerate(("referrer_type", "area")):
            for row in listed[code]:
                members = [names for names in pairs if names.split(" / ")[index] == row]
                self.learn_sums(version, PAIR, members, (code, row))
        self.want(version)
        return self.true

    @staticmethod
    def is_single(dimension):
        return dimension.code in SINGLE

    def want(self, version):
        """Want every small number: those solved, those not, and those of a row."""
        for (name, row, column), count in self.true.items():
            place = (version, name, row, column)
            if 0 < count < THRESHOLD:
                self.wanted[place] = ({place: 1}, count)
        for name, row in {place[:2] for place in self.true}:
            registered, positive, handled = ((version, name, row, column) for column in FIGURES)
            self.attacker.learn_at_most({handled: 1, registered: -1})
            self.attacker.learn_at_most({positive: 1, handled: -1})
            rest = self.true.get(handled[1:], 0) - self.true.get(positive[1:], 0)
            if 0 < rest < THRESHOLD:
                self.wanted[version, name, row, "rest"] = ({handled: 1, positive: -1}, rest)

    def learn_key_figures(self, version, table):
        for name, cell, *_others in table["rows"]:
            if name in TOTALS and (numbers := parse(cell)):
                self.attacker.learn({(version, "", "", TOTALS[name]): 1}, numbers[0])

    def learn_table(self, version, code, table, listed):
        names = [COLUMNS[name] for name in table["columns"][1:]]
        for label, *cells in table["rows"]:
            if label == OTHERS:
                continue
            place = ("", "") if label == "Total" else (code, label)
            if place[0]:
                listed.setdefault(code, set()).add(label)
            for columns, cell in zip(names, cells, strict=True):
                for column, number in zip(columns, parse(cell) or (), strict=False):
                    self.attacker.learn({(version, *place, column): 1}, number)

    def learn_pairs(self, version, report, tables):
        """Learn the tables of two facts, and return the names of the pairs."""
        name = report.chapter_ids.dimension_ids.filtered(lambda d: d.code == PAIR).name
        referrers = {row for code, row, _c in self.true if code == "referrer_type"}
        pairs = set()
        for table in tables:
            if not table["title"].startswith(f"{name}:"):
                continue
            for down, *cells in table["rows"]:
                for across, cell in zip(table["columns"][1:], cells, strict=True):
                    names = (across, down) if across in referrers else (down, across)
                    pairs.add(" / ".join(names))
                    if numbers := parse(cell):
                        place = (version, PAIR, " / ".join(names), "registered")
                        self.attacker.learn({place: 1}, numbers[0])
        return pairs

    def learn_sums(self, version, code, rows, above):
        if rows:
            for column in FIGURES:
                terms = {(version, code, row, column): 1 for row in rows}
                terms[version, *above, column] = -1
                if above[0] == "" or column == "registered":
                    self.attacker.learn(terms, 0)

    def compare(self, earlier, later):
        """Cases only come, and those of the months before stay as they were."""
        (old, then), (new, now) = earlier, later
        for name, row, column in now:
            if column != "registered" or name not in (*SINGLE, PAIR):
                continue
            terms = {(new, name, row, column): 1, (old, name, row, column): -1}
            self.attacker.learn_at_most({place: -factor for place, factor in terms.items()})
            grown = now[name, row, column] - then.get((name, row, column), 0)
            if name == "month" and (name, row, column) in then:
                self.attacker.learn(terms, 0)
            elif 0 < grown < THRESHOLD and name != "month":
                self.wanted["grown", name, row] = (terms, grown)

    def leaks(self, most=None):
        goals = {key: terms for key, (terms, _count) in self.wanted.items()}
        found = self.attacker.find(goals, most=most)
        wrong = {key for key, count in found.items() if count != self.wanted[key][1]}
        assert not wrong, f"the attacker knows something that is not so: {wrong}"
        return found


@tagged("post_install", "-at_install")
class TestReportDisclosure(YearReportCase):
    def make_random(self, seed, year):
        """Make cases of January to September, and return where the neighbourhoods lie."""
        rng = random.Random(seed)
        towns = [self.make_area(f"{seed}{name}") for name in "XYZ"]
        places = [
            self.make_area(f"{town.name}{number}", "neighbourhood", town)
            for town in towns
            for number in range(3)
        ]
        referrers = self.env["buurtbemiddeling.referrer.type"].search([]).ids[:6]
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([]).ids[:6]
        outcomes = [self.code("outcome", code).id for code in ("OPG_BEM", "OPG_1P", "NIET_OPG")]
        vals_list = []
        for _i in range(rng.choice((90, 160, 260))):
            registered = date(year, 1, 1) + timedelta(days=int(270 * rng.random() ** 1.5))
            vals = {
                "company_id": self.company.id,
                "registration_date": registered,
                "area_id": places[int(9 * rng.random() ** 2)].id,
                "referrer_type_id": referrers[int(6 * rng.random() ** 2)],
                "main_nuisance_type_id": nuisances[int(6 * rng.random() ** 2)],
            }
            if rng.random() < 0.8:
                vals.update(
                    stage_id=self.closed.id,
                    close_date=registered + timedelta(days=rng.randrange(90)),
                    outcome_id=rng.choice(outcomes),
                )
            vals_list.append(vals)
        self.env["buurtbemiddeling.case"].create(vals_list)
        return {
            place.name: town.name for town in towns for place in places if place.parent_id == town
        }

    def make_reports(self, year):
        reports = [
            self.make_report("progress", year, reference_date=day)
            for day in (date(year, 6, 30), date(year, 9, 30))
        ]
        pairs = self.env.ref("buurtbemiddeling_report.dimension_referrer_type_area")
        figures = self.env["buurtbemiddeling.indicator"].search(
            [("code", "in", ["cases_registered", "success_of_handled"])]
        )
        for report in reports:
            self.chapter(report, "areas").write(
                {"dimension_ids": [(4, pairs.id)], "column_ids": [(6, 0, figures.ids)]}
            )
        return reports

    def get_tables(self, report):
        blocks = report._get_blocks(report.chapter_ids)
        return {chapter.code: blocks[chapter.id] for chapter in report.chapter_ids}

    def attack(self, reports, tables, areas, most=None):
        reader = Reader()
        known = [
            (version, reader.learn(version, report, each, areas))
            for version, (report, each) in enumerate(zip(reports, tables, strict=True))
        ]
        reader.compare(*known)
        return reader.leaks(most)

    def test_two_quarters_of_a_year_give_no_hidden_number_away(self):
        beaten, readable = False, 0
        for seed in range(4):
            with self.subTest(seed=seed):
                areas = self.make_random(seed, 2010 + seed)
                reports = self.make_reports(2010 + seed)
                if not beaten:  # as if the later report did not know the earlier one
                    loose = [self.get_tables(report) for report in reports]
                    beaten = bool(self.attack(reports, loose, areas, most=1))
                for report in reports:
                    self.finalize(report)
                tables = [self.get_tables(report) for report in reports]
                self.assertEqual(self.attack(reports, tables, areas), {})
                readable += sum(
                    row[1] != HIDDEN
                    for each in tables
                    for row in each["referrers"][1]["rows"] + each["areas"][0]["rows"]
                )
        self.assertGreater(readable, 12, "and there is still something to read")
        self.assertTrue(beaten, "the attacker finds something when nobody takes care")
