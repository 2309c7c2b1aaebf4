import doctest

from odoo.tests import BaseCase, tagged

from ..tools import chart, delimited, outlook, workbook


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (chart, delimited, outlook, workbook):
            with self.subTest(module=module.__name__):
                results = doctest.testmod(module)
                self.assertGreater(results.attempted, 0)
                self.assertFalse(results.failed)
