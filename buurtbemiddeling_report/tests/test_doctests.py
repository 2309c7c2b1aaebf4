import doctest

from odoo.tests import BaseCase, tagged

from ..models import buurtbemiddeling_benchmark_known_mixin
from ..tools import (
    changes,
    chart,
    delimited,
    disclosure,
    disclosure_columns,
    disclosure_counts,
    disclosure_rings,
    long_sheet,
    outlook,
    places,
    sheet_xml,
    spending,
    workbook,
    workbook_rows,
)

MODULES = (
    buurtbemiddeling_benchmark_known_mixin, changes, chart, delimited, disclosure,
    disclosure_columns, disclosure_counts, disclosure_rings, long_sheet, outlook, places,
    sheet_xml, spending, workbook, workbook_rows,
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_examples_hold(self):
        for module in MODULES:
            with self.subTest(module=module.__name__):
                results = doctest.testmod(module)
                self.assertGreater(results.attempted, 0)
                self.assertFalse(results.failed)
