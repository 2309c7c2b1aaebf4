import doctest

from odoo.tests import BaseCase, tagged

from ..tools import changes, chart, delimited, outlook, places, workbook


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples_hold(self):
        for module in (changes, chart, delimited, outlook, places, workbook):
            with self.subTest(module=module.__name__):
                results = doctest.testmod(module)
                self.assertGreater(results.attempted, 0)
                self.assertFalse(results.failed)
