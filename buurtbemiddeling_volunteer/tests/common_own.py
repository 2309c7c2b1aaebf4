from datetime import datetime, timedelta

from odoo import http
from odoo.tests import HttpCase

from .common import VolunteerCommon

SCRIPT = "<script>alert(1)</script>"
ODD = "\u202e\u0000é\u2028漢\U0001f600'\";--%s{{7*7}}"
HUGE = "x" * 150_000  # more than any page reads
GUESSES = ("0", "-1", "999999999999999999999", "1e3", "abc", "1;2")


class OwnAffairsCase(VolunteerCommon, HttpCase):
    """Vera has a login on the portal; Wim, a volunteer as well, has another one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vera = cls.make_volunteer("Vera", coordinator_id=cls.coordinator.id)
        cls.give_login(cls.vera, cls.portal)
        cls.other_portal = cls.make_user("other_portal", "base.group_portal")
        cls.wim = cls.make_volunteer("Wim")
        cls.give_login(cls.wim, cls.other_portal)

    @classmethod
    def give_login(cls, volunteer, user):
        volunteer.partner_id = user.partner_id
        volunteer.user_id = user

    @classmethod
    def make_second_organisation(cls, stage="active"):
        """Return Vera's record as a volunteer of another organisation."""
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.portal.partner_id.id,
                "user_id": cls.portal.id,
                "company_id": cls.other_company.id,
                "stage_id": cls.code("volunteer.stage", stage).id,
            }
        )

    @classmethod
    def make_coming(cls, kind="advanced", days=30, **values):
        """Plan a session of one evening, some days from now or ago, open to volunteers."""
        training = cls.make_training(kind, hours=15 if kind == "basic" else 3)
        session = cls.make_session(training, half_days=0, is_open=True, **values)
        start = datetime.now().replace(microsecond=0) + timedelta(days=days)
        session.event_ids = [(0, 0, {"start": start, "stop": start + timedelta(hours=3)})]
        return session

    def setUp(self):
        super().setUp()
        self.log_in(self.portal)

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def get(self, url, status=200):
        response = self.url_open(url, allow_redirects=False)
        self.assertEqual(response.status_code, status, url)
        return response

    def post(self, url, status=303, **data):
        """Send a form; ``status`` is what must come of it."""
        data = {"csrf_token": http.Request.csrf_token(self), **data}
        data = {name: value for name, value in data.items() if value is not None}
        response = self.url_open(url, data=data, allow_redirects=False)
        self.assertEqual(response.status_code, status, url)
        self.env.invalidate_all()
        return response

    def assertNothingRuns(self, response):  # noqa: N802
        """What was typed is shown as text, never as HTML."""
        self.assertNotIn("<script>alert", response.text)
        self.assertNotIn("Traceback", response.text)
