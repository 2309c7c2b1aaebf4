from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..controllers.mediator import HOME_URL
from ..models.buurtbemiddeling_assignment_portal_answer_mixin import (
    INVITATION_URL,
    TIE_ACTIVITY,
)
from .common_mediator_portal import MediatorPageCase

# what no mediator reads on the portal: what was told, and what the office notes for itself
SECRETS = (
    "The drum kit at night",
    "She always shouts",
    "Extra signal text",
    "Landlord Ltd",
    "anna@example.com",
    "WBV",
    "Debt and drink",
)


@tagged("post_install", "-at_install")
class TestMediatorPortal(MediatorPageCase):
    """A mediator sees their own cases, as long as they last, and only what the work needs."""

    # ------------------------------------------------------------
    # THE CASE PAGE
    # ------------------------------------------------------------

    def test_the_case_page_has_what_the_work_needs_of_each_party(self):
        page = self.open(self.url)
        self.assertEqual(page.status_code, 200)
        for told in (
            self.case.name,
            self.case.intervention_id.name,
            *("Anna Melder", "Dorpsstraat 1", "tel:0611111111", "Interpreter needed"),
            *("Bert Buur", "Dorpsstraat 3", "Beside", "Works late", "Ring twice"),
            *("Wim", "tel:0600000003", "Coordinator Tester", "tel:0201234567"),
            "Plan a talk with the reporter",
        ):
            self.assertIn(told, page.text)

    def test_nothing_that_was_told_or_is_kept_by_the_office_is_on_any_page(self):
        for url in (HOME_URL, self.url, "/my"):
            text = self.open(url).text
            for secret in (*SECRETS, "03/01/2026", "bert@"):
                self.assertNotIn(secret, text, url)

    def test_a_coordinator_types_what_the_mediators_read(self):
        with Form(self.case.party_ids[0].with_user(self.coordinator)) as party:
            party.mediator_note = "Doorbell is broken"
        self.assertIn("Doorbell is broken", self.open(self.url).text)

    def test_the_overview_names_no_resident(self):
        text = self.open(HOME_URL).text
        for name in ("Anna", "Bert", "Dorpsstraat", "Ring twice", "Works late"):
            self.assertNotIn(name, text)
        self.assertIn(self.case.name, text)

    def test_the_title_of_a_page_names_no_resident(self):
        title = self.open(self.url).text.split("<title>")[1].split("</title>")[0]
        self.assertNotIn("Anna", title)
        self.assertNotIn("Bert", title)

    def test_a_note_for_the_mediators_is_text_and_no_html(self):
        self.assertIn("Ring twice &lt;b&gt;please&lt;/b&gt;", self.open(self.url).text)

    def test_pages_with_personal_data_are_not_kept_by_a_browser(self):
        for url in (HOME_URL, self.url):
            self.assertEqual(self.open(url).headers["Cache-Control"], "no-store")

    def test_the_values_of_a_page_are_plain(self):
        """What is not in the values can not leak: no record is among them."""

        def walk(value):
            if isinstance(value, dict):
                for each in value.values():
                    walk(each)
            elif isinstance(value, (list, tuple)):
                for each in value:
                    walk(each)
            else:
                self.assertIsInstance(value, (str, int, bool, type(None)))

        rows = self.env["buurtbemiddeling.assignment"].with_user(self.vera.user_id)
        walk(rows._find_mine(self.mine.id)._get_portal_case_values())
        walk(self.vera.with_user(self.vera.user_id).sudo()._get_portal_home_values())

    def test_who_is_only_invited_is_no_colleague_yet(self):
        self.couple(self.case, self.make_volunteer("Zoe"), state="invited")
        self.assertNotIn("Zoe", self.open(self.url).text)

    # ------------------------------------------------------------
    # WHO SEES IT
    # ------------------------------------------------------------

    def test_the_case_of_someone_else_does_not_exist(self):
        theirs = self.couple(self.make_case(), self.wim)
        for number in (self.other.id, theirs.id, theirs.case_id.id + 10**6, 0, 10**15):
            self.assertGone(f"{HOME_URL}/{number}")
            self.assertGone(f"{INVITATION_URL}/{number}")

    def test_odd_addresses_do_not_exist(self):
        for odd in ("-1", "abc", "1e3", f"{self.mine.id};1", "%F0%9F%92%A9"):
            self.assertGone(f"{HOME_URL}/{odd}")

    def test_without_a_login_one_is_asked_to_log_in(self):
        self.authenticate(None, None)
        for url in (HOME_URL, self.url, f"{INVITATION_URL}/{self.mine.id}"):
            response = self.open(url)
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])

    def test_other_people_with_a_login_have_no_mediations(self):
        """A referrer or a colleague, also one who may read the case in the office."""
        for user in (self.portal, self.colleague, self.coordinator, self.manager):
            user.password = user.login
            self.authenticate(user.login, user.login)
            for url in (HOME_URL, self.url, f"{INVITATION_URL}/{self.mine.id}"):
                self.assertGone(url)
            self.assertNotIn(HOME_URL, self.open("/my").text)

    def test_a_volunteer_of_two_organisations_sees_the_cases_of_both(self):
        second = self.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": self.vera.partner_id.id,
                "company_id": self.other_company.id,
                "stage_id": self.vera.stage_id.id,
                "user_id": self.vera.user_id.id,
            }
        )
        case = self.make_case(user=self.stranger, company_id=self.other_company.id)
        row = self.env["buurtbemiddeling.assignment"].with_context(import_file=True)
        row = row.create({"case_id": case.id, "volunteer_id": second.id, "state": "accepted"})
        text = self.open(HOME_URL).text
        for told in ("Welzijn", "Elsewhere", self.case_url(row), self.url):
            self.assertIn(told, text)
        self.assertEqual(self.open(self.case_url(row)).status_code, 200)

    def test_a_wrong_method_is_refused(self):
        self.assertEqual(self.post(HOME_URL).status_code, 405)
        self.assertEqual(self.post(self.url).status_code, 405)
        with mute_logger("odoo.http"):
            self.assertEqual(self.open(f"{self.url}/bekende").status_code, 405)

    def test_a_form_without_csrf_token_is_refused(self):
        response = self.post(f"{self.url}/bekende", csrf_token="wrong")
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.todos(TIE_ACTIVITY))

    def test_more_than_was_asked_changes_nothing(self):
        """Whatever else is sent along is left alone."""
        before = self.mine.read(["state", "hours", "case_id", "volunteer_id"])
        self.open(f"{HOME_URL}?state=ended&volunteer_id=1&done=%3Cscript%3E")
        self.post(f"{self.url}/bekende", state="ended", hours="99", case_id="1", name="x" * 5000)
        self.env.invalidate_all()
        self.assertEqual(self.mine.read(["state", "hours", "case_id", "volunteer_id"]), before)

    def test_a_message_comes_by_code_and_never_from_the_address(self):
        text = self.open(f"{self.url}?done=<script>alert(1)</script>").text
        self.assertNotIn("alert(1)", text)
        self.assertIn("This is your case now", self.open(f"{self.url}?done=yes").text)

    # ------------------------------------------------------------
    # WHEN IT ENDS
    # ------------------------------------------------------------

    def test_after_the_work_has_ended_the_case_is_gone_at_once(self):
        self.assertEqual(self.open(self.url).status_code, 200)
        self.mine.state = "ended"
        self.assertGone(self.url)
        self.assertGone(f"{INVITATION_URL}/{self.mine.id}")
        self.assertNotIn(self.case.name, self.open(HOME_URL).text)
        self.assertEqual(self.post(f"{self.url}/bekende").status_code, 404)
        self.assertTrue(self.mine.with_user(self.coordinator).read(["state"]))

    def test_a_returning_mediator_sees_the_case_by_a_new_row(self):
        self.mine.state = "ended"
        again = self.couple(self.case, self.vera)
        self.assertGone(self.url)
        self.assertEqual(self.open(self.case_url(again)).status_code, 200)

    def test_a_closed_case_is_gone(self):
        self.case.write(
            {"stage_id": self.stage("closed").id, "outcome_id": self.code("outcome", "OPG_BEM").id}
        )
        self.assertGone(self.url)

    def test_an_archived_case_is_gone(self):
        self.case.active = False
        self.assertGone(self.url)
        self.assertNotIn(self.case.name, self.open(HOME_URL).text)

    def test_an_archived_volunteer_sees_nothing(self):
        self.vera.active = False
        self.assertGone(self.url)
        self.assertGone(HOME_URL)
        self.assertNotIn(HOME_URL, self.open("/my").text)

    def test_who_has_left_sees_nothing(self):
        self.mine.state = "ended"
        reason = self.env["buurtbemiddeling.leave.reason"].search([], limit=1)
        wizard = self.env["buurtbemiddeling.volunteer.leave"].with_user(self.coordinator)
        wizard.create({"volunteer_id": self.vera.id, "reason_id": reason.id}).action_leave()
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.vera.user_id)
        self.assertFalse(volunteers._get_mine())
        self.assertGone(HOME_URL)

    def test_without_the_login_on_the_volunteer_nothing_is_seen(self):
        self.vera.user_id = False
        self.assertGone(self.url)
        self.assertGone(HOME_URL)

    # ------------------------------------------------------------
    # THE OVERVIEW
    # ------------------------------------------------------------

    def test_the_entry_with_its_count_is_there_for_volunteers_only(self):
        text = self.open("/my").text
        self.assertIn(f'href="{HOME_URL}"', text)
        volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.vera.user_id)
        self.assertEqual(volunteers._count_on_portal(), 1)

    def test_one_odd_record_does_not_break_the_pages(self):
        """Archived phase, no coordinator, a room elsewhere, a party of whom nothing is known."""
        stage = self.env["buurtbemiddeling.case.stage"].create(
            {"name": "Own", "code": "own", "active": False, "company_id": self.company.id}
        )
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Far", "company_id": self.other_company.id, "active": False}
        )
        odd = self.make_case(stage_id=stage.id)
        odd.user_id = False
        self.vera.coordinator_id = False
        self.env["buurtbemiddeling.case.party"].create({"case_id": odd.id, "side": "b"})
        talk = self.make_talk(odd, days=2)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_meeting SET room_id = %s WHERE id = %s", (room.id, talk.id)
        )
        self.env.invalidate_all()
        row = self.couple(odd, self.vera)
        text = self.open(HOME_URL).text
        self.assertIn(odd.name, text)
        self.assertIn(self.case.name, text)
        page = self.open(self.case_url(row))
        self.assertEqual(page.status_code, 200)
        self.assertIn("Name not known yet", page.text)

    def test_a_case_of_a_project_that_is_closed_to_others_is_seen_by_its_mediator(self):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Closed circle",
                "company_id": self.company.id,
                "is_members_only": True,
                "user_ids": [(6, 0, self.manager.ids)],
            }
        )
        self.case.with_env(self.env).write({"user_id": False, "project_id": project.id})
        self.assertIn(self.case.name, self.open(HOME_URL).text)
        self.assertEqual(self.open(self.url).status_code, 200)
        self.assertRedirects(self.post(f"{self.url}/bekende"), f"{self.url}?done=tie")

    def test_the_queries_do_not_grow_with_the_cases(self):
        def count(number):
            for index in range(number):
                case = self.make_case_with_secrets(
                    reporter_name=f"Anna {number} {index}",
                    reporter_street=f"Lane{number}{index} 1",
                    neighbour_name=f"Bert {number} {index}",
                    neighbour_street=f"Lane{number}{index} 3",
                )
                self.make_talk(case, days=3)
                self.couple(case, self.vera)
                self.couple(case, self.wim)
            volunteers = self.env["buurtbemiddeling.volunteer"].with_user(self.vera.user_id)
            return self.count_queries(lambda: volunteers._get_mine()._get_portal_home_values())

        few = count(1)  # with the one that is there: 2
        self.assertEqual(count(10), few)  # 12

    # ------------------------------------------------------------
    # THE NEXT STEP
    # ------------------------------------------------------------

    # ------------------------------------------------------------
    # KNOWING SOMEONE
    # ------------------------------------------------------------

    def test_who_knows_a_party_says_so_once_and_the_coordinator_decides(self):
        for _twice in range(2):
            self.assertRedirects(self.post(f"{self.url}/bekende"), f"{self.url}?done=tie")
        todo = self.todos(TIE_ACTIVITY)
        self.assertEqual(len(todo), 1)
        self.assertEqual(todo.user_id, self.coordinator)
        self.assertIn("Vera", todo.note)
        declaration = self.env["buurtbemiddeling.volunteer.declaration"].search(
            [("volunteer_id", "=", self.vera.id)]
        )
        self.assertEqual((declaration.kind, declaration.case_id), ("case", self.case))
        self.assertEqual(self.mine.state, "accepted")
        self.assertIn("Vera", self.case.with_user(self.coordinator).independence_warning)
        self.assertIn("You told us that you know one", self.open(self.url).text)

        self.other.with_user(self.coordinator).state = "ended"
        self.assertTrue(self.todos(TIE_ACTIVITY), "who knows a party is there still")
        self.mine.with_user(self.coordinator).state = "ended"
        self.assertFalse(self.todos(TIE_ACTIVITY), "decided")

    def test_who_taps_twice_at_once_waits_for_oneself(self):
        """Of two transactions that update the volunteer, the second starts over and finds it."""

        def read_version():
            self.env.flush_all()
            self.env.cr.execute(
                "SELECT ctid FROM buurtbemiddeling_volunteer WHERE id = %s", [self.vera.id]
            )
            return self.env.cr.fetchone()

        row = self.mine.with_user(self.vera.user_id).sudo()
        row._declare_tie()
        before = read_version()
        row._declare_tie()  # changes nothing, but took its turn
        self.assertNotEqual(read_version(), before)

    def test_the_name_of_a_mediator_is_text_in_the_to_do(self):
        self.vera.partner_id.name = "Vera <a href='https://example.com'>here</a>"
        self.mine.with_user(self.vera.user_id).sudo()._declare_tie()
        self.assertNotIn("<a", self.todos(TIE_ACTIVITY).note)

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

    def test_the_mediator_reads_and_writes_none_of_our_records(self):
        for record in (self.mine, self.case, self.case.party_ids[0], self.vera):
            theirs = record.with_user(self.vera.user_id)
            for call in (
                lambda theirs=theirs: theirs.read(["display_name"]),
                lambda theirs=theirs: theirs.write({}),
                lambda theirs=theirs: theirs.search([]),
            ):
                with (
                    mute_logger("odoo.addons.base.models.ir_access"),
                    self.assertRaises(AccessError),
                ):
                    call()
