from datetime import date, datetime

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import CaseCommon

REFERRED_ON = date(2026, 3, 2)
DUE_ON = date(2028, 4, 1)


@tagged("post_install", "-at_install")
class TestRetentionReferrer(CaseCommon):
    """Contact persons of referrers are forgotten when we have not worked together for a term."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.referrer = cls.make_referral_partner()
        cls.wil = cls.make_contact_person(cls.referrer, "Wil Zwartkruin", email="wil@zwartkruin.nl")
        cls.case = cls.make_case(
            referral_partner_id=cls.referrer.id,
            referral_contact_id=cls.wil.id,
            registration_date=REFERRED_ON,
        ).sudo()
        cls.contacts = cls.env["res.partner"]

    def setUp(self):
        super().setUp()
        self.close()
        self.date_back(self.wil)

    def close(self, day=date(2026, 4, 1), case=None):
        self.env.flush_all()
        closed = self.stage("closed")
        self.env.cr.execute(
            SQL(
                "UPDATE buurtbemiddeling_case SET close_date = %s, stage_id = %s WHERE id = %s",
                day,
                closed.id,
                (case or self.case).id,
            )
        )
        self.env.invalidate_all()

    def date_back(self, records, day=datetime(2025, 1, 1)):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                day,
                records.ids,
            )
        )
        self.env.invalidate_all()

    def is_due(self, contact=None, day=DUE_ON, company=None):
        contact = contact or self.wil
        domain = self.contacts._get_retention_domain(company or self.company, "referrer", day)
        return contact in self.contacts.with_context(active_test=False).search(domain)

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    def test_due_when_the_term_after_the_last_case_is_over(self):
        self.assertFalse(self.is_due(day=date(2028, 3, 31)))
        self.assertTrue(self.is_due())
        self.assertEqual(self.wil._get_due_dates("referrer"), {self.wil: DUE_ON})
        self.company.buurtbemiddeling_retention_referrer_months = 36
        self.assertFalse(self.is_due())

    def test_an_open_case_or_a_newer_one_keeps_the_referrer(self):
        self.close(None)
        self.assertFalse(self.is_due(day=date(2050, 1, 1)))
        self.close()
        newer = self.make_case(
            referral_partner_id=self.referrer.id,
            referral_contact_id=self.wil.id,
            registration_date=date(2026, 8, 1),
        )
        self.close(date(2026, 9, 1), newer)
        self.assertFalse(self.is_due())

    def test_who_can_log_in_is_kept(self):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.wil.with_user(self.coordinator).action_give_portal_access()
        self.assertFalse(self.is_due(day=date(2050, 1, 1)))
        self.wil.with_user(self.coordinator).action_take_portal_access()
        self.assertTrue(self.is_due())

    def test_a_running_agreement_or_seat_keeps_the_contact(self):
        covenant = self.env["buurtbemiddeling.covenant"].create(
            {
                "name": "Covenant",
                "company_id": self.company.id,
                "date_start": date(2025, 1, 1),
                "party_ids": [
                    Command.create(
                        {
                            "partner_id": self.referrer.partner_id.id,
                            "contact_ids": [Command.set(self.wil.ids)],
                        }
                    )
                ],
            }
        )
        self.assertFalse(self.is_due(day=date(2050, 1, 1)))
        covenant.date_end = date(2026, 1, 1)
        self.assertTrue(self.is_due())
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "Project", "company_id": self.company.id}
        )
        seat = self.env["buurtbemiddeling.steering.member"].create(
            {"project_id": project.id, "partner_id": self.wil.id, "date_start": date(2025, 1, 1)}
        )
        self.assertFalse(self.is_due(day=date(2050, 1, 1)))
        seat.date_end = date(2026, 1, 1)
        self.assertTrue(self.is_due())

    def test_work_for_another_organisation_keeps_a_shared_contact(self):
        self.company.buurtbemiddeling_retention_referrer_months = 12
        key = self.env["buurtbemiddeling.key.contact"].create(
            {
                "partner_id": self.wil.id,
                "company_id": self.other_company.id,
                "last_contact_date": date(2026, 6, 1),
            }
        )
        self.date_back(key)
        self.assertFalse(self.is_due(day=date(2027, 5, 1)))
        self.assertTrue(self.is_due(day=date(2028, 7, 1)))

    def test_residents_organisations_and_strangers_are_never_due(self):
        far = date(2050, 1, 1)
        resident = self.make_quarrel().party_ids.partner_id[:1].sudo()
        stranger = self.contacts.create({"name": "Client of the cook"})
        for contact in (resident, self.referrer.partner_id, stranger):
            self.assertFalse(self.is_due(contact, day=far))
        self.assertFalse(self.is_due(day=far, company=self.other_company))

    def test_a_contact_person_who_never_referred_is_due_when_nobody_uses_it(self):
        unused = self.make_contact_person(self.referrer, "Never Once")
        shop = self.make_user("cook", "base.group_partner_manager")
        of_the_cook = self.contacts.with_user(shop).create(
            {"name": "Of the cook", "parent_id": self.referrer.partner_id.id}
        )
        self.date_back(unused | of_the_cook.sudo())
        self.assertTrue(self.is_due(unused))
        self.assertFalse(self.is_due(of_the_cook.sudo()))

    # ------------------------------------------------------------
    # WHAT IS REMOVED
    # ------------------------------------------------------------

    def test_our_ties_are_cut_and_the_contact_goes(self):
        other = self.make_contact_person(self.referrer, "Another One")
        form, link = self.refer()
        told = self.tell()
        activity = self.meet(other)
        key = self.note()

        self.wil._anonymize()

        self.assertFalse(self.wil.exists() or key.exists() or link.exists())
        self.assertEqual(activity.partner_ids, other)
        self.assertEqual(told.recipient_id, self.referrer.partner_id)
        self.assertFalse(form.contact_id or self.case.referral_contact_id)

    def test_facts_of_a_case_stay_without_the_name_of_who_referred(self):
        form, _link = self.refer()
        self.tell()
        self.note()
        messages = self.case.message_ids
        changed = self.case.write_date

        self.wil._anonymize()

        self.assertEqual(self.case.referral_partner_id, self.referrer)
        self.assertEqual(form.referral_partner_id, self.referrer)
        self.assertEqual(self.case.write_date, changed)
        self.assertEqual(messages.exists(), messages)
        self.env.cr.execute(
            "SELECT 1 FROM mail_message WHERE body ILIKE '%zwartkruin%' OR email_from ILIKE"
            " '%zwartkruin%'"
        )
        self.assertFalse(self.env.cr.fetchone())
        self.wil._anonymize()  # nothing happens twice

    def refer(self):
        """Let Wil refer with a form, and get a link for the next time."""
        form = self.env["buurtbemiddeling.referral.form"].create(
            {
                "case_id": self.case.id,
                "referral_partner_id": self.referrer.id,
                "contact_id": self.wil.id,
                "form_key": "key",
            }
        )
        link, _url = self.env["buurtbemiddeling.referral.link"]._make(self.referrer, self.wil)
        return form, link

    def tell(self):
        """Tell Wil that the case has ended."""
        return self.env["buurtbemiddeling.feedback"].create(
            {
                "case_id": self.case.id,
                "referral_partner_id": self.referrer.id,
                "recipient_id": self.wil.id,
                "kind": "ended",
                "mode": "phone",
                "wording_id": self.env["buurtbemiddeling.feedback.wording"].search([], limit=1).id,
                "text": "It has ended.",
            }
        )

    def meet(self, other):
        """Let Wil and a colleague come to the same market."""
        activity = self.env["buurtbemiddeling.network.activity"].create(
            {
                "name": "Market",
                "company_id": self.company.id,
                "kind_id": self.env["buurtbemiddeling.network.activity.kind"]
                .search([], limit=1)
                .id,
                "date": date(2026, 1, 5),
                "partner_ids": [Command.set((self.wil | other).ids)],
            }
        )
        return activity

    def note(self):
        """Write of Wil as a key contact, and in two threads."""
        key = self.env["buurtbemiddeling.key.contact"].create(
            {"partner_id": self.wil.id, "company_id": self.company.id, "note": "Knows everyone"}
        )
        key.message_post(body="Called")
        self.case.message_post(body="<p>Wil Zwartkruin was told</p>")
        self.referrer.message_post(body="Wil Zwartkruin was invited")
        return key

    def test_a_contact_that_someone_else_made_or_uses_stays_as_it_is(self):
        cook = self.make_user("cook", "base.group_partner_manager")
        theirs = self.contacts.with_user(cook).create(
            {"name": "Of the cook", "parent_id": self.referrer.partner_id.id}
        )
        theirs = theirs.sudo()
        self.case.referral_contact_id = theirs
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "Project", "company_id": self.company.id}
        )
        self.env["buurtbemiddeling.steering.member"].create(
            {"project_id": project.id, "partner_id": self.wil.id, "date_start": date(2025, 1, 1)}
        )
        (theirs | self.wil)._anonymize()
        self.assertFalse(self.case.referral_contact_id)
        self.assertEqual(
            [(each.name, each.parent_id, each.active) for each in (theirs, self.wil)],
            [
                ("Of the cook", self.referrer.partner_id, True),
                ("Wil Zwartkruin", self.referrer.partner_id, True),
            ],
        )

    def test_a_login_that_was_closed_is_emptied_with_its_contact(self):
        with mute_logger("odoo.addons.mail.models.mail_mail"):
            self.wil.with_user(self.coordinator).action_give_portal_access()
        user = self.wil.user_ids
        self.wil.with_user(self.coordinator).action_take_portal_access()
        self.wil._anonymize()
        self.assertEqual(self.wil.name, f"Former contact person {self.wil.id}")
        self.assertFalse(self.wil.email or self.wil.parent_id or self.wil.active)
        self.assertEqual((user.login, user.active), (f"anonymous-{user.id}", False))

    def test_residents_are_not_touched_by_this_door(self):
        resident = self.make_quarrel().party_ids.partner_id[:1].sudo()
        name = resident.name
        resident._anonymize()
        self.assertEqual(resident.exists().name, name)
