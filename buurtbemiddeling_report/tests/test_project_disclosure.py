"""Small numbers of projects: each is a part of the organisation, as a municipality is."""

import random
from datetime import date, timedelta
from itertools import pairwise

from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .attacker import Attacker
from .common_project_figures import ProjectCase

THRESHOLD = 5
TABLES = ("", "referrer_type", "municipality", "month")
#: figures that count cases, each a part of the one before it
COUNTS = ("cases_registered", "cases_suitable", "cases_handled", "cases_positive")


class DisclosureCase(ProjectCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.east = cls.make_project("East", cls.towns[2], date_start=date(2010, 1, 1))
        cls.projects = (cls.north, cls.south, cls.east)
        cls.reader = mail_new_test_user(
            cls.env,
            login="project_reader",
            groups="buurtbemiddeling_report.group_reporting",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def make_per_town(self, *counts):
        for town, count in zip(self.towns, counts, strict=True):
            self.make_cases(count, area_id=town.id)

    def release(self, *projects):
        for project in projects:
            self.compute_project(project)._release()

    def is_shown(self, benchmark, dimension=False, code=False):
        line = self.line(benchmark, "cases_registered", dimension, code)
        self.assertTrue(line)
        return not line.is_small


@tagged("post_install", "-at_install")
class TestProjectDisclosure(DisclosureCase):
    # What leaves

    def test_the_whole_less_all_other_projects_is_not_told(self):
        """38 less 20 less 15 are the 3 of East, that its own version hides."""
        self.make_per_town(20, 15, 3)
        self.release(*self.projects)
        self.assertFalse(self.is_shown(self.compute_project(self.east)))
        self.assertFalse(self.is_shown(self.compute()))

    def test_the_last_project_but_one_is_not_told_after_the_whole(self):
        self.make_per_town(20, 15, 3)
        self.compute()._release()
        self.assertTrue(self.is_shown(self.compute_project(self.north)))
        self.release(self.north)
        self.assertFalse(self.is_shown(self.compute_project(self.south)))

    def test_a_version_of_the_others_hides_what_is_on_screen_already(self):
        """38 may be read until 20 and 15 are known: from then on it would tell of the 3 of East."""
        self.make_per_town(20, 15, 3)
        whole = self.compute()
        self.assertTrue(self.is_shown(whole))
        self.release(self.north, self.south)
        self.assertFalse(self.is_shown(whole), "without computing it anew")

    def test_what_falls_under_no_project_is_not_told(self):
        self.make_per_town(20, 15, 10)
        self.make_cases(2)
        self.release(*self.projects)
        self.assertFalse(self.is_shown(self.compute()))

    def test_rows_of_the_whole_and_a_project_do_not_tell_another_municipality(self):
        """40 less the 30 of the row of East less the 7 of the project South are 3 of North."""
        self.make_per_town(3, 7, 30)
        whole = self.compute()
        whole._release()
        self.assertTrue(self.is_shown(whole, "municipality", "TEST-East"))
        self.assertFalse(self.is_shown(whole, "municipality", "TEST-South"))
        self.assertFalse(self.is_shown(self.compute_project(self.south)))
        area = {"area_ids": [(6, 0, self.towns[1].ids)]}
        self.assertFalse(self.is_shown(self.compute(**area)), "nor does that of the municipality")

    def test_what_a_project_told_protects_no_row_of_the_whole(self):
        """When the 7 of South are known already, they hide the 3 of North no longer."""
        self.make_per_town(3, 7, 30)
        self.release(self.south)
        whole = self.compute()
        self.assertFalse(self.is_shown(whole, "municipality", "TEST-North"))
        self.assertFalse(self.is_shown(whole, "municipality", "TEST-East"))

    def test_a_project_does_not_tell_the_few_cases_of_its_municipality_that_it_has_not(self):
        self.make_per_town(28, 20, 20)
        self.make_cases(2, area_id=self.towns[0].id, project_id=False)
        self.compute(area_ids=[(6, 0, self.towns[0].ids)])._release()
        self.assertFalse(self.is_shown(self.compute_project(self.north)))
        self.assertTrue(self.is_shown(self.compute_project(self.south)))

    def test_an_earlier_version_of_a_project_counts(self):
        self.make_per_town(20, 15, 10)
        self.release(self.north)
        self.make_cases(2, area_id=self.towns[0].id, referrer_type_id=False)
        later = self.compute_project(self.north)
        self.assertFalse(self.is_shown(later, "referrer_type", "NONE"), "22 less 20 came since")

    def test_no_version_for_outside_divides_the_whole_by_project(self):
        self.make_per_town(20, 15, 10)
        self.assertNotIn("project", self.compute()._get_public_lines().mapped("dimension"))

    # What who sees figures only reads

    def seen(self, benchmark):
        self.env.invalidate_all()  # a request of the reader knows nothing of who computed
        lines = benchmark.with_user(self.reader).key_line_ids
        return set(lines.mapped("indicator_code"))

    def test_figures_only_sees_no_small_project_nor_the_only_other_one(self):
        self.make_per_town(20, 3, 0)
        for project in (self.north, self.south):
            self.assertNotIn("cases_registered", self.seen(self.compute_project(project)))

    def test_figures_only_sees_projects_that_are_large_enough(self):
        self.make_per_town(20, 15, 10)
        whole = self.compute()
        whole._release()
        for project in self.projects:
            seen = self.seen(self.compute_project(project))
            self.assertIn("cases_registered", seen)
            self.assertIn("cases_per_10000", seen)

    def test_figures_only_does_not_subtract_a_project_from_its_municipality(self):
        self.make_per_town(20, 15, 10)
        self.make_cases(2, area_id=self.towns[0].id, project_id=False)
        self.assertNotIn("cases_registered", self.seen(self.compute_project(self.north)))

    def test_figures_only_sees_no_target_of_a_small_project(self):
        self.make_per_town(20, 15, 3)
        registered = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        targets = self.env["buurtbemiddeling.target"].create(
            [
                {
                    "indicator_id": registered.id,
                    "amount": 10,
                    "year": 2018,
                    "company_id": self.company.id,
                    "project_id": project.id,
                }
                for project in self.projects
            ]
        )
        shown = [target.actual_text for target in targets.with_user(self.reader)]
        self.assertEqual(shown, ["20", "hidden", "hidden"])
        self.compute().action_freeze()
        self.env.invalidate_all()
        shown = [target.actual_text for target in targets.with_user(self.reader)]
        self.assertEqual(shown, ["20", "hidden", "hidden"], "from its row in frozen figures too")
        self.assertEqual(targets.mapped("actual_text"), ["20", "15", "3"])


@tagged("post_install", "-at_install")
class TestProjectAttack(DisclosureCase):
    """Versions of the whole and of all projects side by side, in any order."""

    def make_random(self, seed):
        rng = random.Random(seed)
        referrers = self.env["buurtbemiddeling.referrer.type"].search([]).ids[:4]
        outcomes = self.env["buurtbemiddeling.outcome"].search([]).ids
        vals_list = []
        for _i in range(rng.choice((40, 70, 130))):
            registered = date(2018, 1, 1) + timedelta(days=int(360 * rng.random()))
            place = int(4 * rng.random() ** 2)
            vals = {
                "company_id": self.company.id,
                "registration_date": registered,
                "area_id": self.towns[place].id if place < 3 else False,
                "referrer_type_id": referrers[int(4 * rng.random() ** 2)],
            }
            if rng.random() < 0.8:
                vals.update(
                    stage_id=self.closed.id,
                    close_date=registered,
                    outcome_id=outcomes[int(len(outcomes) * rng.random() ** 2)],
                )
            vals_list.append(vals)
        self.env["buurtbemiddeling.case"].create(vals_list)

    def get_numbers(self, benchmark, is_shown):
        """Return ``{(table, row, column): number}``; a share shows two columns."""
        found = {}
        for line in benchmark.line_ids:
            if (line.dimension or "") in TABLES and is_shown(line):
                place = (line.dimension or "", line.dimension_code or "")
                numbers = {line.indicator_code: line.numerator}
                if line.indicator_code.startswith("success_of_") and "closed" not in (
                    line.indicator_code
                ):
                    base = line.indicator_code.replace("success_of", "cases")
                    numbers = {"cases_positive": line.numerator, base: line.denominator}
                found.update({(*place, c): n for c, n in numbers.items() if c in COUNTS})
        return found

    def attack(self, versions, truths):
        """Return what can be found. ``versions``: ``{name: numbers shown}``; "" is the whole."""
        self.attacker, wanted = Attacker(), {}
        rest = {
            place: count - sum(truths[name].get(place, 0) for name in versions if name)
            for place, count in truths[""].items()
        }
        rows = {place[:2] for place in truths[""]}
        for name, truth in {**truths, "rest": rest}.items():
            for place, number in versions.get(name, {}).items():
                self.attacker.learn({(name, *place): 1}, number)
            self.learn_sums(name, rows)
            wanted |= self.want(name, rows, truth)
        self.learn_parts(rows, [name for name in (*truths, "rest") if name])
        found = self.attacker.find({key: terms for key, (terms, _value) in wanted.items()})
        self.assertEqual(found, {key: wanted[key][1] for key in found}, "and it is true")
        return found

    def want(self, name, rows, truth):
        """Return what to look for in one version: every small number, and what lacks few."""
        wanted = {}
        for row in rows:
            counts = [truth.get((*row, column), 0) for column in COUNTS]
            for column, count in zip(COUNTS, counts, strict=True):
                if 0 < count < THRESHOLD:
                    wanted[name, *row, column] = ({(name, *row, column): 1}, count)
            # suitable, not handled; handled, not solved
            for (base, part), (more, less) in zip(
                pairwise(COUNTS[1:]), pairwise(counts[1:]), strict=True
            ):
                if 0 < more - less < THRESHOLD:
                    terms = {(name, *row, base): 1, (name, *row, part): -1}
                    wanted[name, *row, base, part] = (terms, more - less)
        return wanted

    def learn_sums(self, name, rows):
        for row in rows:
            for base, part in pairwise(COUNTS):
                self.attacker.learn_at_most({(name, *row, part): 1, (name, *row, base): -1})
        for column in COUNTS:
            for table in TABLES[1:]:
                terms = {(name, *row, column): 1 for row in rows if row[0] == table}
                self.attacker.learn({**terms, (name, "", "", column): -1}, 0)

    def learn_parts(self, rows, names):
        """All parts are the whole; a project has cases in its own municipality only."""
        for place in [(*row, column) for row in rows for column in COUNTS]:
            terms = {(name, *place): 1 for name in names}
            self.attacker.learn({**terms, ("", *place): -1}, 0)
            for project in self.projects:
                if place[0] == "municipality" and place[1] != f"TEST-{project.name}":
                    self.attacker.learn({(project.name, *place): 1}, 0)

    def test_versions_of_all_projects_and_the_whole_tell_nothing_small(self):
        beaten = readable = 0
        for seed in range(3):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.make_random(seed)
                order = ["", *(project.name for project in self.projects)]
                random.Random(seed).shuffle(order)
                scopes = {"": {}, **{p.name: {"project_id": p.id} for p in self.projects}}
                benchmarks = {name: self.compute(**scopes[name]) for name in order}
                truths = {n: self.get_numbers(b, lambda _l: True) for n, b in benchmarks.items()}

                def is_public(line):
                    return not line.is_small

                loose = {n: self.get_numbers(b, is_public) for n, b in benchmarks.items()}
                beaten += bool(self.attack(loose, truths))
                versions = {}
                for name in order:
                    benchmarks[name]._release()
                    versions[name] = self.get_numbers(benchmarks[name], is_public)
                self.assertEqual(self.attack(versions, truths), {})
                readable += sum(map(len, versions.values()))
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertTrue(beaten, "versions that do not know each other give something away")
        self.assertGreater(readable, 40, "and there is something to read")
