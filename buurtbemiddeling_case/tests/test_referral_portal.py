import re
from datetime import date

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..controllers.referral import FORM_URL, PAGE_SIZE, REFERRALS_URL
from .common_referral import EVIL, SECRETS, ReferralCommon, ReferralPageCase


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

    def test_the_list_tells_referrals_apart_by_the_reference_of_the_referrer(self):
        self.make_referred(outcome=None, referrer_ref="WK-77")
        self.log_in()
        self.assertIn("<strong>WK-77</strong>", self.url_open(REFERRALS_URL).text)
        self.make_referred(outcome=None)
        self.assertIn("not filled in", self.url_open(REFERRALS_URL).text)

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
