from datetime import date

from odoo.tests import tagged

from .common import VolunteerCommon

CARD = {
    "name": {}, "stage_id": {}, "is_active_stage": {}, "basic_training_date": {},
    "has_expired_document": {}, "active_case_count": {}, "max_cases": {}, "is_available": {},
    "missing_requirements": {}, "learning_hours_year": {},
    "area_id": {"fields": {"display_name": {}}},
    "language_ids": {"fields": {"display_name": {}}},
}  # fmt: skip
CASE_CARD = {"name": {}, "volunteer_ids": {"fields": {"display_name": {}}}}


@tagged("post_install", "-at_install")
class TestPerformance(VolunteerCommon):
    """Query counts do not grow with the number of volunteers: five or fifty."""

    def make_pool(self, count):
        """Create volunteers, each with languages, documents, a training and a running case."""
        pool = self.make_volunteers(count)
        self.enrol(self.session, *pool, attended_hours=15, result="passed")
        self.make_ready(pool)
        cases = (
            self.env["buurtbemiddeling.case"]
            .with_user(self.coordinator)
            .create(
                [{"registration_date": date(2026, 3, 2), "company_id": self.company.id}] * count
            )
        )
        self.env["buurtbemiddeling.assignment"].with_user(self.coordinator).create(
            [
                {"case_id": case.id, "volunteer_id": volunteer.id, "state": "accepted"}
                for case, volunteer in zip(cases, pool, strict=True)
            ]
        )
        return pool

    def make_volunteers(self, count):
        """Create volunteers who work, with a language and a certificate of conduct that lapsed."""
        active = self.code("volunteer.stage", "active")
        language = self.env.ref("buurtbemiddeling_case.language_tr")
        lapsed = {"kind": "vog", "valid_until": date(2026, 2, 1), "date": date(2026, 1, 1)}
        return (
            self.env["buurtbemiddeling.volunteer"]
            .with_user(self.coordinator)
            .create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": self.company.id,
                        "stage_id": active.id,
                        "language_ids": [(6, 0, language.ids)],
                        "document_ids": [(0, 0, lapsed)],
                    }
                    for partner in self.env["res.partner"].create(
                        [{"name": f"V {number}"} for number in range(count)]
                    )
                ]
            )
        )

    def setUp(self):
        super().setUp()
        self.session = self.make_session(capacity=0)

    def open_board(self):
        self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator).web_read_group(
            [("company_id", "=", self.company.id)],
            ["stage_id"],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=CARD,
            unfold_read_default_limit=80,
        )

    def open_cases(self):
        self.env["buurtbemiddeling.case"].with_user(self.coordinator).web_search_read(
            [("company_id", "=", self.company.id)], CASE_CARD, limit=80
        )

    def find_available(self):
        self.env["buurtbemiddeling.volunteer"].with_user(self.coordinator).search(
            [("is_available", "=", True), ("has_expired_document", "=", True)]
        )

    def test_opening_and_searching_the_pool(self):
        actions = (self.open_board, self.open_cases, self.find_available)
        self.make_pool(5)
        few = {action: self.count_queries(action) for action in actions}
        self.make_pool(45)
        for action in actions:
            with self.subTest(action=action.__name__):
                self.env.flush_all()
                self.env.invalidate_all()
                with self.assertQueryCount(few[action]):
                    action()

    def test_coupling_costs_a_fixed_number_of_queries_a_batch(self):
        pool, case = self.make_pool(50), self.make_case()

        def couple(count):
            self.env["buurtbemiddeling.assignment"].with_user(self.coordinator).create(
                [
                    {
                        "case_id": case.id,
                        "volunteer_id": volunteer.id,
                        "state": "ended",
                        "date_start": date(2026, 3, 9),
                    }
                    for volunteer in pool[:count]
                ]
            )

        few = self.count_queries(lambda: couple(5))
        self.assertLessEqual(self.count_queries(lambda: couple(50)), few + 1)
