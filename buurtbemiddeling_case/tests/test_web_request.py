from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, quote, urlparse

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.door import MAX_REQUEST
from ..models.buurtbemiddeling_door_mixin import MIN_SECONDS
from ..models.buurtbemiddeling_web_request import REQUEST_URL, TEXT_LIMITS
from .common import CaseCommon

STORY = "Every evening loud music."
EVIL = "<script>alert(1)</script>"


class WebRequestCase(CaseCommon, HttpCase):
    """An organisation with the form for residents switched on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = cls.env["buurtbemiddeling.web.request"]
        cls.company.write(
            {
                "buurtbemiddeling_request_form": True,
                "buurtbemiddeling_request_per_sender": 100,
                "buurtbemiddeling_request_user_id": cls.coordinator.id,
                "phone": "0000-00 00 10",
                "email": "welzijn@example.com",
            }
        )
        cls.url = f"{REQUEST_URL}?organisation={cls.company.id}"
        cls.answers = {
            "nuisance_types": ["GELUID_APPARATUUR", "PARKEREN"],
            "duration": "months",
            "talked": "tried",
            "story": STORY,
            "neighbour_street": "Testlaan 12",
            "neighbour_zip": "0123 AB",
            "neighbour_city": "Lindewaard",
            "neighbour_name": "Bert Buur",
            "neighbour_lives": "above",
            "street": "Testlaan 14",
            "zip": "0123ab",
            "city": "Lindewaard",
            "tenure": "corporation",
            "name": "Anna Melder",
            "phone": "06 0000 0123",
            "email": "anna@example.com",
            "language": "en",
            "interpreter": "1",
            "tipped_by": "POLITIE",
            "consent": "1",
        }

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def make_token(self, minutes=5, company=None):
        """Return the token of a form that was opened some time ago."""
        with freeze_time(datetime.now() - timedelta(minutes=minutes)):
            return self.requests._make_token(company or self.company)

    def send(self, token=None, url=None, **changes):
        """Send the form as a browser does; ``None`` leaves an answer out."""
        data = {
            **self.answers,
            "csrf_token": http.Request.csrf_token(self),
            "token": token or self.make_token(),
            **changes,
        }
        return self.url_open(
            url or self.url,
            data={name: value for name, value in data.items() if value is not None},
            allow_redirects=False,
        )

    def receive(self, key="key", **changes):
        """Hand in a form without the page; return the case."""
        values, errors = self.requests._read_answers(self.company, {**self.answers, **changes})
        self.assertFalse(errors)
        return self.requests._receive(self.company, values, key, "192.0.2.1").case_id

    def get_requests(self):
        self.env.invalidate_all()
        return self.requests.search([("company_id", "=", self.company.id)])

    def assertSent(self, response):  # noqa: N802 (as the other assertions)
        self.assertEqual(response.status_code, 303)
        address = urlparse(response.headers["Location"])
        self.assertTrue(address.path.endswith(f"{REQUEST_URL}/bedankt"))
        self.assertLessEqual(parse_qs(address.query).keys(), {"organisation", "receipt"})
        return self.get_requests()

    def assertRefused(self, response, sentence, status=422):  # noqa: N802
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, response.text)
        self.assertIn(STORY, response.text)  # nothing is lost
        self.assertFalse(self.get_requests())


@tagged("post_install", "-at_install")
class TestWebRequest(WebRequestCase):
    """A resident asks for help: it is a new case, once, and tells nothing of who is known."""

    # ------------------------------------------------------------
    # WHAT COMES IN
    # ------------------------------------------------------------

    def test_a_request_is_a_new_case_of_today_by_the_web_form(self):
        case = self.assertSent(self.send()).case_id
        self.assertRecordValues(
            case,
            [
                {
                    "company_id": self.company.id,
                    "channel": "web",
                    "registration_date": date.today(),
                    "referrer_type_id": self.code("referrer.type", "ZELF").id,
                    "tipped_by_type_id": self.code("referrer.type", "POLITIE").id,
                    "quarrel_duration": "months",
                    "talked_with_neighbour": "tried",
                    "main_nuisance_type_id": False,  # of two, the coordinator says which
                    "user_id": self.coordinator.id,
                    "stage_code": "new",
                }
            ],
        )
        self.assertEqual(
            set(case.nuisance_type_ids.mapped("code")), {"GELUID_APPARATUUR", "PARKEREN"}
        )
        reporter, neighbour = case.party_ids
        self.assertRecordValues(
            reporter,
            [
                {
                    "side": "a",
                    "story": STORY,
                    "tenure": "corporation",
                    "language_id": self.code("language", "en").id,
                    "needs_interpreter": True,
                    "consent_date": date.today(),
                    "contact_name": "Anna Melder",
                    "phone": "06 0000 0123",
                    "email": "anna@example.com",
                    "address": "Testlaan 14, 0123 AB Lindewaard",
                }
            ],
        )
        self.assertRecordValues(
            neighbour,
            [
                {
                    "side": "b",
                    "story": False,
                    "consent_date": False,
                    "contact_name": "Bert Buur",
                    "address": "Testlaan 12, 0123 AB Lindewaard",
                    "home_relation": "above",
                }
            ],
        )
        self.assertTrue(all(case.party_ids.partner_id.mapped("is_confidential")))
        self.assertEqual(case.party_ids.partner_id.company_id, self.company)

    def test_the_least_is_enough(self):
        kept = {"nuisance_types", "neighbour_street", "street", "zip", "city", "name", "consent"}
        empty = dict.fromkeys(self.answers.keys() - kept)
        case = self.assertSent(self.send(**{**empty, "phone": "06 0000 0123"})).case_id
        self.assertEqual(case.party_ids[1].address, "Testlaan 12, Lindewaard")
        self.assertFalse(case.party_ids[1].partner_id)

    def test_what_was_agreed_is_kept_as_it_stood_on_the_page(self):
        self.company.buurtbemiddeling_retention_months = 18
        page = self.url_open(self.url).text
        web_request = self.assertSent(self.send())
        self.assertIn("until 18 months after my case has ended", web_request.consent_text)
        self.assertIn(web_request.consent_text, page)
        self.assertIn(self.company.name, web_request.consent_text)
        self.assertTrue(web_request.consent_date)
        self.assertEqual(web_request.lang, "en_US")
        self.company.buurtbemiddeling_retention_months = 60
        self.assertEqual(self.company._get_retention_text("en"), "5 years")

    def test_the_answers_are_kept_once(self):
        """The request has no field in which what was told could stand a second time."""
        web_request = self.assertSent(self.send())
        kept = " ".join(str(value) for value in web_request.read()[0].values())
        for answer in (STORY, "Melder", "anna@", "Testlaan", "Buur"):
            self.assertNotIn(answer, kept)
        web_request.case_id.unlink()
        self.assertFalse(web_request.exists())

    def test_one_served_area_is_filled_in_and_several_are_asked(self):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        village = self.env.ref("buurtbemiddeling_case.area_gm0034")
        far = self.env.ref("buurtbemiddeling_case.area_gm0037")
        self.assertNotIn('name="area"', self.url_open(self.url).text)
        self.assertFalse(self.receive("without project").area_id)
        project = self.env["buurtbemiddeling.project"].create(
            {"name": "P", "company_id": self.company.id, "area_ids": [(6, 0, town.ids)]}
        )
        self.assertNotIn('name="area"', self.url_open(self.url).text)
        case = self.receive("one area", area=str(village.id))
        self.assertEqual((case.area_id, case.project_id), (town, project))
        project.area_ids += village
        page = self.url_open(self.url).text
        self.assertIn('name="area"', page)
        self.assertNotIn(far.name, page)
        self.assertEqual(self.receive("chosen", area=str(village.id)).area_id, village)
        for number, area in enumerate(("", str(far.id), "x", "0", "-1")):
            self.assertFalse(self.receive(f"unknown {number}", area=area).area_id)
        project.write({"date_start": "2020-01-01", "date_end": "2020-12-31"})
        self.assertNotIn('name="area"', self.url_open(self.url).text)

    def test_a_request_for_a_closed_project_is_nobodys_when_its_handler_is_no_member(self):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        self.env["buurtbemiddeling.project"].create(
            {
                "name": "Besloten Wijk",
                "company_id": self.company.id,
                "area_ids": [(6, 0, town.ids)],
                "is_members_only": True,
            }
        )
        case = self.assertSent(self.send()).case_id
        self.assertFalse(case.user_id)
        self.assertFalse(case.activity_ids.user_id)
        self.assertTrue(case.activity_ids)
        self.assertFalse(case.with_user(self.coordinator).search([("id", "=", case.id)]))

    # ------------------------------------------------------------
    # WHO HEARS OF IT
    # ------------------------------------------------------------

    def test_the_handler_gets_a_to_do_without_a_name(self):
        case = self.assertSent(self.send()).case_id
        self.assertEqual(case.activity_ids.user_id, self.coordinator)
        self.assertFalse(case.activity_ids.note)
        texts = [case.activity_ids.summary, *case.message_ids.mapped("body")]
        texts += case.message_ids.mapped("subject")
        for text in filter(None, texts):
            self.assertNotIn("Melder", text)
            self.assertNotIn("Buur,", text)

    def test_the_resident_gets_the_letter_in_their_own_language_on_their_own_thread(self):
        party = self.assertSent(self.send()).case_id._get_first_party("a")
        letter = party.message_ids.filtered("partner_ids")
        self.assertEqual(letter.subject, "Your request to neighbour mediation")
        self.assertIn("Anna Melder", letter.body)
        self.assertIn(party.case_id.name, letter.body)
        self.assertEqual(letter.partner_ids, party.partner_id)
        self.assertEqual(letter.notified_partner_ids, party.partner_id)
        self.assertEqual(letter.author_id, self.company.partner_id)
        self.assertIn("welzijn@example.com", letter.email_from)
        self.assertEqual(party.informed_date, date.today())
        self.assertFalse(party.case_id.message_ids.partner_ids)
        self.assertFalse(party.case_id._get_first_party("b").message_ids.partner_ids)

    def test_without_an_address_nobody_is_mailed(self):
        party = self.assertSent(self.send(email="")).case_id._get_first_party("a")
        self.assertFalse(party.message_ids.partner_ids)
        self.assertFalse(party.informed_date)

    def test_a_letter_that_can_not_be_made_does_not_lose_the_request(self):
        self.env["buurtbemiddeling.letter"].search([("kind", "=", "registered")]).unlink()
        party = self.assertSent(self.send()).case_id._get_first_party("a")
        self.assertEqual(party.story, STORY)
        self.assertIn("could not be made", party.message_ids[0].body)

    @mute_logger("odoo.addons.mail.models.mail_mail", "odoo.addons.base.models.ir_mail_server")
    def test_a_mail_server_that_fails_does_not_lose_the_request(self):
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {"name": "Down", "smtp_host": "localhost", "smtp_port": 1, "from_filter": False}
        )
        self.patch(self.registry["ir.mail_server"], "_disable_send", lambda *_args: False)
        party = self.assertSent(self.send()).case_id._get_first_party("a")
        self.assertEqual(party.story, STORY)
        mail = party.message_ids.mail_ids
        self.assertEqual(mail.state, "outgoing")  # nobody waits for the mail server
        mail.send()
        self.assertEqual(mail.state, "exception")

    def test_possible_doubles_are_named_to_the_coordinator_only(self):
        """The same door, phone or e-mail, on either side, in another way of writing."""
        door = {"reporter_email": False, "neighbour_name": False}
        quarrels = {
            "own door": {"reporter_street": "Testln. 1", "reporter_zip": "0123 AB"},
            "phone": {"reporter_phone": "+31 6 0000 0123"},
            "mail": {"reporter_email": "ANNA@example.com"},
        }
        mirrored = self.make_quarrel(
            **{**door, "reporter_name": "Bert", "reporter_street": "Testlaan 12"},
            reporter_zip="0123AB",
            neighbour_street="Elders 1",
        )
        doubles = mirrored
        for values in (quarrels["phone"], quarrels["mail"]):
            doubles |= self.make_quarrel(**{**door, **values})
        others = self.make_quarrel(**door, **quarrels["own door"])
        closed = self.make_quarrel(**{**door, **quarrels["phone"]})
        closed.outcome_id = self.code("outcome", "OPG_ADVIES")
        closed.stage_id = self.stage("closed")
        elsewhere = self.make_case(
            self.stranger,
            company_id=self.other_company.id,
            reporter_name="Anna Melder",
            reporter_phone="06 0000 0123",
            reporter_street="Testlaan 14",
            reporter_zip="0123 AB",
        )
        response = self.send()
        case = self.assertSent(response).case_id
        self.assertEqual(set(case._find_possible_doubles()), set(doubles))
        note = case.activity_ids.note
        for double in doubles:
            self.assertIn(double.name, note)
        self.assertNotIn(others.name, note)
        self.assertNotIn("Anna", note)
        self.assertFalse(elsewhere & case._find_possible_doubles())
        page = self.url_open(response.headers["Location"]).text
        for double in doubles:
            self.assertNotIn(double.name, page)

    def test_the_answer_is_the_same_for_who_is_known(self):
        self.make_quarrel(reporter_email="anna@example.com", reporter_phone="06 0000 0123")
        known = self.send()
        unknown = self.send(
            name="Zoë Ander",
            email="zoe@example.com",
            phone="06 0000 0999",
            street="Anderlaan 1",
            neighbour_street="Anderlaan 3",
        )
        pages = []
        for response in (known, unknown):
            self.assertSent(response)
            page = self.url_open(response.headers["Location"])
            number = self.get_number(page)
            pages.append(page.text.replace(number, "").split("<h1")[1].split("</main>")[0])
        self.assertEqual(pages[0], pages[1])

    def test_what_we_know_of_someone_is_left_alone(self):
        known = self.make_quarrel(reporter_email="anna@example.com").party_ids.partner_id
        before = known.read(["name", "phone", "email", "street", "lang"])
        case = self.assertSent(self.send()).case_id
        self.assertFalse(case.party_ids.partner_id & known)
        self.assertEqual(known.read(["name", "phone", "email", "street", "lang"]), before)

    # ------------------------------------------------------------
    # THE NUMBER
    # ------------------------------------------------------------

    def get_number(self, page):
        return page.text.split("Your number is <strong>")[1].split("</strong>")[0]

    def test_who_sent_it_sees_the_number_and_nothing_else(self):
        response = self.send()
        case = self.assertSent(response).case_id
        self.assertNotIn(case.name, response.headers["Location"])
        page = self.url_open(response.headers["Location"])
        self.assertEqual(self.get_number(page), case.name)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        for answer in ("Anna", "Testlaan", "anna@", "0000 0123", STORY, "Bert"):
            self.assertNotIn(answer, page.text)

    def test_a_number_is_shown_to_nobody_else(self):
        web_request = self.assertSent(self.send())
        good = web_request._make_receipt()
        with freeze_time(datetime.now() - timedelta(hours=2)):
            old = web_request._make_receipt()
        form_token = self.make_token()
        thanks = f"{REQUEST_URL}/bedankt?organisation={self.company.id}"
        names = (web_request.case_id.name, str(web_request.case_id.id), "é", "A" * 5000, "%00", "x")
        for receipt in (*names, old, form_token, good[:-4] + "AAAA", good[4:]):
            page = self.url_open(f"{thanks}&receipt={quote(receipt, safe='%')}")
            self.assertEqual(page.status_code, 200)
            self.assertIn("Thank you", page.text)
            self.assertNotIn("Your number is", page.text)
        self.other_company.buurtbemiddeling_request_form = True
        theirs = f"{REQUEST_URL}/bedankt?organisation={self.other_company.id}&receipt={good}"
        self.assertNotIn("Your number is", self.url_open(theirs).text)
        self.assertIn("Your number is", self.url_open(f"{thanks}&receipt={good}").text)

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

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
        texts.update(email="anna@example.com", phone="06 0000 0123", neighbour_zip="x" * 12)
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

    def assertRefusedAll(self, **changes):  # noqa: N802
        self.assertEqual(self.send(**changes).status_code, 422)
        self.assertEqual(len(self.get_requests()), 1)

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

    # ------------------------------------------------------------
    # MACHINES
    # ------------------------------------------------------------

    def test_who_fills_in_the_hidden_field_is_thanked_and_forgotten(self):
        cases = self.env["buurtbemiddeling.case"].search_count([])
        self.assertFalse(self.assertSent(self.send(homepage="https://spam.example.com")))
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count([]), cases)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "anna@example.com")]))

    def test_nobody_fills_in_the_form_in_a_second(self):
        token = self.requests._make_token(self.company)
        response = self.send(token=token)
        self.assertRefused(response, "That went very fast.")
        self.assertIn(token, response.text)  # sent again, a moment later
        self.assertGreater(MIN_SECONDS, 0)

    def test_a_form_that_was_open_all_day_is_sent_again(self):
        old = self.make_token(minutes=24 * 60)
        response = self.send(token=old)
        self.assertRefused(response, "open for a long time")
        self.assertNotIn(old, response.text)

    def test_a_token_is_not_made_up_or_borrowed(self):
        theirs = self.make_token(company=self.other_company)
        good = self.make_token()
        receipt = self.receive().web_request_ids._make_receipt()
        self.get_requests().case_id.unlink()
        for token in ("x", "aGVsbG8", "é", good[:-4] + "AAAA", theirs, receipt, "A" * 5000):
            self.assertRefused(self.send(token=token), "open for a long time")

    def test_sending_twice_is_one_case_with_one_number(self):
        token = self.make_token()
        first = self.send(token=token)
        case = self.assertSent(first).case_id
        second = self.send(token=token, name="Someone Else")
        self.assertEqual(self.assertSent(second).case_id, case)
        self.assertEqual(case._get_first_party("a").contact_name, "Anna Melder")
        numbers = [
            self.get_number(self.url_open(sent.headers["Location"])) for sent in (first, second)
        ]
        self.assertEqual(numbers, [case.name] * 2)
        self.assertEqual(len(case.activity_ids), 1)

    def test_two_submits_at_once_are_one_case(self):
        """The second does not see the first yet; the database does, and Odoo tries again."""
        case = self.receive("same key")
        cases = self.env["buurtbemiddeling.case"].search_count([])
        with mute_logger("odoo.sql_db"), self.assertRaises(ConcurrencyError):
            self.receive("same key", name="Someone Else", email="else@example.com")
        self.assertEqual(self.env["buurtbemiddeling.case"].search_count([]), cases)
        self.assertEqual(self.get_requests().case_id, case)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "else@example.com")]))

    def test_one_connection_sends_a_few_an_hour(self):
        self.company.buurtbemiddeling_request_per_sender = 2
        for _number in range(2):
            self.assertSent(self.send())
        response = self.send()
        self.assertEqual(response.status_code, 429)
        self.assertIn("in an hour", response.text)
        self.assertIn(STORY, response.text)
        requests = self.get_requests()
        self.assertEqual(len(requests), 2)
        # an hour later there is room again, and where they came from is forgotten
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_web_request"
            " SET create_date = create_date - interval '61 minutes'"
        )
        self.env.invalidate_all()
        requests._gc_sender_keys()
        self.assertFalse(any(requests.mapped("sender_key")))
        self.assertEqual(len(self.assertSent(self.send())), 3)

    def test_an_organisation_gets_no_more_than_it_can_handle(self):
        self.company.buurtbemiddeling_request_per_hour = 1
        self.receive()  # from another connection
        self.assertEqual(self.send().status_code, 429)
        self.assertEqual(len(self.get_requests()), 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.buurtbemiddeling_request_per_hour = 0
            self.env.flush_all()

    def test_where_a_request_came_from_is_a_pseudonym(self):
        web_request = self.assertSent(self.send())
        self.assertNotIn("127.0.0.1", web_request.sender_key)
        for name in ("sender_key", "form_key"):
            with self.assertRaises(AccessError):
                web_request.with_user(self.coordinator).read([name])

    @mute_logger("odoo.http")
    def test_another_site_can_not_send_it(self):
        for token in ("nonsense", None):
            self.assertEqual(self.send(csrf_token=token).status_code, 400)
        self.assertFalse(self.get_requests())

    # ------------------------------------------------------------
    # WHERE
    # ------------------------------------------------------------

    def test_the_form_is_one_page_that_works_without_javascript(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        for name in (*TEXT_LIMITS, "nuisance_types", "duration", "talked", "consent", "language"):
            self.assertIn(f'id="{name}"', page.text)
            self.assertIn(f'for="{name}"', page.text)
        for step in range(1, 6):
            section = page.text.split(f'aria-labelledby="step_{step}"')[0].rsplit("<section", 1)[1]
            self.assertNotIn("d-none", section)
            self.assertIn(
                f"Step <t>{step}</t> of 5".replace("<t>", "").replace("</t>", ""), page.text
            )
        self.assertEqual(page.text.count('type="submit"'), 1)
        self.assertIn("2 years after your case has ended", page.text)
        self.assertIn('<option value="en" selected="selected">', page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.text.count("<h1"), 1)

    def test_the_language_is_chosen_on_the_page(self):
        lang = self.env["res.lang"]._activate_lang("nl_NL")
        page = self.url_open(self.url).text
        link = f"/{lang.url_code}{REQUEST_URL}?organisation={self.company.id}"
        self.assertIn(link, page)
        dutch = self.url_open(link)
        self.assertIn('<option value="nl" selected="selected">', dutch.text)
        self.assertIn(f"/en{REQUEST_URL}?organisation={self.company.id}", dutch.text)
        web_request = self.assertSent(self.send(url=link, language="nl"))
        self.assertEqual(web_request.lang, "nl_NL")
        self.assertIn("2 jaar", web_request.consent_text)
        letter = web_request.case_id._get_first_party("a").message_ids.filtered("partner_ids")
        self.assertEqual(letter.subject, "Uw vraag aan buurtbemiddeling")

    @mute_logger("odoo.http")
    def test_there_is_no_form_when_switched_off(self):
        self.assertFalse(self.other_company.buurtbemiddeling_request_form)
        for organisation in (self.other_company.id, 0, -1, "x", "1.0", "²", "9" * 30, 99999999):
            url = f"{REQUEST_URL}?organisation={organisation}"
            self.assertEqual(self.url_open(url).status_code, 404, organisation)
        self.assertEqual(
            self.send(url=f"{REQUEST_URL}?organisation={self.other_company.id}").status_code, 404
        )
        receipt = self.receive().web_request_ids._make_receipt()
        self.company.buurtbemiddeling_request_form = False
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertEqual(self.send().status_code, 404)
        thanks = f"{REQUEST_URL}/bedankt?organisation={self.company.id}&receipt={receipt}"
        self.assertEqual(self.url_open(thanks).status_code, 404)
        self.assertEqual(len(self.get_requests()), 1)

    def test_without_a_number_it_is_the_organisation_of_the_site(self):
        main = self.env.ref("base.public_user").sudo().company_id
        main.buurtbemiddeling_request_form = True
        response = self.url_open(REQUEST_URL)
        self.assertEqual(response.status_code, 200)
        self.assertIn(main.name, response.text)

    @mute_logger("odoo.http")
    def test_other_methods_are_refused(self):
        thanks = f"{REQUEST_URL}/bedankt?organisation={self.company.id}"
        for method, url in (("PUT", self.url), ("DELETE", self.url), ("POST", thanks)):
            data = {"csrf_token": http.Request.csrf_token(self)}
            response = self.opener.request(method, self.base_url() + url, data=data, timeout=30)
            self.assertEqual(response.status_code, 405, method)

    # ------------------------------------------------------------
    # COLLEAGUES
    # ------------------------------------------------------------

    def test_coordinators_see_what_was_agreed_and_nobody_changes_it(self):
        web_request = self.receive().web_request_ids
        mine = web_request.with_user(self.coordinator)
        self.assertIn("I agree that", mine.consent_text)
        self.assertEqual(mine.display_name, web_request.case_id.name)
        for user in (self.coordinator, self.manager):
            for operation in ("write", "create", "unlink"):
                self.assertFalse(web_request.with_user(user).has_access(operation))
        for user in (self.stranger, self.colleague, self.portal, self.env.ref("base.public_user")):
            self.assertFalse(web_request.with_user(user).has_access("read"))

    def test_a_merged_case_keeps_what_was_agreed(self):
        kept = self.make_quarrel()
        case = self.receive()
        web_request = case.web_request_ids
        kept._absorb(case)
        self.assertEqual(web_request.case_id, kept)

    def test_the_settings_show_where_the_form_is(self):
        settings = (
            self.env["buurtbemiddeling.settings"]
            .with_user(self.manager)
            .create({"buurtbemiddeling_request_form": False})
        )
        self.assertFalse(self.company.buurtbemiddeling_request_form)
        self.assertTrue(settings.request_url.endswith(self.url))
