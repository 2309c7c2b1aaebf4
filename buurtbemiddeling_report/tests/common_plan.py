from datetime import date, datetime

from odoo.fields import Command

from .common import FiguresCase

REPORT = "buurtbemiddeling_report.report_plan"


class PlanCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.users = cls.make_users("plan", "reporting", "coordinator", "manager")
        cls.env = cls.env(user=cls.users["coordinator"])
        cls.town = cls.make_area("Town")
        cls.project = cls.make_project("Town", cls.town)
        cls.partner = cls.env["res.partner"].create(
            {"name": "Housing Town", "is_company": True, "company_id": cls.company.id}
        )
        cls.target = cls.env["buurtbemiddeling.target"].create(
            {
                "indicator_id": cls.code("indicator", "success_of_handled").id,
                "amount": 70,
                "year": 2027,
                "company_id": cls.company.id,
            }
        )
        cls.meeting = cls.make_meeting(datetime(2026, 12, 1, 19))

    @classmethod
    def make_area(cls, name, **values):
        area = cls.env["buurtbemiddeling.area"].with_user(cls.users["manager"])
        return area.create({"name": name, "code": f"TEST-{name}", "kind": "municipality", **values})

    @classmethod
    def make_project(cls, name, area):
        values = {"name": name, "company_id": cls.company.id, "area_ids": [Command.set(area.ids)]}
        projects = cls.env["buurtbemiddeling.project"].with_user(cls.users["manager"])
        return projects.create(values).with_env(cls.env)

    @classmethod
    def make_meeting(cls, start, project=None, **values):
        return cls.env["buurtbemiddeling.steering.meeting"].create(
            {
                "project_id": (project or cls.project).id,
                "start": start,
                "state": "held",
                **values,
            }
        )

    @classmethod
    def make_plan(cls, **values):
        """Return a draft for 2027 in which all is there that the steering group asks for."""
        residents = cls.env.ref("buurtbemiddeling_report.plan_target_group_residents")
        plan = cls.env["buurtbemiddeling.plan"].create(
            {
                "project_id": cls.project.id,
                "date_start": date(2027, 1, 1),
                "date_end": date(2027, 12, 31),
                "recognition_ambition": "plus",
                "recognition_date": date(2027, 6, 1),
                "target_group_ids": [Command.link(residents.id)],
                "goal_ids": [
                    cls.part(
                        "Neighbours come early",
                        result="60 percent within half a year",
                        target_ids=[Command.link(cls.target.id)],
                    ),
                    cls.part("A pool that stays", result="20 mediators"),
                ],
                "phase_ids": [
                    cls.part("Starting up", date_start=date(2027, 1, 1), date_end=date(2027, 3, 31))
                ],
                "evaluation_ids": [
                    cls.part("Half-way", date=date(2027, 6, 30)),
                    cls.part("All of it", date=date(2027, 12, 1)),
                ],
                **values,
            }
        )
        early, pool = plan.goal_ids[:2]
        training = {"date_start": date(2027, 3, 1), "date_end": date(2027, 4, 30)}
        plan.activity_ids = [
            cls.part("Evening for consultants", goal_id=early.id, date_start=date(2027, 2, 1)),
            cls.part("Basic training", goal_id=pool.id, **training),
        ]
        for code in ("parties", "privacy", "budget"):
            cls.chapter(plan, code).text = f"<p>Own words on {code}.</p>"
        return plan

    @staticmethod
    def part(name, **values):
        """Return the command that adds a part of a plan."""
        return Command.create({"name": name, **values})

    @classmethod
    def chapter(cls, plan, code):
        return plan.chapter_ids.filtered(lambda chapter: chapter.code == code)

    def approve(self, plan, meeting=None):
        plan.action_submit()
        plan.meeting_id = meeting or self.meeting
        plan.action_approve()
        return plan

    def words(self, plan):
        """Return everything that is printed, as lines."""
        front = [" ".join(fact) for fact in plan._get_front()]
        return "\n".join([*front, plan._get_plain_text()])


class PlanPaperCase(PlanCase):
    """A plan and its paper."""

    def kind(self, code):
        kind = self.code("attention", code).with_user(self.users["coordinator"])
        self.env.invalidate_all()
        return kind.record_count

    def render(self, plan):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(REPORT, plan.ids)
        return html.decode()
