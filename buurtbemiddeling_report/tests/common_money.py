from contextlib import contextmanager
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

YEAR = 2024
TODAY = date(YEAR, 7, 1)  # 183 of 366 days: half of the year


class MoneyCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(TODAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.company.buurtbemiddeling_hourly_rate = 50
        cls.area = cls.make_area("Town", inhabitants=20000)
        cls.project = cls.env["buurtbemiddeling.project"].create(
            {
                "name": "Town project",
                "company_id": cls.company.id,
                "area_ids": [Command.set(cls.area.ids)],
                "date_start": date(2015, 1, 1),
            }
        )
        cls.town, cls.corporation = cls.env["res.partner"].create(
            [{"name": "Town hall", "is_company": True}, {"name": "Homes", "is_company": True}]
        )
        cls.users = {
            name: mail_new_test_user(
                cls.env,
                login=f"money_{name}",
                groups=group,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name, group in {
                "reader": "buurtbemiddeling_report.group_reporting",
                "anna": "buurtbemiddeling_case.group_user",
                "bart": "buurtbemiddeling_case.group_user",
                "manager": "buurtbemiddeling_case.group_manager",
            }.items()
        }

    @classmethod
    def post(cls, code):
        return cls.code("budget.post", code)

    @classmethod
    def make_budget(cls, year=YEAR, project=None, funded=True, **amounts):
        """Create a budget; ``overhead=1000`` is a line of 1,000 euros on that post."""
        budget = cls.env["buurtbemiddeling.budget"].create(
            {
                "project_id": (project or cls.project).id,
                "year": year,
                "line_ids": [
                    Command.create({"post_id": cls.post(code).id, "amount": amount})
                    for code, amount in (amounts or {"overhead": 1000}).items()
                ],
            }
        )
        if funded:
            budget.funding_ids = [Command.create({"partner_id": cls.town.id, "share": 1})]
        return budget

    @classmethod
    def spend(cls, amount, day=date(YEAR, 3, 1), post="overhead", project=None, **values):
        return cls.env["buurtbemiddeling.budget.actual"].create(
            {
                "project_id": (project or cls.project).id,
                "date": day,
                "post_id": cls.post(post).id,
                "amount": amount,
                **values,
            }
        )

    @classmethod
    def work(cls, hours, day=date(YEAR, 3, 1), **values):
        return cls.env["buurtbemiddeling.staff.hours"].create(
            {
                "project_id": cls.project.id,
                "user_id": cls.users["anna"].id,
                "date": day,
                "hours": hours,
                **values,
            }
        )

    @classmethod
    def train(cls, cost, day, **values):
        training = cls.env["buurtbemiddeling.training"].create({"name": "Talking", "hours": 3})
        start = datetime(day.year, day.month, day.day, 17)
        event = {"name": "Evening", "start": start, "stop": start + timedelta(hours=3)}
        return cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "project_id": cls.project.id,
                "cost": cost,
                "event_ids": [Command.create(event)],
                **values,
            }
        )

    @classmethod
    def make_volunteer(cls, **values):
        return cls.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Volunteer"}).id,
                "company_id": cls.company.id,
                "date_start": date(2015, 1, 1),
                **values,
            }
        )

    @classmethod
    def claim(cls, amount, volunteer, day=date(YEAR, 3, 1), state="approved", **values):
        return (
            cls.env["buurtbemiddeling.expense"]
            .with_context(import_file=True)
            .create(
                {
                    "volunteer_id": volunteer.id,
                    "kind": "other",
                    "date": day,
                    "amount": amount,
                    "state": state,
                    **values,
                }
            )
        )

    def on_post(self, budget, code):
        self.env.invalidate_all()
        return budget.line_ids.filtered(lambda each: each.post_id.code == code)

    @contextmanager
    def assertRefused(self, words):
        """Check that something is refused with these words in the sentence, and nothing is done."""
        with self.assertRaises(UserError) as caught:
            yield
        self.assertRegex(str(caught.exception), words)

    def costs(self, code=None, project=None, year=YEAR):
        """Return what the facts say a year cost."""
        facts = self.env["buurtbemiddeling.cost.report"]._of_year(year, date(year, 12, 31))
        domain = [("project_id", "=", (project or self.project).id)]
        if code:
            domain.append(("post_id.code", "=", code))
        return sum(facts.search(domain).mapped("amount"))
