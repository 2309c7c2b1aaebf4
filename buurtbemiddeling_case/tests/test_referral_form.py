from datetime import date

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.referral import FORM_URL, REFERRALS_URL
from .common_referral import EVIL, SECRETS, ReferralPageCase


@tagged("post_install", "-at_install")
class TestReferralForm(ReferralPageCase):
    """A referral comes in once, with consent, and with no more than it takes to call."""

    def setUp(self):
        super().setUp()
        self.log_in()

    def assertSent(self, response):  # noqa: N802
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"{REFERRALS_URL}?done=sent"))
        return self.get_cases()

    def test_referral_is_a_new_case_with_the_consent_of_the_resident(self):
        case = self.assertSent(self.send())
        self.assertRecordValues(
            case,
            [
                {
                    "company_id": self.company.id,
                    "channel": "portal",
                    "referral_partner_id": self.wbv.id,
                    "referral_contact_id": self.wil.id,
                    "referrer_type_id": self.wbv.referrer_type_id.id,
                    "referrer_ref": "WH-12",
                    "registration_date": date.today(),
                }
            ],
        )
        self.assertEqual(case.nuisance_type_ids.mapped("code"), ["GELUID_PERSONEN"])
        (party,) = case.party_ids
        self.assertEqual(party.side, "a")
        self.assertEqual((party.referral_consent_date, party.consent_date), (date.today(), False))
        self.assertEqual(party.feedback_consent, "yes")
        self.assertFalse(party.story)
        self.assertTrue(party.partner_id.is_confidential)
        self.assertEqual(
            [party.partner_id[name] for name in ("name", "phone", "street", "zip", "city")],
            ["Anna Melder", "06 0000 0123", "Dorpsstraat 1", "1234 AB", "Lindewaard"],
        )
        self.assertEqual(len(case.activity_ids), 1)
        self.assertTrue(party.activity_ids, "the resident is still to be told, AVG article 14")
        self.assertEqual(self.get_rows()[0]["state"], "received")
        sent = self.env["buurtbemiddeling.referral.form"].search([("case_id", "=", case.id)])
        self.assertEqual((sent.referral_partner_id, sent.contact_id), (self.wbv, self.wil))

    def test_a_name_and_a_phone_number_or_mail_address_are_enough(self):
        empty = dict.fromkeys(("street", "zip", "city", "nuisances", "reference", "note"))
        self.assertSent(self.send(**empty, email=None, feedback="not_asked"))
        case = self.assertSent(self.send(**empty, phone=None, feedback="no"))
        self.assertEqual(set(case.party_ids.mapped("feedback_consent")), {"not_asked", "no"})

    def test_without_consent_of_the_resident_nothing_is_kept(self):
        for consent in (None, "", "0", "on"):
            self.assertRefused(self.send(consent=consent), "Tick this box once the resident")
        self.assertFalse(self.env["res.partner"].search([("email", "=", "anna@example.com")]))

    def test_what_is_missing_or_wrong_is_asked_next_to_the_question(self):
        response = self.send(name=" ", phone="", email="", feedback="perhaps")
        self.assertRefused(response, "Fill in the name of the resident.")
        self.assertIn("so that we can reach the resident", response.text)
        self.assertIn("Choose what the resident said", response.text)
        self.assertIn('aria-describedby="phone_error"', response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        response = self.send(phone="call me", email="anna")
        self.assertRefused(response, "This is not a phone number.")
        self.assertIn("This is not an e-mail address.", response.text)
        self.assertRefused(self.send(zip="99"), "This is not a postcode.")
        self.assertRefused(self.send(reference="x" * 51), "Use at most 50 characters")

    def test_note_of_the_referrer_stands_on_the_residents_thread_as_his(self):
        case = self.assertSent(self.send(note=f"Call after six.\r\n{EVIL}"))
        party = case.party_ids
        note = party.message_ids.filtered(lambda message: "after six" in message.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertIn("Written by the referrer (WBV, Wil Consulent)", note.body)
        self.assertIn("after six.<br>&lt;script&gt;", note.body)
        self.assertFalse(note.partner_ids | note.notified_partner_ids)
        messages = " ".join(case.message_ids.mapped("body"))
        self.assertIn("The referrer wrote a note.", messages)
        self.assertNotIn("after six", messages)
        for user in (self.wil_user, self.colleague):
            with self.assertRaises(AccessError):
                note.with_user(user).read(["body"])

    def test_receipt_is_told_at_once_and_not_again(self):
        self.company.buurtbemiddeling_request_user_id = self.coordinator
        case = self.assertSent(self.send())
        (row,) = case.feedback_ids
        self.assertEqual(
            (row.kind, row.mode, row.recipient_id, row.user_id),
            ("received", "mail", self.wil, self.coordinator),
        )
        self.assertEqual(case.receipt_date, date.today())
        self.assertIn(case.name, row.text)
        message = self.get_messages(self.wbv).filtered(
            lambda found: case.name in (found.subject or "")
        )
        self.assertEqual(message.author_id, self.coordinator.partner_id)
        self.assertEqual(message.partner_ids, self.wil)
        for secret in SECRETS[:4]:
            self.assertNotIn(secret, f"{message.subject} {message.body}")
        case.with_user(self.coordinator)._tell_referrer("received", "mail")
        self.assertEqual(case.feedback_ids, row)

    def test_receipt_is_the_organisations_while_nobody_handles_the_case(self):
        self.company.buurtbemiddeling_request_user_id = False
        case = self.assertSent(self.send())
        message = self.get_messages(self.wbv).filtered(
            lambda found: case.name in (found.subject or "")
        )
        self.assertEqual(message.author_id, self.company.partner_id)
        self.assertIn("The neighbour mediation team", message.body)
        self.assertNotIn(self.env.ref("base.user_root").name, message.body)

    def test_referral_comes_in_though_receipt_can_not_be_told(self):
        self.wil.email = self.wbv.partner_id.email = False
        case = self.assertSent(self.send())
        self.assertFalse(case.feedback_ids)
        self.assertFalse(case.receipt_date)
        self.wil.email = "wil@wbv.example.com"
        self.code("feedback.wording", "RECEIVED").active = False
        with mute_logger(
            "odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_case_referral_mixin"
        ):
            cases = self.assertSent(self.send())
        self.assertEqual(len(cases), 2)
        self.assertFalse(cases.feedback_ids)

    def test_sending_twice_is_one_referral(self):
        token = self.make_token()
        self.assertEqual(len(self.assertSent(self.send(token=token))), 1)
        self.assertEqual(len(self.assertSent(self.send(token=token))), 1)

    def test_sending_twice_at_the_same_moment_is_one_referral(self):
        """The second does not see the first yet; the database does."""
        forms = self.env["buurtbemiddeling.referral.form"]
        values, errors = forms._read_answers(self.answers)
        self.assertFalse(errors)
        for _time in range(2):
            with mute_logger("odoo.sql_db"):
                forms._receive(self.wbv, self.wil, values, "same key")
        self.assertEqual(len(self.get_cases()), 1)

    def test_form_that_was_open_all_day_or_made_up_is_sent_again(self):
        for token in (
            "x",
            self.make_token(minutes=24 * 60),
            self.make_token(company=self.other_company),
        ):
            self.assertRefused(self.send(token=token), "open for a long time")

    def test_who_refers_chooses_nothing_but_the_answers(self):
        other = self.make_referral_partner()
        case = self.assertSent(
            self.send(
                company_id=str(self.other_company.id),
                user_id=str(self.coordinator.id),
                referral_partner_id=str(other.id),
                referral_contact_id=str(self.ton.id),
                partner=str(other.id),
                contact_id=str(self.ton.id),
                stage_id=str(self.stage("closed").id),
                neighbour_name="Bert Buur",
                reporter_story="Secret",
                story="Secret",
                reporter_consents="1",
                consent_date="2020-01-01",
                name2="x",
            )
        )
        self.assertEqual(case.company_id, self.company)
        self.assertEqual((case.referral_partner_id, case.referral_contact_id), (self.wbv, self.wil))
        self.assertEqual((case.stage_id.code, case.user_id.ids), ("new", []))
        self.assertEqual(len(case.party_ids), 1)
        self.assertFalse(case.party_ids.story or case.party_ids.consent_date)

    def test_who_works_with_two_organisations_says_for_which(self):
        there = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": self.wbv.partner_id.id,
                "referrer_type_id": self.wbv.referrer_type_id.id,
                "company_id": self.other_company.id,
            }
        )
        mine = self.env["buurtbemiddeling.referral.partner"].with_user(self.wil_user)._get_mine()
        token = self.make_token(company=mine[:1].company_id)
        self.assertIn('id="partner"', self.url_open(FORM_URL).text)
        for guess in (None, "0", str(self.make_referral_partner().id)):
            self.assertRefused(
                self.send(token=token, partner=guess), "Choose for which organisation"
            )
        case = self.assertSent(self.send(token=token, partner=str(there.id)))
        self.assertEqual(case.company_id, self.other_company)
        self.assertEqual(case.referral_partner_id, there)

    def test_the_form_asks_nothing_of_the_neighbour(self):
        text = self.url_open(FORM_URL).text
        for name in (*self.answers, "token"):
            self.assertIn(f'name="{name}"', text)
        self.assertNotIn('name="neighbour', text)
        self.assertNotIn('type="file"', text)
        self.assertNotIn('id="partner"', text)

    def test_tags_are_shown_and_kept_as_text(self):
        response = self.send(
            **dict.fromkeys(("name", "street", "zip", "city", "reference"), EVIL), consent=None
        )
        self.assertEqual(response.status_code, 422)
        self.assertNotIn(EVIL, response.text)
        case = self.assertSent(self.send(name=EVIL, street=EVIL, city=EVIL, reference=EVIL))
        self.assertEqual((case.party_ids.partner_id.name, case.referrer_ref), (EVIL, EVIL))
        thread = self.get_messages(case) + self.get_messages(case.party_ids)
        for message in thread + self.get_messages(self.wbv):
            self.assertNotIn("<script>", message.body)
        self.assertNotIn(EVIL, self.url_open(REFERRALS_URL).text)

    def test_odd_text_is_kept_as_it_can_be_read(self):
        odd = "A\0n\u202ena \U0001f600 \u0645\u062d"
        case = self.assertSent(
            self.send(name=odd, note=odd, nuisances=["GELUID_PERSONEN", "n\0", "'"])
        )
        readable = odd.replace("\0", "").replace("\u202e", "")
        self.assertEqual(case.party_ids.partner_id.name, readable)
        response = self.url_open(
            FORM_URL,
            data={
                **self.answers,
                "name": b"\xed\xa0\x80",
                "token": self.make_token(),
                "csrf_token": http.Request.csrf_token(self),
            },
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)

    @mute_logger("odoo.http")
    def test_ten_megabytes_and_files_are_not_taken(self):
        self.assertEqual(self.send(note="x" * 10_000_000).status_code, 413)
        data = {**self.answers, "csrf_token": http.Request.csrf_token(self)}
        del data["name"]
        response = self.url_open(
            FORM_URL, data={**data, "token": self.make_token()}, files={"name": ("a.txt", b"text")}
        )
        self.assertEqual(response.status_code, 422)
        self.assertFalse(self.get_cases())
        self.assertEqual(self.send(csrf_token="nonsense").status_code, 400)

    def test_what_is_in_the_way_is_not_told(self):
        """A sentence of a model may name others."""
        self.company.buurtbemiddeling_request_user_id = self.coordinator
        # someone who refers for an organisation of which the contact is in the other one
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            [self.other_company.id, self.wil.id],
        )
        self.env.invalidate_all()
        response = self.send()
        self.assertRefused(response, "Please call us.")
        self.assertNotIn("Elsewhere", response.text)
