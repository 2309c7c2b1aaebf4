from datetime import date

from odoo.tests import tagged

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestScreens(JourneyCase):
    """What a coordinator clicks at each step of a case, in Dutch, in a browser."""

    def walk(self, tour, record=None):
        url = f"/odoo/buurtbemiddeling/{record.id}" if record else "/odoo/buurtbemiddeling"
        self.start_tour(url, tour, login="journey", timeout=120)

    def test_intake_of_a_resident_who_phones(self):
        """Both parties in at most 12 clicks and 2 screens; the tour counts them."""
        self.walk("buurtbemiddeling_intake")
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "registration_date": date.today(),
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
                    "consent_date": date.today(),
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
