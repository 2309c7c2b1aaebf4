import json

from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_volunteer_application import (
    APPLICATION_URL,
)

from .common import DoorCase, DoorScene

# Sends the form as it stands, past what the browser itself would say of it.
SEND = "document.querySelector('#wrap form').submit(); true"
OUTLINE = """(({outlineStyle, outlineWidth}) => `${outlineStyle} ${outlineWidth}`)(
    getComputedStyle(document.activeElement)
)"""
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
        cls.application_url = f"/nl{APPLICATION_URL}?organisation={cls.company.id}"

    def get_pages(self):
        """Return all pages as (url, login, state): a page that is not here is not judged."""
        of_company = f"organisation={self.company.id}"
        return [
            (f"{APPLICATION_URL}?{of_company}", None, None),
            (self.application_url, None, SEND),
            (f"/nl{APPLICATION_URL}/bedankt?{of_company}", None, None),
        ]

    def test_all_pages_are_for_everybody(self):
        self.assertAllAccessible(self.get_pages())

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
            self.assertEqual(self.get_focus(browser), "door_errors", "told at once")
            self.press(browser, "Tab")
            self.assertTrue(self.get_focus(browser).endswith("#name"))
            self.press(browser, "Enter")
            self.assertEqual(self.get_focus(browser), "name", "from what is wrong to the question")

    def test_what_is_wrong_is_told_without_javascript(self):
        with self.open_browser() as browser:
            self.visit(browser, self.application_url)
            browser._websocket_request(
                "Emulation.setScriptExecutionDisabled", params={"value": True}
            )
            self.bring(browser, SEND)
            self.assertEqual(self.get_focus(browser), "door_errors")
