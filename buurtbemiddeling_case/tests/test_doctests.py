import doctest

from odoo.tests import BaseCase, tagged

from .. import tools


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        results = doctest.testmod(tools)
        self.assertGreater(results.attempted, 0)
        self.assertFalse(results.failed)
