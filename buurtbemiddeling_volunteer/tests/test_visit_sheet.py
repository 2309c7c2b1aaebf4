from datetime import datetime, timedelta

from lxml import html

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mediator_portal import MediatorCase
from .test_mediator_portal import SECRETS

REPORT = "buurtbemiddeling_volunteer.report_visit_sheet"
# of Anna: all that paper must not hold; see MediatorCase.make_case_with_secrets
ANNA = ("Anna", "Melder", "0611111111", "06 1111 1111", "anna@example.com", "Ring twice")
BERT = ("Bert", "Buur", "B.B.", "Dorpsstraat 3", "Works late", "Beside")
SIDES = ("Reporter", "reporter", "Other party", "other party")


class VisitSheetCase(MediatorCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.couple(cls.case, cls.vera)
        cls.anna, cls.bert = cls.case.party_ids
        cls.anna.language_id = cls.env["buurtbemiddeling.language"].search([], limit=1)

    def print_sheets(self, parties, user=None):
        """Return the words of each page."""
        reports = self.env["ir.actions.report"].with_user(user or self.coordinator)
        content, _kind = reports._render_qweb_html(REPORT, parties.ids)
        pages = html.fromstring(content).xpath("//div[hasclass('page')]")
        return [" ".join(page.text_content().split()) for page in pages]

    def plan(self, **values):
        return self.env["buurtbemiddeling.meeting"].create(
            {
                "case_id": self.case.id,
                "kind": "talk_a",
                "start": fields.Datetime.now() + timedelta(days=3),
                **values,
            }
        )

    def prints(self):
        return self.env["buurtbemiddeling.trace"].search([("action", "=", "print")])


@tagged("post_install", "-at_install")
class TestVisitSheet(VisitSheetCase):
    """Paper gets lost, and lies on the table of a neighbour."""

    def test_a_sheet_has_what_a_visit_needs(self):
        (page,) = self.print_sheets(self.anna)
        for needed in (
            self.case.name, "A.M.", "Dorpsstraat 1", self.anna.language_id.name,
            "Interpreter needed", "Hand this sheet in", "Printed on",
        ):  # fmt: skip
            self.assertIn(needed, page)

    def test_a_sheet_has_no_name_phone_mail_or_story(self):
        self.plan(location="Bert Buur, Dorpsstraat 3", place="home_b", kind="mediation")
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, self.anna.ids)
        for secret in (*ANNA, *BERT, *SECRETS, *SIDES, "Vera", self.coordinator.name):
            self.assertNotIn(secret, content.decode())

    def test_the_page_of_one_neighbour_has_nothing_of_the_other(self):
        self.plan(kind="mediation", place="home_a")
        first, second = self.print_sheets(self.case.party_ids)
        for word in ("A.M.", "Dorpsstraat 1", "nterpreter", *SIDES, *ANNA):
            self.assertNotIn(word, second)
        for word in (*BERT, *SIDES):
            self.assertNotIn(word, first)
        self.assertIn("At this address", first)
        self.assertIn("B.B.", second)
        self.assertNotIn("address.", second)

    def test_the_next_talk_with_this_neighbour_is_on_it(self):
        room = self.env["buurtbemiddeling.room"].create(
            {"name": "Buurthuis", "company_id": self.company.id}
        )
        self.plan(start=datetime(2026, 3, 3, 18, 0), state="cancelled")
        self.plan(kind="approach_b", start=fields.Datetime.now() + timedelta(days=1))
        talk = self.plan(kind="mediation", place="room", room_id=room.id)
        later = self.plan(start=talk.start + timedelta(days=9))
        (page,) = self.print_sheets(self.anna)
        self.assertIn(", ".join(talk._format_start("en_US")), page)
        self.assertIn(talk.where, page)
        self.assertNotIn(later._format_start("en_US")[0], page)

    def test_a_neighbour_of_whom_little_is_known_has_a_sheet(self):
        party = self.env["buurtbemiddeling.case.party"].create(
            {"case_id": self.case.id, "side": "b"}
        )
        (page,) = self.print_sheets(party)
        self.assertIn("Not known", page)

    def test_printing_leaves_a_trace_of_who_and_which(self):
        with self.with_user(self.coordinator.login):
            action = self.env["buurtbemiddeling.case"].browse(self.case.id)
            action = action.action_print_visit_sheets()
        self.assertEqual(action["report_name"], REPORT)
        self.print_sheets(self.case.party_ids)
        row = self.prints()
        self.assertEqual(
            (row.user_id, row.model, row.res_ids),
            (self.coordinator, "buurtbemiddeling.case.party", sorted(self.case.party_ids.ids)),
        )

    def test_nobody_else_prints_it(self):
        for user in (self.colleague, self.portal, self.vera.user_id, self.stranger):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self.print_sheets(self.anna, user)
        self.assertFalse(self.prints())

    def test_of_a_talk_its_own_neighbours_are_printed(self):
        talk = self.plan(kind="talk_a")
        self.assertEqual(talk.action_print_visit_sheets()["context"]["active_ids"], self.anna.ids)
        empty = self.make_case()
        with self.assertRaises(UserError):
            empty.action_print_visit_sheets()


@tagged("post_install", "-at_install")
class TestVisitSheetOnPortal(VisitSheetCase):
    def url(self, party, assignment=None):
        return f"{self.case_url(assignment or self.mine)}/blad/{party.id}"

    def test_a_mediator_prints_the_sheets_of_the_own_case(self):
        self.login(self.vera)
        page = self.open(self.case_url(self.mine))
        self.assertIn(self.url(self.anna), page.text)
        sheet = self.open(self.url(self.anna))
        self.assertEqual(sheet.status_code, 200)
        self.assertEqual(sheet.headers["Cache-Control"], "no-store")
        self.assertIn("A.M.", sheet.text)
        for secret in (*ANNA, *BERT, *SECRETS, *SIDES):
            self.assertNotIn(secret, sheet.text)
            self.assertNotIn(secret, sheet.headers["Content-Disposition"])
        row = self.prints()
        self.assertEqual((row.user_id, row.res_ids), (self.vera.user_id, self.anna.ids))

    def test_nobody_prints_a_case_that_is_not_theirs_any_more(self):
        other = self.make_case_with_secrets()
        stranger = self.couple(other, self.wim)
        self.login(self.vera)
        self.assertGone(self.url(other.party_ids[0]))  # of another case, by my own assignment
        self.assertGone(self.url(self.anna, stranger))  # by the assignment of a colleague
        self.assertGone(f"{self.case_url(self.mine)}/blad/0")
        self.mine.with_user(self.coordinator).state = "ended"
        self.assertGone(self.url(self.anna))
        self.assertFalse(self.prints())

    def test_a_report_address_of_odoo_gives_a_mediator_nothing(self):
        self.login(self.vera)
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            response = self.open(f"/report/html/{REPORT}/{self.anna.id}")
        self.assertNotIn("A.M.", response.text)
        self.assertNotEqual(response.status_code, 200)

    def test_opening_a_case_on_the_portal_leaves_a_trace(self):
        self.login(self.vera)
        for url in (self.case_url(self.mine), f"{self.case_url(self.mine)}/gesprek?kind=talk_a"):
            self.assertEqual(self.open(url).status_code, 200)
        rows = self.env["buurtbemiddeling.trace"].search([("user_id", "=", self.vera.user_id.id)])
        self.assertEqual(
            [(row.action, row.model, row.res_ids, row.company_id) for row in rows],
            [("open", "buurtbemiddeling.case", self.case.ids, self.company)],
        )
