import doctest

from odoo.tests import BaseCase, tagged

from ..models import buurtbemiddeling_assignment_portal_mixin
from ..tools import anonymity, answers, independence, pairing


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            anonymity,
            answers,
            independence,
            pairing,
            buurtbemiddeling_assignment_portal_mixin,
        ):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed, module.__name__)
