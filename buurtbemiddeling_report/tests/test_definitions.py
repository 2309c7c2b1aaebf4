from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestDefinitions(FiguresCase):
    """Figures and breakdowns are data: an administrator may add them, a wrong one is refused."""

    def test_a_new_figure_is_counted_without_code(self):
        self.env["buurtbemiddeling.indicator"].create(
            {
                "code": "police_share",
                "name": "Police",
                "explanation": "Cases from the police.",
                "kind": "share",
                "numerator_domain": "[('is_registered', '=', True),"
                " ('referrer_type_id.code', '=', 'POLITIE')]",
                "denominator_domain": "[('is_registered', '=', True)]",
            }
        )
        self.make_cases(1, referrer_type_id=self.code("referrer.type", "POLITIE").id)
        self.make_cases(3)
        self.assertFigures(self.compute(2018), {"police_share": 0.25})

    def test_a_new_breakdown_is_counted_without_code(self):
        self.env["buurtbemiddeling.dimension"].create(
            {"code": "channel", "name": "Channel", "field_name": "channel"}
        )
        self.make_cases(2, channel="web")
        self.assertFigures(self.compute(2018), {"cases_registered": 2}, "channel", "web")

    def test_a_definition_that_can_not_be_computed_is_refused_in_words(self):
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        for wrong in (
            "[('no_such_fact', '=', 1)]",
            "no domain",
            "[('is_registered')]",
            "42",
            "[('case_id', '=', 1)]",
            "[('case_id.party_ids.partner_id.name', '=', 'Anna')]",
            "[('referral_partner_id.name', '=', 'x')]",
        ):
            with self.subTest(wrong), self.assertRaisesRegex(ValidationError, "is not right"):
                indicator.numerator_domain = wrong

    def test_a_breakdown_by_an_unknown_fact_is_refused_and_names_the_possible_ones(self):
        for fact in ("shoe_size", "case_id", "user_id", "registration_date"):
            with self.assertRaisesRegex(ValidationError, "referrer_type_id"):
                self.env["buurtbemiddeling.dimension"].create(
                    {"code": f"by_{fact}", "name": "New", "field_name": fact}
                )

    def test_code_of_a_figure_never_changes(self):
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        with self.assertRaisesRegex(Exception, "cases_registered"):
            indicator.code = "something_else"

    def make_indicator(self, **values):
        return self.env["buurtbemiddeling.indicator"].create(
            {"code": "new", "name": "New", "explanation": "New.", **values}
        )

    def make_user(self, group, **values):
        return mail_new_test_user(
            self.env,
            login=group,
            groups=group,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            **values,
        )

    def test_wrong_definitions_are_refused_with_a_sentence(self):
        registered = "[('is_registered', '=', True)]"
        for sentence, values in (
            ("needs a base", {"kind": "share"}),
            ("divided by: cases", {"kind": "ratio", "denominator_domain": "[]"}),
            ("something to measure", {"kind": "percentile"}),
            ("something to measure", {"kind": "total", "source": "volunteer"}),
            ("have no “Own days”", {"kind": "total", "source": "volunteer", "measure": "own_days"}),
            ("facts of volunteers", {"source": "volunteer", "numerator_domain": registered}),
            (
                "facts of volunteers",
                {"source": "volunteer", "kind": "share", "denominator_domain": registered},
            ),
            (
                "Choose Ratio",
                {"kind": "share", "denominator_domain": "[]", "denominator_source": "area"},
            ),
            ("is not right", {"numerator_domain": "[('registration_date', '>', 'spring')]"}),
            ("is not right", {"numerator_domain": "[('own_days', '>', 'long')]"}),
            (
                "is not right",
                {
                    "numerator_domain": "[('referral_partner_id', 'any',"
                    " [('partner_id.name', '=', 'x')])]"
                },
            ),
        ):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, sentence):
                with self.env.cr.savepoint():
                    self.make_indicator(**values)

    def test_impossible_years_are_refused(self):
        for values in ({"valid_from": 2018, "valid_to": 2017}, {"valid_from": 18}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.make_indicator(**values)

    def test_a_code_may_have_another_definition_in_other_years(self):
        old = self.make_indicator(valid_to=2017)
        new = self.make_indicator(
            valid_from=2018, numerator_domain="[('is_registered', '=', True)]"
        )
        self.make_cases(2)
        self.make_cases(1, registered=date(2017, 5, 1))
        self.assertFigures(self.compute(2017), {"new": 1})
        benchmark = self.compute(2018)
        self.assertFigures(benchmark, {"new": 2})
        self.assertEqual(self.line(benchmark, "new").indicator_id, new)
        for year, valid in ((2017, old), (2018, new), (2030, new)):
            found = old._of_year(year).filtered(lambda indicator: indicator.code == "new")
            self.assertEqual(found, valid)

    def test_two_definitions_of_a_code_in_one_year_are_refused_in_words(self):
        self.make_indicator(valid_to=2017)
        for first in (2017, 1995):
            with self.assertRaisesRegex(ValidationError, f"In {first} there would be two figures"):
                with self.env.cr.savepoint():
                    self.make_indicator(valid_from=first)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self.make_indicator()

    def test_a_changed_definition_is_a_new_version(self):
        indicator = self.make_indicator()
        self.assertEqual(indicator.version, 1)
        indicator.write({"name": "Other name", "explanation": "Other words.", "sequence": 3})
        indicator.write({"numerator_domain": "[]", "kind": "count"})
        self.assertEqual(indicator.version, 1, "the figure is still the same")
        indicator.numerator_domain = "[('is_running', '=', True)]"
        self.assertEqual(indicator.version, 2)
        indicator.write({"kind": "share", "denominator_domain": "[]"})
        self.assertEqual(indicator.version, 3)

    def test_preview_is_what_a_benchmark_of_this_year_says(self):
        today = date.today()
        self.make_cases(3, registered=today)
        self.make_cases(1, registered=today, channel="web")
        web = "[('is_registered', '=', True), ('channel', '=', 'web')]"
        with Form(self.env["buurtbemiddeling.indicator"]) as form:
            form.code = "web_share"
            form.name = "By web form"
            form.explanation = "Cases that came by the web form."
            form.numerator_domain = web
            self.assertEqual(form.preview, "1")
            form.kind = "share"
            self.assertIn("needs a base", form.preview)
            form.denominator_domain = "[('is_registered', '=', True)]"
            self.assertEqual(form.preview, "1 of 4 (25.0 %)")
        self.assertFigures(self.compute(today.year, reference_date=today), {"web_share": 0.25})

    def test_preview_shows_nothing_to_who_may_not_see_cases(self):
        """Else a definition that is narrow enough would tell of one case."""
        self.make_cases(1, registered=date.today())
        indicator = self.env.ref("buurtbemiddeling_report.indicator_cases_registered")
        for group, shown in (
            ("buurtbemiddeling_report.group_reporting", False),
            ("buurtbemiddeling_case.group_user", "1"),
        ):
            user = self.make_user(group)
            self.assertEqual(indicator.with_user(user).preview, shown)

    def test_an_administrator_adds_a_breakdown_in_the_screen(self):
        manager = self.make_user("buurtbemiddeling_case.group_manager")
        self.make_cases(2, registered=date.today(), channel="web")
        self.make_cases(1, registered=date.today(), channel="letter")
        with Form(self.env["buurtbemiddeling.dimension"].with_user(manager)) as form:
            form.code = "channel"
            form.name = "Channel"
            form.field_name = "channel"
            self.assertEqual(form.preview, "Web form 2, Letter 1")

    def test_a_breakdown_that_no_figure_knows_is_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "facts of different things"):
            self.env["buurtbemiddeling.dimension"].create(
                {
                    "code": "odd",
                    "name": "Odd",
                    "field_name": "served_area_id",
                    "second_field_name": "channel",
                }
            )

    def test_a_figure_is_broken_down_by_the_facts_of_all_its_sources(self):
        town = self.make_area("Town", inhabitants=10000)
        self.make_cases(2, area_id=town.id)
        benchmark = self.compute(2018)
        dimensions = {
            code: {line.dimension for line in benchmark.line_ids if line.indicator_code == code}
            for code in ("cases_registered", "cases_per_10000")
        }
        self.assertEqual(dimensions["cases_per_10000"], {False, "municipality"})
        self.assertGreater(len(dimensions["cases_registered"]), 10)

    def test_figures_are_in_the_language_of_the_organisation_whoever_computes(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.company.partner_id.lang = "nl_NL"
        self.make_cases(1)
        line = self.line(self.compute(2018), "cases_registered", "month", "05")
        self.assertEqual(line.dimension_label, "mei")
        self.company.partner_id.lang = False
        line = self.line(self.compute(2018), "cases_registered", "month", "05")
        self.assertEqual(line.dimension_label, "May")

    def test_the_pairs_of_the_contract_are_there(self):
        pairs = self.env["buurtbemiddeling.dimension"].search([("second_field_name", "!=", False)])
        self.assertLessEqual(
            {
                ("referrer_type_id", "registration_year"),
                ("referrer_type_id", "area_id"),
                ("area_id", "nuisance_type_ids"),
            },
            {dimension._get_field_names() for dimension in pairs},
        )
