from datetime import date

from odoo.tests import tagged

from .common import FiguresCase


@tagged("post_install", "-at_install")
class TestMerge(FiguresCase):
    def test_a_quarrel_that_was_reported_twice_counts_once(self):
        first, second, _third = self.make_cases(3)
        second.write({"registration_date": date(2018, 6, 1)})
        self.assertFigures(self.compute(), {"cases_registered": 3, "cases_running": 3})
        (first | second)._merge(same={}, sides={})
        benchmark = self.compute()
        self.assertFigures(benchmark, {"cases_registered": 2, "cases_running": 2})
        self.assertFigures(benchmark, {"cases_registered": 2}, "month", "05")

    def test_splitting_makes_a_second_case_in_the_month_of_registration(self):
        (case,) = self.make_cases(1, reporter_name="Anna", neighbour_name="Bert")
        case._split(
            moving=case.party_ids[1],
            both=case.party_ids[0],
            sides={},
            meetings=case.meeting_ids,
            agreements=case.agreement_ids,
        )
        self.assertFigures(self.compute(), {"cases_registered": 2}, "month", "05")
