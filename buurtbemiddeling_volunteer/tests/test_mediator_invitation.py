from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import html2plaintext

from ..controllers.mediator import HOME_URL
from ..models.buurtbemiddeling_assignment_portal_answer_mixin import (
    ANSWER_ACTIVITY,
    INVITATION_URL,
)
from ..models.buurtbemiddeling_case_duo_mixin import GAP_ACTIVITY
from .common_mediator_portal import MediatorCase
from .test_mediator_portal import SECRETS

MODEL = "buurtbemiddeling.assignment"


@tagged("post_install", "-at_install")
class TestMediatorInvitation(MediatorCase):
    """A volunteer answers on the portal, once, and learns no more than the mail told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        town = cls.env["buurtbemiddeling.area"].search([("kind", "=", "municipality")], limit=1)
        cls.case.area_id = cls.env["buurtbemiddeling.area"].create(
            {"name": "De Wijk", "code": "BUPORTAL", "parent_id": town.id}
        )
        cls.case.daypart_ids = cls.env["buurtbemiddeling.daypart"].search([], limit=2)
        rows = cls.env[MODEL].with_user(cls.coordinator)
        volunteers = (cls.vera + cls.wim).with_user(cls.coordinator)
        cls.mine, cls.other = rows._invite(cls.case.with_user(cls.coordinator), volunteers)
        cls.url = f"{INVITATION_URL}/{cls.mine.id}"

    def setUp(self):
        super().setUp()
        self.login(self.vera)

    def answer(self, row=None, **answers):
        response = self.post(f"{INVITATION_URL}/{(row or self.mine).id}", **answers)
        self.env.invalidate_all()
        return response

    def say_no(self, row=None, code="GEEN_TIJD", **answers):
        reason = self.env["buurtbemiddeling.assignment.reason"]._get_by_code(code)
        return self.answer(row, answer="no", reason=str(reason.id), **answers)

    # ------------------------------------------------------------
    # WHAT IS TOLD
    # ------------------------------------------------------------

    def test_the_page_tells_what_the_mail_tells(self):
        page = self.open(self.url)
        self.assertEqual(page.status_code, 200)
        for told in (
            *("De Wijk", "Wim", "Coordinator Tester", "tel:0201234567"),
            self.case.intervention_id.name,
            *self.case.daypart_ids.mapped("name"),
        ):
            self.assertIn(told, page.text)
        told = self.mine._describe_invitation()
        self.assertIn(told["expires_on"], page.text)
        mail = (
            self.env["mail.mail"]
            .sudo()
            .search([("model", "=", MODEL), ("res_id", "=", self.mine.id)])
        )
        for text in told.values():
            self.assertIn(text, html2plaintext(mail.body_html))

    def test_before_a_yes_nothing_of_the_case_is_told(self):
        """No resident, street or story, and not even the number of the case."""
        for url in (self.url, HOME_URL, "/my"):
            page = self.open(url)
            for secret in (
                *("Anna", "Bert", "Dorpsstraat", "Ring twice", "Works late", "0611111111"),
                *(self.case.name, *SECRETS),
            ):
                self.assertNotIn(secret, page.text, url)
        self.assertGone(f"{HOME_URL}/{self.mine.id}")
        self.assertEqual(self.post(f"{HOME_URL}/{self.mine.id}/bekende").status_code, 404)

    def test_the_overview_shows_the_invitation_first(self):
        text = self.open(HOME_URL).text
        self.assertIn(self.url, text)
        self.assertLess(text.index(self.url), text.index("My cases"))

    def test_the_mail_leads_to_the_page_for_who_has_a_login(self):
        self.mine._mail_invitation("reminder")
        mails = self.env["mail.mail"].sudo().search([("model", "=", MODEL)])
        mine = mails.filtered(lambda mail: mail.res_id == self.mine.id)
        self.assertEqual(len(mine), 2)
        for mail in mine:
            self.assertIn(f'{self.url}"', mail.body_html)
        zoe = self.make_volunteer("Zoe")
        row = self.env[MODEL].with_user(self.coordinator)
        row = row._invite(self.make_case(), zoe)
        mail = self.env["mail.mail"].sudo().search([("model", "=", MODEL), ("res_id", "=", row.id)])
        self.assertTrue(mail)
        self.assertNotIn(INVITATION_URL, mail.body_html)

    def test_who_was_chosen_and_not_asked_yet_sees_nothing(self):
        row = self.couple(self.make_quarrel(), self.vera, state="invited", invited_on=False)
        self.assertGone(f"{INVITATION_URL}/{row.id}")
        self.assertNotIn(f"{INVITATION_URL}/{row.id}", self.open(HOME_URL).text)

    # ------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------

    def test_yes_leads_to_the_case_and_tells_the_coordinator(self):
        self.assertRedirects(self.answer(answer="yes"), f"{HOME_URL}/{self.mine.id}?done=yes")
        self.assertEqual(self.mine.state, "accepted")
        self.assertTrue(self.mine.answered_on)
        page = self.open(f"{HOME_URL}/{self.mine.id}?done=yes")
        self.assertIn("This is your case now", page.text)
        self.assertIn("Anna Melder", page.text)
        todo = self.todos(ANSWER_ACTIVITY)
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertIn("Vera said yes.", todo.note)

    def test_both_of_a_pair_answer_and_it_is_one_to_do(self):
        self.answer(answer="yes")
        self.login(self.wim)
        self.answer(self.other, answer="yes")
        self.assertEqual(set((self.mine + self.other).mapped("state")), {"accepted"})
        todo = self.todos(ANSWER_ACTIVITY)
        self.assertEqual(len(todo), 1)
        self.assertIn("Vera said yes.", todo.note)
        self.assertIn("Wim said yes.", todo.note)
        self.assertEqual(self.case.duo_state, "complete")

    def test_no_keeps_the_reason_and_tells_the_coordinator(self):
        response = self.say_no(note="Busy <script>alert(1)</script>")
        self.assertRedirects(response, f"{HOME_URL}?done=no")
        self.assertEqual(self.mine.state, "declined")
        self.assertEqual(self.mine.reason_id.code, "GEEN_TIJD")
        self.assertEqual(self.mine.reason_note, "Busy <script>alert(1)</script>")
        self.assertEqual(self.mine.sudo().write_uid, self.vera.user_id)
        todo = self.todos(GAP_ACTIVITY)
        self.assertIn("Vera", todo.note)
        self.assertNotIn("script", todo.note)
        self.assertFalse(self.todos(ANSWER_ACTIVITY))

    def test_the_no_of_a_third_mediator_is_told_as_well(self):
        zoe = self.make_mediator("Zoe")
        rows = self.env[MODEL].with_user(self.coordinator)
        row = rows._invite(self.case.with_user(self.coordinator), zoe.with_user(self.coordinator))
        self.login(zoe)
        self.say_no(row)
        self.assertEqual(row.state, "declined")
        self.assertIn("Zoe said no", self.todos(ANSWER_ACTIVITY).note)

    def test_an_answer_that_was_sent_twice_counts_once(self):
        self.answer(answer="yes")
        self.assertRedirects(self.answer(answer="yes"), self.url)
        self.assertRedirects(self.say_no(), self.url)
        self.assertRedirects(self.open(self.url), f"{HOME_URL}/{self.mine.id}")
        self.assertEqual(self.mine.state, "accepted")
        self.assertEqual(self.todos(ANSWER_ACTIVITY).note.count("Vera"), 1)

    def test_after_a_no_the_page_says_so_and_tells_nothing(self):
        self.say_no()
        self.assertRedirects(self.answer(answer="yes"), self.url)
        page = self.open(self.url)
        self.assertIn("You said no to this invitation.", page.text)
        for secret in ("De Wijk", "Wim", self.case.name):
            self.assertNotIn(secret, page.text)
        self.assertEqual(self.mine.state, "declined")

    def test_an_expired_invitation_says_so(self):
        for expire in (False, True):
            self.mine.expires_on = date.today() - timedelta(days=1)
            if expire:  # the nightly job came by
                self.mine._expire()
            self.env.flush_all()
            self.assertRedirects(self.answer(answer="yes"), self.url)
            page = self.open(self.url)
            self.assertIn("This invitation was open until", page.text)
            self.assertNotIn("De Wijk", page.text)
            self.assertNotIn(self.url, self.open(HOME_URL).text)
            self.assertNotEqual(self.mine.state, "accepted")
        self.assertFalse(self.todos(ANSWER_ACTIVITY))

    def test_an_invitation_to_a_case_that_is_closed_or_archived_is_not_open(self):
        self.case.active = False
        self.env.flush_all()
        self.assertIn("This invitation is not open any more.", self.open(self.url).text)
        self.case.active = True
        self.case.write(
            {"stage_id": self.stage("closed").id, "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        self.env.flush_all()
        self.assertIn("This invitation is not open any more.", self.open(self.url).text)
        self.assertRedirects(self.answer(answer="yes"), self.url)
        self.assertEqual(self.mine.state, "declined")

    def test_a_yes_that_is_not_possible_tells_the_volunteer_no_more_than_that(self):
        """The other party became known, and lives in the street of the volunteer."""
        self.vera.partner_id.write({"street": "Dorpsstraat 9", "zip": "1234 AB", "city": "Oord"})
        self.case.party_ids.partner_id.write({"zip": "1234 AB", "city": "Oord"})
        self.env.flush_all()
        response = self.answer(answer="yes")
        self.assertEqual(response.status_code, 422)
        self.assertIn("You can not say yes here now.", response.text)
        self.assertNotIn("street of a party", response.text)
        self.assertEqual(self.mine.state, "invited")
        self.assertIn("Vera wants to say yes", self.todos(ANSWER_ACTIVITY).note)

    # ------------------------------------------------------------
    # BAD INPUT AND ATTACK
    # ------------------------------------------------------------

    def test_a_no_asks_for_a_reason_that_a_volunteer_may_choose(self):
        automatic = self.env["buurtbemiddeling.assignment.reason"]._get_by_code("ZAAK_GESLOTEN")
        stops = self.env["buurtbemiddeling.assignment.reason"]._get_by_code("AFGEROND")
        for reason in (None, "", "abc", "-1", "9" * 30, "٣", str(automatic.id), str(stops.id)):
            answers = {"reason": reason} if reason is not None else {}
            response = self.answer(answer="no", note="My own words", **answers)
            self.assertEqual(response.status_code, 422, reason)
            self.assertIn("Choose why you say no.", response.text)
            self.assertIn("My own words", response.text)
            self.assertEqual(self.mine.state, "invited")

    def test_a_note_has_a_limit_and_no_odd_signs(self):
        response = self.say_no(note="x" * 201)
        self.assertEqual(response.status_code, 422)
        self.assertIn("at most 200", response.text)
        self.assertEqual(self.mine.state, "invited")
        self.say_no(note="a\0b\r\nBcc: c")
        self.assertEqual(self.mine.reason_note, "ab Bcc: c")

    def test_ten_megabytes_are_refused(self):
        self.assertEqual(self.answer(answer="no", note="x" * 10_000_000).status_code, 413)
        self.assertEqual(self.mine.state, "invited")

    def test_only_the_own_invitation_is_answered(self):
        self.assertEqual(self.answer(self.other, answer="yes").status_code, 404)
        self.assertEqual(self.say_no(self.other).status_code, 404)
        self.assertEqual(self.other.state, "invited")
        self.assertGone(f"{INVITATION_URL}/{self.other.id}")
        for user in (self.portal, self.coordinator):
            user.password = user.login
            self.authenticate(user.login, user.login)
            self.assertEqual(self.answer(answer="yes").status_code, 404)
        self.authenticate(None, None)
        self.answer(answer="yes")
        self.assertEqual(self.mine.state, "invited")

    def test_more_than_was_asked_changes_nothing(self):
        self.say_no(volunteer_id=str(self.wim.id), state="accepted", hours="99", id="1")
        self.assertEqual(self.mine.state, "declined")
        self.assertEqual(self.mine.volunteer_id, self.vera)
        self.assertFalse(self.mine.hours)

    def test_a_form_without_csrf_token_is_refused(self):
        self.assertEqual(self.answer(answer="yes", csrf_token="x").status_code, 400)
        self.assertEqual(self.mine.state, "invited")

    def test_of_the_volunteer_nothing_is_open_after_leaving(self):
        self.vera.active = False
        self.assertGone(self.url)
        self.assertEqual(self.answer(answer="yes").status_code, 404)
        self.assertEqual(self.mine.state, "invited")
