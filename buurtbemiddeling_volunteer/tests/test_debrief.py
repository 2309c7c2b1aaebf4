from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_visit_report import WorkCommon

CARD = {
    "is_case_card": True,
    "card_situation": "Twee buren, boven en onder elkaar. De ene hoort elke nacht muziek.",
    "card_dilemma": "De ene buur wil niet praten.",
    "card_question": "Hoe blijf je naast beide buren staan?",
}
REPORT = "buurtbemiddeling_volunteer.report_case_cards"


class DebriefCommon(WorkCommon):
    def debrief(self, **values):
        return (
            self.env["buurtbemiddeling.debrief"]
            .with_user(self.coordinator)
            .create({"case_id": self.case.id, **values})
        )


@tagged("post_install", "-at_install")
class TestDebrief(DebriefCommon):
    def test_looking_back_is_with_the_mediators_of_the_case(self):
        self.couple(self.case, self.make_volunteer("Gevraagd"), "invited")
        model = self.env["buurtbemiddeling.debrief"].with_user(self.coordinator)
        form = Form(model.with_context(default_case_id=self.case.id))
        form.went_well = "Goed geluisterd"
        form.learning_point = "Eerst bellen"
        debrief = form.save()
        self.assertEqual(debrief.volunteer_ids, self.vera | self.wim)
        self.assertEqual(debrief.user_id, self.coordinator)
        self.assertEqual(self.case.debrief_ids, debrief)

    def test_a_debrief_was_held(self):
        with self.assertRaisesRegex(ValidationError, "today or earlier"):
            self.debrief(date=date(2026, 4, 21))

    def test_my_day_asks_for_a_debrief_of_a_closed_case_with_mediators(self):
        kind = self.env.ref("buurtbemiddeling_volunteer.attention_debrief")
        kind = kind.with_user(self.coordinator)
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        without, long_ago = self.make_case(), self.make_case()
        self.couple(long_ago, self.vera)
        long_ago.write(
            {"close_date": date(2026, 3, 10), "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        self.assertNotIn(self.case, cases.search(kind._get_counted_domain()), "still open")
        self.close(self.case | without)
        found = cases.search(kind._get_counted_domain())
        self.assertIn(self.case, found)
        self.assertFalse(found & (without | long_ago))
        self.assertIn(kind, self.case.attention_ids)
        self.debrief(learning_point="Eerst bellen")
        self.assertNotIn(self.case, cases.search(kind._get_counted_domain()))

    def test_learning_points_are_a_list(self):
        self.debrief()
        learned = self.debrief(learning_point="Eerst bellen")
        view = self.env.ref("buurtbemiddeling_volunteer.buurtbemiddeling_debrief_view_search")
        self.assertIn("learning_points", view.arch)
        self.assertEqual(self.case.debrief_ids.search([("learning_point", "!=", False)]), learned)

    def test_debriefs_of_merged_cases_come_together_and_stay_when_a_case_is_split(self):
        younger = self.make_quarrel(registration_date=date(2026, 3, 10))
        mine, other = self.debrief(), self.debrief(case_id=younger.id, learning_point="x")
        self.merge(self.case | younger)
        self.assertEqual(self.case.debrief_ids, mine | other)
        self.split_off(self.bert)
        self.assertEqual((mine | other).case_id, self.case)

    def test_a_case_with_a_debrief_stays_in_its_organisation(self):
        case = self.make_case()
        self.debrief(case_id=case.id)
        with self.assertRaisesRegex(UserError, "stays in its organisation"):
            case.sudo().company_id = self.other_company


@tagged("post_install", "-at_install")
class TestCaseCard(DebriefCommon):
    """A case card tells nobody who the neighbours are."""

    def setUp(self):
        super().setUp()
        self.anna.partner_id.write({"name": "Ánna van Dam-Visser", "zip": "1234 AB"})
        self.anna.partner_id.write({"phone": "+31 6 12345678", "street": "Lange Dorpsstraat 1-b"})
        self.case.area_id = self.env["buurtbemiddeling.area"].create(
            {
                "name": "Rozenhof",
                "code": "BU99990101",
                "kind": "neighbourhood",
                "parent_id": self.env.ref("buurtbemiddeling_case.area_gm0014").id,
            }
        )

    def render(self, debriefs):
        report = self.env["ir.actions.report"].with_user(self.coordinator)
        return str(report._render_qweb_html(REPORT, debriefs.ids)[0], "utf-8")

    def test_what_tells_who_they_are_is_refused_in_any_text_of_the_card(self):
        for typed in (
            "anna", "ANNA's", "Visser", "de Dam", "de lange dorpsstr.", "Lange  Dorpsstraat",
            "1234ab", "06-12345678", "0612 34 56 78", "ANNA@example.com", "Bert", "Rozenhof",
            self.case.name,
        ):  # fmt: skip
            for name in ("card_situation", "card_dilemma", "card_question"):
                with self.subTest(typed=typed, field=name), self.assertRaises(ValidationError):
                    self.debrief(**{**CARD, name: f"Een buur, {typed}, maakt lawaai."})

    def test_a_card_that_is_not_a_card_yet_is_checked_as_well(self):
        with self.assertRaises(ValidationError):
            self.debrief(card_situation="Anna belde.")

    def test_the_refusal_repeats_what_was_typed_and_nothing_more(self):
        with self.assertRaises(ValidationError) as refusal:
            self.debrief(**{**CARD, "card_question": "Wat had anna kunnen doen?"})
        sentence = str(refusal.exception)
        self.assertIn("anna", sentence)
        for hidden in ("Ánna", "Dam", "Visser", "Dorpsstraat", "Bert", "12345678"):
            self.assertNotIn(hidden, sentence)

    def test_ordinary_words_are_no_names(self):
        """Nor is one word of a longer street, or a word that begins like a name."""
        self.debrief(
            **{**CARD, "card_dilemma": "Een lange weg van de voordeur; bertje is geen Ber."}
        )

    def test_a_card_has_a_situation_and_a_question(self):
        for name in ("card_situation", "card_question"):
            with self.assertRaisesRegex(ValidationError, "situation and a question"):
                self.debrief(**{**CARD, name: "  "})

    def test_the_paper_shows_codes_and_the_text_and_nothing_else(self):
        nuisance = self.code("nuisance.type", "GELUID") or self.env[
            "buurtbemiddeling.nuisance.type"
        ].search([], limit=1)
        self.case.write({"nuisance_type_ids": [(6, 0, nuisance.ids)]})
        self.case.intervention_id = self.env["buurtbemiddeling.intervention"].search([], limit=1)
        self.plan("talk_a").state = "done"
        self.plan("talk_b").state = "done"
        self.plan("mediation")
        self.close()
        card = self.debrief(
            **CARD, went_well="Vera deed het goed", learning_point="Eerst Anna bellen"
        )
        html = self.render(card)
        for shown in (
            nuisance.name, self.case.intervention_id.name, self.case.outcome_id.name,
            *(text for text in CARD.values() if isinstance(text, str)),
        ):  # fmt: skip
            self.assertIn(shown, html)
        self.assertRegex(html, r"Talks held</td>\s*<td>2</td>")
        for hidden in (
            self.case.name, "Anna", "Dam", "Dorpsstraat", "1234", "Rozenhof", "Appingedam", "Vera",
            "Wim", "2026", "Eerst", self.coordinator.name,
        ):  # fmt: skip
            self.assertNotIn(hidden, html)

    def test_only_debriefs_that_are_a_card_are_printed(self):
        card, other = self.debrief(**CARD), self.debrief(card_situation="Nog niet af")
        html = self.render(card | other)
        self.assertIn("Case card 1", html)
        self.assertNotIn("Nog niet af", html)
        with self.assertRaisesRegex(UserError, "None of these"):
            self.render(other)

    def test_a_name_that_became_known_later_is_not_printed(self):
        card = self.debrief(**{**CARD, "card_dilemma": "Zijn zoon Kees maakt het erger."})
        self.assertIn("Kees", self.render(card))
        self.bert.partner_id.name = "Kees Buur"
        with self.assertRaisesRegex(ValidationError, "Kees"):
            self.render(card)

    def test_cards_are_printed_by_coordinators_only(self):
        card = self.debrief(**CARD)
        for user in (self.colleague, self.stranger):
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(REPORT, card.ids)
