from datetime import date

from odoo import api, fields, models

#: Budget of a year by post, in euros, and which posts are booked by hand in the demo.
_LINES = {
    "staff": 41000,
    "overhead": 9000,
    "training": 3000,
    "volunteers": 2500,
    "publicity": 1200,
    "material": 1800,
    "other": 1500,
}
_ENTERED = {"publicity": "Folders van vorig jaar zijn op."}
_RATE = 46
_HOURS = (58, 62, 66, 60, 64, 61, 38, 34, 66, 68, 64, 48)  # a month; in summer there is less
#: Month, day, post, amount, description, supplier
_COSTS = (
    (1, 15, "overhead", 2250, "Huisvesting, eerste kwartaal", "Wijkhuis Heldervoort"),
    (2, 3, "material", 480, "Telefoons", "Belhuis"),
    (3, 9, "publicity", 365, "Folders en posters", "Drukkerij Molenaar"),
    (4, 15, "overhead", 2250, "Huisvesting, tweede kwartaal", "Wijkhuis Heldervoort"),
    (5, 12, "material", 640, "Registratiesysteem", "Softwarehuis"),
    (6, 18, "other", 275, "Verzekering vrijwilligers", "Polisland"),
    (7, 15, "overhead", 2250, "Huisvesting, derde kwartaal", "Wijkhuis Heldervoort"),
    (9, 21, "publicity", 290, "Advertentie wijkkrant", "De Heldervoorter"),
    (10, 15, "overhead", 2250, "Huisvesting, vierde kwartaal", "Wijkhuis Heldervoort"),
    (11, 20, "other", 840, "Dag van de vrijwilliger", "Restaurant De Brug"),
)


class BuurtbemiddelingDemoMoneyMixin(models.AbstractModel):
    """The money of the demo: budgets, and what was booked."""

    _name = "buurtbemiddeling.demo.money.mixin"
    _description = "Money of the Demo"

    @api.model
    def _make_budgets(self):
        """Make the budgets of last year and this year, with what was booked until today."""
        today = fields.Date.context_today(self)
        project = self.env.ref("buurtbemiddeling_case.demo_project_heldervoort")
        posts = self.env["buurtbemiddeling.budget.post"].search([])
        posts = {post.code: post.id for post in posts}
        for year in (today.year - 1, today.year):
            budget = self._make_budget(project, year, posts)
            costs = [
                (date(year, month, day), number, *cost)
                for number, (month, day, *cost) in enumerate(_COSTS, start=1)
            ]
            self.env["buurtbemiddeling.budget.actual"].create(
                [
                    {
                        "project_id": project.id,
                        "date": day,
                        "post_id": posts[code],
                        "amount": amount,
                        "description": description,
                        "supplier": supplier,
                        "external_ref": f"INK-{year}-{number:03}",
                    }
                    for day, number, code, amount, description, supplier in costs
                    if day <= today
                ]
            )
            self._make_hours(project, year, today)
            budget.action_adopt()

    @api.model
    def _make_budget(self, project, year, posts):
        budget = self.env["buurtbemiddeling.budget"].create(
            {
                "project_id": project.id,
                "year": year,
                "hourly_rate": _RATE,
                "line_ids": [
                    fields.Command.create(
                        {
                            "post_id": posts[code],
                            "amount": amount,
                            "explanation": _ENTERED.get(code),
                            **({"way": "entered"} if code in _ENTERED else {}),
                        }
                    )
                    for code, amount in _LINES.items()
                ],
            }
        )
        budget.funding_ids = [
            fields.Command.create(
                {"partner_id": self._demo_ref(f"partner_{name}").id, "share": share}
            )
            for name, share in (
                ("gemeente_heldervoort", 0.5),
                ("corporation_heldervoort", 0.35),
                ("corporation_lindewaard", 0.15),
            )
        ]
        return budget

    @api.model
    def _make_hours(self, project, year, today):
        """Make the hours of the coordinators, a number each month."""
        self.env["buurtbemiddeling.staff.hours"].create(
            [
                {
                    "project_id": project.id,
                    "user_id": self._demo_ref(name).id,
                    "date": date(year, month, 1),
                    "period": "month",
                    "hours": round(hours * part),
                    "kind": kind,
                }
                for month, hours in enumerate(_HOURS, start=1)
                for name, kind, part in (
                    ("user_coordinator", "case", 0.7),
                    ("user_coordinator2", "volunteer", 0.45),
                )
                if date(year, month, 1) <= today
            ]
        )
