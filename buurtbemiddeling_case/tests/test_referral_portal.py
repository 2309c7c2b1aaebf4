import re
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..controllers.referral import FORM_URL, PAGE_SIZE, REFERRALS_URL
from .test_feedback import FeedbackCommon

PASSWORD = "a-long-password"
# what a referrer never reads of the quarrel of make_quarrel
SECRETS = ("Anna", "Bert", "Dorpsstraat", "anna@example.com", "Coordinator Tester", "Secret")
EVIL = "<script>alert(1)</script>"


class ReferralCommon(FeedbackCommon):
    """A corporation with two people: Wil has a login, and so has Ton."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ton = cls.make_contact_person(cls.wbv, "Ton Consulent", email="ton@wbv.example.com")
        cls.wil_user = cls.make_login("wil", cls.wil)
        cls.ton_user = cls.make_login("ton", cls.ton)

    @classmethod
    def make_login(cls, login, contact, groups="base.group_portal"):
        return mail_new_test_user(
            cls.env,
            login=f"bb_{login}",
            password=PASSWORD,
            partner_id=contact.id,
            name=contact.name or login,
            groups=groups,
            lang="en_US",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def get_rows(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            self.env["buurtbemiddeling.case"].with_user(user or self.wil_user)._find_my_referrals()
        )

    def get_numbers(self, user=None):
        return {row["number"] for row in self.get_rows(user)}

    def get_state(self, user=None):
        (row,) = self.get_rows(user)
        return row["state"]

    def close(self, case, outcome="OPG_BEM"):
        case.write(
            {
                "stage_id": self.stage("closed").id,
                "outcome_id": self.code("outcome", outcome).id,
            }
        )


@tagged("post_install", "-at_install")
class TestReferrerEmail(ReferralCommon, HttpCase):
    """Mail of an address a referrer has is a referral: nobody types that of a resident."""

    def test_referrer_takes_no_address_of_someone_else_by_the_api_of_odoo(self):
        user, before = self.wil_user.with_user(self.wil_user), self.wil.email
        for email in ("anna@example.com", f"{before}, anna@example.com", False):
            with self.assertRaises(UserError):
                user.write({"email": email})
        user.write({"email": before, "phone": "0612345678"})
        self.assertEqual(self.wil.email, before)

    def test_referrer_takes_no_address_of_someone_else_on_the_pages_of_odoo(self):
        self.authenticate("bb_wil", PASSWORD)
        before, people = self.wil.email, self.wbv.partner_id.child_ids
        answers = {
            "name": self.wil.name, "email": "anna@example.com", "phone": "0612345678",
            "street": "Street 1", "city": "Town", "zip": "1234 AB", "zipcode": "1234 AB",
            "country_id": str(self.env.ref("base.nl").id), "address_type": "billing",
            "use_delivery_as_billing": "true", "csrf_token": http.Request.csrf_token(self),
        }  # fmt: skip
        for partner_id in (str(self.wil.id), ""):
            data = {**answers, "partner_id": partner_id}
            response = self.url_open("/my/address/submit", data=data)
            self.assertIn("We change your e-mail address", response.text)
        self.assertEqual(self.wil.email, before)
        self.assertEqual(self.wbv.partner_id.child_ids, people)

    def test_colleague_outside_does_not_lead_the_mail_that_resets_a_password_elsewhere(self):
        outside = "base.group_user,base.group_partner_manager"
        colleague = self.make_login("outside", self.env["res.partner"], outside)
        for contact in (self.wil, self.wil | self.ton):
            with self.assertRaises(AccessError):
                contact.with_user(colleague).write({"email": "outside@example.com"})
        self.wil.with_user(colleague).write({"email": self.wil.email, "function": "Desk"})
        plain = self.make_contact_person(self.wbv, "Without a login")
        plain.with_user(colleague).write({"email": "plain@example.com"})
        self.wil.with_user(self.coordinator).write({"email": "wil.new@example.com"})
        self.assertEqual(self.wil.email, "wil.new@example.com")

    def test_colleague_outside_lets_nobody_log_in_for_a_referral_partner(self):
        outside = "base.group_user,base.group_partner_manager"
        colleague = self.make_login("outside", self.env["res.partner"], outside)
        new = self.env["res.partner"].with_user(colleague)
        new = new.create({"name": "New", "email": "new@example.com"})
        customer = self.make_login("customer", self.env["res.partner"].create({"name": "Klaas"}))
        organisation = self.wbv.partner_id.with_user(colleague)
        for change in (
            lambda: customer.partner_id.with_user(colleague).write({"parent_id": organisation.id}),
            lambda: organisation.write({"child_ids": [Command.link(customer.partner_id.id)]}),
        ):
            with self.assertRaises(AccessError):
                change()
        wizards = self.env["portal.wizard"].with_user(colleague)
        row = wizards.create({"partner_ids": [Command.set(new.ids)]}).user_ids
        row.action_grant_access()  # who works for nobody that refers
        self.assertTrue(new.user_ids)
        desk = new.create(
            {"name": "Desk", "email": "desk@example.com", "parent_id": organisation.id}
        )
        for contact in (desk, organisation):
            row = wizards.create({"partner_ids": [Command.set(contact.ids)]}).user_ids
            with self.assertRaises(AccessError):
                row.action_grant_access()
        self.assertFalse(desk.user_ids)

    def test_who_has_a_login_for_something_else_changes_the_own_address(self):
        customer = self.make_login("customer", self.env["res.partner"].create({"name": "Klaas"}))
        customer.with_user(customer).write({"email": "klaas@example.com"})
        self.assertEqual(customer.email, "klaas@example.com")


@tagged("post_install", "-at_install")
class TestReferralList(ReferralCommon):
    """A referrer sees own referrals, and of these no more than what was told."""

    def test_row_holds_number_date_reference_state_and_what_was_told(self):
        case = self.make_referred(outcome=None, referrer_ref="WH-12", reporter_story="Secret")
        case.with_user(self.coordinator)._tell_referrer("received", "phone")
        (row,) = self.get_rows()
        self.assertEqual(
            row.keys(), {"id", "number", "date", "reference", "state", "label", "told"}
        )
        self.assertEqual((row["number"], row["reference"]), (case.name, "WH-12"))
        self.assertEqual([told["text"] for told in row["told"]], case.feedback_ids.mapped("text"))
        for secret in SECRETS:
            self.assertNotIn(secret, str(row))

    def test_received_until_it_is_taken_up(self):
        case = self.make_referred(outcome=None)
        self.assertEqual(case.stage_id.code, "new")
        self.assertEqual(self.get_state(), "received")
        for phase in ("intake", "waiting", "mediation", "aftercare"):
            case.stage_id = self.stage(phase)
            self.assertEqual(self.get_state(), "in_progress")

    def test_the_end_shows_only_when_it_was_told(self):
        case = self.make_referred(outcome="NIET_OPG")
        self.assertEqual(self.get_state(), "in_progress", "closed, and nobody told it yet")
        case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        self.assertEqual(self.get_state(), "ended")
        (row,) = self.get_rows()
        self.assertIn("not led to a solution", row["told"][0]["text"])

    def test_reporter_who_does_not_agree_leaves_it_in_progress(self):
        for consent in ("no", "not_asked"):
            case = self.make_referred(consent=consent)
            with self.assertRaises(UserError):
                case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        self.assertEqual({row["state"] for row in self.get_rows()}, {"in_progress"})

    def test_a_date_that_was_filled_in_tells_nothing(self):
        self.make_referred(consent="not_asked", feedback_state="done")
        self.assertEqual(self.get_state(), "in_progress")

    def test_that_a_case_was_opened_again_is_not_told(self):
        case = self.make_referred()
        case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        before = self.get_rows()
        case.stage_id = self.stage("intake")
        self.assertEqual(self.get_rows(), before)
        self.close(case, "NIET_OPG")
        self.assertEqual(self.get_rows(), before)
        case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        self.assertEqual(len(self.get_rows()[0]["told"]), 2)

    def test_referrals_of_a_colleague_show_only_if_that_was_agreed(self):
        mine = self.make_referred(outcome=None)
        theirs = self.make_referred(outcome=None, referral_contact_id=self.ton.id)
        nobodys = self.make_referred(outcome=None, referral_contact_id=False)
        self.assertEqual(self.get_numbers(), {mine.name})
        self.assertEqual(self.get_numbers(self.ton_user), {theirs.name})
        self.wbv.portal_scope = "organisation"
        everything = {mine.name, theirs.name, nobodys.name}
        self.assertEqual(self.get_numbers(), everything)
        self.assertNotIn("Ton", str(self.get_rows()))

    def test_login_of_the_organisation_itself_sees_what_nobody_in_person_referred(self):
        self.make_referred(outcome=None)
        case = self.make_referred(outcome=None, referral_contact_id=False)
        user = self.make_login("office", self.wbv.partner_id)
        self.assertEqual(self.get_numbers(user), {case.name})

    def test_other_organisation_and_residents_who_came_by_themselves_are_not_there(self):
        police = self.make_referral_partner()
        self.make_referred(outcome=None, referral_partner_id=police.id, referral_contact_id=False)
        self.make_quarrel()
        self.wbv.portal_scope = "organisation"
        self.assertFalse(self.get_rows())

    def test_who_leaves_the_organisation_sees_nothing_from_that_moment(self):
        self.make_referred(outcome=None)
        police = self.make_referral_partner(portal_scope="organisation")
        self.assertTrue(self.get_rows())
        self.wil.parent_id = police.partner_id
        self.assertFalse(self.get_rows())
        self.wil.parent_id = False
        self.assertFalse(self.get_rows())

    def test_archived_contact_organisation_or_partner_ends_it(self):
        self.make_referred(outcome=None)
        partners = self.env["buurtbemiddeling.referral.partner"]
        for record in (self.wbv, self.wbv.partner_id, self.wil):
            self.assertTrue(self.get_rows())
            # a contact with a login can not be archived: past that check
            table = record._table
            self.env.cr.execute(f"UPDATE {table} SET active = false WHERE id = {record.id}")  # noqa: S608 pylint: disable=sql-injection
            self.env.invalidate_all()
            with self.subTest(model=record._name):
                self.assertFalse(self.get_rows())
                self.assertFalse(partners.with_user(self.wil_user)._get_mine())
            self.env.cr.execute(f"UPDATE {table} SET active = true WHERE id = {record.id}")  # noqa: S608 pylint: disable=sql-injection

    def test_archived_case_is_not_there(self):
        case = self.make_referred(outcome=None)
        case.active = False
        self.assertFalse(self.get_rows())

    def test_colleagues_in_odoo_and_visitors_are_no_referrers(self):
        partners = self.env["buurtbemiddeling.referral.partner"]
        self.colleague.partner_id.parent_id = self.wbv.partner_id
        for user in (self.colleague, self.portal, self.env.ref("base.public_user")):
            self.assertFalse(partners.with_user(user)._get_mine())

    def test_referral_that_turns_out_to_be_of_another_moves_with_what_it_told(self):
        police = self.make_referral_partner()
        agent = self.make_contact_person(police, "Piet Agent", email="piet@police.example.com")
        agent_user = self.make_login("piet", agent)
        case = self.make_referred()
        case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        case.write({"referral_partner_id": police.id, "referral_contact_id": agent.id})
        self.assertFalse(self.get_rows())
        (row,) = self.get_rows(agent_user)
        self.assertEqual((row["state"], row["told"]), ("in_progress", []))

    def test_referral_that_is_merged_keeps_its_own_number_and_day(self):
        """Another would tell that there was a case already, maybe of the neighbour."""
        older = self.make_case(reporter_name="Bert Buur", registration_date=date(2026, 1, 5))
        mine = self.make_referred(outcome=None, referrer_ref="WH-12")
        number, before = mine.name, self.get_rows()
        kept = (older | mine)._merge({}, {})
        self.assertEqual(kept, older)
        after = self.get_rows()
        self.assertEqual(after, [{**before[0], "id": kept.id}])
        self.assertEqual(after[0]["number"], number)
        self.assertNotIn(kept.name, str(after))
        # nor do the words that the referrer is told
        kept.with_user(self.coordinator)._tell_referrer("received", "mail")
        (row,) = self.get_rows()
        self.assertIn(number, row["told"][0]["text"])
        message = self.get_messages(self.wbv)[:1]
        for text in (row["told"][0]["text"], message.subject, message.body):
            self.assertNotIn(kept.name, text)
            self.assertNotIn("01/05/2026", text)

    def test_referral_merged_into_that_of_another_shows_to_that_one_only(self):
        police = self.make_referral_partner(feedback_wording="ended")
        agent = self.make_contact_person(police, "Piet Agent", email="piet@police.example.com")
        agent_user = self.make_login("piet", agent)
        older = self.make_referred(
            outcome=None,
            registration_date=date(2026, 1, 5),
            referral_partner_id=police.id,
            referral_contact_id=agent.id,
            referrer_ref="PL1",
        )
        before = self.get_rows(agent_user)
        mine = self.make_case(
            reporter_name="Second",
            referral_partner_id=self.wbv.id,
            referral_contact_id=self.wil.id,
            referrer_ref="WH-12",
        )
        mine.with_user(self.coordinator)._tell_referrer("received", "phone")
        (older | mine)._merge({}, {})
        self.assertEqual(self.get_rows(agent_user), before)
        self.assertFalse(self.get_rows())

    def test_person_of_one_organisation_is_never_mixed_with_another_organisation(self):
        """The oldest request came from an office, the other from someone of another one."""
        police = self.make_referral_partner()
        older = self.make_case(
            reporter_name="A", registration_date=date(2026, 1, 5), referral_partner_id=police.id
        )
        other = self.make_case(
            reporter_name="C",
            referral_partner_id=self.wbv.id,
            referral_contact_id=self.wil.id,
        )
        kept = (older | other)._merge({}, {})
        self.assertEqual((kept.referral_partner_id, kept.referral_contact_id.ids), (police, []))
        self.assertFalse(kept.referral_number)

    def test_split_off_part_does_not_show(self):
        case = self.make_referred(outcome=None)
        before = self.get_rows()
        new = case._split(
            case.party_ids[1], case.party_ids[0], {}, case.meeting_ids, case.agreement_ids
        )
        self.assertEqual(new.referral_partner_id, self.wbv)
        self.assertEqual(self.get_rows(), before)

    def test_list_takes_as_many_queries_for_many_as_for_one(self):
        def read():
            self.env["buurtbemiddeling.case"].with_user(self.wil_user)._find_my_referrals()

        self.make_referred().with_user(self.coordinator)._tell_referrer("ended", "phone")
        one = self.count_queries(read)
        for _number in range(3):
            self.make_referred().with_user(self.coordinator)._tell_referrer("ended", "phone")
        self.assertEqual(self.count_queries(read), one)

    def test_referrers_have_no_access_to_any_record(self):
        for model in (
            "case", "case.party", "feedback", "referral.partner", "referral.link", "referral.form",
            "referral.link.send",
        ):  # fmt: skip
            records = self.env[f"buurtbemiddeling.{model}"].with_user(self.wil_user)
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), (model, operation))


class ReferralPageCase(ReferralCommon, HttpCase):
    """Sends the form of a referral, as a browser does."""

    def setUp(self):
        super().setUp()
        self.url = FORM_URL
        self.answers = {
            "name": "Anna Melder",
            "phone": "06 0000 0123",
            "email": "anna@example.com",
            "street": "Dorpsstraat 1",
            "zip": "1234 AB",
            "city": "Lindewaard",
            "nuisances": ["GELUID_PERSONEN"],
            "reference": "WH-12",
            "note": "Call after six.",
            "feedback": "yes",
            "consent": "1",
        }
        self.known = self.env["buurtbemiddeling.case"].search([])

    def log_in(self, user=None):
        self.authenticate((user or self.wil_user).login, PASSWORD)

    def make_token(self, company=None, minutes=5):
        with freeze_time(datetime.now() - timedelta(minutes=minutes)):
            return self.env["buurtbemiddeling.referral.form"]._make_token(company or self.company)

    def send(self, token=None, url=None, **changes):
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

    def get_cases(self):
        self.env.invalidate_all()
        return self.env["buurtbemiddeling.case"].search([("id", "not in", self.known.ids)])

    def assertRefused(self, response, sentence, status=422):  # noqa: N802 (as other assertions)
        self.assertEqual(response.status_code, status)
        self.assertIn(sentence, response.text)
        self.assertIn("Call after six.", response.text)  # nothing is lost
        self.assertFalse(self.get_cases())


@tagged("post_install", "-at_install")
class TestReferralPages(ReferralPageCase):
    """The pages are there for referrers only, and show what they may know."""

    def test_referrer_reads_the_list_and_one_referral(self):
        case = self.make_referred(referrer_ref=EVIL, reporter_story="Secret")
        case.with_user(self.coordinator)._tell_referrer("ended", "phone")
        self.log_in()
        for url in (REFERRALS_URL, f"{REFERRALS_URL}/{case.id}"):
            response = self.url_open(url)
            self.assertEqual(response.status_code, 200)
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertIn(case.name, response.text)
            self.assertIn("<strong>Ended</strong>", response.text)
            self.assertIn("It has led to a solution.", response.text)
            self.assertIn("Until then it shows “In progress”", response.text)
            self.assertNotIn(EVIL, response.text)
            self.assertEqual(response.text.count("<h1"), 1)
            for secret in SECRETS:
                self.assertNotIn(secret, response.text)

    def test_the_list_has_pages(self):
        cases = self.make_referred(outcome=None)
        for _number in range(PAGE_SIZE):
            cases |= cases[0].copy({"referral_contact_id": self.wil.id})
        self.log_in()
        first, second = (self.url_open(f"{REFERRALS_URL}{page}").text for page in ("", "/page/2"))
        shown = [
            [c.name for c in cases if f">Referral {c.name}<" in text] for text in (first, second)
        ]
        self.assertEqual([len(names) for names in shown], [PAGE_SIZE, 1])
        self.assertFalse(set(shown[0]) & set(shown[1]))
        self.assertEqual(self.url_open(f"{REFERRALS_URL}/page/{'9' * 30}").status_code, 200)

    @mute_logger("odoo.http")
    def test_what_is_not_the_users_own_is_not_found(self):
        mine = self.make_referred(outcome=None)
        theirs = self.make_referred(outcome=None, referral_contact_id=self.ton.id)
        self.log_in()
        self.assertEqual(self.url_open(f"{REFERRALS_URL}/{mine.id}").status_code, 200)
        for guess in (theirs.id, 0, -1, "x", "1.0", "٣", "9" * 30, "%ED%A0%80", "' OR 1=1"):
            with self.subTest(guess=guess):
                self.assertEqual(self.url_open(f"{REFERRALS_URL}/{guess}").status_code, 404)
        self.wbv.active = False
        for url in (REFERRALS_URL, f"{REFERRALS_URL}/{mine.id}", FORM_URL):
            self.assertEqual(self.url_open(url).status_code, 404)
        self.assertEqual(self.send().status_code, 404)
        self.assertFalse(self.get_cases() - mine - theirs)

    @mute_logger("odoo.http")
    def test_who_is_no_referrer_finds_no_page(self):
        case = self.make_referred(outcome=None)
        self.known |= case
        nobody = self.make_login("nobody", self.env["res.partner"].create({"name": "Nobody"}))
        staff = self.make_login(
            "staff",
            self.env["res.partner"].create({"name": "Staff", "company_id": self.company.id}),
            "buurtbemiddeling_case.group_user",
        )
        for user in (nobody, staff):
            self.log_in(user)
            for url in (REFERRALS_URL, f"{REFERRALS_URL}/{case.id}", FORM_URL):
                self.assertEqual(self.url_open(url).status_code, 404, (user.name, url))
            self.assertEqual(self.send().status_code, 404)
        self.assertFalse(self.get_cases())

    def test_without_a_session_one_logs_in_first(self):
        self.authenticate(None, None)
        for url in (REFERRALS_URL, f"{REFERRALS_URL}/1", FORM_URL):
            response = self.url_open(url, allow_redirects=False)
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])
        self.assertIn("/web/login", self.send().headers["Location"])
        self.assertFalse(self.get_cases())

    @mute_logger("odoo.http")
    def test_other_methods_are_refused(self):
        self.log_in()
        for method, url in (
            ("POST", REFERRALS_URL),
            ("POST", f"{REFERRALS_URL}/1"),
            ("PUT", FORM_URL),
            ("DELETE", FORM_URL),
        ):
            data = {"csrf_token": http.Request.csrf_token(self)}
            response = self.opener.request(method, self.base_url() + url, data=data, timeout=30)
            self.assertEqual(response.status_code, 405, (method, url))

    def test_home_has_the_door_for_referrers_only(self):
        self.log_in()
        home = self.url_open("/my").text
        self.assertIn(f'href="{REFERRALS_URL}"', home)  # also with none yet
        icon = re.search(r'src="(/buurtbemiddeling_case/[^"]+)"', home)[1]
        self.assertEqual(self.url_open(icon).status_code, 200)
        self.assertEqual(self.count(), 0)
        self.make_referred(outcome=None)
        self.make_referred(outcome=None, referral_contact_id=self.ton.id)
        self.assertEqual(self.count(), 1)
        self.wil.parent_id = False
        self.env.flush_all()
        self.env.registry.clear_cache()  # Odoo keeps of which company a login is
        home = self.url_open("/my")
        self.assertEqual(home.status_code, 200)
        self.assertNotIn(REFERRALS_URL, home.text)
        self.assertEqual(self.count(), 0)

    def count(self):
        return self.make_jsonrpc_request("/my/counters", {"counters": ["referral_count"]})[
            "referral_count"
        ]


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
            self.make_token(self.other_company),
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
        token = self.make_token(mine[:1].company_id)
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


@tagged("post_install", "-at_install")
class TestReferralLogin(FeedbackCommon):
    """A coordinator gives a contact person a login, and nobody else."""

    def get_user(self):
        return self.wil.with_context(active_test=False).user_ids

    def give(self, contact=None, user=None):
        return (contact or self.wil).with_user(user or self.coordinator).action_give_portal_access()

    def test_contact_person_gets_a_login_and_loses_it(self):
        self.assertEqual(self.wil.buurtbemiddeling_login, "none")
        self.give()
        user = self.get_user()
        self.assertTrue(user._is_portal())
        self.assertFalse(user._is_internal())
        self.assertEqual((user.login, user.company_ids), ("wil@wbv.example.com", self.company))
        self.assertEqual(self.wil.buurtbemiddeling_login, "invited")
        partners = self.env["buurtbemiddeling.referral.partner"].with_user(user)
        self.assertEqual(partners._get_mine(), self.wbv)
        self.give()  # once more the mail, not the login
        self.assertEqual(self.get_user(), user)
        self.wil.with_user(self.coordinator).action_take_portal_access()
        self.assertFalse(user.active)
        self.assertFalse(user._is_portal())
        self.assertEqual(self.wil.buurtbemiddeling_login, "none")
        self.give()
        self.assertTrue(self.get_user().active)
        self.assertIn("invited to refer", self.get_messages(self.wbv)[-2:].mapped("body")[0])

    def test_a_resident_never_gets_a_login(self):
        resident = self.make_quarrel().party_ids.partner_id.filtered("email")
        with self.assertRaisesRegex(UserError, "Residents never"):
            self.give(resident)
        # not as a contact person of a referrer either
        resident.parent_id = self.wbv.partner_id
        with self.assertRaisesRegex(UserError, "Residents never"):
            self.give(resident)
        self.assertFalse(resident.user_ids)

    def test_only_contact_persons_of_a_partner_with_an_address(self):
        stranger = self.env["res.partner"].create({"name": "Other", "email": "o@example.com"})
        for contact in (stranger, self.wbv.partner_id):
            with self.assertRaisesRegex(UserError, "Only contact persons"):
                self.give(contact)
        self.wil.email = False
        with self.assertRaisesRegex(UserError, "Fill in the e-mail address"):
            self.give()
        self.wil.email = "wil@wbv.example.com"
        self.wbv.active = False
        with self.assertRaisesRegex(UserError, "Only contact persons"):
            self.give()

    def test_who_works_in_odoo_keeps_that_login(self):
        self.colleague.partner_id.parent_id = self.wbv.partner_id
        self.assertEqual(self.colleague.partner_id.buurtbemiddeling_login, "internal")
        for active in (True, False):
            self.colleague.active = active
            with self.assertRaisesRegex(UserError, "works in Odoo"):
                self.give(self.colleague.partner_id)
            with self.assertRaisesRegex(UserError, "works in Odoo"):
                self.colleague.partner_id.with_user(self.coordinator).action_take_portal_access()

    def test_an_address_that_is_someone_elses_login_is_refused(self):
        self.wil.email = self.portal.login = "taken@example.com"
        with self.assertRaises(UserError):
            self.give()

    def test_only_coordinators_of_the_partner_do_this(self):
        for user in (self.colleague, self.portal, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.give(user=user)
        with self.assertRaisesRegex(UserError, "Only contact persons"):
            self.give(user=self.stranger)
        self.assertFalse(self.get_user())


@tagged("post_install", "-at_install", "buurtbemiddeling_demo", "-standard")
class TestReferralDemo(TransactionCase):
    def test_demo_referrer_sees_referrals_in_every_state(self):
        user = self.env.ref("buurtbemiddeling_case.demo_user_referrer")
        cases = self.env["buurtbemiddeling.case"].with_user(user)
        states = {row["state"] for row in cases._find_my_referrals()}
        self.assertEqual(states, {"received", "in_progress", "ended"})
        count = cases._count_my_referrals()
        self.env["buurtbemiddeling.demo"]._refer_on_the_portal()
        self.assertEqual(cases._count_my_referrals(), count)
