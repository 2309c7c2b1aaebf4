from datetime import date, datetime, timedelta

from odoo import http
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..controllers.mediator import HOME_URL
from .common import VolunteerCommon


class MediatorCase(VolunteerCommon, HttpCase):
    """Vera and Wim mediate, each with a login; both have a case of Anna and Bert."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator.partner_id.write({"phone": "020 1234567"})
        cls.extra = cls.make_user("extra", "buurtbemiddeling_case.group_extra")
        cls.vera, cls.wim = cls.make_mediator("Vera"), cls.make_mediator("Wim")
        cls.case = cls.make_case_with_secrets()

    @classmethod
    def make_mediator(cls, name, **values):
        volunteer = cls.make_volunteer(name, **values)
        volunteer.partner_id.phone = f"06 0000 00{len(name):02}"
        volunteer.user_id = cls.make_login(volunteer)
        return volunteer

    @classmethod
    def make_login(cls, volunteer):
        """Create the login of a volunteer; the password is the login."""
        login = f"bb_{volunteer.name.lower()}_{volunteer.id}"
        return mail_new_test_user(
            cls.env,
            login=login,
            password=login,
            name=volunteer.name,
            email=volunteer.email,
            partner_id=volunteer.partner_id.id,
            groups="base.group_portal",
            company_id=volunteer.company_id.id,
            company_ids=[(6, 0, volunteer.company_id.ids)],
        )

    @classmethod
    def make_case_with_secrets(cls, **values):
        case = cls.make_quarrel(
            **{
                "reporter_story": "The drum kit at night",
                "reporter_phone": "06 1111 1111",
                "stage_id": cls.stage("assigned").id,
                "intervention_id": cls.env["buurtbemiddeling.intervention"].search([], limit=1).id,
                "referral_partner_id": cls.make_referral_partner().id,
                **values,
            }
        )
        anna, bert = case.party_ids
        landlord = cls.env["res.partner"].create({"name": "Landlord Ltd", "is_company": True})
        anna.write(
            {
                "mediator_note": "Ring twice <b>please</b>",
                "tenure": "corporation",
                "landlord_id": landlord.id,
                "needs_interpreter": True,
                "consent_date": date(2026, 3, 1),
            }
        )
        bert.write(
            {"story": "She always shouts", "home_relation": "beside", "mediator_note": "Works late"}
        )
        case.with_user(cls.coordinator).message_post(body="Debt and drink")
        cls.env["buurtbemiddeling.extra.signal"].create(
            {
                "case_id": case.id,
                "complexity_id": cls.env["buurtbemiddeling.complexity"].search([], limit=1).id,
                "note": "Extra signal text",
                "user_id": cls.extra.id,
            }
        )
        return case

    def login(self, volunteer):
        self.authenticate(volunteer.user_id.login, volunteer.user_id.login)

    def open(self, url):
        return self.url_open(url, allow_redirects=False)

    def post(self, url, **data):
        data.setdefault("csrf_token", http.Request.csrf_token(self))
        with mute_logger("odoo.http"):
            return self.url_open(url, data=data, allow_redirects=False)

    def case_url(self, assignment):
        return f"{HOME_URL}/{assignment.id}"

    def assertGone(self, url):  # noqa: N802 (as the other assertions)
        self.env.flush_all()
        self.assertEqual(self.open(url).status_code, 404, url)

    def assertRedirects(self, response, url):  # noqa: N802
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(url), response.headers["Location"])

    def todos(self, activity, case=None):
        self.env.invalidate_all()
        return (case or self.case).activity_search([activity])


class MediatorPageCase(MediatorCase):
    """Pages of the portal, as a mediator sees them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.couple(cls.case, cls.vera)
        cls.other = cls.couple(cls.case, cls.wim)
        cls.url = f"{HOME_URL}/{cls.mine.id}"

    def setUp(self):
        super().setUp()
        self.login(self.vera)

    def make_talk(self, case=None, days=0, **values):
        return self.env["buurtbemiddeling.meeting"].create(
            {
                "case_id": (case or self.case).id,
                "kind": "talk_a",
                "start": datetime.now().replace(microsecond=0) + timedelta(days=days),
                **values,
            }
        )

    def next_step(self):
        self.env.invalidate_all()
        return self.mine._get_next_step()["text"]

    def get_now(self):
        self.env.flush_all()
        return self.open(self.url).text.split("<b>Now:</b>")[1].split("</p>")[0]
