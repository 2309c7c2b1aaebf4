from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_case.controllers import door
from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_web_request import REQUEST_URL

from .common import JourneyCase


class RequestFormCase(JourneyCase):
    """A resident fills in the form in the browser, without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.buurtbemiddeling_request_form = True
        cls.url = f"/nl{REQUEST_URL}?organisation={cls.company.id}"

    def walk(self):
        # a browser fills in the form faster than people do, see TestWebRequest
        self.patch(door, "MIN_SECONDS", 0)
        self.start_tour(self.url, "buurtbemiddeling_request", timeout=180)
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(case.channel, "web")
        self.assertEqual(case.main_nuisance_type_id.code, "GELUID_APPARATUUR")
        reporter, neighbour = case.party_ids
        self.assertEqual(reporter.story, "Elke avond harde muziek.")
        self.assertEqual(reporter.email, "anneke@example.com")
        self.assertEqual(neighbour.home_relation, "above")
        self.assertEqual(neighbour.address, "Rozenlaan 14, Rozenstad")


@tagged("post_install", "-at_install")
class TestRequestForm(RequestFormCase):
    def test_a_resident_asks_for_help_in_five_steps(self):
        self.walk()

    def test_the_answers_are_cleared_when_asked(self):
        self.start_tour(self.url, "buurtbemiddeling_request_clear")


@tagged("post_install", "-at_install")
class TestRequestFormOnPhone(RequestFormCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_a_resident_asks_for_help_on_a_small_phone(self):
        self.walk()
