import doctest

from odoo.tests import BaseCase, tagged

from .. import workbook
from ..models import buurtbemiddeling_benchmark_disclosure_mixin
from ..tools import disclosure


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_workbook(self):
        results = doctest.testmod(workbook)
        self.assertGreater(results.attempted, 0)
        self.assertFalse(results.failed)

    def test_disclosure(self):
        for module in (disclosure, buurtbemiddeling_benchmark_disclosure_mixin):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed)
