from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FIGURES = "buurtbemiddeling.benchmark"
LINE = "buurtbemiddeling.benchmark.line"
RELEASE = "buurtbemiddeling.benchmark.release"
FACTS = "buurtbemiddeling.case.report"


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
        table = {
            (FACTS, "colleague"): "", (FACTS, "portal"): "", (FACTS, "reporting"): "",
            (FACTS, "coordinator"): "r", (FACTS, "manager"): "r",
            (FIGURES, "colleague"): "", (FIGURES, "portal"): "", (FIGURES, "reporting"): "r",
            (FIGURES, "coordinator"): "rwcu", (FIGURES, "manager"): "rwcu",
            (LINE, "colleague"): "", (LINE, "portal"): "", (LINE, "reporting"): "r",
            (LINE, "coordinator"): "rcu", (LINE, "manager"): "rcu",
            (RELEASE, "colleague"): "", (RELEASE, "portal"): "", (RELEASE, "reporting"): "",
            (RELEASE, "coordinator"): "r", (RELEASE, "manager"): "r",
            ("buurtbemiddeling.indicator", "colleague"): "",
            ("buurtbemiddeling.indicator", "portal"): "",
            ("buurtbemiddeling.indicator", "reporting"): "r",
            ("buurtbemiddeling.indicator", "coordinator"): "r",
            ("buurtbemiddeling.indicator", "manager"): "rwcu",
            ("buurtbemiddeling.dimension", "colleague"): "",
            ("buurtbemiddeling.dimension", "portal"): "",
            ("buurtbemiddeling.dimension", "reporting"): "r",
            ("buurtbemiddeling.dimension", "coordinator"): "r",
            ("buurtbemiddeling.dimension", "manager"): "rwcu",
            ("buurtbemiddeling.benchmark.reference", "colleague"): "",
            ("buurtbemiddeling.benchmark.reference", "portal"): "",
            ("buurtbemiddeling.benchmark.reference", "reporting"): "r",
            ("buurtbemiddeling.benchmark.reference", "coordinator"): "r",
            ("buurtbemiddeling.benchmark.reference", "manager"): "rwcu",
            ("buurtbemiddeling.target", "colleague"): "",
            ("buurtbemiddeling.target", "portal"): "",
            ("buurtbemiddeling.target", "reporting"): "r",
            ("buurtbemiddeling.target", "coordinator"): "rwcu",
            ("buurtbemiddeling.target", "manager"): "rwcu",
            ("buurtbemiddeling.referral.card", "colleague"): "",
            ("buurtbemiddeling.referral.card", "portal"): "",
            ("buurtbemiddeling.referral.card", "reporting"): "",
            ("buurtbemiddeling.referral.card", "coordinator"): "rwcu",
            ("buurtbemiddeling.referral.card", "manager"): "rwcu",
        }  # fmt: skip
        for (model, role), allowed in table.items():
            for letter, operation in zip(
                "rwcu", ("read", "write", "create", "unlink"), strict=True
            ):
                with self.subTest(model=model, role=role, operation=operation):
                    self.assertEqual(
                        self.env[model].with_user(self.users[role]).has_access(operation),
                        letter in allowed,
                    )

    def test_every_model_of_the_module_is_in_the_table(self):
        own = [
            name
            for name, model in self.env.items()
            if model._original_module == "buurtbemiddeling_report" and not model._abstract
        ]
        self.assertEqual(
            set(own),
            {
                FACTS, FIGURES, LINE, RELEASE,
                "buurtbemiddeling.indicator", "buurtbemiddeling.dimension",
                "buurtbemiddeling.benchmark.reference", "buurtbemiddeling.target",
                "buurtbemiddeling.referral.card",
            },
        )  # fmt: skip

    def test_figures_only_sees_lines_and_no_case(self):
        reporting = self.users["reporting"]
        lines = self.env[LINE].with_user(reporting).search([])
        self.assertEqual(lines, self.benchmark.line_ids.filtered(lambda x: not x.dimension_id))
        self.assertTrue(lines[:1].value_text)
        for model in ("buurtbemiddeling.case", "buurtbemiddeling.case.party", FACTS):
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
