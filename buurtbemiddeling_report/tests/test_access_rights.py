from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FIGURES = "buurtbemiddeling.benchmark"
LINE = "buurtbemiddeling.benchmark.line"
FACTS = "buurtbemiddeling.case.report"
VOLUNTEER_FACTS = "buurtbemiddeling.volunteer.report"
AREA_FACTS = "buurtbemiddeling.area.report"

ALL = "rwcu"
#: Model: what figures only, coordinator and administrator may do (read, write, create, unlink);
#: nobody else may do anything.
RIGHTS = {
    f"buurtbemiddeling.{model}": dict(
        zip(("reporting", "coordinator", "manager"), letters, strict=True)
    )
    for model, letters in {
        # facts, also of single cases and persons
        "case.report": ("", "r", "r"),
        "volunteer.report": ("", "r", "r"),
        "area.report": ("", "r", "r"),
        "cost.report": ("", "r", "r"),
        "missing.fact": ("", "r", "r"),
        "benchmark.fact": ("", "r", "r"),
        # figures
        "benchmark": ("r", ALL, ALL),
        "benchmark.line": ("r", "rcu", "rcu"),
        "benchmark.difference": ("", "r", "r"),
        "benchmark.release": ("", "r", "r"),
        "target": ("r", ALL, ALL),
        "year.report": ("r", ALL, ALL),
        "year.report.chapter": ("r", ALL, ALL),
        "recognition": ("r", ALL, ALL),
        "criterion.document": ("", ALL, ALL),
        # money
        "budget": ("r", ALL, ALL),
        "budget.line": ("r", ALL, ALL),
        "budget.funding": ("r", ALL, ALL),
        "budget.actual": ("", ALL, ALL),
        "staff.hours": ("", ALL, ALL),
        **dict.fromkeys(
            (
                "plan", "plan.goal", "plan.activity", "plan.phase", "plan.evaluation",
                "plan.chapter",
            ),
            ("r", ALL, ALL),
        ),
        # what the administrator sets
        "indicator": ("r", "r", ALL),
        "budget.post": ("r", "r", ALL),
        "dimension": ("r", "r", ALL),
        "heading.crosswalk": ("r", "r", ALL),
        "benchmark.reference": ("r", "r", ALL),
        "size.class": ("r", "r", ALL),
        "needed.fact": ("", "r", ALL),
        "criterion": ("r", "r", ALL),
        "criterion.evidence": ("r", "r", ALL),
        "year.report.template.chapter": ("", "r", ALL),
        "plan.template.chapter": ("", "r", ALL),
        "plan.target.group": ("r", "r", ALL),
        "layout": ("r", "r", ALL),
        "layout.sheet": ("r", "r", ALL),
        "layout.column": ("r", "r", ALL),
        # wizards
        "download": (ALL, ALL, ALL),
        "referral.card": ("", ALL, ALL),
        "year.report.finish": ("", ALL, ALL),
    }.items()
}


@tagged("post_install", "-at_install")
class TestAccessRights(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_cases(1, outcome="OPG_BEM")
        cls.benchmark = cls.compute(2018)
        cls.users = {
            name: mail_new_test_user(
                cls.env,
                login=f"figures_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in {
                "colleague": "base.group_user",
                "portal": "base.group_portal",
                "reporting": "buurtbemiddeling_report.group_reporting",
                "coordinator": "buurtbemiddeling_case.group_user",
                "manager": "buurtbemiddeling_case.group_manager",
            }.items()
        }

    def test_who_may_do_what(self):
        """Role x model x read, write, create, unlink."""
        operations = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        for model, rights in RIGHTS.items():
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                allowed = "".join(
                    letter for letter, name in operations.items() if records.has_access(name)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(allowed, rights.get(role, ""))

    def test_every_model_of_the_module_is_in_the_table(self):
        own = {
            name
            for name, model in self.env.items()
            if model._original_module == "buurtbemiddeling_report" and not model._abstract
        }
        self.assertEqual(own, RIGHTS.keys())

    def test_figures_only_sees_lines_and_no_case(self):
        reporting = self.users["reporting"]
        lines = self.env[LINE].with_user(reporting).search([])
        self.assertEqual(lines, self.benchmark.line_ids.filtered(lambda x: not x.dimension_id))
        self.assertTrue(lines[:1].value_text)
        closed = ("buurtbemiddeling.case", "buurtbemiddeling.case.party")
        for model in (*closed, FACTS, VOLUNTEER_FACTS, AREA_FACTS):
            with self.assertRaises(AccessError):
                self.env[model].with_user(reporting).search([])
        with self.assertRaises(AccessError):
            lines[:1].action_open_cases()
        with self.assertRaises(AccessError):
            self.benchmark.with_user(reporting).action_compute()

    def test_other_organisation_sees_no_figure(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = mail_new_test_user(
            self.env,
            login="figures_stranger",
            groups="buurtbemiddeling_case.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in (FIGURES, LINE, FACTS):
            self.assertFalse(
                self.env[model]
                .with_user(stranger)
                .with_context(allowed_company_ids=other.ids)
                .search([("company_id", "=", self.company.id)])
            )
        with self.assertRaises(AccessError):
            self.benchmark.with_user(stranger).with_context(
                allowed_company_ids=other.ids
            ).action_compute()

    def test_coordinator_computes_what_the_superuser_computes(self):
        mine = self.compute(2018).with_user(self.users["coordinator"])
        mine.action_compute()
        self.assertEqual(mine.line_ids.mapped("value"), self.benchmark.line_ids.mapped("value"))
