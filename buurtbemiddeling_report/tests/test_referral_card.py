from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestReferralCard(FiguresCase):
    """The card of a referral partner shows what a benchmark counts, per organisation and person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.make_partner("WBV")
        cls.wil, cls.wim = cls.env["res.partner"].create(
            [
                {"name": name, "parent_id": cls.partner.partner_id.id}
                for name in ("Wil Consulent", "Wim Agent")
            ]
        )
        wil = cls.wil_refers = {
            "referral_partner_id": cls.partner.id,
            "referral_contact_id": cls.wil.id,
        }
        wim = {"referral_partner_id": cls.partner.id, "referral_contact_id": cls.wim.id}
        cls.make_cases(6, outcome="OPG_BEM", quarrel_duration="weeks", **wil)
        cls.make_cases(2, outcome="NIET_OPG", feedback_date=date(2018, 8, 1), **wil)
        cls.make_cases(1, outcome="ONGESCHIKT", quarrel_duration="years", **wim)
        cls.make_cases(1, referral_partner_id=cls.partner.id)
        cls.make_cases(3, registered=date(2017, 2, 1), outcome="OPG_BEM", **wil)
        cls.make_cases(4, outcome="OPG_BEM", referral_partner_id=cls.make_partner("Other").id)
        cls.coordinator = cls.make_user("coordinator", "buurtbemiddeling_case.group_user")
        cls.env.flush_all()

    @classmethod
    def make_partner(cls, name):
        return cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": name, "is_company": True}).id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def make_user(cls, name, groups):
        return mail_new_test_user(
            cls.env,
            login=f"card_{name}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def get_figures(self, key=False, year=2018):
        """Return ``{code of an indicator: Figure}``, as a coordinator sees them."""
        figures = self.partner.with_user(self.coordinator)._get_figures(year)[key]
        return {indicator.code: figure for indicator, figure in figures.items()}

    def get_rows(self, name, **options):
        """Return ``{name of a figure: texts of the two years}`` of one block of the card."""
        card = self.partner.with_user(self.coordinator)._prepare_card(2018, **options)
        block = next(block for block in card["blocks"] if block["name"] == name)
        return dict(block["rows"])

    def test_figures_equal_those_of_the_benchmark_of_that_year(self):
        for year in (2018, 2017):
            benchmark = self.compute(year)
            figures = self.get_figures(year=year)
            self.assertEqual(len(figures), 6)
            for code, figure in figures.items():
                line = self.line(benchmark, code, "referral_partner", str(self.partner.id))
                self.assertEqual(
                    figure, (line.numerator, line.denominator, line.value), f"{code} in {year}"
                )

    def test_only_the_cases_of_this_partner_count(self):
        self.assertEqual(self.get_figures()["cases_registered"].value, 10)
        self.assertEqual(self.get_figures(year=2017)["cases_registered"].value, 3)
        self.assertEqual(self.get_figures(year=2016)["cases_registered"].value, 0)

    def test_each_person_has_the_figures_of_the_own_cases(self):
        wil, wim, nobody = (self.get_figures(key) for key in (self.wil.id, self.wim.id, None))
        self.assertEqual(wil["cases_registered"].value, 8)
        self.assertEqual(wil["success_of_handled"], (6, 8, 0.75))
        self.assertEqual(wil["early_share"], (6, 6, 1))
        self.assertEqual(wim["suitable_share"], (0, 1, 0))
        self.assertEqual(wim["early_share"], (0, 1, 0))
        self.assertEqual(nobody["cases_registered"].value, 1)

    def test_suitable_share_is_of_all_registered_cases(self):
        self.assertEqual(self.get_figures()["suitable_share"], (9, 10, 0.9))

    def test_open_feedback_is_that_of_today_and_all_years(self):
        owed = self.partner.with_user(self.coordinator)._get_feedback_owed()
        self.assertEqual(owed, {False: 10, self.wil.id: 9, self.wim.id: 1, None: 0})
        self.assertEqual(owed[False], self.partner.feedback_owed_count, "as on the list")

    def test_coordinator_sees_all_figures_with_their_base(self):
        self.assertEqual(
            self.get_rows("Wim Agent")["Suitable, of registered cases"][0], "0.0 % (of 1)"
        )
        rows = self.get_rows("WBV")
        self.assertEqual(rows["Solved, of handled cases"], ["75.0 % (of 8)", "100.0 % (of 3)"])
        self.assertEqual(rows["Cases registered"], ["10", "3"])
        self.assertIn("Wil Consulent", self.partner.with_user(self.coordinator).figures_html)

    def test_printed_card_does_not_tell_how_a_single_case_ended(self):
        rows = self.get_rows("WBV", for_referrer=True)
        self.assertEqual(rows["Solved, of handled cases"], ["75.0 % (of 8)", "*"])
        self.assertEqual(rows["Cases registered"], ["10", "3"])
        self.assertEqual(
            self.get_rows("Wim Agent", for_referrer=True)["Suitable, of registered cases"][0], "*"
        )
        self.assertEqual(
            self.get_rows("Wil Consulent", for_referrer=True)["Suitable, of registered cases"][0],
            "*",
            "or the organisation less Wil would be Wim",
        )

    def test_printed_card_does_not_tell_that_all_cases_ended_alike(self):
        self.make_cases(6, registered=date(2016, 2, 1), outcome="OPG_BEM", **self.wil_refers)
        shown = dict(self.partner._prepare_card(2016)["blocks"][0]["rows"])
        printed = dict(self.partner._prepare_card(2016, for_referrer=True)["blocks"][0]["rows"])
        self.assertEqual(shown["Solved, of handled cases"][0], "100.0 % (of 6)")
        self.assertEqual(printed["Solved, of handled cases"][0], "*")
        self.assertEqual(printed["Suitable, of registered cases"][0], "*")
        self.assertEqual(printed["Cases registered"][0], "6")

    def test_printed_card_does_not_tell_how_long_a_single_case_took(self):
        row = "Own days, median"
        shown, printed = (self.get_rows("WBV", for_referrer=paper) for paper in (False, True))
        self.assertIn("(of 3)", shown[row][1])
        self.assertEqual(printed[row][1], "*")

    def test_card_shows_and_prints_the_chosen_year(self):
        self.env["buurtbemiddeling.referral.agreement"].create(
            {"referral_partner_id": self.partner.id, "name": "Refers with consent"}
        )
        action = self.partner.with_user(self.coordinator).action_open_card()
        card = self.env[action["res_model"]].with_user(self.coordinator).browse(action["res_id"])
        self.assertEqual(card.year, date.today().year - 1)
        with Form(card) as form:
            form.year = 2018
            self.assertIn("75.0 % (of 8)", form.figures_html)
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(card.action_print()["report_name"], card.ids)
        )
        for text in ("Wil Consulent", "Wim Agent", "Refers with consent", "Left out", "2017"):
            self.assertIn(text, html.decode())

    def test_printed_card_shows_the_agreements_in_force(self):
        values = {
            "company_id": self.company.id,
            "user_id": self.coordinator.id,
            "date_start": date(2018, 3, 1),
        }
        row = {"partner_id": self.partner.partner_id.id}
        signed = Command.create(
            {
                **row,
                "signed_on": date(2018, 3, 1),
                "contact_ids": [Command.set(self.wil.ids)],
                "obligation_ids": [Command.create({"name": "Asks the resident first"})],
            }
        )
        draft = Command.create({**row, "obligation_ids": [Command.create({"name": "Perhaps"})]})
        self.env["buurtbemiddeling.covenant"].create(
            [
                {"name": "Together in the town", "party_ids": [signed], **values},
                {"name": "A proposal", "party_ids": [draft], **values},
            ]
        )
        card = self.env["buurtbemiddeling.referral.card"].with_user(self.coordinator)
        card = card.create({"referral_partner_id": self.partner.id, "year": 2018})
        html, _type = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(card.action_print()["report_name"], card.ids)
        )
        html = html.decode()
        for text in ("Together in the town", "Asks the resident first", "03/01/2018"):
            self.assertIn(text, html)
        for text in ("A proposal", "Perhaps"):
            self.assertNotIn(text, html)

    def test_figures_only_user_sees_no_person_and_no_card(self):
        reporting = self.make_user("reporting", "buurtbemiddeling_report.group_reporting")
        benchmark = self.compute(2018)
        self.env.invalidate_all()
        # of a concept the user reads the totals only; the rows that there are name no person either
        self.assertFalse(any(benchmark.with_user(reporting).line_ids.mapped("dimension_label")))
        self.env.invalidate_all()
        shown = " ".join(filter(None, benchmark.line_ids.mapped("dimension_label")))
        self.assertIn("WBV", shown)
        for name in ("Wil", "Wim"):
            self.assertNotIn(name, shown)
        with self.assertRaises(AccessError):
            self.partner.with_user(reporting)._get_figures(2018)
        with self.assertRaises(AccessError):
            self.partner.with_user(reporting).action_open_card()
        with self.assertRaises(AccessError):
            self.partner.with_user(reporting).read(["figures_html"])

    def test_persons_are_no_breakdown_and_no_part_of_a_figure(self):
        with self.assertRaisesRegex(ValidationError, "can not use"):
            self.env["buurtbemiddeling.dimension"].create(
                {"code": "x", "name": "X", "field_name": "referral_contact_id"}
            )
        with self.assertRaisesRegex(ValidationError, "“Contact person” leads to one"):
            self.env["buurtbemiddeling.indicator"].create(
                {
                    "code": "x",
                    "name": "X",
                    "explanation": "X",
                    "numerator_domain": "[('referral_contact_id', '!=', False)]",
                }
            )
