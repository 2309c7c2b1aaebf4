"""The figures again, computed the slow and obvious way, on cases made at random."""

import random
from datetime import date, timedelta

from odoo.tests import tagged

from .common import FiguresCase

YEAR = 2018
FLAGS = ("counts_suitable", "counts_handled", "counts_positive")


@tagged("post_install", "-at_install")
class TestReference(FiguresCase):
    def make_random_cases(self, rng, count):
        outcomes = self.env["buurtbemiddeling.outcome"].search([])
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([])
        referrers = self.env["buurtbemiddeling.referrer.type"].search([])
        complexities = self.env["buurtbemiddeling.complexity"].search([])
        towns = [self.make_area(f"{self.company.name} {name}") for name in "XY"]
        inside = [self.make_area(f"in {town.name}", "neighbourhood", town) for town in towns]
        areas = [*towns, *inside, False]
        vals_list = []
        for _i in range(count):
            registered = date(YEAR - 1, 1, 1) + timedelta(days=rng.randrange(3 * 365))
            area = rng.choice(areas)
            vals = {
                "company_id": self.company.id,
                "registration_date": registered,
                "area_id": area and area.id,
                "referrer_type_id": rng.choice([False, *referrers.ids]),
                "nuisance_type_ids": [(6, 0, rng.sample(nuisances.ids, rng.randrange(3)))],
                "complexity_ids": [(6, 0, rng.sample(complexities.ids, rng.choice([0, 0, 1, 2])))],
                "active": rng.random() > 0.1,
                "party_ids": [
                    (0, 0, {"side": side, "tenure": rng.choice([False, "owner", "unknown"])})
                    for side in rng.choice(["", "a", "ab", "ba", "aa"])
                ],
            }
            if rng.random() < 0.7:
                closed = registered + timedelta(days=rng.randrange(300))
                vals.update(
                    stage_id=self.closed.id,
                    close_date=closed,
                    outcome_id=rng.choice([False, *outcomes.ids]),
                )
                if rng.random() < 0.5:
                    vals.update(
                        aftercare_date=closed + timedelta(days=rng.randrange(60)),
                        aftercare_outcome_id=rng.choice(outcomes.ids),
                    )
            vals_list.append(vals)
        return self.env["buurtbemiddeling.case"].create(vals_list)

    def count(self, cases, reference):
        """Count by the contract's words, case by case."""

        def closed(case):
            return bool(case.close_date) and case.close_date <= reference

        def outcome(case):
            if case.aftercare_date and case.aftercare_date <= reference:
                return case.aftercare_outcome_id
            return case.outcome_id

        def counts(case, flag):
            return bool(outcome(case)) and outcome(case)[flag]

        registered = [case for case in cases if case.registration_date.year == YEAR]
        ended = [case for case in cases if closed(case) and case.close_date.year == YEAR]
        known = [case for case in registered if closed(case) and outcome(case)]
        suitable = len(registered) - sum(not counts(case, FLAGS[0]) for case in known)
        handled = sum(closed(case) and counts(case, FLAGS[1]) for case in registered)
        positive = sum(closed(case) and counts(case, FLAGS[2]) for case in registered)
        running = [
            case for case in cases if case.registration_date.year <= YEAR and not closed(case)
        ]

        def share(part, whole):
            return part / whole if whole else 0

        return {
            "cases_registered": len(registered),
            "cases_closed": len(ended),
            "cases_running": len(running),
            "cases_suitable": suitable,
            "cases_handled": handled,
            "cases_positive": positive,
            "success_of_registered": share(positive, len(registered)),
            "success_of_suitable": share(positive, suitable),
            "success_of_handled": share(positive, handled),
            "success_of_closed": share(sum(counts(c, FLAGS[2]) for c in ended), len(ended)),
            "complex_share": share(
                sum(bool(c.complexity_ids) for c in registered), len(registered)
            ),
            "self_referral_share": share(
                sum(c.referrer_type_id.code == "ZELF" for c in registered), len(registered)
            ),
        }

    def test_totals_and_breakdowns_agree_with_counting_case_by_case(self):
        for seed in range(3):
            rng = random.Random(seed)
            with self.subTest(seed=seed):
                self.company = self.env["res.company"].create({"name": f"Random {seed}"})
                self.env.user.company_ids |= self.company
                cases = self.make_random_cases(rng, 80)
                reference = date(YEAR, 6, 30) + timedelta(days=rng.randrange(400))
                benchmark = self.compute(YEAR, company_id=self.company.id, reference_date=reference)
                self.assertFigures(benchmark, self.count(cases, reference))
                for dimension, codes in self.split(cases).items():
                    for code, members in codes.items():
                        self.assertFigures(
                            benchmark, self.count(members, reference), dimension, code
                        )
                    rows = benchmark.line_ids.filtered(
                        lambda line, name=dimension: line.dimension == name
                    )
                    self.assertLessEqual(set(rows.mapped("dimension_code")), set(codes))

    def split(self, cases):
        """Return ``{dimension: {code: cases}}``, each case under every code that it has."""

        def tenure(case):
            reporters = case.party_ids.filtered(lambda party: party.side == "a")
            first = reporters.sorted(lambda party: (party.sequence, party.id))[:1]
            return [first.tenure or "NONE"]

        keys = {
            "area": lambda case: [case.area_id.code or "NONE"],
            "municipality": lambda case: [case.municipality_id.code or "NONE"],
            "referrer_type": lambda case: [case.referrer_type_id.code or "NONE"],
            "nuisance_type": lambda case: case.nuisance_type_ids.mapped("code") or ["NONE"],
            "complexity": lambda case: case.complexity_ids.mapped("code") or ["NONE"],
            "tenure": tenure,
        }
        result = {}
        for dimension, key in keys.items():
            codes = result.setdefault(dimension, {})
            for case in cases:
                for code in key(case):
                    codes.setdefault(code, []).append(case)
        return result
