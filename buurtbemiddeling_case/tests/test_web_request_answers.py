from urllib.parse import quote

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers.door import MAX_REQUEST
from ..models.buurtbemiddeling_web_request import TEXT_LIMITS
from .common_web_request import STORY, RequestAnswersCase

EVIL = "<script>alert(1)</script>"


@tagged("post_install", "-at_install")
class TestWebRequestAnswers(RequestAnswersCase):
    """What people fill in: what is asked, refused and kept as text."""

    def test_without_consent_nothing_is_kept(self):
        self.assertRefused(self.send(consent=None), "Tick this box if you agree")
        self.assertFalse(self.env["res.partner"].search([("email", "=", "anna@example.com")]))

    def test_what_is_missing_is_said_next_to_the_question_in_the_order_of_the_page(self):
        demands = self.requests._get_demands()
        empty = {**dict.fromkeys(demands, " "), "nuisance_types": None, "consent": None}
        response = self.send(**empty, email="")
        for name, sentence in demands.items():
            self.assertRefused(response, sentence)
            self.assertIn(f'id="{name}_error"', response.text)
        summary = response.text.split('id="door_errors"')[1].split("</ul>")[0]
        found = [summary.index(f'href="#{name}"') for name in demands]
        self.assertEqual(found, sorted(found))

    def test_phone_or_mail_is_enough_and_one_is_needed(self):
        self.assertRefused(self.send(phone="", email=" "), "so that we can reach you")
        self.assertEqual(len(self.assertSent(self.send(phone=""))), 1)
        self.assertEqual(len(self.assertSent(self.send(email=""))), 2)

    def test_what_is_no_address_or_number_is_refused(self):
        for email in (
            "anna",
            "a@b",
            "a@example.com, b@example.com",
            "a@example.com\r\nBcc: b@c.nl",
        ):
            self.assertRefused(self.send(email=email), "This is not an e-mail address.")
        self.assertRefused(self.send(phone="call me"), "This is not a phone number.")
        self.assertRefused(self.send(phone="12"), "This is not a phone number.")
        self.assertRefused(self.send(zip="1234"), "This is not a postcode.")
        self.assertRefused(self.send(neighbour_zip="12"), "This is not a postcode.")

    def test_nobody_is_their_own_neighbour(self):
        own = {"neighbour_street": "Testlaan 14", "neighbour_zip": "", "neighbour_city": ""}
        for street in ("Testlaan 14", "TESTLAAN  14."):
            response = self.send(**{**own, "neighbour_street": street}, neighbour_name="")
            self.assertRefused(response, "This is your own address.")
        response = self.send(**own, neighbour_name="anna melder")
        self.assertEqual(response.status_code, 422)
        self.assertIn("This is your own name and address.", response.text)
        # in a house that is shared, the neighbour has the same door
        self.assertSent(self.send(**own, neighbour_name="Bert Buur"))

    def test_what_the_case_itself_refuses_is_said_in_other_words(self):
        """The sentences of its rules are for colleagues; nothing is half-saved."""
        self.patch(self.registry[self.requests._name], "_check_neighbour", lambda *_args: None)
        cases = self.env["buurtbemiddeling.case"].search_count([])
        response = self.send(neighbour_name="Anna Melder", neighbour_street="Testlaan 14")
        self.assertRefused(response, "We can not take this in as it is.")
        self.assertNotIn("on both sides of case", response.text)
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count([]), cases)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "anna@example.com")]))

    def test_long_answers_are_refused_and_kept(self):
        for name, limit in TEXT_LIMITS.items():
            response = self.send(**{name: "x" * (limit + 1)})
            self.assertEqual(response.status_code, 422)
            self.assertIn(f"Use at most {limit} characters", response.text)
            self.assertIn("x" * (limit + 1), response.text)
        self.assertFalse(self.get_requests())

    def test_all_answers_at_their_longest_get_in(self):
        """Also in an alphabet that takes four bytes a character."""
        texts = {name: "𐌀" * limit for name, limit in TEXT_LIMITS.items()}
        texts.update(email="anna@example.com", phone="06 0000 0123")
        texts.update(zip="1234 AB", neighbour_zip="1234 CD")
        self.assertTrue(self.assertSent(self.send(**texts)))
        self.assertLess(sum(TEXT_LIMITS.values()) * len(quote("𐌀")), MAX_REQUEST)

    @mute_logger("odoo.http")
    def test_ten_megabytes_are_not_read(self):
        response = self.send(story="x" * 10_000_000)
        self.assertEqual(response.status_code, 413)
        self.assertFalse(self.get_requests())

    def test_tags_are_text_in_each_field(self):
        texts = dict.fromkeys(TEXT_LIMITS, EVIL)
        texts.update(phone="06 0000 0123", email="anna@example.com", zip="0123 AB")
        texts.update(neighbour_zip="", story=EVIL)
        response = self.send(**{**texts, "consent": None})
        self.assertEqual(response.status_code, 422)
        self.assertNotIn(EVIL, response.text)
        self.assertIn("&lt;script&gt;alert", response.text)
        for name in (
            "phone",
            "email",
            "zip",
            "token",
            "language",
            "area",
            "tenure",
            "organisation",
        ):
            response = self.send(**{name: '"><img src=x onerror=alert(1)>'})
            self.assertIn(response.status_code, (303, 404, 422), name)
            self.assertNotIn("<img src=x", response.text)
        case = self.assertSent(self.send(**texts))[0].case_id
        self.assertEqual(case.party_ids[0].story, EVIL)
        for message in (case.message_ids | case.party_ids.message_ids).filtered("body"):
            self.assertNotIn("<script>", message.body)

    def test_odd_characters_do_no_harm(self):
        odd = "A\0n\u202en\x1ba \u200f\u0645\u0631\u062d\u0628\u0627 👩‍👩‍👧 é"
        response = self.send(name=odd, story=odd + STORY, street="Testlaan\u202814", city="\ufffe")
        case = self.assertSent(response).case_id
        self.assertEqual(case.party_ids[0].contact_name, "Anna \u200fمرحبا 👩‍👩‍👧 é")
        # half a character: no browser sends it, and no database keeps it
        values, errors = self.requests._read_answers(
            self.company, {**self.answers, "name": "An\ud83dna", "story": "\udfffx"}
        )
        self.assertFalse(errors)
        self.assertEqual((values["reporter_name"], values["reporter_story"]), ("Anna", "x"))
        for name in ("name", "token", "duration", "organisation", "consent", "homepage"):
            data = {**self.answers, "csrf_token": http.Request.csrf_token(self)}
            data = {key: value for key, value in data.items() if key != name}
            body = "&".join(
                f"{key}={quote(text)}"
                for key, value in data.items()
                for text in (value if isinstance(value, list) else [value])
            )
            response = self.url_open(
                self.url,
                data=f"{body}&{name}=%ED%A0%80%FF",
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                allow_redirects=False,
            )
            self.assertIn(response.status_code, (303, 404, 422), name)

    def test_unknown_choices_and_fields_are_ignored(self):
        web_request = self.assertSent(
            self.send(
                nuisance_types=["PARKEREN", "KLINGON", "1 OR 1=1", "n\0l"],
                duration="centuries",
                talked="yes' --",
                neighbour_lives="mars",
                tenure="palace",
                language="tlh",
                tipped_by="ZELF",
                company_id=str(self.other_company.id),
                case_id="1",
                stage_id="1",
                referral_partner_id="1",
                reporter_feedback_consent="yes",
            )
        )
        case = web_request.case_id
        self.assertEqual(case.nuisance_type_ids.mapped("code"), ["PARKEREN"])
        self.assertEqual(web_request.company_id, self.company)
        self.assertRecordValues(
            case,
            [
                {
                    "quarrel_duration": False,
                    "talked_with_neighbour": False,
                    "tipped_by_type_id": False,
                    "referral_partner_id": False,
                }
            ],
        )
        self.assertFalse(case.party_ids[0].tenure)
        self.assertFalse(case.party_ids[0].language_id)
        self.assertFalse(case.party_ids[1].home_relation)
        self.assertRefusedAll(nuisance_types=["KLINGON"])

    def test_photos_and_files_are_not_asked_and_dropped(self):
        page = self.url_open(self.url).text
        self.assertNotIn('type="file"', page)
        self.assertNotIn("multipart", page)
        self.assertIn("can not send photos or files", page)
        before = self.env["ir.attachment"].search_count([])
        data = {
            **self.answers,
            "csrf_token": http.Request.csrf_token(self),
            "token": self.make_token(),
        }
        files = [("photo", ("a.png", b"PNG")), ("story", ("b.html", b"<script>"))]
        response = self.url_open(
            self.url,
            data={name: value for name, value in data.items() if name != "story"},
            files=files,
            allow_redirects=False,
        )
        case = self.assertSent(response).case_id
        self.assertFalse(case.party_ids[0].story)
        self.assertEqual(self.env["ir.attachment"].search_count([]), before)
