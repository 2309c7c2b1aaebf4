import doctest

from odoo.tests import BaseCase, tagged

from .. import workbook
from ..tools import changes, places


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples_hold(self):
        for module in (workbook, changes, places):
            with self.subTest(module.__name__):
                results = doctest.testmod(module)
                self.assertGreater(results.attempted, 0)
                self.assertFalse(results.failed)
