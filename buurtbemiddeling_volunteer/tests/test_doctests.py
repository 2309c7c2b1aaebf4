import doctest

from odoo.tests import BaseCase, tagged

from ..models import (
    buurtbemiddeling_assignment_portal_mixin,
    buurtbemiddeling_volunteer_portal_availability_mixin,
)
from ..report import buurtbemiddeling_visit_sheet_report
from ..tools import answers, feed, independence, pairing


@tagged("post_install", "-at_install")
class TestDoctests(BaseCase):
    def test_tools(self):
        for module in (
            answers,
            feed,
            independence,
            pairing,
            buurtbemiddeling_assignment_portal_mixin,
            buurtbemiddeling_volunteer_portal_availability_mixin,
            buurtbemiddeling_visit_sheet_report,
        ):
            results = doctest.testmod(module)
            self.assertGreater(results.attempted, 0)
            self.assertFalse(results.failed, module.__name__)
