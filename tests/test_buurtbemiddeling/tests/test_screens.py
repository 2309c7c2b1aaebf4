from datetime import datetime, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestScreens(JourneyCase):
    """What a coordinator clicks at each step of a case, in Dutch, in a browser."""

    def walk(self, tour, record=None):
        url = f"/odoo/buurtbemiddeling/{record.id}" if record else "/odoo/buurtbemiddeling"
        self.start_tour(url, tour, login="journey", timeout=120)

    def make_case(self, code="new", **values):
        """Create a case with two parties in a phase, as the coordinator does."""
        return (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .create(
                {
                    "company_id": self.company.id,
                    "registration_date": self.today - timedelta(days=30),
                    "stage_id": self.env.ref(f"buurtbemiddeling_case.case_stage_{code}").id,
                    "reporter_name": "Anneke de Melder",
                    "reporter_email": "anneke@example.com",
                    "reporter_street": "Rozenlaan 12",
                    "neighbour_name": "Bert Buur",
                    "neighbour_street": "Rozenlaan 14",
                    **values,
                }
            )
        )

    def test_judging_and_referring_on(self):
        case = self.make_case("intake")
        with mute_logger("odoo.http"):  # the screen refuses a decision without a reason
            self.walk("buurtbemiddeling_triage", case)
        self.assertEqual(case.intake_decision, "refer")
        self.assertEqual(case.intake_reason_id.code, "ZORG")
        self.assertEqual(case.contraindication_ids.code, "GEWELD")
        self.assertEqual(case.onward_referral_ids.partner_id.name, "Wonen Rozenstad")

    def test_what_a_colleague_saved_meanwhile_is_not_overwritten(self):
        case = self.make_case("intake", reporter_story="Eerst")
        with mute_logger("odoo.http"):  # the screen refuses to save
            self.walk("buurtbemiddeling_saved_meanwhile", case)
        a, b = case.party_ids
        self.assertEqual(a.story, "Van de collega, en van mij")
        self.assertEqual(b.story, "Van de collega")
        self.assertEqual(case.pause_ids.date_from, self.today - timedelta(days=5))

    def test_talks_are_planned_invited_cancelled_and_held(self):
        case = self.make_case("talk_a")
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Buurthuis De Roos", "company_id": self.company.id}
        )
        self.env["buurtbemiddeling.meeting"].with_user(self.coordinator).create(
            {"case_id": case.id, "kind": "talk_a", "start": datetime.now() - timedelta(days=1)}
        )
        self.walk("buurtbemiddeling_talk", case)
        cancelled, held = case.meeting_ids.sorted("start", reverse=True)
        self.assertRecordValues(
            cancelled + held,
            [
                {"room_id": room.id, "state": "cancelled", "cancel_reason": "a", "outcome": False},
                {
                    "room_id": False,
                    "state": "done",
                    "cancel_reason": False,
                    "outcome": "agreements",
                },
            ],
        )
        anneke, bert = case.party_ids
        subjects = anneke.message_ids.mapped("subject")
        self.assertEqual(len([s for s in subjects if s]), 2, "invited, and told that it is off")
        self.assertFalse(bert.message_ids.filtered("subject"), "the other party hears nothing")

    def test_closing_with_a_result_for_each_party(self):
        case = self.make_case("mediation")
        self.walk("buurtbemiddeling_closing", case)
        self.assertTrue(case.is_closed)
        self.assertEqual(case.outcome_id.code, "OPG_BEM")
        self.assertEqual(case.party_ids.mapped("closing_result"), ["solved", "better"])
        self.assertEqual(case.aftercare_state, "planned")

    def test_aftercare_that_shows_that_it_did_not_hold(self):
        closed = self.today - timedelta(days=20)
        case = self.make_case(
            "closed",
            intake_decision="suitable",
            close_date=closed,
            outcome_id=self.env.ref("buurtbemiddeling_case.outcome_opg_bem").id,
        )
        self.walk("buurtbemiddeling_aftercare", case)
        self.assertFalse(case.is_closed)
        self.assertEqual(case.party_ids.mapped("aftercare_result"), ["worse", "unchanged"])
        before = case.phase_ids[-2]
        self.assertEqual(before.outcome_id.code, "OPG_BEM")
        self.assertEqual(before.aftercare_outcome_id.code, "NIET_OPG")

    def test_moving_back_asks_why(self):
        case = self.make_case("talk_a")
        self.walk("buurtbemiddeling_move_back", case)
        self.assertEqual(case.stage_id.code, "intake")
        self.assertEqual(case.phase_ids[-1].reason, "De melder wil eerst nadenken")

    def test_intake_of_a_resident_who_phones(self):
        """Both parties in at most 12 clicks and 2 screens; the tour counts them."""
        self.walk("buurtbemiddeling_intake")
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "registration_date": self.today,
                    "quarrel_duration": "months",
                    "escalation": "argument",
                    "talked_with_neighbour": "yes",
                }
            ],
        )
        self.assertEqual(case.referrer_type_id.code, "ZELF")
        self.assertRecordValues(
            case.party_ids,
            [
                {
                    "side": "a",
                    "name": "Anneke de Melder",
                    "address": "Rozenlaan 12, 1234 AB Rozenstad",
                    "consent_date": self.today,
                    "story": "Elke avond lawaai op de trap.",
                },
                {
                    "side": "b",
                    "name": "Bert Buur",
                    "address": "Rozenlaan 14, 1234 AB Rozenstad",
                    "consent_date": False,
                    "story": False,
                },
            ],
        )
