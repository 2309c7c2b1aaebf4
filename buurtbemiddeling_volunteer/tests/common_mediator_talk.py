from urllib.parse import urlparse

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from .common import VolunteerCommon


class MediatorCommon(VolunteerCommon, HttpCase):
    """A quarrel of Anna and Bert, mediated by Vera and Wim; and Vera is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator.tz = "Europe/Amsterdam"
        cls.coordinator.company_id.resource_calendar_id.tz = "Europe/Amsterdam"
        cls.case = cls.make_quarrel()
        cls.anna, cls.bert = cls.case.party_ids
        cls.vera, cls.wim = cls.make_volunteer("Vera"), cls.make_volunteer("Wim")
        for volunteer in (cls.vera, cls.wim):
            cls.give_login(volunteer)
        cls.of_vera = cls.couple(cls.case, cls.vera)
        cls.of_wim = cls.couple(cls.case, cls.wim)
        cls.other_case = cls.make_quarrel(
            reporter_name="Carla Vreemd",
            reporter_email="carla@example.com",
            reporter_street="Kade 1",
            neighbour_name="Dirk Ander",
            neighbour_street="Kade 3",
        )
        cls.of_wim_elsewhere = cls.couple(cls.other_case, cls.wim)

    @classmethod
    def give_login(cls, volunteer):
        login = f"bb_{volunteer.name.lower()}"
        volunteer.user_id = cls.env["res.users"].create(
            {
                "partner_id": volunteer.partner_id.id,
                "login": login,
                "password": f"{login}-{login}",
                "tz": "Europe/Amsterdam",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.log_in(self.vera)

    def log_in(self, volunteer):
        self.authenticate(volunteer.user_id.login, f"{volunteer.user_id.login}" * 2)

    def url(self, path="", assignment=None):
        return f"/my/bemiddelingen/{(assignment or self.of_vera).id}{path}"

    def make_token(self):
        return self.env["buurtbemiddeling.door.key"]._make_token(self.company)

    def get(self, url):
        self.env.flush_all()
        with mute_logger("odoo.http"):
            return self.url_open(url, allow_redirects=False)

    def send(self, url, token=None, **answers):
        """Send a form as a browser does, without following where it leads to."""
        self.env.flush_all()
        data = {
            "csrf_token": http.Request.csrf_token(self),
            "token": token or self.make_token(),
            **answers,
        }
        with mute_logger("odoo.http"):
            response = self.url_open(
                url,
                data={name: text for name, text in data.items() if text is not None},
                allow_redirects=False,
            )
        self.env.invalidate_all()
        return response

    def assertDone(self, response, path, done):  # noqa: N802 (as the other assertions)
        self.assertEqual(response.status_code, 303, response.text)
        address = urlparse(response.headers["Location"])
        self.assertEqual((address.path, address.query), (path, f"done={done}"))
        page = self.get(f"{address.path}?{address.query}")
        self.assertEqual(page.status_code, 200)
        self.assertIn('role="status"', page.text)
        return page

    def assertRefused(self, response, *sentences):  # noqa: N802
        self.assertEqual(response.status_code, 422, response.text)
        for sentence in sentences:
            self.assertIn(sentence, response.text)

    def assertGone(self, response, typed=None):  # noqa: N802
        """What is not one's own is not there, and tells nothing of what is."""
        self.assertEqual(response.status_code, 404)
        for secret in ("Carla", "Dirk", "Kade", self.other_case.name, "Anna", "Dorpsstraat"):
            self.assertNotIn(secret, response.text)
        if typed:
            self.assertIn(typed, response.text)

    def get_wrong_assignments(self):
        """Return ids of assignments that are not Vera's, or not live, and of none."""
        asked = self.couple(self.make_case(), self.vera, "invited")
        ended = self.couple(self.make_case(), self.vera)
        ended.state = "ended"
        declined = self.couple(self.make_case(), self.vera, "declined")
        closed = self.couple(self.make_case(), self.vera)
        closed.case_id.outcome_id = self.code("outcome", "OPG_1P")
        closed.case_id.stage_id = self.stage("closed")
        archived = self.couple(self.make_case(), self.vera)
        archived.case_id.with_user(self.manager).active = False
        rows = [self.of_wim, self.of_wim_elsewhere, asked, ended, declined, closed, archived]
        return [row.id for row in rows] + [0, 10**9, 10**40]

    def assertOnlyMine(self, paths, answers):  # noqa: N802
        """No page and no form opens with another assignment, in whatever state it is."""
        before = self.snapshot()
        for number in self.get_wrong_assignments():
            for path in paths:
                url = f"/my/bemiddelingen/{number}{path}"
                with self.subTest(url=url):
                    self.assertGone(self.get(url))
                    self.assertGone(self.send(url, **answers), answers.get("typed"))
        self.assertEqual(self.snapshot(), before)

    def snapshot(self):
        """Return how much there is of all that mediators write."""
        self.env.flush_all()
        return [
            self.env[f"buurtbemiddeling.{name}"].search_count([])
            for name in (
                "meeting",
                "visit.report",
                "visit.hours",
                "expense",
                "case.agreement",
                "approach",
            )
        ]

    def assertShut(self, url, answers):  # noqa: N802
        """Who is not logged in gets to the login, and forms come by POST with a token only."""
        before = self.snapshot()
        self.env.flush_all()
        with mute_logger("odoo.http"):
            self.assertEqual(
                self.url_open(url, data=answers, allow_redirects=False).status_code, 400
            )
            for method in ("PUT", "DELETE", "PATCH"):
                self.assertEqual(
                    self.opener.request(method, self.base_url() + url).status_code, 405
                )
            too_long = self.send(url, **{**answers, "text": "x" * 10_000_000})
        self.assertEqual(too_long.status_code, 413)
        self.authenticate(None, None)
        for response in (self.get(url), self.send(url, **answers)):
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertEqual(self.snapshot(), before)
        self.log_in(self.vera)

    def mails(self):
        return self.env["mail.mail"].sudo().search([])
