import json
import os
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from unittest.mock import patch
from urllib.parse import urljoin

from odoo.fields import Command, Date
from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

from odoo.addons.mail.tests.common import mail_new_test_user

WIDTHS = (1366, 360)  # pixels: a laptop and a small phone
NARROWEST = 320  # pixels: nothing scrolls sideways at that width, a laptop at 400% (WCAG 1.4.10)
# The levels A and AA of WCAG 2.2, and what axe-core calls best practice: headings, landmarks.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
JUDGE = """
axe.run(%s, {
    runOnly: %s,
    rules: {"target-size": {enabled: true}},
    resultTypes: ["violations"],
}).then(({violations}) => violations.flatMap(({id, help, nodes}) => nodes.map(
    ({target, html}) => [`${id} (${help})`, target.flat().join(" "), html.slice(0, 200)]
)))
"""
KEYS = {"Tab": 9, "Enter": 13}
FOCUS = """(({id, name, href, type, tagName}) => id || name || href || type || tagName)(
    document.activeElement
)"""
STATUS = 'performance.getEntriesByType("navigation")[0].responseStatus'
LOOK = """({
    lang: document.documentElement.lang,
    title: document.title.trim(),
    headings: document.querySelectorAll("h1").length,
    door: !!document.querySelector("#wrap .o_bb_door"),
    wide: document.scrollingElement.scrollWidth - innerWidth,
})"""


class DoorCase(HttpCase):
    """Pages for people without an Odoo account, in Odoo's own browser and judged by axe-core."""

    def assertAccessible(self, url, login=None, width=None, state_js=None):  # noqa: N802
        """Fail with a readable list when a page is in the way of people.

        :param url: where it is, from the root of the server
        :param login: who looks at it; without it a visitor
        :param width: of the window in pixels; without it all of ``WIDTHS``
        :param state_js: JavaScript that brings the page into another state before it is judged; it
            returns ``true`` when that loads a page, or in a text why it can not
        """
        self.assertAllAccessible([(url, login, state_js)], (width,) if width else WIDTHS)

    def assertAllAccessible(self, pages, widths=WIDTHS):  # noqa: N802
        """The same for many pages ``(url, login, state_js)``, in one browser."""
        with self.open_browser() as browser:
            wrong = []
            for url, login, state_js in pages:
                self.visit(browser, url, login)
                status = self.evaluate(browser, STATUS)
                if status != 200:
                    wrong.append(f"{url} is not there: {status}")
                problem = state_js and self.bring(browser, state_js)
                if problem:
                    wrong.append(f"{url} {problem}")
                wrong += [f"{url} {problem}" for problem in self.judge(browser, widths)]
        self.assertFalse(wrong, "\n".join(["not accessible:", *wrong]))

    # ------------------------------------------------------------
    # THE BROWSER
    # ------------------------------------------------------------

    @contextmanager
    def open_browser(self):
        """Open a browser for several pages and users: `browser_js` starts one for each page."""
        browser = ChromeBrowser(self)
        # No test in the page ends: what a page still asks when it is left is no error, as after a
        # tour; other errors in the page are in the log, and fail the test there.
        browser._result.set_result(True)
        try:
            with self.allow_requests(browser=browser):
                self.browser_login = None
                self.authenticate(None, None, browser=browser)
                yield browser
                self._wait_remaining_requests()
        finally:
            browser.stop()

    def visit(self, browser, url, login=None):
        """Open a page and wait until it stands still."""
        if login != self.browser_login:
            # what the page that is left still asks, is answered before this test logs someone in
            browser.navigate_to("about:blank")
            self._wait_remaining_requests()
            self.authenticate(login, login, browser=browser)
            self.browser_login = login
        self.env.flush_all()
        self.cr.clear()
        browser.navigate_to(urljoin(self.base_url(), url))
        self.wait_for(browser, "true")

    def bring(self, browser, script):
        """Do something in the page; when it returns `true`, wait for the page that comes.

        :return: a text that the script returns: why it could not
        """
        self.evaluate(browser, "window.bbBefore = true")
        done = self.evaluate(browser, script)
        if done is True:
            self.wait_for(browser, "!window.bbBefore")
        return done if isinstance(done, str) else None

    def wait_for(self, browser, condition):
        """Wait until a page is loaded, its scripts run, and a condition holds."""
        ready = "document.readyState === 'complete' && document.fonts.status === 'loaded'"
        scripts = "(!window.odoo || document.body.getAttribute('is-ready') === 'true')"
        self.assertTrue(
            browser._wait_ready(f"{ready} && {scripts} && {condition}", timeout=30), condition
        )

    def evaluate(self, browser, script):
        """Return what a script gives, or what its promise holds."""
        answer = browser._websocket_request(
            "Runtime.evaluate",
            params={"expression": script, "awaitPromise": True, "returnByValue": True},
            timeout=60,
        )
        self.assertNotIn("exceptionDetails", answer, script[:500])
        return answer["result"].get("value")

    def press(self, browser, key):
        """Press a key as a person does."""
        params = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        if key == "Enter":
            params["text"] = "\r"
        for event in ("keyDown", "keyUp"):
            browser._websocket_request("Input.dispatchKeyEvent", params={"type": event, **params})

    def get_focus(self, browser):
        """Return what has the focus: its id, name, link or tag."""
        return self.evaluate(browser, FOCUS)

    def assertFocus(self, browser, expected, message=None):
        """The focus comes: a browser gives it after it has drawn a page, not before."""
        browser._wait_ready(f"({FOCUS}) === {json.dumps(expected)}", timeout=10)
        self.assertEqual(self.get_focus(browser), expected, message)

    def set_width(self, browser, width):
        """Make the window as wide as a screen of so many pixels."""
        metrics = {"width": width, "height": 768, "deviceScaleFactor": 1, "mobile": False}
        browser._websocket_request("Emulation.setDeviceMetricsOverride", params=metrics)

    # ------------------------------------------------------------
    # WHAT IS WRONG
    # ------------------------------------------------------------

    def judge(self, browser, widths=WIDTHS, within="html"):
        """Return in sentences what is wrong with the page that is open.

        :param within: the part for which we answer, as a selector
        """
        self.evaluate(browser, f"{read_axe()}; 0")
        wrong = []
        for width in widths:
            self.set_width(browser, width)
            found = self.evaluate(browser, JUDGE % (json.dumps(within), json.dumps(RULES)))
            wrong += [
                f"at {width} px: {rule}: {target}\n    {html}" for rule, target, html in found
            ]
            wrong += self.look(browser, width)
        self.set_width(browser, NARROWEST)
        return wrong + self.look(browser, NARROWEST)

    def look(self, browser, width):
        """Return what axe-core does not tell, or only as advice."""
        seen = self.evaluate(browser, LOOK)
        wrong = []
        if not seen["lang"]:
            wrong.append("does not say its language")
        if not seen["title"]:
            wrong.append("has no title")
        if seen["headings"] != 1:
            wrong.append(f"has {seen['headings']} first headings")
        if not seen["door"]:
            wrong.append("is not a page of ours")
        if seen["wide"] > 0:
            wrong.append(f"scrolls sideways: {seen['wide']} px too wide")
        return [f"at {width} px: {problem}" for problem in wrong]


@cache
def read_axe():
    """Return the script of axe-core, which is one of the Python packages for the tests."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


class JourneyCase(HttpCase):
    """An organisation in Rozenstad with one coordinator, who works in Dutch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.company = cls.env["res.company"].create({"name": "Welzijn Rozenstad"})
        cls.coordinator = mail_new_test_user(
            cls.env,
            login="journey",
            password="journey-journey",
            name="Corrie Coordinator",
            lang="nl_NL",
            tz="Europe/Amsterdam",
            groups="buurtbemiddeling_case.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.make_places()
        cls.make_referrer()
        cls.make_mediators()

    @classmethod
    def make_places(cls):
        """Make a town with one neighbourhood."""
        area = cls.env["buurtbemiddeling.area"]
        town = area.create({"name": "Rozenstad", "code": "GMTEST", "kind": "municipality"})
        area.create(
            {
                "name": "Rozenbuurt",
                "code": "BUTEST",
                "kind": "neighbourhood",
                "parent_id": town.id,
            }
        )

    @classmethod
    def make_referrer(cls):
        """Make a housing association that refers."""
        cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create({"name": "Wonen Rozenstad", "is_company": True})
                .id,
                "referrer_type_id": cls.env.ref(
                    "buurtbemiddeling_case.referrer_type_corporatie"
                ).id,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def make_mediators(cls):
        """Make two mediators, who may be asked at once."""
        active = cls.env["buurtbemiddeling.volunteer.stage"].search([("code", "=", "active")])
        cls.volunteers = cls.env["buurtbemiddeling.volunteer"].create(
            [
                {
                    "partner_id": cls.env["res.partner"].create({"name": name}).id,
                    "company_id": cls.company.id,
                    "stage_id": active.id,
                }
                for name in ("Bea Bemiddelaar", "Ben Bemiddelaar")
            ]
        )
        cls.make_ready(cls.volunteers)

    @property
    def today(self):
        """The day where the coordinator is: after 23:00 UTC that is not the server's."""
        return Date.context_today(self.coordinator.with_context(tz=self.coordinator.tz))

    def browser_js(self, *args, **options):
        """In a browser that stands where the coordinator is."""
        with patch.dict(os.environ, TZ=self.coordinator.tz):
            return super().browser_js(*args, **options)

    @classmethod
    def make_ready(cls, volunteers):
        """Give volunteers what it takes to get cases: trained and signed."""
        cls.env["buurtbemiddeling.volunteer.document"].create(
            [
                {"volunteer_id": volunteer.id, "kind": kind, "date": date(2025, 1, 6)}
                for volunteer in volunteers
                for kind in ("agreement", "confidentiality")
            ]
        )
        training = cls.env["buurtbemiddeling.training"].create(
            {"name": "Basistraining", "kind": "basic"}
        )
        cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "enrolment_ids": [
                    Command.create(
                        {"volunteer_id": volunteer.id, "attended_hours": 15, "result": "passed"}
                    )
                    for volunteer in volunteers
                ],
            }
        )
