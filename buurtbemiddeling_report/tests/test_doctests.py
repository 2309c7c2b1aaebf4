import doctest

from odoo.tests import BaseCase, tagged

from .. import workbook
from ..tools import chart


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_workbook(self):
        results = doctest.testmod(workbook)
        self.assertGreater(results.attempted, 0)
        self.assertFalse(results.failed)

    def test_chart(self):
        results = doctest.testmod(chart)
        self.assertGreater(results.attempted, 0)
        self.assertFalse(results.failed)
