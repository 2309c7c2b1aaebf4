from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.buurtbemiddeling_case.tests.common_door import DoorFormRules

from ..models.buurtbemiddeling_volunteer_application import APPLICATION_URL
from .common_application import EMAIL, ApplicationCase


@tagged("post_install", "-at_install")
class TestApplication(ApplicationCase, DoorFormRules):
    """The public form: someone applies once, and learns nothing of who is known here."""

    allow_inherited_tests_method = True
    path = APPLICATION_URL
    switch = "application"
    makes = "buurtbemiddeling.volunteer"

    # ------------------------------------------------------------
    # WHAT COMES IN
    # ------------------------------------------------------------

    def test_whoever_applies_is_a_volunteer_with_interest_and_a_to_do(self):
        application = self.assertSent(self.send())
        volunteer = application.volunteer_id
        self.assertEqual(volunteer.stage_id.code, "interest")
        self.assertEqual(volunteer.company_id, self.company)
        self.assertEqual(volunteer.source, "web_form")
        self.assertEqual(set(volunteer.language_ids.mapped("code")), {"nl", "tr"})
        partner = volunteer.partner_id
        self.assertEqual(
            (partner.name, partner.email, partner.phone, partner.zip, partner.city),
            ("Sanne de Vries", EMAIL, "06 0000 0123", "1234 AB", "Lindewaard"),
        )
        self.assertEqual(partner.company_id, self.company)
        self.assertFalse(partner.comment)
        self.assertFalse(partner.is_confidential)
        self.assertEqual(application.motivation, "I like to help people talk.")
        self.assertEqual(application.availability, "Tuesday evening")
        self.assertTrue(application.consent_date)
        self.assertEqual(len(volunteer.activity_ids), 1)
        self.assertNotIn("Sanne", volunteer.activity_ids.summary)
        found = volunteer.with_user(self.coordinator).search([("care", "=", "nobody")])
        self.assertIn(volunteer, found)

    def test_the_to_do_is_for_who_handles_applications(self):
        self.company.buurtbemiddeling_application_user_id = self.coordinator
        volunteer = self.assertSent(self.send()).volunteer_id
        self.assertEqual(volunteer.activity_ids.user_id, self.coordinator)
        self.assertEqual(volunteer.coordinator_id, self.coordinator)

    def test_an_application_comes_in_though_who_handled_them_is_no_coordinator_any_more(self):
        self.company.buurtbemiddeling_application_user_id = self.colleague
        volunteer = self.assertSent(self.send()).volunteer_id
        self.assertFalse(volunteer.activity_ids.user_id)
        self.assertFalse(volunteer.coordinator_id)

    def test_the_confirmation_page_is_there(self):
        response = self.url_open(f"{APPLICATION_URL}/bedankt?organisation={self.company.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Thank you", response.text)
        self.assertNotIn("Sanne", response.text)

    def test_name_mail_and_consent_are_enough(self):
        empty = dict.fromkeys(("phone", "zip", "city", "languages", "motivation", "availability"))
        self.assertTrue(self.assertSent(self.send(**empty)))

    def test_it_asks_attention_until_it_is_taken_further(self):
        volunteer = self.assertSent(self.send()).volunteer_id
        kind = self.env["buurtbemiddeling.attention"].search([("code", "=", "VOLUNTEER_APPLIED")])
        self.assertIn(volunteer, volunteer.search(kind._get_domain()))
        self.move(volunteer, "intake")
        self.assertNotIn(volunteer, volunteer.search(kind._get_domain()))

    # ------------------------------------------------------------
    # WHO IS KNOWN ALREADY
    # ------------------------------------------------------------

    def test_a_volunteer_who_applies_again_stays_one_volunteer(self):
        known = self.make_volunteer("Sanne", stage="left", coordinator_id=self.coordinator.id)
        known.partner_id.write({"email": "Sanne@Example.com", "phone": "06 9999 9999"})
        known.active = False
        new = self.send()
        application = self.assertSent(new)
        self.assertEqual(application.volunteer_id, known)
        self.assertEqual(known.partner_id.name, "Sanne")
        self.assertEqual(known.partner_id.phone, "06 9999 9999")
        self.assertEqual(known.stage_id.code, "left")
        self.assertFalse(known.language_ids)
        self.assertFalse(known.source)
        self.assertIn("applied on the web", known.message_ids[:1].body)
        self.assertEqual(known.activity_ids.user_id, self.coordinator)
        volunteers = known.with_context(active_test=False)
        self.assertEqual(volunteers.search_count([("company_id", "=", self.company.id)]), 1)

    def test_the_answer_is_the_same_for_who_is_known(self):
        self.make_volunteer("Sanne").partner_id.email = EMAIL
        known, unknown = self.send(), self.send(email="else@example.com")
        self.assertEqual(known.headers["Location"], unknown.headers["Location"])
        self.assertEqual(known.status_code, unknown.status_code)
        self.assertEqual(known.text.strip(), unknown.text.strip())

    def test_a_volunteer_of_another_organisation_is_new_here(self):
        theirs = self.make_volunteer("Sanne")
        theirs.sudo().company_id = self.other_company
        theirs.partner_id.email = EMAIL
        self.assertNotEqual(self.assertSent(self.send()).volunteer_id, theirs)

    def test_a_contact_of_that_address_is_left_alone(self):
        """It may be someone else's address, or a neighbour in a case."""
        neighbour = self.make_quarrel(reporter_email=EMAIL).party_ids.partner_id.filtered("email")
        before = neighbour.read(["name", "phone", "city", "lang", "is_confidential"])
        partner = self.assertSent(self.send()).volunteer_id.partner_id
        self.assertNotEqual(partner, neighbour)
        self.assertEqual(
            neighbour.read(["name", "phone", "city", "lang", "is_confidential"]), before
        )

    # ------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------

    def test_without_consent_nothing_is_kept(self):
        self.assertRefused(self.send(consent=None), "Tick this box if you agree")
        self.assertFalse(self.env["res.partner"].search([("email", "=", EMAIL)]))

    def test_name_and_address_are_asked_for_next_to_the_question(self):
        response = self.send(name="  ", email="")
        self.assertRefused(response, "Fill in your name.")
        self.assertIn('id="name_error"', response.text)
        self.assertIn("Fill in your e-mail address", response.text)
        self.assertIn('aria-describedby="email_error"', response.text)

    def test_what_is_no_address_or_number_is_refused(self):
        for email in ("sanne", "a@b", "a@example.com, b@example.com", "x <a@example.com>"):
            self.assertRefused(self.send(email=email), "This is not an e-mail address.")
        self.assertRefused(self.send(phone="call me"), "This is not a phone number.")
        self.assertRefused(self.send(zip="1234"), "This is not a postcode.")

    def test_no_header_gets_in_through_a_line_end(self):
        self.assertRefused(
            self.send(email=f"{EMAIL}\r\nBcc: all@example.com"), "This is not an e-mail address."
        )
        application = self.assertSent(self.send(name="Sanne\r\nBcc: all@example.com"))
        self.assertEqual(application.volunteer_id.name, "Sanne Bcc: all@example.com")

    def test_long_answers_are_refused_and_kept(self):
        response = self.send(availability="x" * 1001)
        self.assertRefused(response, "Use at most 1000 characters")
        self.assertIn("x" * 1001, response.text)
        self.assertRefused(self.send(name="x" * 101), "Use at most 100 characters")

    @mute_logger("odoo.http")
    def test_ten_megabytes_are_not_read(self):
        response = self.send(motivation="x" * 10_000_000)
        self.assertEqual(response.status_code, 413)
        self.assertFalse(self.get_applications())

    def test_tags_are_shown_as_text(self):
        evil = "<script>alert(1)</script>"
        response = self.send(name=evil, consent=None, city='"><img src=x>')
        self.assertNotIn("<script>alert", response.text)
        self.assertNotIn("<img src=x>", response.text)
        self.assertIn("&lt;script&gt;alert", response.text)
        application = self.assertSent(self.send(name=evil, motivation=evil))
        self.assertEqual(application.motivation, evil)
        for message in application.volunteer_id.message_ids:
            self.assertNotIn("<script>", message.body)

    def test_unknown_languages_and_fields_are_ignored(self):
        application = self.assertSent(
            self.send(
                languages=["nl", "klingon", "1 OR 1=1"],
                stage_id="1",
                company_id=str(self.other_company.id),
                volunteer_id="1",
                is_confidential="1",
            )
        )
        self.assertEqual(application.language_ids.mapped("code"), ["nl"])
        self.assertEqual(application.company_id, self.company)

    # ------------------------------------------------------------
    # TWICE
    # ------------------------------------------------------------

    def test_sending_twice_is_one_application(self):
        token = self.make_token()
        self.assertEqual(len(self.assertSent(self.send(token=token))), 1)
        application = self.assertSent(self.send(token=token))
        self.assertEqual(len(application), 1)
        self.assertEqual(len(application.volunteer_id.activity_ids), 1)

    def test_sending_twice_at_the_same_moment_is_one_application(self):
        """The second does not see the first yet; the database does."""
        for email in (EMAIL, "other@example.com"):
            with mute_logger("odoo.sql_db"):
                self.receive("same key", email=email)
        self.assertEqual(len(self.get_applications()), 1)
        self.assertFalse(self.env["res.partner"].search([("email", "=", "other@example.com")]))

    # ------------------------------------------------------------
    # WHERE
    # ------------------------------------------------------------

    def test_the_form_is_there_when_switched_on(self):
        response = self.url_open(self.url)
        self.assertEqual(response.status_code, 200)
        for name in ("name", "email", "phone", "zip", "city", "motivation", "availability"):
            self.assertIn(f'for="{name}"', response.text)
            self.assertIn(f'id="{name}"', response.text)
        self.assertIn(self.company.name, response.text)

    def test_what_no_browser_sends_is_answered_as_a_mistake(self):
        self.assertSent(self.send(languages=["nl", "n\0l", "'"]))
        data = {**self.answers, "csrf_token": http.Request.csrf_token(self)}
        for name, status in (("token", 422), ("name", 422), ("organisation", 404)):
            response = self.url_open(
                APPLICATION_URL if name == "organisation" else self.url,
                data={key: value for key, value in data.items() if key != name},
                files={name: ("file.txt", b"text")},
            )
            self.assertEqual(response.status_code, status, name)

    def test_only_a_manager_removes_an_application_and_nobody_changes_one(self):
        application = self.assertSent(self.send())
        self.assertTrue(application.with_user(self.coordinator).has_access("read"))
        for user in (self.coordinator, self.manager):
            self.assertFalse(application.with_user(user).has_access("write"))
            self.assertFalse(application.with_user(user).has_access("create"))
        self.assertTrue(application.with_user(self.manager).has_access("unlink"))
        self.assertFalse(application.with_user(self.stranger).has_access("read"))
