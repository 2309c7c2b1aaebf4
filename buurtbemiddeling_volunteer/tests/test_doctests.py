import doctest

from odoo.tests import BaseCase, tagged

from ..models import buurtbemiddeling_volunteer_portal_availability_mixin as availability
from ..tools import anonymity, feed, independence, pairing


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (anonymity, feed, independence, pairing, availability):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed, module.__name__)
