import random
from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestSmallNumbers(FiguresCase):
    """Which lines of a benchmark leave the organisation, who sees the others, and the log."""

    def user(self, name, groups):
        return mail_new_test_user(
            self.env,
            login=f"small_{name}",
            groups=groups,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def referrer(self, code):
        return {"referrer_type_id": self.code("referrer.type", code).id}

    def make_typical(self):
        """Cases of three kinds of referrers, one of them rare."""
        for code, count in (("POLITIE", 20), ("CORPORATIE", 12), ("ZELF", 30), ("SCHOOL", 2)):
            self.make_cases(count, **self.referrer(code))

    def shown_rows(self, benchmark, dimension, indicator="cases_registered"):
        lines = benchmark._get_public_lines()
        return {
            line.dimension_code: line.value
            for line in lines
            if (line.dimension, line.indicator_code) == (dimension, indicator)
        }

    def make_random(self, seed, count):
        rng = random.Random(seed)
        outcomes = self.env["buurtbemiddeling.outcome"].search([]).ids
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([]).ids[:5]
        referrers = self.env["buurtbemiddeling.referrer.type"].search([]).ids[:5]
        towns = [self.make_area(f"{seed} {name}") for name in "XY"]
        areas = [
            self.make_area(f"{seed} {town.name} {number}", "neighbourhood", town).id
            for town in towns
            for number in range(3)
        ]
        vals_list = []
        for _i in range(count):
            registered = date(2017, 7, 1) + timedelta(days=rng.randrange(500))
            vals = {
                "company_id": self.company.id,
                "registration_date": registered,
                "area_id": rng.choice([*areas[:2], *areas]),
                "referrer_type_id": rng.choice([*referrers[:2], *referrers]),
                "main_nuisance_type_id": rng.choice(nuisances),
                "nuisance_type_ids": [(6, 0, rng.sample(nuisances, 2))],
            }
            if rng.random() < 0.8:
                vals.update(
                    stage_id=self.closed.id,
                    close_date=registered + timedelta(days=rng.randrange(150)),
                    outcome_id=rng.choice([*outcomes[:3], *outcomes]),
                )
            vals_list.append(vals)
        self.env["buurtbemiddeling.case"].create(vals_list)
        return towns

    def assertNothingSmall(self, lines):
        for line in lines:
            counts = [line.numerator]
            if line.indicator_id.kind == "share":
                counts += [line.denominator, line.denominator - line.numerator]
            for count in counts:
                self.assertFalse(0 < count < 5, f"{line.dimension_code} {line.indicator_code}")

    def test_a_small_row_and_what_would_give_it_away_are_hidden(self):
        self.make_typical()
        shown = self.shown_rows(self.compute(2018), "referrer_type")
        self.assertEqual(shown, {"POLITIE": 20, "ZELF": 30})

    def test_what_is_hidden_in_one_breakdown_is_hidden_in_its_pairs(self):
        self.make_typical()
        benchmark = self.compute(2018)
        pairs = self.shown_rows(benchmark, "referrer_type_area")
        self.assertFalse([code for code in pairs if code.startswith(("SCHOOL", "CORPORATIE"))])

    def test_a_small_total_is_hidden_in_every_breakdown(self):
        self.make_cases(30, outcome="OPG_BEM")
        self.make_cases(3, outcome="ONGESCHIKT")
        benchmark = self.compute(2018)
        self.assertTrue(self.line(benchmark, "cases_suitable").is_small)
        self.assertTrue(self.line(benchmark, "suitable_share").is_small)
        self.assertFalse(self.line(benchmark, "cases_registered").is_small)
        codes = set(benchmark._get_public_lines().mapped("indicator_code"))
        self.assertFalse(codes & {"cases_suitable", "suitable_share", "success_of_suitable"})
        self.assertFalse(self.shown_rows(benchmark, "outcome"), "rows add up to what is hidden")

    def test_per_inhabitant_does_not_tell_the_few_cases_outside_the_area(self):
        town = self.make_area("Rest", inhabitants=9000)
        self.make_cases(40, area_id=town.id)
        self.make_cases(1)
        benchmark = self.compute(2018)
        per_inhabitant = self.line(benchmark, "cases_per_10000")
        self.assertEqual((per_inhabitant.numerator, per_inhabitant.denominator), (40, 9000))
        self.assertTrue(per_inhabitant.is_small, "41 registered less 40 is the one outside")
        self.assertFalse(self.line(benchmark, "cases_registered").is_small)

    def test_cases_running_are_broken_down_in_no_version_for_outside(self):
        self.make_cases(40)
        lines = self.compute(2018)._get_public_lines()
        running = lines.filtered(lambda line: line.indicator_code == "cases_running")
        self.assertEqual(running.mapped("dimension"), [False])

    def test_nothing_small_is_public_in_benchmarks_made_at_random(self):
        for seed, count in ((1, 20), (2, 90), (3, 250)):
            with self.subTest(seed=seed):
                self.company = self.env["res.company"].create({"name": f"Random {seed}"})
                self.env.user.company_ids |= self.company
                self.make_random(seed, count)
                benchmark = self.compute(2018, company_id=self.company.id)
                lines = benchmark._get_public_lines()
                self.assertTrue(lines)
                self.assertNothingSmall(lines)
                for code in ("referrer_type", "municipality", "main_nuisance_type"):
                    self.assertHiddenAddUp(benchmark, code)

    def assertHiddenAddUp(self, benchmark, dimension):
        """The total less the rows shown is 0 or enough, for every figure that is shown."""
        lines = benchmark.line_ids.filtered(lambda line: line.dimension == dimension)
        for indicator, members in lines.grouped("indicator_code").items():
            shown = members.filtered(lambda line: not line.is_small)
            if shown:
                rest = self.line(benchmark, indicator).numerator - sum(shown.mapped("numerator"))
                self.assertFalse(0 < rest < 5, f"{dimension} {indicator}")

    def test_threshold_is_a_setting_and_three_at_least(self):
        self.make_cases(7)
        benchmark = self.compute(2018)
        self.assertFalse(self.line(benchmark, "cases_registered").is_small)
        self.company.buurtbemiddeling_small_number = 8
        benchmark.action_compute()
        self.assertTrue(self.line(benchmark, "cases_registered").is_small)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.company.buurtbemiddeling_small_number = 2
            self.company.flush_recordset()

    def test_what_leaves_is_noted_and_stays(self):
        self.make_typical()
        benchmark = self.compute(2018)
        coordinator = self.user("coordinator", "buurtbemiddeling_case.group_user")
        lines = benchmark.with_user(coordinator)._release()
        self.assertEqual(lines, benchmark._get_public_lines())
        release = benchmark.release_ids
        self.assertEqual(release.user_id, coordinator)
        self.assertEqual((release.year, release.threshold), (2018, 5))
        self.assertEqual(release.line_count, len(lines))
        for record in (release, release.with_user(coordinator)):
            with self.assertRaises(UserError):
                record.write({"counts": {}})
            with self.assertRaises(UserError):
                record.unlink()

    def test_what_was_not_computed_does_not_leave(self):
        benchmark = self.env["buurtbemiddeling.benchmark"].create(
            {"year": 2018, "company_id": self.company.id}
        )
        with self.assertRaisesRegex(UserError, "Compute it first"):
            benchmark._release()

    def test_a_later_version_does_not_tell_the_few_cases_since(self):
        self.make_typical()
        self.compute(2018)._release()
        self.make_cases(2, **self.referrer("POLITIE"))
        self.make_cases(9, **self.referrer("ZELF"))
        later = self.compute(2018)
        self.assertEqual(self.line(later, "cases_registered").value, 75)
        self.assertNotIn("POLITIE", self.shown_rows(later, "referrer_type"))

    def test_the_same_version_again_shows_the_same(self):
        self.make_random(7, 120)
        benchmark = self.compute(2018)
        first = benchmark._release()
        self.assertEqual(benchmark._release(), first)
        self.assertEqual(
            len(self.compute(2018)._get_public_lines()), len(first), "also when computed anew"
        )

    def test_a_version_of_one_municipality_does_not_tell_the_other_one(self):
        one, other = self.make_area("One"), self.make_area("Other")
        self.make_cases(30, area_id=one.id)
        self.make_cases(3, area_id=other.id)
        self.compute(2018, area_ids=[(6, 0, one.ids)])._release()
        whole = self.compute(2018)
        self.assertTrue(self.line(whole, "cases_registered").is_small, "33 less 30")

    def test_figures_only_reads_what_is_not_small(self):
        self.make_typical()
        benchmark = self.compute(2018)
        reporting = self.user("reporting", "buurtbemiddeling_report.group_reporting")
        lines = self.env["buurtbemiddeling.benchmark.line"].with_user(reporting)
        own = [("benchmark_id", "=", benchmark.id)]
        self.assertFalse(lines.search([*own, ("dimension_id", "!=", False)]), "a concept")
        benchmark.action_freeze()
        seen = lines.search(own)
        self.assertEqual(seen.sudo(), benchmark.line_ids.filtered(lambda x: not x.is_small))
        self.env.invalidate_all()
        self.assertEqual(benchmark.with_user(reporting).line_ids, seen)
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.benchmark.release"].with_user(reporting).search([])
        coordinator = self.user("coordinator", "buurtbemiddeling_case.group_user")
        self.assertEqual(benchmark.with_user(coordinator).line_ids, benchmark.line_ids)

    def test_screen_for_outside_has_a_star_for_what_is_small(self):
        self.make_typical()
        benchmark = self.compute(2018)
        action = benchmark.action_open_public_lines()
        lines = self.env[action["res_model"]].search(action["domain"])
        small = lines.filtered("is_small")
        self.assertEqual(set(small.mapped("public_text")), {"*"})
        self.assertEqual(set(small.mapped("small_text")), {"too small to show"})
        self.assertEqual(
            (lines - small).mapped("public_text"), (lines - small).mapped("value_text")
        )
