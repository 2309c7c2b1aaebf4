from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestReferralPartner(CaseCommon):
    """An organisation that refers: its people, what was agreed, and a thread of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wbv = cls.make_referral_partner()
        cls.wil = cls.make_contact_person(cls.wbv)

    def test_coordinator_adds_and_corrects_contact_persons_on_the_page_of_the_partner(self):
        with Form(self.wbv.with_user(self.coordinator)) as form:
            with form.contact_ids.new() as contact:
                contact.name = "Wim Agent"
                contact.function = "Wijkagent"
            with form.contact_ids.edit(0) as contact:
                contact.function = "Woonconsulent"
        people = self.wbv.partner_id.child_ids
        self.assertEqual(
            {person.name: person.function for person in people},
            {"Wil Consulent": "Woonconsulent", "Wim Agent": "Wijkagent"},
        )
        self.assertFalse(any(people.mapped("is_confidential")))

    def test_agreements_are_rows_with_obligation_and_dates(self):
        with Form(self.wbv.with_user(self.coordinator)) as form:
            with form.agreement_ids.new() as agreement:
                agreement.name = "Refers only after the resident agreed"
                agreement.who = "partner"
                agreement.review_date = date(2026, 1, 1)
        self.assertRecordValues(
            self.wbv.agreement_ids,
            [{"who": "partner", "company_id": self.company.id, "date_from": date.today()}],
        )

    def test_agreement_that_ends_before_it_begins_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["buurtbemiddeling.referral.agreement"].create(
                {
                    "referral_partner_id": self.wbv.id,
                    "name": "x",
                    "date_from": date(2026, 3, 2),
                    "date_to": date(2026, 3, 1),
                }
            )

    def test_agreements_of_another_organisation_are_out_of_reach(self):
        agreement = self.env["buurtbemiddeling.referral.agreement"].create(
            {"referral_partner_id": self.wbv.id, "name": "x"}
        )
        for user, found in ((self.coordinator, agreement), (self.stranger, agreement.browse())):
            self.assertEqual(agreement.with_user(user).search([("id", "=", agreement.id)]), found)

    def test_partner_whose_agreement_is_to_be_reviewed_is_found(self):
        due = [("agreement_ids.review_date", "<=", date.today()), ("id", "=", self.wbv.id)]
        self.assertFalse(self.wbv.search(due))
        self.env["buurtbemiddeling.referral.agreement"].create(
            {"referral_partner_id": self.wbv.id, "name": "x", "review_date": date.today()}
        )
        self.assertTrue(self.wbv.search(due))

    def test_thread_reaches_the_partners_people_and_coordinators_and_nobody_else(self):
        resident = self.make_quarrel().party_ids[0].partner_id
        page = self.wbv.with_user(self.coordinator)
        message = page.message_post(body="Hello", partner_ids=self.wil.ids)
        self.assertEqual(message.notification_ids.res_partner_id, self.wil)
        other = self.make_contact_person(self.make_referral_partner(), "Other")
        for outsider in (resident, other, self.colleague.partner_id):
            with self.assertRaisesRegex(UserError, "you can only write to WBV"):
                page.message_post(body="Hello", partner_ids=outsider.ids)

    def test_people_of_the_partner_never_follow(self):
        self.wbv.message_subscribe((self.wil | self.colleague.partner_id).ids)
        self.assertFalse(self.wbv.message_partner_ids & (self.wil | self.colleague.partner_id))

    def test_open_feedback_is_one_click_away(self):
        case = self.make_case(
            referral_partner_id=self.wbv.id,
            close_date=date(2026, 4, 1),
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        action = self.wbv.action_open_feedback_owed()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), case)


@tagged("post_install", "-at_install")
class TestMergeReferralPartners(CaseCommon):
    """Two offices that turn out to be one: their cases, people and agreements come together."""

    def setUp(self):
        super().setUp()
        self.kept, self.double = self.make_referral_partner(), self.make_referral_partner()

    def merge(self):
        contacts = (self.kept | self.double).partner_id
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(self.coordinator).sudo()
        wizard._merge(contacts.ids, self.kept.partner_id)

    def test_cases_people_agreements_and_feedback_come_together(self):
        wil = self.make_contact_person(self.double)
        agreement = self.env["buurtbemiddeling.referral.agreement"].create(
            {"referral_partner_id": self.double.id, "name": "x"}
        )
        case = self.make_case(
            referral_partner_id=self.double.id, referral_contact_id=wil.id, referrer_ref="A1"
        )
        self.merge()
        self.assertFalse(self.double.exists())
        self.assertEqual(case.referral_partner_id, self.kept)
        self.assertEqual(case.referral_contact_id, wil)
        self.assertEqual(wil.parent_id, self.kept.partner_id)
        self.assertEqual(agreement.referral_partner_id, self.kept)

    def test_figures_of_past_years_keep_the_type_of_the_referrer(self):
        police = self.code("referrer.type", "POLITIE")
        self.double.referrer_type_id = police
        case = self.make_case(
            referral_partner_id=self.double.id,
            close_date=date(2026, 4, 1),
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        self.merge()
        self.assertEqual(case.referral_partner_id, self.kept)
        self.assertEqual(case.referrer_type_id, police)
        self.assertIn(police.name, "".join(self.kept.message_ids.mapped("body")))

    def test_the_office_is_told_no_more_than_either_might_be(self):
        self.kept.feedback_wording = "result"
        self.merge()
        self.assertEqual(self.kept.feedback_wording, "ended")

    def test_each_organisation_keeps_its_own(self):
        elsewhere = self.make_referral_partner(company_id=self.other_company.id)
        contacts = (self.kept | elsewhere).partner_id
        self.env["base.partner.merge.automatic.wizard"]._merge(contacts.ids, contacts[0])
        self.assertEqual(elsewhere.exists().partner_id, self.kept.partner_id)

    def test_what_can_not_be_kept_is_refused_and_a_colleague_hears_no_more(self):
        """A row that Odoo would delete: a rule that nobody foresaw, here as a constraint."""
        self.env.flush_all()
        self.cr.execute(
            "ALTER TABLE buurtbemiddeling_onward_referral"
            " ADD CONSTRAINT test_uniq UNIQUE (case_id, partner_id)"
        )
        case = self.make_case()
        contacts = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("GGZ", "G.G.Z.")]
        )
        referrals = self.env["buurtbemiddeling.onward.referral"].create(
            [{"case_id": case.id, "partner_id": contact.id} for contact in contacts]
        )
        for user in (self.coordinator, self.colleague):
            wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
            with self.assertRaisesRegex(UserError, "would be lost"):
                wizard._merge(contacts.ids, contacts[0])
            self.assertEqual(referrals.exists().partner_id, contacts)
