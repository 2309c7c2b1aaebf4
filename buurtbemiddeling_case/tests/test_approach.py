from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestApproach(CaseCommon):
    """How the other party was tried to be reached, and who is on which side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()
        cls.a, cls.b = cls.case.party_ids

    def attempt(self, outcome="nobody", **values):
        return (
            self.env["buurtbemiddeling.approach"]
            .with_user(self.coordinator)
            .create({"party_id": self.b.id, "outcome": outcome, **values})
        )

    def test_an_attempt_on_the_case_is_at_the_other_party(self):
        approach = Form(
            self.env["buurtbemiddeling.approach"]
            .with_user(self.coordinator)
            .with_context(default_case_id=self.case.id)
        )
        self.assertEqual(approach.party_id, self.b)
        approach.outcome = "nobody"
        approach = approach.save()
        self.assertEqual(approach.case_id, self.case)
        self.assertEqual(approach.user_id, self.coordinator)
        self.assertEqual(approach.mode, "visit")

    def test_attempts_are_counted_with_the_last_day(self):
        self.attempt(date=date(2026, 3, 5))
        self.attempt(date=date(2026, 3, 9), mode="phone")
        self.assertEqual(self.b.approach_count, 2)
        self.assertEqual(self.b.last_approach_date, date(2026, 3, 9))
        self.assertEqual(self.a.approach_count, 0)
        self.assertFalse(self.a.last_approach_date)
        self.assertEqual(len(self.case.approach_ids), 2)

    def test_what_was_said_last_decides_whether_a_party_is_willing(self):
        self.attempt("refuses", date=date(2026, 3, 5))
        self.assertEqual(self.b.willing, "no")
        yes = self.attempt("willing", date=date(2026, 3, 12))
        self.assertEqual(self.b.willing, "yes")
        self.attempt("refuses", date=date(2026, 3, 4))
        self.assertEqual(self.b.willing, "yes", "an older attempt that is noted later")
        yes.outcome = "refuses"
        self.assertEqual(self.b.willing, "no")

    def test_an_attempt_without_answer_leaves_willing_as_it_is(self):
        self.b.willing = "yes"
        for outcome in ("nobody", "left", "thinking", "wrong"):
            self.attempt(outcome)
            self.assertEqual(self.b.willing, "yes", outcome)
        self.assertEqual(self.a.willing, "unknown")

    def test_an_attempt_is_contact(self):
        self.attempt(date=date(2026, 3, 9))
        self.assertEqual(self.case.last_contact_date, date(2026, 3, 9))
        self.attempt(date=date(2026, 3, 4))
        self.assertEqual(self.case.last_contact_date, date(2026, 3, 9))

    def test_an_attempt_is_not_in_the_future(self):
        tomorrow = fields.Date.context_today(self.case) + timedelta(days=1)
        with self.assertRaisesRegex(ValidationError, "can not be in the future"):
            self.attempt(date=tomorrow)

    def test_an_attempt_is_not_before_registration(self):
        with self.assertRaisesRegex(ValidationError, "before case .* was registered"):
            self.attempt(date=date(2026, 3, 1))
        self.attempt(date=date(2026, 3, 2))

    def test_an_attempt_is_at_a_party_of_that_case(self):
        other = self.make_quarrel()
        with self.assertRaisesRegex(ValidationError, "belongs to another case"):
            self.attempt(case_id=other.id)

    def test_attempts_go_with_their_case(self):
        approach = self.attempt()
        self.case.with_user(self.manager).unlink()
        self.assertFalse(approach.exists())

    def test_attempts_are_out_of_reach_of_another_organisation(self):
        approach = self.attempt()
        self.assertFalse(approach.with_user(self.stranger).has_access("read"))
        self.assertFalse(approach.with_user(self.colleague).has_access("read"))

    def test_attempts_name_nobody(self):
        self.assertNotIn("Bert", self.attempt().display_name)


@tagged("post_install", "-at_install")
class TestPartiesPage(CaseCommon):
    """Adding people to a side, as in group mediation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.case = cls.make_quarrel()

    def new_party(self):
        return Form(
            self.env["buurtbemiddeling.case.party"]
            .with_user(self.coordinator)
            .with_context(default_case_id=self.case.id)
        )

    def test_a_second_person_is_typed_without_making_a_contact_first(self):
        form = self.new_party()
        form.side = "b"
        form.contact_name = "Berta Buur"
        form.phone = "0600000008"
        form.email = "berta@example.com"
        form.street = "Dorpsstraat 3"
        party = form.save()
        contact = party.partner_id
        self.assertEqual(
            (contact.name, contact.phone, contact.email, contact.street),
            ("Berta Buur", "0600000008", "berta@example.com", "Dorpsstraat 3"),
        )
        self.assertTrue(contact.is_confidential)
        self.assertEqual(contact.company_id, self.company)
        self.assertFalse(party.street, "the address lives on the contact")

    def test_only_a_phone_number_makes_a_contact_too(self):
        form = self.new_party()
        form.phone = "0600000008"
        party = form.save()
        self.assertEqual(party.partner_id.phone, "0600000008")
        self.assertTrue(party.partner_id.is_confidential)

    def test_only_an_address_makes_no_contact(self):
        form = self.new_party()
        form.street = "Dorpsstraat 5"
        self.assertFalse(form.save().partner_id)

    def test_what_is_typed_at_a_known_party_goes_to_its_contact(self):
        bert = self.case.party_ids[1].partner_id
        with Form(self.case.party_ids[1].with_user(self.coordinator)) as form:
            form.phone = "0600000009"
        self.assertEqual((bert.name, bert.phone), ("Bert Buur", "0600000009"))
        self.assertEqual(self.case.party_ids[1].partner_id, bert)

    def test_several_people_at_once_each_get_their_own_contact(self):
        parties = (
            self.env["buurtbemiddeling.case.party"]
            .with_user(self.coordinator)
            .create(
                [
                    {"case_id": self.case.id, "side": "a", "contact_name": name, "phone": phone}
                    for name, phone in (("Ans", "1"), ("Ada", "2"))
                ]
            )
        )
        self.assertEqual(parties.partner_id.mapped("name"), ["Ans", "Ada"])
        self.assertEqual(parties.mapped("phone"), ["1", "2"])

    def test_one_person_speaks_for_a_side(self):
        a, b = self.case.party_ids
        (a | b).is_spokesperson = True
        second = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.case.id, "side": "b", "contact_name": "Berta"}
        )
        with self.assertRaisesRegex(ValidationError, "Only one person speaks for a side"):
            second.is_spokesperson = True
        b.is_spokesperson = False
        second.is_spokesperson = True

    def test_names_show_only_where_a_party_is_chosen(self):
        party = self.case.party_ids[1]
        self.assertNotIn("Bert", party.display_name)
        self.assertIn("Bert", party.with_context(party_names=True).display_name)

    def test_letter_to_the_other_party_asks_for_one(self):
        case = self.make_case(reporter_name="Anna")
        with self.assertRaisesRegex(UserError, "Add the other party first"):
            case.action_approach_letter()
