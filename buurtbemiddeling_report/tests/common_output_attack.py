import csv
import io
import json
import random
import re
import zipfile
from datetime import date, timedelta

from openpyxl import load_workbook

from odoo.tests import HttpCase

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools.workbook import sheet_name
from .attacker import Attacker
from .common import FiguresCase

THRESHOLD = 5
HIDDEN = "Other rows, too small to show"
# facts of a case that stay as they are
LASTING = {
    "referrer_type", "municipality", "area", "main_nuisance_type", "tenure", "month",
    "referrer_type_area", "quarrel_duration", "escalation",
}  # fmt: skip
# what these breakdowns add up to, fact by fact; "" is the total
SUMS = {
    "referrer_type": ("",), "municipality": ("",), "area": ("", "municipality"),
    "main_nuisance_type": ("",), "tenure": ("",), "outcome": ("",), "month": ("",),
    "quarrel_duration": ("",), "escalation": ("",), "intervention": ("",),
    "referrer_type_area": ("referrer_type", "area"), "referrer_type_year": ("referrer_type",),
}  # fmt: skip


def pick(rng, values, steepness=2.5):
    """Return one of some values, of which the last are rare."""
    return values[int(len(values) * rng.random() ** steepness)]


class OutputAttackCase(FiguresCase, HttpCase):
    """Files of two versions of a year, and who reads them to find small numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = mail_new_test_user(
            cls.env,
            login="attack_reader",
            password="attack_reader",
            groups="buurtbemiddeling_case.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.layout = cls.env.ref("buurtbemiddeling_report.layout_full")
        cls.outcomes = {
            outcome.code: outcome for outcome in cls.env["buurtbemiddeling.outcome"].search([])
        }
        figures = cls.env["buurtbemiddeling.indicator"]._of_year(2018)
        cls.figures = {figure.code: figure for figure in figures if figure.source == "case"}
        cls.column = {
            name: cls.figures[code][f"{side}_domain"]
            for name, code, side in (
                ("registered", "cases_registered", "numerator"),
                ("closed", "cases_closed", "numerator"),
                ("running", "cases_running", "numerator"),
                ("suitable", "cases_suitable", "numerator"),
                ("handled", "cases_handled", "numerator"),
                ("positive", "cases_positive", "numerator"),
                ("closed_positive", "success_of_closed", "numerator"),
                ("complex", "complex_share", "numerator"),
                ("self", "self_referral_share", "numerator"),
                ("referred", "referred_cases", "numerator"),
                ("early", "early_share", "numerator"),
                ("dated", "early_share", "denominator"),
            )
        }

    def make_organisation(self, seed, count):
        """Make cases at random; some values of each fact are rare."""
        rng = random.Random(seed)
        towns = [self.make_area(f"{seed} {name}") for name in "XYZ"]
        areas = [
            self.make_area(f"{seed} {town.name} {number}", "neighbourhood", town).id
            for town in towns
            for number in range(3)
        ]
        lists = {
            "referrer": self.env["buurtbemiddeling.referrer.type"].search([]).ids[:6],
            "nuisance": self.env["buurtbemiddeling.nuisance.type"].search([]).ids[:6],
            "complexity": self.env["buurtbemiddeling.complexity"].search([]).ids,
            "outcome": [outcome.id for outcome in self.outcomes.values()],
        }
        vals_list, tenures = [], []
        for _i in range(count):
            vals_list.append(self.draw_case(rng, areas, lists))
            tenures.append(pick(rng, ["corporation", "owner", "private_rent", "unknown"]))
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "a", "tenure": tenure}
                for case, tenure in zip(
                    self.env["buurtbemiddeling.case"].create(vals_list), tenures, strict=True
                )
            ]
        )

    def draw_case(self, rng, areas, lists):
        """Return the values of a case at random."""
        registered = date(2017, 10, 1) + timedelta(days=rng.randrange(455))
        main = pick(rng, lists["nuisance"])
        vals = {
            "company_id": self.company.id,
            "registration_date": registered,
            "area_id": pick(rng, areas),
            "referrer_type_id": pick(rng, lists["referrer"]),
            "main_nuisance_type_id": main,
            "nuisance_type_ids": [(6, 0, {main, pick(rng, lists["nuisance"])})],
            "quarrel_duration": pick(rng, ["months", "weeks", "year", "years", False]),
            "complexity_ids": [
                (6, 0, [pick(rng, lists["complexity"])] if rng.random() < 0.2 else [])
            ],
        }
        if rng.random() < 0.85:
            vals.update(
                stage_id=self.closed.id,
                close_date=registered + timedelta(days=10 + rng.randrange(110)),
                outcome_id=pick(rng, lists["outcome"], 3),
            )
        return vals

    def fetch(self, benchmark, file_format):
        url = f"/buurtbemiddeling/benchmark/{benchmark.id}/{file_format}"
        response = self.url_open(f"{url}?layout={self.layout.id}&public=1")
        self.assertEqual(response.status_code, 200)
        return response.content

    def read_csv(self, content):
        """Return ``{(breakdown, row, figure): (numerator, denominator, value) or None}``."""
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        found = {}
        for row in rows:
            if not row["Figure code"]:
                continue  # the notice below
            numbers = (row["Number or euros"], row["Base"], row["Value"])
            if row["Name"] != HIDDEN:
                place = (row["Breakdown code"], row["Code"] or row["Name"], row["Figure code"])
                found[(row["Breakdown"], *place)] = (
                    None
                    if "*" in numbers
                    else tuple(float(number.replace(",", ".")) for number in numbers)
                )
            else:
                self.assertEqual(set(numbers), {"*"})
        return found

    def read_json(self, content):
        return {
            (
                line["breakdown_name"] or "",
                line["breakdown"] or "",
                line["code"] or line["name"] or "",
                line["figure"],
            ): None if line["hidden"] else (line["numerator"], line["denominator"], line["value"])
            for line in json.loads(content)["lines"]
            if line["name"] != HIDDEN
        }

    def read_numbers(self, content):
        """Return ``{sheet: numbers in its cells}`` and the numbers kept in charts."""
        workbook = load_workbook(io.BytesIO(content))
        cells = {
            sheet.title: {
                cell
                for row in sheet.iter_rows(values_only=True)
                for cell in row
                if isinstance(cell, (int, float))
            }
            for sheet in workbook.worksheets
        }
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            charts = [
                set(map(float, re.findall(r"<c:v>([\d.]+)</c:v>", archive.read(name).decode())))
                for name in archive.namelist()
                if "charts/chart" in name
            ]
        return cells, charts

    def read_files(self, benchmark):
        """Return what the three files of a version tell; they tell the same."""
        shown = self.read_csv(self.fetch(benchmark, "csv"))
        from_json = self.read_json(self.fetch(benchmark, "json"))
        self.assertEqual(shown.keys(), from_json.keys())
        for place, numbers in shown.items():
            self.assertEqual(bool(numbers), bool(from_json[place]), place)
            if numbers:
                for one, other in zip(numbers, from_json[place], strict=True):
                    self.assertAlmostEqual(one, other, places=9)
        cells, charts = self.read_numbers(self.fetch(benchmark, "xlsx"))
        told = {}
        for (name, _breakdown, _row, figure), numbers in shown.items():
            if numbers:
                scale = 10000 if self.figures_unit(figure) == "per_10000" else 1
                told.setdefault(name, {0}).update((*numbers, numbers[2] * scale))
        for name in {key[0] for key in shown} - {""}:
            known = {round(number, 6) for number in told.get(name, {0}) | told[""]}
            found = {round(number, 6) for number in cells[sheet_name(name, [])]}
            self.assertLessEqual(found, known, f"{name}: the workbook tells no more than the CSV")
        known = {float(number) for numbers in cells.values() for number in numbers}
        for numbers in charts:
            self.assertLessEqual(numbers - {float(benchmark.year)}, known)
        return {(b, row, figure): numbers for (_n, b, row, figure), numbers in shown.items()}

    def figures_unit(self, code):
        return self.figures[code].unit if code in self.figures else ""

    def get_columns(self, figure):
        """Return the conditions of which a figure shows the numbers, one or two."""
        if figure.kind == "share":
            return figure.numerator_domain, figure.denominator_domain
        return (figure.numerator_domain,)

    def get_truth(self, benchmark):
        """Return ``{breakdown: {row: {column: count}}}``, also of what is nought."""
        truth = {}
        for line in benchmark.line_ids:
            if line.indicator_code not in self.figures:
                continue
            counts = (line.numerator, line.denominator)
            columns = self.get_columns(self.figures[line.indicator_code])
            rows = truth.setdefault(line.dimension or "", {})
            row = rows.setdefault(line.dimension_code or "", {})
            row.update(zip(columns, counts, strict=False))
        for rows in truth.values():
            columns = {column for row in rows.values() for column in row}
            for row in rows.values():
                row.update(dict.fromkeys(columns - row.keys(), 0))
        return truth

    def learn_version(self, version, shown, truth):
        attacker = self.attacker
        for (breakdown, row, code), numbers in shown.items():
            if numbers and code in self.figures:
                figure = self.figures[code]
                columns = self.get_columns(figure)
                for column, number in zip(columns, numbers, strict=False):
                    attacker.learn({(version, breakdown, row, column): 1}, number)
                if figure.kind == "share" and numbers[1]:
                    part, base = ((version, breakdown, row, column) for column in columns)
                    attacker.learn({part: 1, base: -numbers[2]}, 0)
        for breakdown, rows in truth.items():
            for row, counts in rows.items():
                self.learn_row(breakdown, row, (version, breakdown, row), counts)
            for position, parent in enumerate(SUMS.get(breakdown, ())):
                self.learn_sums(version, breakdown, parent, position, truth)

    def learn_row(self, breakdown, row, place, counts):
        """Learn what holds in every row: a part is not more than the whole."""
        for figure in self.figures.values():
            if figure.kind == "share":
                part, base = self.get_columns(figure)
                self.attacker.learn_at_most({(*place, part): 1, (*place, base): -1})
        registered, closed, running = (
            self.column[name] for name in ("registered", "closed", "running")
        )
        if closed in counts:
            self.attacker.learn_at_most(
                {(*place, registered): 1, (*place, closed): -1, (*place, running): -1}
            )
        self.learn_meaning(breakdown, row, place)

    def learn_sums(self, version, breakdown, parent, position, truth):
        """Learn that the rows add up to those of the parent."""
        rows, sums = truth[breakdown], {}
        for row in rows:
            sums.setdefault(self.get_above(breakdown, parent, row, position), []).append(row)
        for above, members in sums.items():
            for name in next(iter(rows.values())):
                if name in truth.get(parent, {}).get(above, {}):
                    terms = {(version, breakdown, row, name): 1 for row in members}
                    terms[version, parent, above, name] = -1
                    self.attacker.learn(terms, 0)

    def get_above(self, breakdown, parent, row, position):
        """Return the row of the parent to which a row belongs."""
        if not parent:
            return ""
        if parent == "municipality":
            return self.municipalities.get(row, row)
        return row.split("|")[position]

    def learn_meaning(self, breakdown, row, place):
        """Learn what follows from the meaning of a row, as it stands in the definitions."""
        same = []  # pairs (column, the column that it is the same as, or None when it is nought)
        if breakdown.startswith("referrer_type"):
            code = row.split("|")[0]
            is_self = code == "ZELF"
            same.append(("self", "registered" if is_self else None))
            same.append(("referred", None if is_self or code == "NONE" else "registered"))
        if breakdown == "outcome":
            outcome = self.outcomes.get(row)
            same.append(("running", None) if outcome else ("closed", None))
            for flag in ("suitable", "handled", "positive") if outcome else ():
                same.append((flag, "registered" if outcome[f"counts_{flag}"] else None))
            if outcome:
                same.append(("closed_positive", "closed" if outcome.counts_positive else None))
        if breakdown == "complexity":
            same.append(("complex", None if row == "NONE" else "registered"))
        if breakdown == "quarrel_duration":
            same.append(("early", "registered" if row in ("weeks", "months") else None))
            same.append(("dated", None if row in ("NONE", "unknown") else "registered"))
        for name, other in same:
            terms = {(*place, self.column[name]): 1}
            if other:
                terms[*place, self.column[other]] = -1
            self.attacker.learn(terms, 0)

    def want(self, version, shown, truth):
        """Return what is too small, and what shares tell that are shown."""
        wanted, told = {}, {}
        for breakdown, rows in truth.items():
            for row, counts in rows.items():
                place = (version, breakdown, row)
                for column, count in counts.items():
                    if 0 < count < THRESHOLD:
                        wanted[*place, column] = ({(*place, column): 1}, count)
                for figure in self.figures.values():
                    if figure.kind != "share":
                        continue
                    part, base = self.get_columns(figure)
                    rest = counts.get(base, 0) - counts.get(part, 0)
                    if 0 < rest < THRESHOLD:
                        terms = {(*place, base): 1, (*place, part): -1}
                        wanted[*place, figure.code] = (terms, rest)
                    is_shown = shown.get((breakdown, row, figure.code))
                    if is_shown and 0 < counts[base] < 2 * THRESHOLD:
                        if counts[part] in (0, counts[base]):
                            told[*place, figure.code] = counts[part]
        return wanted, told

    def compare(self, earlier, later):
        """Learn that cases only come, and that the months of the earlier version are over."""
        wanted = {}
        for breakdown, rows in later.items():
            if breakdown not in LASTING:
                continue
            for row, counts in rows.items():
                before = earlier.get(breakdown, {}).get(row, {})
                for name in ("registered", "closed"):
                    column = self.column[name]
                    terms = {("later", breakdown, row, column): 1}
                    if column in before:
                        terms["earlier", breakdown, row, column] = -1
                    self.attacker.learn_at_most({key: -factor for key, factor in terms.items()})
                    growth = counts.get(column, 0) - before.get(column, 0)
                    if breakdown == "month" and name == "registered" and row <= "09":
                        self.attacker.learn(terms, 0)
                    elif 0 < growth < THRESHOLD and column in counts and breakdown != "month":
                        wanted["growth", breakdown, row, column] = (terms, growth)
        return wanted

    def find_leaks(self, versions, most=None):
        """Return what can be found from the versions ``{name: (shown, truth)}``."""
        self.attacker = Attacker()
        wanted, told = {}, {}
        for version, (shown, truth) in versions.items():
            self.learn_version(version, shown, truth)
            small, tells = self.want(version, shown, truth)
            wanted |= small
            told |= tells
        if len(versions) > 1:
            wanted |= self.compare(*(truth for _shown, truth in versions.values()))
        self.assertTrue(wanted, "there is something to hide")
        goals = {key: terms for key, (terms, _value) in wanted.items()}
        found = self.attacker.find(goals, most=most)
        self.assertEqual(
            found, {key: wanted[key][1] for key in found}, "the attacker knows what is not so"
        )
        return found | told
