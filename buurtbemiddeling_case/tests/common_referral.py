

from odoo.fields import Command

from odoo.addons.mail.tests.common import mail_new_test_user

from ..controllers.referral import FORM_URL
from .common_door import DoorFormCase
from .common_feedback import FeedbackCommon

PASSWORD = "a-long-password"
# what a referrer never reads of the quarrel of make_quarrel
SECRETS = ("Anna", "Bert", "Dorpsstraat", "anna@example.com", "Coordinator Tester", "Secret")
EVIL = "<script>alert(1)</script>"


class ReferralCommon(FeedbackCommon):
    """A corporation with two people: Wil has a login, and so has Ton."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ton = cls.make_contact_person(cls.wbv, "Ton Consulent", email="ton@wbv.example.com")
        cls.wil_user = cls.make_login("wil", cls.wil)
        cls.ton_user = cls.make_login("ton", cls.ton)

    @classmethod
    def make_login(cls, login, contact, groups="base.group_portal"):
        return mail_new_test_user(
            cls.env,
            login=f"bb_{login}",
            password=PASSWORD,
            partner_id=contact.id,
            name=contact.name or login,
            groups=groups,
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def get_rows(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["buurtbemiddeling.case"].with_user(user or self.wil_user)._find_my_referrals()
        )

    def get_numbers(self, user=None):
        return {row["number"] for row in self.get_rows(user)}

    def get_state(self, user=None):
        (row,) = self.get_rows(user)
        return row["state"]

    def close(self, case, outcome="OPG_BEM"):
        case.write(
            {
                "stage_id": self.stage("closed").id,
                "outcome_id": self.code("outcome", outcome).id,
            }
        )


class ReferralPageCase(ReferralCommon, DoorFormCase):
    """Sends the form of a referral, as a browser does."""

    form_model = "buurtbemiddeling.referral.form"
    typed = "Call after six."

    def setUp(self):
        super().setUp()
        self.url = FORM_URL
        self.answers = {
            "name": "Anna Melder",
            "phone": "06 0000 0123",
            "email": "anna@example.com",
            "street": "Dorpsstraat 1",
            "zip": "1234 AB",
            "city": "Lindewaard",
            "nuisances": ["GELUID_PERSONEN"],
            "reference": "WH-12",
            "note": self.typed,
            "feedback": "yes",
            "consent": "1",
        }
        self.known = self.env["buurtbemiddeling.case"].search([])

    def log_in(self, user=None):
        self.authenticate((user or self.wil_user).login, PASSWORD)

    def get_cases(self):
        self.env.invalidate_all()
        return self.env["buurtbemiddeling.case"].search([("id", "not in", self.known.ids)])

    def get_received(self):
        return self.get_cases()
