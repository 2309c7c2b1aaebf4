from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import VolunteerCommon


@tagged("post_install", "-at_install")
class TestTalkWarning(VolunteerCommon):
    """What a coordinator should know of a talk is said, and refuses nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel(registration_date=fields.Date.today() - timedelta(30))

    def plan(self, kind="talk_a", days=3):
        start = fields.Datetime.now() + timedelta(days)
        talks = self.env["buurtbemiddeling.meeting"].with_user(self.coordinator)
        return talks.create({"case_id": self.case.id, "kind": kind, "start": start})

    def test_a_talk_of_a_case_without_mediators(self):
        self.assertIn("no mediators yet", self.plan().warning)
        self.assertFalse(self.plan("intake", days=5).warning, "that one the coordinator holds")

    def test_who_did_not_accept_yet_is_named_until_they_do(self):
        row = self.couple(self.case, self.make_volunteer("Wim"), "invited")
        talk = self.plan()
        self.assertIn("Did not accept yet, and hears nothing of this talk: Wim", talk.warning)
        row.state = "accepted"
        self.assertFalse(talk.warning)

    def test_a_time_that_has_passed(self):
        talk = self.plan(days=-1)
        self.assertIn("This time has passed", talk.warning)
        talk.state = "done"
        self.assertFalse(talk.warning)
