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
            with self.assertRaisesRegex(ValidationError, "Referrer Type, ") as refused:
                self.env["buurtbemiddeling.dimension"].create(
                    {"code": f"by_{fact}", "name": "New", "field_name": fact}
                )
            self.assertNotIn("_id", str(refused.exception))

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

    def test_refusals_are_in_plain_words_without_python_or_names_of_fields(self):
        for domain, sentence in (
            ("[('is_registered', '=', print())]", "can not be read. Choose them again"),
            ("[('no_such_fact', '=', 1)]", "facts of cases have no “no_such_fact”"),
            ("[('trained_hours', '>', 1)]", "cases have no “Hours of training in the period”"),
            ("[('user_id', '=', 1)]", "“Coordinator” leads to one case or one person"),
            ("[('referral_partner_id.name', '=', 'x')]", "may ask for “Referral Partner”, and not"),
            ("[('channel.code', '=', 'x')]", "may ask for “Came in by”, and not"),
            (
                "[('is_registered', '=', True), ('registration_date', '>', 'spring')]",
                "what it is about: Registered on. Choose its value again",
            ),
            ("[('channel', '=', 'pigeon')]", "about: Came in by. Choose its value again"),
            ("[('channel', 'in', ['phone', 'pigeon'])]", "Came in by. Choose its value again"),
        ):
            with self.subTest(domain), self.assertRaisesRegex(ValidationError, sentence) as refused:
                with self.env.cr.savepoint():
                    self.make_indicator(numerator_domain=domain)
            for technical in ("ast.", "malformed", "_id", "is_registered", "trained_hours"):
                self.assertNotIn(technical, str(refused.exception))

    def test_a_figure_without_name_or_explanation_is_refused(self):
        for values in ({"name": " "}, {"explanation": "\n "}):
            with self.subTest(values), self.assertRaisesRegex(ValidationError, "Fill in both"):
                with self.env.cr.savepoint():
                    self.make_indicator(**values)

    def test_a_code_that_other_programs_can_not_read_is_refused(self):
        self.make_indicator(code="police_share_2")
        for code in ("Police", "police share", "police-share", "politië", ""):
            with self.subTest(code), mute_logger("odoo.sql_db"):
                with self.assertRaisesRegex(IntegrityError, "code_spelling"):
                    with self.env.cr.savepoint():
                        self.make_indicator(code=code)

    def test_a_unit_that_does_not_fit_is_refused_and_the_right_one_named(self):
        share = {"kind": "share", "denominator_domain": "[]"}
        ratio = {**share, "kind": "ratio", "denominator_source": "area"}
        days = {"kind": "percentile", "measure": "own_days"}
        hours = {"kind": "total", "source": "volunteer", "measure": "trained_hours"}
        people = {"kind": "total", "measure": "party_count"}
        for number, (values, right) in enumerate(
            (
                ({"kind": "count"}, {"cases", "persons"}),
                (share, {"percent"}),
                (ratio, {"ratio", "per_10000"}),
                (days, {"days"}),
                (hours, {"hours"}),
                (people, {"persons"}),
            )
        ):
            self.make_indicator(code=f"by_itself_{number}", **values)
            units = self.env["buurtbemiddeling.indicator"]._fields["unit"].get_values(self.env)
            for unit in units:
                with self.subTest(unit, **values), self.env.cr.savepoint():
                    vals = {"code": f"as_{unit}_{number}", "unit": unit, **values}
                    if unit in right:
                        self.make_indicator(**vals)
                        continue
                    with self.assertRaisesRegex(ValidationError, "Choose as unit: "):
                        self.make_indicator(**vals)

    def test_a_figure_counts_only_the_cases_that_it_is_about(self):
        """Registered in the year, closed in it or running: also when the conditions do not say."""
        self.make_cases(1, registered=date(2017, 5, 1))  # running
        self.make_cases(2, registered=date(2017, 12, 1), outcome="OPG_BEM")  # closed in the year
        self.make_cases(4, outcome="OPG_BEM")  # registered and closed
        self.make_cases(8)  # registered and running
        volunteers = {"denominator_source": "volunteer", "denominator_domain": "[]"}
        for basis in ("registration", "closing", "stock"):
            self.make_indicator(code=basis, basis=basis)
            self.make_indicator(
                code=f"{basis}_share", basis=basis, kind="share", denominator_domain="[]"
            )
            self.make_indicator(code=f"{basis}_ratio", basis=basis, kind="ratio", **volunteers)
            self.make_indicator(
                code=f"{basis}_days", basis=basis, kind="percentile", measure="own_days"
            )
        benchmark = self.compute(2018)
        for basis, count in (("registration", 12), ("closing", 6), ("stock", 9)):
            self.assertFigures(benchmark, {basis: count, f"{basis}_share": 1})
            share = self.line(benchmark, f"{basis}_share")
            self.assertEqual((share.numerator, share.denominator), (count, count))
            for code in (f"{basis}_ratio", f"{basis}_days"):
                self.assertEqual(self.line(benchmark, code).numerator, count)
        action = self.line(benchmark, "closing").action_open_cases()
        opened = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(opened), 6)

    def test_a_base_of_cases_has_only_the_cases_that_the_figure_is_about(self):
        self.make_cases(3)
        self.make_cases(2, registered=date(2017, 5, 1))
        self.make_indicator(
            source="volunteer", kind="ratio", denominator_source="case", denominator_domain="[]"
        )
        self.assertEqual(self.line(self.compute(2018), "new").denominator, 3)

    def test_a_share_counts_only_what_lies_in_its_base(self):
        """No 107 of 27: cases by letter, of those by web form, are none."""
        self.make_cases(3, channel="web", outcome="OPG_BEM")
        self.make_cases(5, channel="letter", outcome="OPG_BEM")
        self.make_cases(2, channel="web")
        self.make_indicator(
            kind="share",
            numerator_domain="[('is_positive', '=', True)]",
            denominator_domain="[('channel', '=', 'web')]",
        )
        line = self.line(self.compute(2018), "new")
        self.assertEqual((line.numerator, line.denominator, line.value), (3, 5, 0.6))
        action = line.action_open_cases()
        opened = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(set(opened.mapped("channel")), {"web"})

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
