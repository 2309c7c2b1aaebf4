from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import http
from odoo.tests import HttpCase


class DoorFormCase(HttpCase):
    """Sends a form of people outside, as a browser does.

    A class says what is sent and to which address (``answers`` and ``url``), of which model the
    form is, what of the answers is looked for when they come back, and what is made of them
    (``get_received``).
    """

    form_model = ""
    typed = ""

    def make_token(self, minutes=5, company=None):
        """Return the token of a form that was opened some time ago."""
        with freeze_time(datetime.now() - timedelta(minutes=minutes)):
            return self.env[self.form_model]._make_token(company or self.company)

    def send(self, token=None, url=None, **changes):
        """Send the form; ``None`` leaves an answer out."""
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

    def assertRefused(self, response, sentence, status=422):  # noqa: N802 (as other assertions)
        """It says why, nothing that was typed is lost, and nothing is kept."""
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, response.text)
        self.assertIn(self.typed, response.text)
        self.assertFalse(self.get_received())
