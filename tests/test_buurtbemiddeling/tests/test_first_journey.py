from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestFirstJourney(JourneyCase):
    """A coordinator walks one case from the first call to a figure, in Dutch, in a browser."""

    def test_from_first_call_to_a_figure(self):
        self.start_tour("/odoo", "buurtbemiddeling_first_journey", login="journey", timeout=180)
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "channel": "phone",
                    "talked_with_neighbour": "yes",
                    "quarrel_duration": "months",
                    "escalation": "argument",
                    "intake_decision": "suitable",
                    "is_closed": True,
                    "close_date": self.today,
                    "feedback_state": "done",
                    "aftercare_date": self.today,
                }
            ],
        )
        self.assertEqual(case.main_nuisance_type_id.code, "GELUID_PERSONEN")
        self.assertEqual(case.outcome_id.code, "OPG_BEM")
        self.assertEqual(case.aftercare_outcome_id.code, "OPG_BEM")
        self.assertEqual(case.intervention_id.code, "BEMIDDELING")
        self.assertEqual(case.referrer_type_id.code, "CORPORATIE")
        self.assertEqual(case.party_ids.mapped("side"), ["a", "b"])
        self.assertEqual(case.assignment_ids.volunteer_id, self.volunteers)
        self.assertEqual(case.agreement_ids.name, "Na tien uur stil op de trap")
        event = case.meeting_ids.event_id
        self.assertEqual(event.privacy, "private")
        self.assertFalse(event.partner_ids & case.party_ids.partner_id)
        benchmark = self.env["buurtbemiddeling.benchmark"].search(
            [("company_id", "=", self.company.id)]
        )
        registered = benchmark.line_ids.filtered(
            lambda line: not line.dimension and line.indicator_code == "cases_registered"
        )
        self.assertEqual(registered.value, 1)
        self.authenticate("journey", "journey-journey")
        workbook = self.url_open(f"/buurtbemiddeling/benchmark/{benchmark.id}/xlsx")
        self.assertEqual(workbook.content[:2], b"PK")
