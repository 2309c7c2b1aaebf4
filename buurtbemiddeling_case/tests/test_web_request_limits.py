from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.buurtbemiddeling_door_mixin import MIN_SECONDS
from ..models.buurtbemiddeling_web_request import REQUEST_URL, TEXT_LIMITS
from .common_web_request import STORY, RequestAnswersCase


@tagged("post_install", "-at_install")
class TestWebRequestLimits(RequestAnswersCase):
    """Who sends forms by machine, twice, or from elsewhere; and the page itself."""

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
