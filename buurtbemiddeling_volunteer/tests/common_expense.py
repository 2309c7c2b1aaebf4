from datetime import date

from .test_visit_report import WorkCommon


class ExpenseCommon(WorkCommon):
    def claim(self, volunteer=None, user=None, **values):
        return (
            self.env["buurtbemiddeling.expense"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "volunteer_id": (volunteer or self.vera).id,
                    "kind": "parking",
                    "date": date(2026, 3, 20),
                    "amount": 4.5,
                    **values,
                }
            )
        )
