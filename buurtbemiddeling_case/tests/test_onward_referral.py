from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestOnwardReferral(CaseCommon):
    """A resident is handed over with consent, and someone asks how it went."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.anna = cls.case.party_ids[0]
        cls.team = cls.env["res.partner"].create({"name": "Sociaal Team", "is_company": True})
        cls.worker = cls.env["res.partner"].create({"name": "W. Erker", "parent_id": cls.team.id})
        cls.partner = cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create({"name": "Wonen", "is_company": True})
                .id,
                "referrer_type_id": cls.code("referrer.type", "CORPORATIE").id,
                "company_id": cls.company.id,
            }
        )

    def refer(self, user=None, **values):
        return (
            self.env["buurtbemiddeling.onward.referral"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "case_id": self.case.id,
                    "party_id": self.anna.id,
                    "partner_id": self.team.id,
                    "date": date(2026, 3, 9),
                    "consent_date": date(2026, 3, 6),
                    **values,
                }
            )
        )

    def form(self, case=None):
        return Form(
            self.env["buurtbemiddeling.onward.referral"]
            .with_user(self.coordinator)
            .with_context(default_case_id=(case or self.case).id)
        )

    def test_screen_asks_consent_for_a_warm_handover(self):
        form = self.form()
        form.partner_id = self.team
        with self.assertRaisesRegex(AssertionError, "consent_date is a required"):
            form.save()
        form.consent_date = date.today()
        self.assertTrue(form.save().is_warm, "warm unless said otherwise")

    def test_in_acute_danger_or_without_handover_no_consent_is_asked(self):
        for name, value in (("is_emergency", True), ("is_warm", False)):
            form = self.form()
            form.partner_id = self.team
            form[name] = value
            self.assertTrue(form.save())

    def test_a_referral_partner_is_chosen_from_the_list(self):
        form = self.form()
        form.referral_partner_id = self.partner
        form.consent_date = date.today()
        self.assertEqual(form.save().partner_id, self.partner.partner_id)
        imported = form.record.create(
            {"case_id": self.case.id, "referral_partner_id": self.partner.id}
        )
        self.assertEqual(imported.partner_id, self.partner.partner_id)

    def test_contact_person_works_at_the_organisation(self):
        referral = self.refer(contact_id=self.worker.id)
        self.assertEqual(referral.contact_id, self.worker)
        referral.referral_partner_id = self.partner
        self.assertFalse(referral.contact_id)

    def test_nobody_is_referred_on_to_a_resident(self):
        bert = self.case.party_ids[1].partner_id
        for values in ({"partner_id": bert.id}, {"contact_id": bert.id}):
            with self.assertRaisesRegex(ValidationError, "contact of a resident"):
                self.refer(**values)

    def test_party_of_another_case_is_refused(self):
        other = self.make_quarrel()
        with self.assertRaisesRegex(ValidationError, "another case"):
            self.refer(party_id=other.party_ids[0].id)

    def test_dates_out_of_order_are_refused(self):
        for values in ({"return_date": date(2026, 3, 8)}, {"consent_date": date(2026, 3, 10)}):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.refer(**values)

    def test_coordinator_gets_a_to_do_on_the_return_date(self):
        referral = self.refer(return_date=date(2026, 4, 6))
        todo = self.case.activity_ids
        self.assertRecordValues(
            todo, [{"user_id": self.coordinator.id, "date_deadline": date(2026, 4, 6)}]
        )
        for secret in ("Anna", "Sociaal Team"):
            self.assertNotIn(secret, f"{todo.summary} {todo.res_name} {todo.note}")
        referral.return_date = date(2026, 4, 13)
        self.assertEqual(self.case.activity_ids.date_deadline, date(2026, 4, 13))
        self.assertEqual(self.case.activity_ids, todo, "moved, not made anew")

    def test_to_do_is_done_when_it_is_known_how_it_went(self):
        for state in ("taken_up", "returned", "declined"):
            referral = self.refer(return_date=date(2026, 4, 6))
            referral.state = state
            with self.subTest(state=state):
                self.assertFalse(self.case.activity_ids)
                self.assertTrue(referral.activity_id.date_done)

    def test_to_do_goes_with_the_return_date_and_with_the_referral(self):
        referral = self.refer(return_date=date(2026, 4, 6))
        referral.return_date = False
        self.assertFalse(referral.activity_id, "taken away, not done")
        referral.return_date = date(2026, 4, 6)
        self.assertTrue(self.case.activity_ids)
        referral.unlink()
        self.assertFalse(self.case.activity_ids)

    def test_to_do_that_was_done_by_hand_stays_done(self):
        referral = self.refer(return_date=date(2026, 4, 6))
        referral.activity_id.action_done()
        referral.is_warm = False
        self.case.user_id = self.manager
        self.assertFalse(self.case.activity_ids)

    def test_to_do_goes_over_to_the_new_coordinator_of_the_case(self):
        self.refer(return_date=date(2026, 4, 6))
        self.case.user_id = self.manager
        self.assertEqual(self.case.activity_ids.user_id, self.manager)

    def test_return_date_that_passed_is_found(self):
        late, told = (
            self.refer(return_date=date(2026, 4, 6)),
            self.refer(return_date=date(2026, 4, 6), state="taken_up"),
        )
        self.refer(return_date=date(2126, 4, 6))
        self.assertFalse(told.activity_id)
        view = self.env["buurtbemiddeling.onward.referral"].get_views([(False, "search")])
        self.assertIn("return_date_passed", view["views"]["search"]["arch"])
        domain = [("state", "=", "sent"), ("return_date", "<", "today")]
        self.assertEqual(late.search([*domain, ("case_id", "=", self.case.id)]), late)

    def test_name_says_no_more_than_the_case(self):
        name = self.refer().display_name
        self.assertIn(self.case.name, name)
        self.assertNotIn("Sociaal", name)
        self.assertNotIn("Anna", name)

    def test_referral_stays_within_the_organisation(self):
        referral = self.refer()
        self.assertFalse(referral.with_user(self.stranger).search([("id", "=", referral.id)]))
        with self.assertRaises(AccessError):
            referral.with_user(self.stranger).read(["partner_id"])
        bare = self.make_case()
        self.refer(case_id=bare.id, party_id=False)
        with self.assertRaisesRegex(UserError, "stays in its organisation"):
            bare.sudo().company_id = self.other_company
