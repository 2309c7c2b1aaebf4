from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase
from odoo.tools import SQL, mute_logger

from ..models.buurtbemiddeling_door_mixin import MIN_SECONDS


class DoorFormCase(HttpCase):
    """Sends a form of people outside, as a browser does.

    A class says what is sent and to which address (``answers`` and ``url``), of which model the
    form is, what of the answers is looked for when they come back, and what is made of them
    (``get_received``).
    """

    form_model = ""
    typed = ""

    def make_token(self, minutes=5, company=None):
        """Return the token of a form that was opened some time ago."""
        with freeze_time(datetime.now() - timedelta(minutes=minutes)):
            return self.env[self.form_model]._make_token(company or self.company)

    def send(self, token=None, url=None, **changes):
        """Send the form; ``None`` leaves an answer out."""
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

    def assertRefused(self, response, sentence, status=422):  # noqa: N802 (as other assertions)
        """It says why, nothing that was typed is lost, and nothing is kept."""
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, response.text)
        self.assertIn(self.typed, response.text)
        self.assertFalse(self.get_received())


class DoorFormRules(DoorFormCase):
    """What holds at a form on the public site, whoever sends it: by machine, twice, from elsewhere.

    A class that has these tests says ``allow_inherited_tests_method``, at which path the form is,
    the word for it in the settings (``switch``), of which model there is one more when it is sent
    (``makes``), and how it is handed in without the page (``receive``).
    """

    path = switch = makes = ""

    def setting(self, name):
        """Return the name of a setting of this form."""
        return f"buurtbemiddeling_{self.switch}_{name}"

    # ------------------------------------------------------------
    # MACHINES
    # ------------------------------------------------------------

    def test_who_fills_in_the_hidden_field_is_thanked_and_forgotten(self):
        before = self.env[self.makes].search_count([])
        self.assertFalse(self.assertSent(self.send(homepage="https://spam.example.com")))
        self.assertEqual(self.env[self.makes].search_count([]), before)
        self.assertFalse(self.env["res.partner"].search([("email", "=", self.answers["email"])]))

    def test_nobody_fills_in_the_form_in_a_second(self):
        token = self.env[self.form_model]._make_token(self.company)
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
        for token in ("x", "aGVsbG8", "é", good[:-4] + "AAAA", theirs, "A" * 5000):
            self.assertRefused(self.send(token=token), "open for a long time")

    def test_one_connection_sends_a_few_an_hour(self):
        self.company[self.setting("per_sender")] = 2
        for number in range(2):
            self.assertSent(self.send(email=f"{number}@example.com"))
        response = self.send(email="3@example.com")
        self.assertEqual(response.status_code, 429)
        self.assertIn("in an hour", response.text)
        self.assertIn(self.typed, response.text)
        received = self.get_received()
        self.assertEqual(len(received), 2)
        # an hour later there is room again, and where they came from is forgotten
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = create_date - interval '61 minutes'",
                SQL.identifier(received._table),
            )
        )
        self.env.invalidate_all()
        received._gc_sender_keys()
        self.assertFalse(any(received.mapped("sender_key")))
        self.assertEqual(len(self.assertSent(self.send(email="3@example.com"))), 3)

    def test_an_organisation_gets_no_more_than_it_can_handle(self):
        self.company[self.setting("per_hour")] = 1
        self.receive()  # from another connection
        self.assertEqual(self.send(email="3@example.com").status_code, 429)
        self.assertEqual(len(self.get_received()), 1)

    def test_where_a_form_came_from_is_a_pseudonym(self):
        received = self.assertSent(self.send())
        self.assertNotIn("127.0.0.1", received.sender_key)
        self.assertEqual(len(received.sender_key), 64)
        for name in ("sender_key", "form_key"):
            with self.assertRaises(AccessError):
                received.with_user(self.coordinator).read([name])

    @mute_logger("odoo.http")
    def test_another_site_can_not_send_it(self):
        for token in ("nonsense", None):
            self.assertEqual(self.send(csrf_token=token).status_code, 400)
        self.assertFalse(self.get_received())

    # ------------------------------------------------------------
    # WHERE
    # ------------------------------------------------------------

    @mute_logger("odoo.http")
    def test_there_is_no_form_when_switched_off(self):
        self.assertFalse(self.other_company[self.setting("form")])
        for organisation in (self.other_company.id, 0, -1, "x", "1.0", "²", "9" * 30, 99999999):
            url = f"{self.path}?organisation={organisation}"
            self.assertEqual(self.url_open(url).status_code, 404, organisation)
        theirs = f"{self.path}?organisation={self.other_company.id}"
        self.assertEqual(self.send(url=theirs).status_code, 404)
        self.company[self.setting("form")] = False
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertEqual(self.send().status_code, 404)
        thanks = f"{self.path}/bedankt?organisation={self.company.id}"
        self.assertEqual(self.url_open(thanks).status_code, 404)
        self.assertFalse(self.get_received())

    def test_without_a_number_it_is_the_organisation_of_the_site(self):
        main = self.env.ref("base.public_user").sudo().company_id
        main[self.setting("form")] = True
        response = self.url_open(self.path)
        self.assertEqual(response.status_code, 200)
        self.assertIn(main.name, response.text)

    @mute_logger("odoo.http")
    def test_other_methods_are_refused(self):
        thanks = f"{self.path}/bedankt?organisation={self.company.id}"
        for method, url in (("PUT", self.url), ("DELETE", self.url), ("POST", thanks)):
            data = {"csrf_token": http.Request.csrf_token(self)}
            response = self.opener.request(method, self.base_url() + url, data=data, timeout=30)
            self.assertEqual(response.status_code, 405, method)

    def test_the_settings_show_where_the_form_is(self):
        settings = (
            self.env["buurtbemiddeling.settings"]
            .with_user(self.manager)
            .create({self.setting("form"): False})
        )
        self.assertFalse(self.company[self.setting("form")])
        self.assertTrue(settings[f"{self.switch}_url"].endswith(self.url))
