from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_volunteer_application import (
    APPLICATION_URL,
)

from .common import DoorCase
from .common_doors import DoorScene
from .test_accessibility import SEND

SITE = """({
    site: !!document.querySelector("html[data-website-id]"),
    menu: !!document.querySelector("#wrapwrap > header#top nav"),
    page: document.querySelectorAll("main #wrap .o_bb_door h1").length,
})"""


@tagged("post_install", "-at_install", "-standard", "buurtbemiddeling_demo")
class TestWebsite(DoorCase, DoorScene):
    """Beside Odoo's Website app our pages are pages of that site, and for everybody too."""

    def test_public_pages_are_pages_of_the_site(self):
        url = f"{APPLICATION_URL}?organisation={self.company.id}"
        with self.open_browser() as browser:
            for address, state in (
                (url, None),
                (url, SEND),
                (f"{APPLICATION_URL}/bedankt?organisation={self.company.id}", None),
            ):
                self.visit(browser, address)
                if state:
                    self.bring(browser, state)
                self.assertEqual(
                    self.evaluate(browser, SITE), {"site": True, "menu": True, "page": 1}
                )
                # the header and the footer are the site's own
                self.assertFalse(self.judge(browser, within="#wrap"))
