from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_snapshot import DIFFERENCE, FACT, SnapshotCase


@tagged("post_install", "-at_install")
class TestCasesBehindLines(SnapshotCase):
    """Every figure opens the cases behind it, for whoever may see them."""

    def assertLinesOpenTheirCases(self, benchmark, user=None):
        """Every line opens as many cases as it counts; return ``{line: its cases}``."""
        self.assertGreater(len(benchmark.line_ids), 100)
        opened = {}
        for line in benchmark.line_ids:
            opened[line] = found = self.open(line.action_open_cases(), user)
            self.assertEqual(len(found), line.numerator, line._get_title())
            if line.kind == "share":
                base = self.open(line.action_open_base(), user)
                self.assertEqual(len(base), line.denominator, line._get_title())
                self.assertLessEqual(found, base)
        return opened

    def test_every_line_of_a_concept_opens_as_many_cases_as_it_counts(self):
        self.make_random_year(15)
        self.assertLinesOpenTheirCases(self.compute(2018).with_user(self.coordinator))

    def test_lines_of_one_area_open_the_cases_of_that_area(self):
        self.make_random_year(15)
        town = self.env["buurtbemiddeling.area"].search([("name", "=", "Town 1")])
        self.assertLinesOpenTheirCases(self.freeze(area_ids=[Command.set(town.ids)]))

    def test_frozen_lines_open_the_cases_they_count_also_when_the_facts_changed(self):
        cases = self.make_random_year(15)
        frozen = self.freeze()
        before = self.assertLinesOpenTheirCases(frozen, self.coordinator)
        cases.write(
            {"referrer_type_id": False, "area_id": False, "registration_date": "2015-01-01"}
        )
        self.env.ref("buurtbemiddeling_report.indicator_cases_closed").write(
            {"numerator_domain": "[('is_positive', '=', True)]"}
        )
        self.make_cases(5)
        self.env.flush_all()
        self.env.invalidate_all()
        for line in frozen.line_ids:
            found = self.open(line.action_open_cases(), self.coordinator)
            self.assertEqual(found, before[line], line._get_title())

    def test_the_list_of_cases_respects_the_rights_of_the_reader(self):
        other = self.env["res.company"].create({"name": "Other"})
        cases = self.make_cases(3)
        frozen = self.freeze()
        cases[0].company_id = other
        action = self.line(frozen, "cases_registered").action_open_cases()
        self.assertEqual(self.open(action, self.coordinator), cases[1] | cases[2])

    def test_figures_only_opens_no_case_and_gets_no_button(self):
        self.make_cases(3, outcome="OPG_BEM")
        for benchmark in (self.compute(2018), self.freeze()):
            benchmark.with_user(self.coordinator).action_check()
            mine = benchmark.with_user(self.reporting)
            line = self.line(mine, "success_of_handled")
            for door in (
                line.action_open_cases,
                line.action_open_base,
                lambda m=mine: m.fact_ids.mapped("res_id"),
                lambda m=mine: m.read(["fact_ids"]),
                lambda m=mine: m._get_kept_ids("case", "cases_registered", [], []),
                lambda m=mine: m.env[FACT].search([]),
                lambda m=mine: m.env[DIFFERENCE].search([]),
            ):
                with self.assertRaises(AccessError):
                    door()
        for model in (benchmark, benchmark.line_ids):
            for kind in ("list", "form") if model == benchmark else ("list",):
                arch = model.with_user(self.reporting).get_view(view_type=kind)["arch"]
                for name in ("action_open_cases", "action_open_base", "action_freeze"):
                    self.assertNotIn(name, arch)
                self.assertNotIn('name="action_check"', arch)
        self.assertIn("action_open_base", benchmark.with_user(self.coordinator).get_view()["arch"])

    def test_kept_facts_hold_no_person(self):
        cases = self.make_cases(
            2,
            outcome="OPG_BEM",
            reporter_name="Anna Jansen",
            neighbour_name="Bert de Vries",
            user_id=self.coordinator.id,
        )
        frozen = self.freeze()
        self.assertEqual(sorted(frozen.fact_ids.mapped("res_id")), sorted(cases.ids))
        self.env.cr.execute(
            "SELECT string_agg(row_to_json(fact)::text, ' ') FROM buurtbemiddeling_benchmark_fact"
            " AS fact WHERE benchmark_id = %s",
            [frozen.id],
        )
        (text,) = self.env.cr.fetchone()
        for secret in ("Anna", "Jansen", "Bert", "user_id", 'partner_id"', "case_id", "contact"):
            self.assertNotIn(secret, text.replace("referral_partner_id", ""))

    def test_other_organisation_sees_no_kept_fact_and_no_difference(self):
        self.make_cases(1)
        frozen = self.freeze()
        self.make_cases(1)
        frozen.action_check()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("stranger", "buurtbemiddeling_case.group_manager", other)
        for model in (FACT, DIFFERENCE):
            records = self.env[model].with_user(stranger)
            records = records.with_context(allowed_company_ids=other.ids)
            self.assertFalse(records.search([]))
            kept = frozen.fact_ids if model == FACT else frozen.difference_ids
            with self.assertRaises(AccessError):
                kept.with_env(records.env).check_access("read")

    def test_computing_asks_as_many_queries_for_300_cases_as_for_30(self):
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        counts = []
        for number in (1, 29, 270):  # the first fills Odoo's own caches
            self.make_cases(number, outcome="OPG_BEM", nuisance_type_ids=[Command.set(noise.ids)])
            benchmark = self.env["buurtbemiddeling.benchmark"].create({"year": 2018})
            benchmark = benchmark.with_context(tz="Europe/Amsterdam")  # as every screen says
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            benchmark.action_compute()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(benchmark.fact_ids), (1, 30, 300)[len(counts) - 1])
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 50)

    def test_comparing_and_freezing_ask_as_many_queries_for_300_cases_as_for_30(self):
        counts = []
        for number in (1, 30, 300):
            # each by itself: freezing looks at the other benchmarks of the year as well
            savepoint = self.env.cr.savepoint()
            self.make_cases(number, outcome="OPG_BEM")
            benchmark = self.compute(2018, reference_date=date(2019, 1, 1))
            benchmark = benchmark.with_context(tz="Europe/Amsterdam")
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            benchmark.action_check()
            benchmark.action_freeze()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            savepoint.close(rollback=True)
            self.env.invalidate_all()
        self.assertEqual(counts[1], counts[2])
