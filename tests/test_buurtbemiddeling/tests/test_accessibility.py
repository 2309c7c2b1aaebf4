import json
import re
from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_volunteer_application import (
    APPLICATION_URL,
)

from .common import DoorCase
from .common_doors import DoorScene

# Sends the form as it stands, past what the browser itself would say of it.
SEND = """((form) => form ? (form.submit(), true) : "has no form to send")(
    document.querySelector("#wrap form")
)"""
OUTLINE = """(({outlineStyle, outlineWidth}) => `${outlineStyle} ${outlineWidth}`)(
    getComputedStyle(document.activeElement)
)"""
FILES = (
    "/my/protocol/<>/bestand",
    "/my/trainingen/<>/certificaat",
    "/my/bemiddelingen/<>/blad/<>",
)
# What nobody who sees the page by eye would notice.
FLAWS = {
    "image-alt": '<img src="/web/static/img/logo.png"/>',
    "label": '<input type="text"/>',
    "color-contrast": '<p style="color: #bbb; background: #fff">Pale</p>',
    "target-size": '<p style="font-size: 8px"><a href="#">A</a><br/><a href="#">B</a></p>',
    "heading-order": "<h2>Two</h2><h5>Five</h5>",
    "has 2 first headings": "<h1>Another</h1>",
    "scrolls sideways": '<div style="width: 2000px">Wide</div>',
}


@tagged("post_install", "-at_install")
class TestAccessibility(DoorCase, DoorScene):
    """Every page for people without an Odoo account is for everybody: WCAG 2.2, level AA."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of_company = f"organisation={cls.company.id}"
        cls.application_url = f"/nl{APPLICATION_URL}?{cls.of_company}"

    def get_pages(self):
        """Return ``{address: (login, values in the address, states to judge besides)}``.

        An address is as its route has it, without the names of what varies in it.
        """
        mediator, referrer = self.mediator.login, self.referrer.login
        assignment, invitation = self.own_assignment.id, self.invitation.id
        return {
            "/buurtbemiddeling/aanmelden": (None, [], [SEND]),
            "/buurtbemiddeling/aanmelden/bedankt": (None, [], []),
            "/buurtbemiddeling/vrijwilliger": (None, [], [SEND]),
            "/buurtbemiddeling/vrijwilliger/bedankt": (None, [], []),
            "/buurtbemiddeling/verwijzen/<>": (None, [self.get_link_token], [SEND]),
            "/buurtbemiddeling/verwijzen/bedankt": (None, [], []),
            "/my/verwijzingen": (referrer, [], []),
            "/my/verwijzingen/page/<>": (referrer, [1], []),
            "/my/verwijzingen/nieuw": (referrer, [], [SEND]),
            "/my/verwijzingen/<>": (referrer, [self.own_case.id], []),
            "/my/uitnodigingen/<>": (mediator, [invitation], []),
            "/my/bemiddelingen": (mediator, [], []),
            "/my/bemiddelingen/<>": (mediator, [assignment], []),
            "/my/bemiddelingen/<>/gesprek": (mediator, [assignment], [SEND]),
            "/my/bemiddelingen/<>/gesprek/<>": (mediator, [assignment, self.own_talk.id], [SEND]),
            "/my/bemiddelingen/<>/verslag": (mediator, [assignment], [SEND]),
            "/my/bemiddelingen/<>/aan-de-deur": (mediator, [assignment], [SEND]),
            "/my/bemiddelingen/<>/verslag/<>": (mediator, [assignment, self.make_report], []),
            "/my/bemiddelingen/<>/afspraak": (mediator, [assignment], [SEND]),
            "/my/bemiddelingen/<>/afspraak/<>": (mediator, [assignment, self.make_agreement], []),
            "/my/bemiddelingen/<>/kosten": (mediator, [assignment], [SEND]),
            "/my/kosten": (mediator, [], [SEND]),
            "/my/kosten/<>": (mediator, [self.make_expense], []),
            "/my/agenda": (mediator, [], []),
            "/my/beschikbaar": (mediator, [], [SEND]),
            "/my/beschikbaar/afwezig": (mediator, [], [SEND]),
            "/my/beschikbaar/afwezig/<>": (mediator, [self.make_absence], []),
            "/my/profiel": (mediator, [], [SEND]),
            "/my/profiel/email": (mediator, [], [SEND]),
            "/my/profiel/stoppen": (mediator, [], []),
            "/my/protocol": (mediator, [], []),
            "/my/protocol/<>": (mediator, [self.make_protocol], []),
            "/my/trainingen": (mediator, [], []),
        }

    def make_report(self):
        report = self.env["buurtbemiddeling.visit.report"].create(
            {
                "party_id": self.own_case.party_ids[0].id,
                "date": date.today(),
                "assignment_id": self.own_assignment.id,
            }
        )
        return report.id

    def make_agreement(self):
        values = {"case_id": self.own_case.id, "name": "Stil na elf uur"}
        return self.env["buurtbemiddeling.case.agreement"].create(values).id

    def make_expense(self):
        values = {"volunteer_id": self.volunteer.id, "kind": "parking", "amount": 4.5}
        return self.env["buurtbemiddeling.expense"].create(values).id

    def make_absence(self):
        values = {"volunteer_id": self.volunteer.id, "date_to": date.today() + timedelta(days=7)}
        return self.env["buurtbemiddeling.volunteer.absence"].create(values).id

    def make_protocol(self):
        protocol = self.env["buurtbemiddeling.protocol"].create(
            {"name": "Werkprotocol", "version": "1", "company_id": self.company.id}
        )
        protocol.action_publish()
        return protocol.id

    def get_link_token(self):
        """Return the token of a link with which a referrer without a login refers once."""
        links = self.env["buurtbemiddeling.referral.link"]
        return links._make(self.referral_partner, self.referrer.partner_id)[1].rsplit("/", 1)[1]

    def test_all_pages_are_for_everybody(self):
        table, pages, forgotten = self.get_pages(), [], []
        for route in self.get_routes():
            address = re.sub("<[^>]*>", "<>", route.path)
            if not route.endpoints.get("GET", {}).get("website") or address in FILES:
                continue  # not a page, or only the answer to a form
            if address not in table:
                forgotten.append(route.path)
                continue
            login, values, states = table[address]
            values = [str(value() if callable(value) else value) for value in values]
            query = {
                "/my/bemiddelingen/<>/verslag": f"?party={self.own_case.party_ids[0].id}",
            }.get(address, "" if login else f"?{self.of_company}")
            url = f"/nl{route.make_url(values)}{query}"
            pages += [(url, login, state) for state in [None, *states]]
        self.assertFalse(forgotten, "pages that the table does not have")
        self.assertAllAccessible(pages)

    def test_a_flaw_is_found(self):
        with self.open_browser() as browser:
            self.visit(browser, self.application_url)
            for flaw in FLAWS.values():
                self.bring(
                    browser,
                    "document.querySelector('.o_bb_door > div')"
                    f".insertAdjacentHTML('beforeend', {json.dumps(flaw)})",
                )
            self.bring(browser, "document.title = ''; document.documentElement.lang = ''")
            found = "\n".join(self.judge(browser, widths=[360]))
        for rule in (*FLAWS, "has no title", "does not say its language"):
            self.assertIn(rule, found)
        with self.assertRaisesRegex(AssertionError, "at 360 px: image-alt"):
            flaw = json.dumps(FLAWS["image-alt"])
            self.assertAccessible(
                self.application_url, width=360, state_js=f"document.write({flaw})"
            )

    def test_a_form_is_filled_in_and_corrected_by_keyboard(self):
        with self.open_browser() as browser:
            self.visit(browser, self.application_url)
            fields = self.evaluate(
                browser,
                "[...document.querySelectorAll('#wrap :is(input, select, textarea)"
                ':not([type=hidden], [tabindex="-1"])\')].map(({id}) => id)',
            )
            self.assertIn("consent", fields)
            self.press(browser, "Tab")
            self.assertTrue(self.get_focus(browser).endswith("#wrap"), "past what is on each page")
            walked = []
            for _step in range(len(fields) + 1):
                self.press(browser, "Tab")
                walked.append(self.get_focus(browser))
            self.assertEqual(walked, [*fields, "submit"], "everything, in the order of reading")
            self.assertEqual(self.evaluate(browser, OUTLINE), "solid 3px", "one sees where one is")

            self.bring(browser, SEND)
            self.assertFocus(browser, "door_errors", "told at once")
            self.press(browser, "Tab")
            self.assertTrue(self.get_focus(browser).endswith("#name"))
            self.press(browser, "Enter")
            self.assertFocus(browser, "name", "from what is wrong to the question")

    def test_what_is_wrong_is_told_without_javascript(self):
        with self.open_browser() as browser:
            self.visit(browser, self.application_url)
            browser._websocket_request(
                "Emulation.setScriptExecutionDisabled", params={"value": True}
            )
            self.bring(browser, SEND)
            self.assertFocus(browser, "door_errors")
