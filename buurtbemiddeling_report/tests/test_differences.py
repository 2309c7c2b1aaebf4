import random
from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_snapshot import DIFFERENCE, SnapshotCase


@tagged("post_install", "-at_install")
class TestDifferences(SnapshotCase):
    """Computing again beside frozen figures: what would differ, and why."""

    def test_comparing_touches_no_line(self):
        cases = self.make_random_year(40)
        frozen = self.freeze()
        before = self.get_numbers(frozen)
        cases[:20].unlink()
        self.make_cases(7, outcome="OPG_BEM")
        frozen.action_check()
        self.assertGreater(frozen.difference_count, 10)
        self.assertEqual(self.get_numbers(frozen), before)
        self.assertEqual(frozen.state, "frozen")

    def test_no_differences_is_said_with_who_and_when(self):
        self.make_random_year(40)
        for benchmark in (self.freeze(), self.compute(2018)):
            benchmark = benchmark.with_user(self.manager)
            self.assertFalse(benchmark.check_text)
            benchmark.action_check()
            self.assertFalse(benchmark.difference_ids or benchmark.difference_count)
            self.assertTrue(benchmark.checked_on)
            self.assertEqual(benchmark.checked_by_id, self.manager)
            self.assertIn("No differences", benchmark.check_text)
            self.assertIn(self.manager.name, benchmark.check_text)

    def test_differences_are_those_of_computing_anew(self):
        """Every line that another computation gives is a difference, and no other line."""
        cases = self.make_random_year(25)
        frozen = self.freeze()
        rng = random.Random(7)
        outcomes = self.env["buurtbemiddeling.outcome"].search([])
        for case in cases[:25]:
            if case.close_date:
                case.outcome_id = rng.choice(outcomes)
            case.nuisance_type_ids = False
        cases[25:30].area_id = False
        cases[30:33].unlink()
        self.make_cases(4, outcome="OPG_BEM")
        frozen.action_check()
        fresh = self.compute(2018)

        def key(line):
            return line.indicator_code, line.dimension_id, line.dimension_code

        def numbers(line):
            return line.numerator, line.denominator, round(line.value, 9)

        then = {key(line): numbers(line) for line in frozen.line_ids}
        now = {key(line): numbers(line) for line in fresh.line_ids}
        different = {k for k in {**then, **now} if then.get(k, (0, 0, 0)) != now.get(k, (0, 0, 0))}
        self.assertEqual({key(line) for line in frozen.difference_ids}, different)
        self.assertEqual(frozen.difference_count, len(different))
        for difference in frozen.difference_ids:
            zero = (0, 0, 0)
            self.assertEqual(
                (
                    difference.numerator_then,
                    difference.denominator_then,
                    round(difference.value_then, 9),
                ),
                then.get(key(difference), zero),
            )
            self.assertAlmostEqual(
                difference.change, now.get(key(difference), zero)[2] - difference.value_then
            )
            self.assertTrue(difference.cause)
            self.assertNotIn("another reason", difference.cause)

    def test_cases_entered_since_are_told_and_opened(self):
        self.make_cases(2)
        frozen = self.freeze()
        new = self.enter_later(self.make_cases(3))
        frozen.action_check()
        difference = self.find(frozen, "cases_registered")
        self.assertEqual(
            (difference.then_text, difference.now_text, difference.change_text), ("2", "5", "+3")
        )
        self.assertEqual(difference.cause, "3 cases: came in or was entered since")
        self.assertEqual(self.open(difference.action_open_cases(), self.coordinator), new)

    def test_cases_that_are_gone_are_told(self):
        cases = self.make_cases(3)
        frozen = self.freeze()
        cases[0].unlink()
        frozen.action_check()
        difference = self.find(frozen, "cases_registered")
        self.assertEqual(difference.change_text, "−1")
        self.assertEqual(difference.cause, "1 case: is gone: deleted or merged")

    def test_changed_facts_are_told_by_name(self):
        town, village = self.make_area("Town"), self.make_area("Village")
        cases = self.make_cases(5, outcome="OPG_BEM", area_id=town.id)
        frozen = self.freeze()
        cases[:2].outcome_id = self.code("outcome", "NIET_OPG")
        cases[4].area_id = village
        frozen.action_check()
        label = "Result that counts"
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(difference.cause, f"2 cases: {label}")
        self.assertEqual(self.open(difference.action_open_cases()), cases[:2])
        both = self.find(frozen, "cases_positive", "municipality", "TEST-Town")
        self.assertEqual(both.cause, f"2 cases: {label}; 1 case: Neighbourhood")
        self.assertEqual(self.open(both.action_open_cases()), cases[:2] | cases[4])
        share = self.find(frozen, "success_of_registered")
        self.assertEqual(share.then_text, "100.0 % (5/5)")
        self.assertEqual(share.now_text, "60.0 % (3/5)")
        self.assertEqual(share.change_text, "−40.0 percentage points")
        new = self.find(frozen, "cases_registered", "municipality", "TEST-Village")
        self.assertEqual((new.value_then, new.value_now), (0, 1))
        self.assertFalse(self.find(frozen, "cases_registered"))

    def test_a_closing_that_was_entered_late_is_told(self):
        case = self.make_cases(2)[0]
        frozen = self.freeze()
        case.write(
            {
                "stage_id": self.closed.id,
                "close_date": date(2018, 11, 1),
                "outcome_id": self.code("outcome", "OPG_BEM").id,
            }
        )
        frozen.action_check()
        self.assertEqual(self.find(frozen, "cases_running").cause, "1 case: Closed on")
        self.assertEqual(
            self.find(frozen, "cases_positive").cause, "1 case: Closed on, Result that counts"
        )

    def test_other_days_are_told_where_the_count_stays(self):
        case = self.make_cases(1, outcome="OPG_BEM")
        frozen = self.freeze()
        self.env["buurtbemiddeling.case.pause"].create(
            {"case_id": case.id, "date_from": date(2018, 5, 3), "date_to": date(2018, 5, 12)}
        )
        frozen.action_check()
        difference = self.find(frozen, "own_days_median")
        self.assertEqual(difference.cause, "1 case: Own Days")
        self.assertEqual(self.open(difference.action_open_cases()), case)

    def test_a_case_of_another_year_now_is_told_by_its_date(self):
        cases = self.make_cases(2, outcome="OPG_BEM", closed=date(2018, 12, 1))
        old = self.make_cases(1, registered=date(2014, 1, 1), outcome="OPG_BEM")
        frozen = self.freeze()
        cases[0].write({"registration_date": date(2016, 5, 1), "close_date": date(2016, 7, 1)})
        old.registration_date, old.close_date = date(2018, 2, 1), date(2018, 3, 1)
        frozen.action_check()
        self.assertFalse(self.find(frozen, "cases_closed"), "one left and one came")
        month = self.find(frozen, "cases_registered", "month", "02")
        self.assertIn("did not count here", month.cause)
        self.assertEqual(
            self.find(frozen, "cases_registered", "month", "05").cause, "1 case: Registered on"
        )

    def test_a_case_that_left_the_area_is_told_by_its_area(self):
        town, village = self.make_area("Town"), self.make_area("Village")
        cases = self.make_cases(2, area_id=town.id)
        frozen = self.freeze(area_ids=[Command.set(town.ids)])
        cases[0].area_id = village
        frozen.action_check()
        self.assertEqual(self.find(frozen, "cases_registered").cause, "1 case: Neighbourhood")

    def test_a_case_of_another_organisation_now_is_told_and_no_more_of_it(self):
        other = self.env["res.company"].create({"name": "Other"})
        cases = self.make_cases(2, outcome="OPG_BEM")
        frozen = self.freeze()
        cases[0].write({"company_id": other.id, "outcome_id": self.code("outcome", "DEELS").id})
        frozen.action_check()
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(difference.cause, "1 case: belongs to another organisation now")
        self.assertFalse(self.open(difference.action_open_cases(), self.coordinator))

    def test_a_changed_definition_is_told(self):
        self.make_cases(2, outcome="OPG_BEM")
        self.make_cases(1)
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.indicator_cases_handled").write(
            {"numerator_domain": "[('is_registered', '=', True)]"}
        )
        frozen.action_check()
        difference = self.find(frozen, "cases_handled")
        self.assertEqual((difference.value_then, difference.value_now), (2, 3))
        self.assertIn("the definition has changed", difference.cause)
        self.assertEqual(len(self.open(difference.action_open_cases())), 1)
        self.assertFalse(self.find(frozen, "cases_registered"))

    def test_the_versions_of_a_changed_definition_are_told(self):
        difference = self.env[DIFFERENCE].new({})
        self.assertEqual(
            difference._get_cause_text("definition", 2, then=1, now=3),
            "the definition has changed (version 1, now 3)",
        )

    def test_a_list_that_counts_otherwise_is_told(self):
        self.make_cases(4, outcome="OPG_ZELF")
        frozen = self.freeze()
        self.code("outcome", "OPG_ZELF").write({"counts_handled": True, "counts_positive": True})
        frozen.action_check()
        difference = self.find(frozen, "cases_positive")
        self.assertEqual(
            difference.cause,
            "4 cases: counts differently since an entry of a list changed: Result that counts",
        )
        self.assertEqual(len(self.open(difference.action_open_cases())), 4)

    def test_new_words_and_new_figures_are_no_difference(self):
        police = self.code("referrer.type", "POLITIE")
        self.make_cases(2, referrer_type_id=police.id)
        frozen = self.freeze()
        police.name = "Constabulary"
        self.env.ref("buurtbemiddeling_report.indicator_cases_handled").name = "Other words"
        self.env["buurtbemiddeling.indicator"].create(
            {
                "code": "new_figure",
                "name": "New",
                "explanation": "New.",
                "numerator_domain": "[('is_registered', '=', True)]",
            }
        )
        self.env["buurtbemiddeling.dimension"].create(
            {"code": "channel", "name": "Channel", "field_name": "channel"}
        )
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_retired_figures_and_breakdowns_are_still_compared(self):
        self.make_cases(2, outcome="OPG_BEM")
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.indicator_cases_positive").active = False
        self.env.ref("buurtbemiddeling_report.dimension_tenure").active = False
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_a_changed_breakdown_is_told(self):
        self.make_cases(2, channel="web", referrer_type_id=self.code("referrer.type", "ZELF").id)
        frozen = self.freeze()
        self.env.ref("buurtbemiddeling_report.dimension_tenure").field_name = "channel"
        frozen.action_check()
        self.assertEqual(set(frozen.difference_ids.mapped("dimension")), {"tenure"})
        for difference in frozen.difference_ids:
            self.assertIn("the breakdown has changed", difference.cause)

    def test_archiving_and_anonymising_change_nothing(self):
        cases = self.make_cases(3, outcome="OPG_BEM", reporter_name="Anna", neighbour_name="Bert")
        frozen = self.freeze()
        cases[0].active = False
        cases[1].party_ids.write({"partner_id": False})
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)
        line = self.line(frozen, "cases_registered")
        self.assertEqual(self.open(line.action_open_cases()), cases)

    def test_comparing_again_replaces_the_differences(self):
        self.make_cases(2)
        frozen = self.freeze()
        new = self.make_cases(1)
        frozen.action_check()
        self.assertTrue(frozen.difference_ids)
        self.assertIn("Since freezing: ", frozen.check_text)
        new.unlink()
        frozen.action_check()
        self.assertFalse(frozen.difference_ids)

    def test_computing_again_forgets_the_differences_of_a_concept(self):
        self.make_cases(2)
        benchmark = self.compute(2018)
        self.make_cases(1)
        benchmark.action_check()
        self.assertIn("Since computing: ", benchmark.check_text)
        benchmark.action_compute()
        self.assertFalse(benchmark.difference_ids or benchmark.difference_count)
        self.assertFalse(benchmark.checked_on or benchmark.check_text)

    def test_totals_stand_before_breakdowns_among_the_differences(self):
        self.make_cases(2)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        action = frozen.action_open_differences()
        found = self.env[action["res_model"]].search(action["domain"])
        totals = found.filtered(lambda difference: not difference.dimension_id)
        self.assertTrue(totals and found - totals)
        self.assertEqual(found[: len(totals)], totals)

    def test_figures_only_hears_that_figures_differ_and_not_which(self):
        """One case that changed since would tell what happened to it."""
        self.make_cases(2)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        self.assertTrue(frozen.with_user(self.reporting).check_text)
        mine = self.env[DIFFERENCE].with_user(self.reporting)
        for door in (
            lambda: mine.search([]),
            lambda: frozen.difference_ids.with_env(mine.env).read(["cause"]),
            frozen.difference_ids[:1].with_env(mine.env).action_open_cases,
        ):
            with self.assertRaises(AccessError):
                door()

    def test_nobody_writes_a_difference(self):
        self.make_cases(1)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        for user in (self.coordinator, self.manager):
            difference = frozen.difference_ids[0].with_user(user)
            for door in (lambda d=difference: d.write({"value_now": 1}), difference.unlink):
                with self.assertRaises(AccessError):
                    door()
