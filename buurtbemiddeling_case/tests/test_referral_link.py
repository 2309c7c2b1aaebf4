from datetime import date, datetime, timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.buurtbemiddeling_referral_link import LINK_URL
from .common_referral import EVIL, SECRETS, ReferralPageCase

GONE = "This link does not work any more"


class LinkCommon(ReferralPageCase):
    def make_link(self, contact=None, user=None, partner=None):
        """Return ``(link, address)`` as a coordinator gets it."""
        links = self.env["buurtbemiddeling.referral.link"].with_user(user or self.coordinator)
        partner = (partner or self.wbv).with_user(user or self.coordinator)
        return links._make(partner, self.wil if contact is None else contact)

    def make_wizard(self, user=None, **values):
        return (
            self.env["buurtbemiddeling.referral.link.send"]
            .with_user(user or self.coordinator)
            .create({"referral_partner_id": self.wbv.id, "contact_id": self.wil.id, **values})
        )


@tagged("post_install", "-at_install")
class TestReferralLinkPage(LinkCommon):
    """With a link one refers one resident, once, and learns nothing."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.link, address = self.make_link()
        self.url = address[address.index(LINK_URL) :]

    def assertSent(self, response):  # noqa: N802
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith(f"{LINK_URL}/bedankt"))
        return self.get_cases()

    def assertGone(self, url=None):  # noqa: N802
        for response in (self.url_open(url or self.url), self.send(url=url)):
            self.assertEqual(response.status_code, 410)
            self.assertIn(GONE, response.text)
            self.assertNotIn("<form method", response.text)
            for secret in (*SECRETS, "WBV", "Wil"):
                self.assertNotIn(secret, response.text)

    def test_someone_without_a_login_refers_once(self):
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertIn(self.company.name, page.text)
        case = self.assertSent(self.send())
        self.assertEqual(case.channel, "portal")
        self.assertEqual((case.referral_partner_id, case.referral_contact_id), (self.wbv, self.wil))
        self.assertEqual(case.party_ids.referral_consent_date, date.today())
        self.assertEqual(case.feedback_ids.recipient_id, self.wil)
        self.link.invalidate_recordset()
        self.assertEqual((self.link.state, self.link.case_id), ("used", case))
        thanks = self.url_open(f"{LINK_URL}/bedankt")
        self.assertEqual(thanks.status_code, 200)
        self.assertNotIn(case.name, thanks.text)
        self.assertGone()
        self.assertEqual(self.get_cases(), case)

    def test_link_for_the_organisation_refers_without_a_person(self):
        self.link.sudo().contact_id = False
        refused = self.send()
        self.assertEqual(refused.status_code, 422)
        self.assertIn("Fill in your own name", refused.text)
        case = self.assertSent(self.send(referrer="Ria <b>Regisseur</b>", note=""))
        self.assertEqual((case.referral_partner_id, case.referral_contact_id.ids), (self.wbv, []))
        self.assertEqual(case.feedback_ids.recipient_id, self.wbv.partner_id)
        notes = " ".join(case.message_ids.mapped("body"))
        self.assertIn("Referred by WBV, Ria &lt;b&gt;Regisseur&lt;/b&gt;.", notes)

    def test_who_refers_is_asked_only_when_that_is_not_known(self):
        self.assertNotIn("Your own name", self.url_open(self.url).text)
        self.link.sudo().contact_id = False
        self.assertIn("Your own name", self.url_open(self.url).text)

    def test_a_double_tap_is_thanked_once_more(self):
        token = self.make_token()
        case = self.assertSent(self.send(token=token))
        self.assertEqual(self.assertSent(self.send(token=token)), case)

    def test_two_at_once_are_one_referral(self):
        """Whoever comes second, with another form, finds the link used: nothing of it is kept."""
        forms = self.env["buurtbemiddeling.referral.form"]
        values, _errors = forms._read_answers(self.answers)
        link = self.link.sudo()
        forms._receive(self.wbv, self.wil, values, "one", link)
        with self.assertRaisesRegex(UserError, "does not work"):
            forms._receive(self.wbv, self.wil, values, "two", link)
        self.assertEqual(len(self.get_cases()), 1)

    def test_a_mistake_does_not_use_it_up(self):
        self.assertRefused(self.send(consent=None), "Tick this box once the resident")
        self.assertRefused(self.send(token="x"), "open for a long time")
        self.assertEqual(self.link.state, "open")
        self.assertSent(self.send())

    def test_it_works_until_its_last_day(self):
        self.link.sudo().expires_on = date.today()
        self.assertEqual(self.url_open(self.url).status_code, 200)
        self.link.sudo().expires_on = date.today() - timedelta(days=1)
        self.env.flush_all()
        self.assertGone()
        self.assertFalse(self.get_cases())

    def test_withdrawn_it_does_not_work(self):
        self.link.with_user(self.coordinator).action_revoke()
        self.env.flush_all()
        self.assertEqual(self.link.state, "revoked")
        self.assertGone()
        self.assertFalse(self.get_cases())

    def test_it_goes_with_the_person_the_organisation_and_the_partner(self):
        for record, field, value in (
            (self.wil, "parent_id", False),
            (self.wbv, "active", False),
        ):
            before = record[field]
            record[field] = value
            self.env.flush_all()
            with self.subTest(field=field):
                self.assertGone()
            record[field] = before
        self.env.flush_all()
        self.assertEqual(self.url_open(self.url).status_code, 200)

    def test_a_guess_is_answered_as_a_link_that_was_used(self):
        used, address = self.make_link()
        used.sudo().used_on = fields.Datetime.now()
        self.env.flush_all()
        answers = [
            self.url_open(url)
            for url in (
                address[address.index(LINK_URL) :],
                f"{LINK_URL}/x",
                f"{LINK_URL}/{self.link.id}",
                f"{LINK_URL}/{self.link.sudo().token_hash}",
                f"{LINK_URL}/{'A' * 5000}",
                f"{LINK_URL}/%00%ED%A0%80é",
            )
        ]
        self.assertEqual({answer.status_code for answer in answers}, {410})
        self.assertTrue(all(GONE in answer.text for answer in answers))

    @mute_logger("odoo.http")
    def test_other_methods_large_requests_and_other_sites_are_refused(self):
        for method, url, status in (("PUT", self.url, 405), ("DELETE", self.url, 405)):
            data = {"csrf_token": http.Request.csrf_token(self)}
            response = self.opener.request(method, self.base_url() + url, data=data, timeout=30)
            self.assertEqual(response.status_code, status)
        self.assertEqual(self.send(note="x" * 10_000_000).status_code, 413)
        self.assertEqual(self.send(csrf_token="nonsense").status_code, 400)
        self.assertFalse(self.get_cases())

    def test_nothing_but_the_answers_is_chosen_and_tags_are_text(self):
        response = self.send(name=EVIL, city=EVIL, consent=None)
        self.assertNotIn(EVIL, response.text)
        case = self.assertSent(
            self.send(
                name=EVIL,
                company_id=str(self.other_company.id),
                referral_partner_id="1",
                partner="1",
                contact_id=str(self.ton.id),
                user_id=str(self.coordinator.id),
                link=str(self.make_link()[0].id),
            )
        )
        self.assertEqual((case.company_id, case.referral_contact_id), (self.company, self.wil))
        self.assertEqual(case.party_ids.partner_id.name, EVIL)
        self.assertFalse(case.user_id)


@tagged("post_install", "-at_install")
class TestReferralLink(LinkCommon):
    """A coordinator makes links for the people of a partner; the secret is kept nowhere."""

    def find_stored(self, text):
        """Return the columns of our tables, and of messages and mails, that hold ``text``."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')
               AND table_name IN ('mail_message', 'mail_mail', 'buurtbemiddeling_referral_link',
                                  'buurtbemiddeling_referral_link_send')
            """
        )
        found = []
        for table, column in self.env.cr.fetchall():
            self.env.cr.execute(
                f'SELECT 1 FROM "{table}" WHERE strpos("{column}", %s) > 0 LIMIT 1',  # noqa: S608 pylint: disable=sql-injection
                [text],
            )
            found += [(table, column)] * self.env.cr.rowcount
        return found

    def test_token_is_long_and_only_its_hash_is_kept(self):
        link, address = self.make_link()
        token = address.rpartition("/")[2]
        self.assertGreaterEqual(len(token) * 6, 128)
        self.assertEqual(len(link.sudo().token_hash), 64)
        self.assertFalse(self.find_stored(token))
        self.assertNotEqual(self.make_link()[1], address)
        for user in (self.coordinator, self.manager, self.make_user("root", "base.group_system")):
            with self.assertRaises(AccessError):
                link.with_user(user).read(["token_hash"])
        self.assertEqual(self.env["buurtbemiddeling.referral.link"]._find(token), link)

    def test_copied_link_is_shown_once(self):
        action = self.make_wizard().action_copy()
        token = action["context"]["default_url"].rpartition("/")[2]
        self.assertEqual(
            self.env["buurtbemiddeling.referral.link"]._find(token).contact_id, self.wil
        )
        self.assertFalse(self.find_stored(token))
        shown = (
            self.env["buurtbemiddeling.referral.link.send"]
            .with_user(self.coordinator)
            .with_context(**action["context"])
        )
        self.assertEqual(shown.default_get(["url"]), {"url": action["context"]["default_url"]})
        shown.create({})
        self.assertFalse(self.find_stored(token), "not even when the dialog would be saved")

    def test_mail_goes_to_the_person_with_the_text_as_it_was_changed(self):
        wizard = self.make_wizard()
        self.assertIn("{link}", wizard.body)
        self.assertIn("Wil Consulent", wizard.body)
        wizard.body = f"Hello {EVIL}\n{{link}}"
        sent = []
        self.patch(
            self.registry["mail.mail"],
            "send_after_commit",
            lambda mails: sent.extend(mails.read(["body_html", "recipient_ids", "auto_delete"])),
        )
        wizard.action_mail()
        (mail,) = sent
        self.assertEqual(mail["recipient_ids"], self.wil.ids)
        self.assertTrue(mail["auto_delete"])
        self.assertIn(f"{LINK_URL}/", mail["body_html"])
        self.assertNotIn(EVIL, mail["body_html"])
        note = self.get_messages(self.wbv)[:1]
        self.assertIn("One-time link for Wil Consulent", note.body)
        self.assertNotIn(LINK_URL, note.body)

    def test_mail_without_address_or_place_for_the_link_is_refused(self):
        wizard = self.make_wizard()
        wizard.body = "Hello"
        with self.assertRaisesRegex(UserError, "Put {link} back"):
            wizard.action_mail()
        self.wil.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            wizard.action_mail()
        self.assertFalse(self.wbv.link_ids)

    def test_days_are_a_setting(self):
        self.company.buurtbemiddeling_referral_link_days = 3
        link, _address = self.make_link()
        self.assertEqual(link.expires_on, fields.Date.context_today(link) + timedelta(days=3))
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception) as caught:
            self.company.buurtbemiddeling_referral_link_days = 0
            self.env.flush_all()
        self.assertIn("referral_link_days_positive", str(caught.exception))

    def test_only_for_people_of_the_partner(self):
        resident = self.make_quarrel().party_ids.partner_id[:1]
        stranger = self.env["res.partner"].create({"name": "Other"})
        for contact in (resident, stranger):
            with self.assertRaises(ValidationError):
                self.make_link(contact)

    def test_only_coordinators_of_the_partner_make_and_withdraw_links(self):
        link, _address = self.make_link()
        for user in (self.colleague, self.portal, self.stranger):
            with self.assertRaises(AccessError):
                self.make_link(user=user)
            with self.assertRaises(AccessError):
                link.with_user(user).action_revoke()
        self.assertEqual(link.state, "open")
        for operation in ("write", "create", "unlink"):
            self.assertFalse(link.with_user(self.manager).has_access(operation))

    def test_old_links_are_removed(self):
        days = self.company.buurtbemiddeling_referral_link_days
        old, kept = self.make_link()[0], self.make_link()[0]
        old.sudo().expires_on = date.today() - timedelta(days=days + 1)
        kept.sudo().write(
            {"expires_on": date.today() - timedelta(days=days), "used_on": datetime.now()}
        )
        self.env["buurtbemiddeling.referral.link"]._gc_links()
        self.assertFalse(old.exists())
        self.assertTrue(kept.exists())
