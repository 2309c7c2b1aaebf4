import doctest

from odoo.tests import BaseCase, tagged

from ..tools import anonymity


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_anonymity(self):
        results = doctest.testmod(anonymity)
        self.assertGreater(results.attempted, 0)
        self.assertFalse(results.failed)
