from odoo.tests import tagged

from odoo.addons.buurtbemiddeling_volunteer.models.buurtbemiddeling_volunteer_application import (
    APPLICATION_URL,
)

from .common import DoorCase, JourneyCase

# Send the form as it stands, past what the browser itself would say of it.
SEND = "document.querySelector('#wrap form').submit(); true"


@tagged("post_install", "-at_install")
class TestAccessibility(DoorCase, JourneyCase):
    """Every page for people without an Odoo account is for everybody: WCAG 2.2, level AA."""

    def test_all(self):
        self.company.buurtbemiddeling_application_form = True
        url = f"{APPLICATION_URL}?organisation={self.company.id}"
        thanks = f"{APPLICATION_URL}/bedankt?organisation={self.company.id}"
        self.assertAllAccessible([
            (url, None, None), (f"/nl{url}", None, SEND), (thanks, None, None), ("/web/login", None, None),
            ("/my", "journey", None), ("/my/account", "journey", None), ("/my/security", "journey", None)])
