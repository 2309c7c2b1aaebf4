from urllib.parse import parse_qs, urlparse

from ..models.buurtbemiddeling_web_request import REQUEST_URL
from .common import CaseCommon
from .common_door import DoorFormCase

STORY = "Every evening loud music."


class WebRequestCase(CaseCommon, DoorFormCase):
    """An organisation with the form for residents switched on."""

    form_model = "buurtbemiddeling.web.request"
    typed = STORY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env[cls.form_model]
        cls.company.write(
            {
                "buurtbemiddeling_request_form": True,
                "buurtbemiddeling_request_per_sender": 100,
                "buurtbemiddeling_request_user_id": cls.coordinator.id,
                "phone": "0000-00 00 10",
                "email": "welzijn@example.com",
            }
        )
        cls.url = f"{REQUEST_URL}?organisation={cls.company.id}"
        cls.answers = {
            "nuisance_types": ["GELUID_APPARATUUR", "PARKEREN"],
            "duration": "months",
            "talked": "tried",
            "story": STORY,
            "neighbour_street": "Testlaan 12",
            "neighbour_zip": "0123 AB",
            "neighbour_city": "Lindewaard",
            "neighbour_name": "Bert Buur",
            "neighbour_lives": "above",
            "street": "Testlaan 14",
            "zip": "0123ab",
            "city": "Lindewaard",
            "tenure": "corporation",
            "name": "Anna Melder",
            "phone": "06 0000 0123",
            "email": "anna@example.com",
            "language": "en",
            "interpreter": "1",
            "tipped_by": "POLITIE",
            "consent": "1",
        }

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def receive(self, key="key", **changes):
        """Hand in a form without the page; return the case."""
        values, errors = self.requests._read_answers(self.company, {**self.answers, **changes})
        self.assertFalse(errors)
        return self.requests._receive(self.company, values, key, "192.0.2.1").case_id

    def get_requests(self):
        self.env.invalidate_all()
        return self.requests.search([("company_id", "=", self.company.id)])

    def assertSent(self, response):  # noqa: N802 (as the other assertions)
        self.assertEqual(response.status_code, 303)
        address = urlparse(response.headers["Location"])
        self.assertTrue(address.path.endswith(f"{REQUEST_URL}/bedankt"))
        self.assertLessEqual(parse_qs(address.query).keys(), {"organisation", "receipt"})
        return self.get_requests()

    def get_received(self):
        return self.get_requests()


class RequestAnswersCase(WebRequestCase):
    """Reads the answers to who sent the form."""

    def get_number(self, page):
        return page.text.split("Your number is <strong>")[1].split("</strong>")[0]

    def assertRefusedAll(self, **changes):  # noqa: N802
        self.assertEqual(self.send(**changes).status_code, 422)
        self.assertEqual(len(self.get_requests()), 1)
