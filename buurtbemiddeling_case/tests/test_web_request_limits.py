from psycopg2 import IntegrityError

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.buurtbemiddeling_web_request import REQUEST_URL, TEXT_LIMITS
from .common_door import DoorFormRules
from .common_web_request import RequestAnswersCase


@tagged("post_install", "-at_install")
class TestWebRequestLimits(RequestAnswersCase, DoorFormRules):
    """Who sends forms by machine, twice, or from elsewhere; and the page itself."""

    allow_inherited_tests_method = True
    path = REQUEST_URL
    switch = "request"
    makes = "buurtbemiddeling.case"

    def test_a_receipt_is_no_token(self):
        receipt = self.receive().web_request_ids._make_receipt()
        self.get_requests().case_id.unlink()
        self.assertRefused(self.send(token=receipt), "open for a long time")

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

    def test_a_limit_of_none_is_no_limit_but_a_closed_door(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.company.buurtbemiddeling_request_per_hour = 0
            self.env.flush_all()

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
    def test_a_receipt_is_not_shown_when_the_form_is_switched_off(self):
        receipt = self.receive().web_request_ids._make_receipt()
        thanks = f"{REQUEST_URL}/bedankt?organisation={self.company.id}&receipt={receipt}"
        self.assertEqual(self.url_open(thanks).status_code, 200)
        self.company.buurtbemiddeling_request_form = False
        self.assertEqual(self.url_open(thanks).status_code, 404)
        self.assertEqual(len(self.get_requests()), 1)

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
