from odoo.exceptions import ValidationError
from odoo.tests import tagged

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
