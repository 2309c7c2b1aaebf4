from datetime import date

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10 10:00:00")
class TestAgreement(CaseCommon):
    """Agreements say who does what by when; both neighbours get them on a paper of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel(
            reporter_story="He shouts at my children.", reporter_phone="+31201234567"
        )
        cls.case.agreement_ids = [
            (0, 0, {"name": "Quiet after ten", "who": "b", "date_due": date(2026, 5, 1)}),
            (0, 0, {"name": "Call first", "who": "a"}),
            (0, 0, {"name": "Greet each other", "who": "both", "kept": "no"}),
        ]

    def print(self, case=None, **values):
        wizard = (
            self.env["buurtbemiddeling.case.agreement.print"]
            .with_user(self.coordinator)
            .create({"case_id": (case or self.case).id, **values})
        )
        action = wizard.action_print()
        page, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.coordinator)
            ._render_qweb_html(action["report_name"], wizard.ids)
        )
        return " ".join(html.fromstring(page).text_content().split())

    # --- kept or not

    def test_day_on_which_it_was_asked_goes_with_the_answer(self):
        agreement = self.case.agreement_ids[0]
        self.assertFalse(agreement.kept_date)
        agreement.kept = "yes"
        self.assertEqual(agreement.kept_date, date(2026, 4, 10))
        agreement.kept = False
        self.assertFalse(agreement.kept_date)

    def test_agreement_of_old_is_asked_on_the_day_of_aftercare(self):
        case = self.make_case(
            close_date=date(2026, 3, 5),
            outcome_id=self.code("outcome", "OPG_BEM").id,
            aftercare_date=date(2026, 3, 30),
            agreement_ids=[(0, 0, {"name": "x", "kept": "yes"})],
        )
        self.assertEqual(case.agreement_ids.kept_date, date(2026, 3, 30))

    def test_agreements_are_kept_up_on_the_case(self):
        form = Form(self.case)
        with form.agreement_ids.new() as agreement:
            agreement.name = "Cut the hedge"
            agreement.who = "a"
            agreement.date_due = date(2026, 6, 1)
        form.save()
        self.assertEqual(len(self.case.agreement_ids), 4)

    # --- the paper

    def test_paper_holds_who_what_and_by_when(self):
        text = self.print()
        self.assertIn(self.case.name, text)
        self.assertIn(self.company.name, text)
        self.assertIn("04/10/2026", text)
        self.assertIn("Quiet after ten Neighbour 2 05/01/2026", text)
        self.assertIn("Call first Neighbour 1", text)
        self.assertIn("Greet each other Both", text)

    def test_without_names_they_write_on_the_paper_who_is_who(self):
        text = self.print()
        self.assertIn("Neighbour 1 is: …", text)
        self.assertIn("Neighbour 2 is: …", text)
        self.assertNotIn("is: …", self.print(with_names=True))

    def test_paper_holds_nothing_of_either_neighbour(self):
        text = self.print()
        for secret in (
            "Anna", "Bert", "Dorpsstraat", "anna@example.com", "31201234567", "shouts",
            "Not kept", "Reporter", self.coordinator.name, self.coordinator.email,
        ):  # fmt: skip
            self.assertNotIn(secret, text)

    def test_names_are_printed_when_somebody_chooses_so(self):
        text = self.print(with_names=True)
        self.assertIn("Quiet after ten Bert Buur", text)
        self.assertIn("Call first Anna Melder", text)
        for secret in ("Dorpsstraat", "anna@example.com", "shouts"):
            self.assertNotIn(secret, text)

    def test_address_is_never_printed_for_a_name(self):
        case = self.make_quarrel(neighbour_name=False)
        case.agreement_ids = [(0, 0, {"name": "Quiet", "who": "b"})]
        text = self.print(case, with_names=True)
        self.assertIn("Quiet Neighbour 2", text)
        self.assertNotIn("Dorpsstraat", text)

    def test_spokesperson_signs_for_a_group(self):
        partner = self.env["res.partner"].create(
            {"name": "Carla", "is_confidential": True, "company_id": self.company.id}
        )
        self.case.party_ids = [
            (0, 0, {"side": "b", "partner_id": partner.id, "is_spokesperson": True})
        ]
        text = self.print(with_names=True)
        self.assertIn("Quiet after ten Carla", text)
        self.assertNotIn("Bert", text)

    def test_printing_is_noted_on_the_case(self):
        self.print()
        self.assertIn("Agreements printed, without names.", self.case.message_ids[0].body)
        self.print(with_names=True)
        self.assertIn("with the names", self.case.message_ids[0].body)

    def test_nothing_to_print_gets_a_sentence(self):
        with self.assertRaisesRegex(UserError, "no agreements to print"):
            self.print(self.make_case())

    def test_paper_is_for_coordinators_of_the_organisation(self):
        wizards = self.env["buurtbemiddeling.case.agreement.print"]
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                wizards.with_user(user).create({"case_id": self.case.id}).action_print()
        wizard = wizards.with_user(self.coordinator).create({"case_id": self.case.id})
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "buurtbemiddeling_case.report_agreements", wizard.ids
                )

    def test_paper_speaks_the_language_of_the_organisation(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.company.partner_id.lang = "nl_NL"
        self.assertIn("10-04-2026", self.print())
