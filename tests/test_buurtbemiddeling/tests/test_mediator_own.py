from datetime import date, datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import JourneyCase


@tagged("post_install", "-at_install")
class TestMediatorOwn(JourneyCase):
    """What a volunteer does for themselves on the portal, in Dutch, in a browser."""

    def test_own_affairs(self):
        bea = self.volunteers[0]
        self.give_login(bea)
        session = self.invite_to_training(bea)
        self.publish_protocol()
        self.start_tour(
            "/my/bemiddelingen", "buurtbemiddeling_mediator_own", login="bea_own", timeout=120
        )
        self.env.invalidate_all()
        self.assertEqual(session.enrolment_ids.state, "enrolled")
        self.assertEqual(bea.max_cases, 3)
        self.assertEqual(bea.acceptance_ids.mode, "portal")
        self.assertTrue(bea.feed_key)

    def give_login(self, bea):
        bea.user_id = mail_new_test_user(
            self.env,
            login="bea_own",
            password="bea_own_bea_own",
            partner_id=bea.partner_id.id,
            name=bea.name,
            lang="nl_NL",
            tz="Europe/Amsterdam",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def invite_to_training(self, bea):
        training = self.env["buurtbemiddeling.training"].create(
            {"name": "Groepsbemiddeling", "kind": "advanced"}
        )
        start = datetime.now().replace(microsecond=0) + timedelta(days=20)
        half_day = {"start": start, "stop": start + timedelta(hours=3)}
        session = self.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": self.company.id,
                "event_ids": [Command.create(half_day)],
                "enrolment_ids": [Command.create({"volunteer_id": bea.id, "state": "invited"})],
            }
        )
        return session

    def publish_protocol(self):
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {
                "version": "1",
                "company_id": self.company.id,
                "date_from": date.today(),
                "content": "<p>Je werkt altijd met zijn tweeën.</p>",
            }
        )
        protocol.action_publish()


@tagged("post_install", "-at_install")
class TestMediatorOwnOnAPhone(TestMediatorOwn):
    """The same on a small phone."""

    allow_inherited_tests_method = True
    browser_size = "360x740"
    touch_enabled = True
