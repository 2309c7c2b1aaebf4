from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlparse

from freezegun import freeze_time

from odoo import http
from odoo.tests import HttpCase

from ..models.buurtbemiddeling_volunteer_application import APPLICATION_URL
from .common import VolunteerCommon

EMAIL = "sanne@example.com"


class ApplicationCase(VolunteerCommon, HttpCase):
    """Sends the public form of volunteers, as Sanne does."""

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
            "motivation": "I like to help people talk.",
            "availability": "Tuesday evening",
            "consent": "1",
        }

    def make_token(self, minutes=5):
        """Return the token of a form that was opened some time ago."""
        with freeze_time(datetime.now() - timedelta(minutes=minutes)):
            return self.env["buurtbemiddeling.volunteer.application"]._make_token(self.company)

    def send(self, token=None, url=None, **changes):
        data = {
            **self.answers,
            "csrf_token": http.Request.csrf_token(self),
            "token": token or self.make_token(),
            **changes,
        }
        return self.url_open(
            url or self.url,
            data={name: value for name, value in data.items() if value is not None},
            allow_redirects=False,
        )

    def assertSent(self, response):  # noqa: N802 (as the other assertions)
        self.assertEqual(response.status_code, 303)
        address = urlparse(response.headers["Location"])
        self.assertTrue(address.path.endswith(f"{APPLICATION_URL}/bedankt"))
        self.assertEqual(parse_qs(address.query), {"organisation": [str(self.company.id)]})
        return self.get_applications()

    def assertRefused(self, response, sentence, status=422):  # noqa: N802
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, response.text)
        self.assertIn("I like to help people talk.", response.text)  # nothing is lost
        self.assertFalse(self.get_applications())

    def get_applications(self):
        self.env.invalidate_all()
        return self.env["buurtbemiddeling.volunteer.application"].search(
            [("company_id", "=", self.company.id)]
        )
