from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestFigures(FiguresCase):
    """The contract of the figures, rule by rule."""

    def test_closed_counts_in_the_year_of_closing_whenever_registered(self):
        self.make_cases(2, registered=date(2017, 11, 6), outcome="OPG_BEM", closed=date(2018, 1, 8))
        self.make_cases(3, outcome="OPG_BEM")
        benchmark = self.compute(2018)
        self.assertFigures(
            benchmark,
            {"cases_registered": 3, "cases_closed": 5, "cases_running": 0, "success_of_closed": 1},
        )
        self.assertEqual(self.line(benchmark, "success_of_closed").denominator, 5)

    def test_case_closed_after_the_reference_date_is_running(self):
        self.make_cases(1, outcome="ONGESCHIKT", closed=date(2019, 1, 15))
        self.assertFigures(
            self.compute(2018),
            {
                "cases_registered": 1,
                "cases_closed": 0,
                "cases_running": 1,
                "cases_suitable": 1,
                "cases_handled": 0,
            },
        )
        later = self.compute(2018, reference_date=date(2019, 3, 31))
        self.assertFigures(
            later,
            {"cases_registered": 1, "cases_closed": 0, "cases_running": 0, "cases_suitable": 0},
        )

    def test_closing_on_the_reference_date_counts(self):
        self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 12, 31))
        self.assertFigures(self.compute(2018), {"cases_closed": 1, "cases_running": 0})

    def test_reference_date_inside_the_year(self):
        self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 9, 1))
        self.make_cases(1, outcome="OPG_BEM", closed=date(2018, 6, 1))
        self.assertFigures(
            self.compute(2018, reference_date=date(2018, 6, 30)),
            {"cases_registered": 2, "cases_closed": 1, "cases_running": 1, "cases_positive": 1},
        )

    def test_cases_of_earlier_years_run_until_closed(self):
        self.make_cases(1, registered=date(2015, 1, 1))
        self.make_cases(1, registered=date(2019, 1, 1))
        self.assertFigures(self.compute(2018), {"cases_registered": 0, "cases_running": 1})

    def test_aftercare_before_the_reference_date_changes_the_outcome(self):
        self.make_cases(
            1,
            outcome="OPG_BEM",
            aftercare_date=date(2018, 12, 1),
            aftercare_outcome_id=self.code("outcome", "NIET_OPG").id,
        )
        self.assertFigures(self.compute(2018), {"cases_positive": 0, "cases_handled": 1})
        self.assertFigures(
            self.compute(2018, reference_date=date(2018, 11, 30)), {"cases_positive": 1}
        )

    def test_feedback_counts_as_it_stood_on_the_reference_date(self):
        partner = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "W", "is_company": True}).id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
                "company_id": self.company.id,
            }
        )
        self.make_cases(
            1, outcome="OPG_BEM", referral_partner_id=partner.id, feedback_date=date(2019, 2, 1)
        )
        for reference, share in ((date(2018, 12, 31), 0), (date(2019, 3, 1), 1)):
            benchmark = self.compute(2018, reference_date=reference)
            self.assertFigures(benchmark, {"feedback_share": share})
            self.assertEqual(self.line(benchmark, "feedback_share").denominator, 1)

    def test_impossible_year_is_refused_in_words(self):
        for year in (0, 20226):
            with mute_logger("odoo.sql_db"), self.assertRaisesRegex(IntegrityError, "year_range"):
                with self.env.cr.savepoint():
                    self.env["buurtbemiddeling.benchmark"].create({"year": year})

    def test_each_outcome_counts_by_its_flags(self):
        flags = {
            "OPG_BEM": "yyy", "OPG_PENDEL": "yyy", "OPG_1P": "yyy", "OPG_ADVIES": "yyy",
            "OPG_ZELF": "ynn", "DEELS": "yyn", "NIET_OPG": "yyn", "A_TREKT_TERUG": "ynn",
            "B_WEIGERT": "yyn", "B_ONBEREIKBAAR": "yyn", "VERHUISD": "ynn", "COACHING": "yyn",
            "DOORVERWEZEN": "nnn", "ONGESCHIKT": "nnn",
        }  # fmt: skip
        for code in flags:
            self.make_cases(1, outcome=code)
        benchmark = self.compute(2018)
        for code, (suitable, handled, positive) in flags.items():
            self.assertFigures(
                benchmark,
                {
                    "cases_suitable": suitable == "y",
                    "cases_handled": handled == "y",
                    "cases_positive": positive == "y",
                },
                "outcome",
                code,
            )
        self.assertFigures(
            benchmark, {"cases_suitable": 12, "cases_handled": 9, "cases_positive": 4}
        )

    def test_organisation_may_change_what_an_outcome_counts_for(self):
        self.make_cases(1, outcome="OPG_ZELF")
        self.assertFigures(self.compute(2018), {"cases_positive": 0})
        self.code("outcome", "OPG_ZELF").write({"counts_handled": True, "counts_positive": True})
        self.assertFigures(self.compute(2018), {"cases_positive": 1, "success_of_handled": 1})

    def test_case_with_several_nuisance_types_counts_under_each_and_once_in_total(self):
        noise, animals = (self.code("nuisance.type", c) for c in ("GELUID_PERSONEN", "DIEREN"))
        self.make_cases(
            1, nuisance_type_ids=[(6, 0, (noise + animals).ids)], main_nuisance_type_id=noise.id
        )
        self.make_cases(1, nuisance_type_ids=[(6, 0, animals.ids)])
        self.make_cases(1)
        benchmark = self.compute(2018)
        counts = {
            code: self.line(benchmark, "cases_registered", "nuisance_type", code).value
            for code in ("GELUID_PERSONEN", "DIEREN", "NONE")
        }
        self.assertEqual(counts, {"GELUID_PERSONEN": 1, "DIEREN": 2, "NONE": 1})
        self.assertFigures(benchmark, {"cases_registered": 3})
        for code in ("GELUID_PERSONEN", "DIEREN", "NONE"):
            self.assertFigures(benchmark, {"cases_registered": 1}, "main_nuisance_type", code)

    def test_tenure_is_that_of_the_first_reporter(self):
        case = self.make_cases(1)
        self.env["buurtbemiddeling.case.party"].create(
            [
                {"case_id": case.id, "side": "b", "tenure": "corporation", "sequence": 1},
                {"case_id": case.id, "side": "a", "tenure": "private_rent", "sequence": 20},
                {"case_id": case.id, "side": "a", "tenure": "owner", "sequence": 10},
            ]
        )
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_registered": 1}, "tenure", "owner")
        for code in ("corporation", "private_rent", "NONE"):
            self.assertFalse(self.line(benchmark, "cases_registered", "tenure", code))

    def test_municipality_itself_as_area_and_unknown_area_are_in_every_total(self):
        town = self.make_area("Town")
        quarter = self.make_area("Quarter", "neighbourhood", town)
        self.make_cases(1, area_id=town.id)
        self.make_cases(2, area_id=quarter.id)
        self.make_cases(3)
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_registered": 6})
        self.assertFigures(benchmark, {"cases_registered": 3}, "municipality", "TEST-Town")
        self.assertFigures(benchmark, {"cases_registered": 3}, "municipality", "NONE")
        self.assertFigures(benchmark, {"cases_registered": 1}, "area", "TEST-Town")
        self.assertFigures(benchmark, {"cases_registered": 2}, "area", "TEST-Quarter")
        only = self.compute(2018, area_ids=[(6, 0, town.ids)])
        self.assertFigures(only, {"cases_registered": 3})

    def test_month_is_that_of_registration_or_of_closing(self):
        self.make_cases(1, registered=date(2018, 3, 5), outcome="OPG_BEM", closed=date(2018, 7, 2))
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"cases_registered": 1}, "month", "03")
        self.assertFigures(benchmark, {"cases_closed": 1, "success_of_closed": 1}, "month", "07")
        self.assertFalse(self.line(benchmark, "cases_closed", "month", "03"))
        self.assertFalse(self.line(benchmark, "cases_registered", "month", "07"))

    def test_early_cases_have_their_own_success_rate(self):
        """Earlier means better odds: duration and escalation at registration are breakdowns."""
        self.make_cases(1, outcome="OPG_BEM", quarrel_duration="weeks", escalation="irritation")
        self.make_cases(3, outcome="NIET_OPG", quarrel_duration="years", escalation="threat")
        benchmark = self.compute(2018)
        for dimension, code, value in (
            ("quarrel_duration", "weeks", 1),
            ("quarrel_duration", "years", 0),
            ("escalation", "irritation", 1),
            ("escalation", "threat", 0),
        ):
            self.assertFigures(benchmark, {"success_of_handled": value}, dimension, code)
        self.assertFigures(benchmark, {"cases_registered": 4}, "tipped_by", "NONE")

    def test_pairs_of_breakdowns(self):
        town = self.make_area("Town")
        police = self.code("referrer.type", "POLITIE")
        animals = self.code("nuisance.type", "DIEREN")
        self.make_cases(
            2,
            area_id=town.id,
            referrer_type_id=police.id,
            nuisance_type_ids=[(6, 0, animals.ids)],
        )
        benchmark = self.compute(2018)
        for dimension, code in (
            ("referrer_type_area", "POLITIE|TEST-Town"),
            ("referrer_type_year", "POLITIE|2018"),
            ("area_nuisance_type", "TEST-Town|DIEREN"),
        ):
            self.assertFigures(benchmark, {"cases_registered": 2}, dimension, code)

    def test_own_days_and_waiting_days_are_apart(self):
        for days, waiting in ((10, 0), (20, 5), (40, 10)):
            case = self.make_cases(
                1,
                registered=date(2018, 1, 1),
                outcome="OPG_BEM",
                closed=date(2018, 1, 1 + days) if days < 31 else date(2018, 2, 10),
            )
            if waiting:
                self.env["buurtbemiddeling.case.pause"].create(
                    {
                        "case_id": case.id,
                        "date_from": date(2018, 1, 2),
                        "date_to": date(2018, 1, 1 + waiting),
                    }
                )
        benchmark = self.compute(2018)
        self.assertFigures(
            benchmark,
            {
                "own_days_median": 15,  # of 10, 15 and 30
                "own_days_p90": 27,
                "waiting_days_median": 5,  # of 0, 5 and 10
                "waiting_days_p90": 9,
            },
        )

    def test_archiving_changes_no_figure(self):
        cases = self.make_cases(2, outcome="OPG_BEM") + self.make_cases(1)
        before = self.compute(2018)
        cases.active = False
        after = self.compute(2018)
        keys = ("indicator_code", "dimension", "dimension_code", "numerator", "value")
        self.assertEqual(
            [tuple(line[key] for key in keys) for line in before.line_ids],
            [tuple(line[key] for key in keys) for line in after.line_ids],
        )

    def test_other_organisations_are_not_counted(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.make_cases(1)
        self.env["buurtbemiddeling.case"].create(
            {"company_id": other.id, "registration_date": date(2018, 5, 1)}
        )
        self.assertFigures(self.compute(2018), {"cases_registered": 1})

    def test_year_without_cases_has_all_totals_at_nought(self):
        benchmark = self.compute(2016)
        totals = benchmark.line_ids.filtered(lambda line: not line.dimension)
        self.assertEqual(len(totals), self.env["buurtbemiddeling.indicator"].search_count([]))
        self.assertEqual(set(totals.mapped("value")), {0})
        self.assertEqual(benchmark.line_ids, totals)

    def test_computing_again_replaces_the_lines(self):
        self.make_cases(1)
        benchmark = self.compute(2018)
        count = len(benchmark.line_ids)
        benchmark.action_compute()
        self.assertEqual(len(benchmark.line_ids), count)

    def test_lines_of_another_year_go_when_the_year_changes(self):
        self.make_cases(1)
        benchmark = self.compute(2018)
        benchmark.year = 2017
        self.assertFalse(benchmark.line_ids or benchmark.computed_on)
        benchmark.action_compute()
        self.assertFigures(benchmark, {"cases_registered": 0})

    def test_name_says_year_organisation_and_reference_date(self):
        benchmark = self.compute(2018, reference_date=date(2018, 6, 30))
        self.assertEqual(benchmark.name, "2018 (30-06-2018) Figures BV")
        self.assertFalse(benchmark.is_early)

    def test_line_opens_exactly_the_cases_it_counts(self):
        animals = self.code("nuisance.type", "DIEREN")
        self.make_cases(2, outcome="OPG_BEM", nuisance_type_ids=[(6, 0, animals.ids)])
        self.make_cases(3, outcome="NIET_OPG", nuisance_type_ids=[(6, 0, animals.ids)])
        self.make_cases(1, registered=date(2018, 12, 1))
        benchmark = self.compute(2018)
        self.assertGreater(len(benchmark.line_ids), 50)
        for line in benchmark.line_ids:
            action = line.action_open_cases()
            cases = self.env["buurtbemiddeling.case"].with_context(**action["context"])
            self.assertEqual(
                cases.search_count(action["domain"]), line.numerator, line._get_title()
            )

    def test_reference_date_before_the_year_is_refused(self):
        with self.assertRaisesRegex(UserError, "2018"):
            self.compute(2018, reference_date=date(2017, 12, 31))

    def test_all_breakdowns_come_from_one_pass_over_the_cases(self):
        self.make_cases(5, outcome="OPG_BEM")
        benchmark = self.compute(2018)
        self.env.invalidate_all()
        indicators = self.env["buurtbemiddeling.indicator"].search([])
        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        statements = []
        execute = type(self.env.cr).execute

        def listen(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if "FROM buurtbemiddeling_case c" in text:
                statements.append(text)
            return execute(cursor, query, *args, **kwargs)

        self.patch(type(self.env.cr), "execute", listen)
        benchmark._prepare_lines(indicators, dimensions)
        self.assertEqual(len(statements), 1)

    def test_three_times_the_cases_take_no_more_queries(self):
        """One query for each source of facts, and a fixed number around it."""

        def count_queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            indicators = self.env["buurtbemiddeling.indicator"]._of_year(2018)
            benchmark._prepare_lines(indicators, dimensions)
            return self.env.cr.sql_log_count - before

        dimensions = self.env["buurtbemiddeling.dimension"].search([])
        values = {
            "area_id": self.make_area("Town", inhabitants=10).id,
            "nuisance_type_ids": [(6, 0, self.code("nuisance.type", "DIEREN").ids)],
        }
        self.make_cases(4, outcome="OPG_BEM", **values)
        benchmark = self.compute(2018)
        count_queries()  # what is read once and kept
        few = count_queries()
        self.make_cases(8, outcome="OPG_BEM", **values)
        self.assertLessEqual(count_queries(), few)

    def test_one_query_a_source(self):
        self.make_cases(4, outcome="OPG_BEM")
        indicators = self.env["buurtbemiddeling.indicator"]._of_year(2018)
        indicators.mapped("numerator_domain")
        facts = self.env["buurtbemiddeling.case.report"]._of_year(2018, date(2018, 12, 31))
        breakdowns = [
            (),
            *(d._get_field_names() for d in self.env["buurtbemiddeling.dimension"].search([])),
        ]
        scopes = indicators._get_scopes(self.company)
        indicators._measure(facts, scopes, breakdowns)
        self.env.flush_all()
        with self.assertQueryCount(4):
            rows = indicators._measure(facts, scopes, breakdowns)
        self.assertGreater(len(rows), len(breakdowns) / 2)
