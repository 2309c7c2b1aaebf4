from urllib.parse import parse_qs, urlparse

from odoo.addons.buurtbemiddeling_case.tests.common_door import DoorFormCase

from ..models.buurtbemiddeling_volunteer_application import APPLICATION_URL
from .common import VolunteerCommon

EMAIL = "sanne@example.com"


class ApplicationCase(VolunteerCommon, DoorFormCase):
    """Sends the public form of volunteers, as Sanne does."""

    form_model = "buurtbemiddeling.volunteer.application"
    typed = "I like to help people talk."

    def setUp(self):
        super().setUp()
        self.company.buurtbemiddeling_application_form = True
        self.url = f"{APPLICATION_URL}?organisation={self.company.id}"
        self.authenticate(None, None)
        self.answers = {
            "name": "Sanne de Vries",
            "email": EMAIL,
            "phone": "06 0000 0123",
            "zip": "1234 AB",
            "city": "Lindewaard",
            "languages": ["nl", "tr"],
            "motivation": self.typed,
            "availability": "Tuesday evening",
            "consent": "1",
        }

    def assertSent(self, response):  # noqa: N802 (as the other assertions)
        self.assertEqual(response.status_code, 303)
        address = urlparse(response.headers["Location"])
        self.assertTrue(address.path.endswith(f"{APPLICATION_URL}/bedankt"))
        self.assertEqual(parse_qs(address.query), {"organisation": [str(self.company.id)]})
        return self.get_applications()

    def receive(self, key="key", **changes):
        """Hand in a form without the page."""
        applications = self.env[self.form_model]
        values, errors = applications._read_answers({**self.answers, **changes})
        self.assertFalse(errors)
        return applications._receive(self.company, values, key, "192.0.2.1")

    def get_received(self):
        return self.get_applications()

    def get_applications(self):
        self.env.invalidate_all()
        return self.env[self.form_model].search([("company_id", "=", self.company.id)])
