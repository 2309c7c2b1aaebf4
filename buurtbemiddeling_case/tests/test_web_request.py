from datetime import date, datetime, timedelta
from urllib.parse import quote

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.buurtbemiddeling_web_request import REQUEST_URL
from .common_web_request import STORY, RequestAnswersCase


@tagged("post_install", "-at_install")
class TestWebRequest(RequestAnswersCase):
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
        self.assertReporter(reporter)
        self.assertNeighbour(neighbour)
        self.assertTrue(all(case.party_ids.partner_id.mapped("is_confidential")))
        self.assertEqual(case.party_ids.partner_id.company_id, self.company)

    def assertReporter(self, reporter):  # noqa: N802
        """Who asked for help: all that was told, with the consent of today."""
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

    def assertNeighbour(self, neighbour):  # noqa: N802
        """Who was named: no story and no consent."""
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
