from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestReach(CaseCommon):
    """What one writes stays within one's own reach, and tells nobody of what is out of it."""

    def test_nothing_is_pushed_into_a_case_of_another_organisation(self):
        foreign = self.make_quarrel()
        own = self.make_case(self.stranger, company_id=self.stranger.company_id.id)
        party = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": own.id, "side": "a", "street": "Elders 1"}
        )
        rows = {
            "case.agreement": {"name": "x"},
            "case.pause": {"date_from": date(2026, 3, 4)},
            "case.party": {"side": "b", "street": "Elders 3"},
            "meeting": {"start": "2032-01-04 18:00:00"},
            "coaching": {"party_id": party.id},
        }
        for name, values in rows.items():
            row = (
                self.env[f"buurtbemiddeling.{name}"]
                .with_user(self.stranger)
                .create({"case_id": own.id, **values})
            )
            with self.subTest(model=name), self.assertRaises(UserError):
                row.write({"case_id": foreign.id})
        self.env.invalidate_all()
        self.assertFalse(foreign.agreement_ids)
        self.assertFalse(foreign.meeting_ids)
        self.assertEqual(len(foreign.party_ids), 2)

    def test_coordinator_does_not_declare_a_colleague_absent(self):
        colleague = self.make_user("corrie", "buurtbemiddeling_case.group_user")
        absence = (
            self.env["buurtbemiddeling.absence"]
            .with_user(self.coordinator)
            .create(
                {
                    "user_id": self.coordinator.id,
                    "stand_in_id": self.manager.id,
                    "date_from": date(2032, 3, 1),
                    "date_to": date(2032, 3, 5),
                    "company_id": self.company.id,
                }
            )
        )
        with self.assertRaises(AccessError):
            absence.write({"user_id": colleague.id})
        absence.with_user(self.manager).write({"user_id": colleague.id})
        self.assertEqual(absence.user_id, colleague)

    def test_my_day_counts_by_what_every_coordinator_may_see(self):
        kinds = self.env["buurtbemiddeling.attention"].with_user(self.manager)
        for domain in (
            "[('extra_signal_ids', '!=', False)]",
            "[('extra_signal_ids.note', 'ilike', 'x')]",
            "[('party_ids', 'any', [('case_id.extra_signal_ids', '!=', False)])]",
        ):
            with self.subTest(domain=domain), self.assertRaises(ValidationError):
                kinds.create({"code": "X", "name": "X", "domain": domain})

    def test_digest_is_not_for_the_administrator_of_odoo(self):
        admin = self.make_user("system", "base.group_system")
        self.make_case(user_id=self.coordinator.id)
        self.env["buurtbemiddeling.digest"]._send_to(self.coordinator)
        mail = self.env["mail.mail"].search([("email_to", "=", self.coordinator.email_formatted)])
        self.assertTrue(mail, "there is something to report")
        self.assertFalse(mail.with_user(admin).search([("id", "=", mail.id)]))

    def test_nobody_notifies_a_resident_beside_the_case(self):
        resident = self.make_quarrel().party_ids.partner_id[:1]
        for model in ("mail.thread", "buurtbemiddeling.referral.partner"):
            with self.subTest(model=model), self.assertRaises(UserError):
                self.env[model].with_user(self.coordinator).message_notify(
                    partner_ids=resident.ids, body="x"
                )

    def test_followers_of_a_case_are_for_buurtbemiddeling(self):
        case = self.make_quarrel()
        domain = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        followers = self.env["mail.followers"]
        self.assertTrue(followers.with_user(self.coordinator).search(domain))
        self.assertFalse(followers.with_user(self.colleague).search(domain))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_refusal_does_not_tell_what_is_a_talk(self):
        case = self.make_quarrel()
        talk = self.env["buurtbemiddeling.meeting"].create(
            {"case_id": case.id, "start": "2032-01-04 18:00:00"}
        )
        other = self.env["calendar.event"].create(
            {
                "name": "Own",
                "start": "2032-01-04 18:00:00",
                "stop": "2032-01-04 19:00:00",
                "privacy": "private",
                "user_id": self.coordinator.id,
                "partner_ids": [Command.set(self.coordinator.partner_id.ids)],
            }
        )
        for event in (talk.event_id, other):
            with self.assertRaises(AccessError):
                event.with_user(self.portal).write({"name": "x"})
