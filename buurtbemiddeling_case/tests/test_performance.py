from datetime import date

from odoo.tests import Form, tagged

from .common import CaseCommon

CARD = {
    "name": {}, "stage_id": {}, "is_closed": {}, "is_complex": {}, "days_in_stage": {},
    "stage_status": {}, "area_id": {"fields": {"display_name": {}}},
    "main_nuisance_type_id": {"fields": {"display_name": {}}},
    "user_id": {"fields": {"display_name": {}}},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestPerformance(CaseCommon):
    """Query counts of the hot paths do not grow with the number of cases."""

    house = 0

    def new_door(self):
        """Return a house number that no other case has: a known door is looked up further."""
        self.house += 1
        return self.house

    def make_cases(self, count):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        noise = self.code("nuisance.type", "GELUID_PERSONEN")
        return (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .with_context(tracking_disable=True)
            .create(
                [
                    {
                        "registration_date": date(2026, 3, 2),
                        "company_id": self.company.id,
                        "area_id": town.id,
                        "nuisance_type_ids": [(6, 0, noise.ids)],
                        "reporter_name": f"Reporter {index}",
                        "neighbour_street": f"Straat {self.new_door()}",
                    }
                    for index in range(count)
                ]
            )
        )

    def test_opening_the_board_costs_the_same_with_more_cases(self):
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)

        def board():
            cases.web_read_group(
                [("is_closed", "=", False)],
                ["stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=CARD,
                unfold_read_default_limit=80,
            )

        self.make_cases(3)
        few = self.count_queries(board)
        self.make_cases(30)
        self.assertEqual(self.count_queries(board), few)
        self.assertLessEqual(few, 25)

    def get_form_specification(self):
        """Return what the case form reads, as the browser asks it."""
        return Form(self.env["buurtbemiddeling.case"].with_user(self.coordinator))._view[
            "fields_spec"
        ]

    def test_opening_one_case_costs_the_same_with_more_cases(self):
        specification = self.get_form_specification()
        case = self.make_cases(1)
        few = self.count_queries(lambda: case.web_read(specification))
        self.make_cases(30)
        self.assertEqual(self.count_queries(lambda: case.web_read(specification)), few)
        self.assertLessEqual(few, 60)

    def test_saving_an_intake_costs_the_same_with_more_cases(self):
        specification = self.get_form_specification()
        cases = self.env["buurtbemiddeling.case"].with_user(self.coordinator)
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")

        def save():
            cases.web_save(
                {
                    "company_id": self.company.id,
                    "registration_date": date(2026, 3, 2),
                    "referrer_type_id": self.code("referrer.type", "ZELF").id,
                    "area_id": town.id,
                    "reporter_name": "Anna Melder",
                    "reporter_phone": "0600000001",
                    "reporter_street": f"Dorpsstraat {self.new_door()}",
                    "neighbour_street": f"Dorpsstraat {self.new_door()}",
                },
                specification,
            )

        save()
        few = self.count_queries(save)
        self.make_cases(30)
        self.assertEqual(self.count_queries(save), few)
        self.assertLessEqual(few, 76)  # one of them leaves the trace

    def test_registering_costs_a_fixed_number_of_queries_a_batch(self):
        """What grows is the contacts' own bookkeeping in batches, not a query a case."""
        few = self.count_queries(lambda: self.make_cases(2))
        many = self.count_queries(lambda: self.make_cases(40))
        self.assertLess(many - few, 40)
