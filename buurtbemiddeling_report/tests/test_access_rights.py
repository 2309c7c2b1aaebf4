from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FIGURES = "buurtbemiddeling.benchmark"
LINE = "buurtbemiddeling.benchmark.line"
RELEASE = "buurtbemiddeling.benchmark.release"
FACTS = "buurtbemiddeling.case.report"
KEPT_FACTS = "buurtbemiddeling.benchmark.fact"
DIFFERENCE = "buurtbemiddeling.benchmark.difference"
VOLUNTEER_FACTS = "buurtbemiddeling.volunteer.report"
AREA_FACTS = "buurtbemiddeling.area.report"
CROSSWALK = "buurtbemiddeling.heading.crosswalk"
LAYOUTS = (
    "buurtbemiddeling.layout",
    "buurtbemiddeling.layout.sheet",
    "buurtbemiddeling.layout.column",
)


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
            (KEPT_FACTS, "colleague"): "", (KEPT_FACTS, "portal"): "",
            (KEPT_FACTS, "reporting"): "",
            (KEPT_FACTS, "coordinator"): "r", (KEPT_FACTS, "manager"): "r",
            (DIFFERENCE, "colleague"): "", (DIFFERENCE, "portal"): "",
            (DIFFERENCE, "reporting"): "r",
            (DIFFERENCE, "coordinator"): "r", (DIFFERENCE, "manager"): "r",
            (RELEASE, "colleague"): "", (RELEASE, "portal"): "", (RELEASE, "reporting"): "",
            (RELEASE, "coordinator"): "r", (RELEASE, "manager"): "r",
            ("buurtbemiddeling.indicator", "colleague"): "",
            ("buurtbemiddeling.indicator", "portal"): "",
            ("buurtbemiddeling.indicator", "reporting"): "r",
            ("buurtbemiddeling.indicator", "coordinator"): "r",
            ("buurtbemiddeling.indicator", "manager"): "rwcu",
            (VOLUNTEER_FACTS, "colleague"): "", (VOLUNTEER_FACTS, "portal"): "",
            (VOLUNTEER_FACTS, "reporting"): "", (VOLUNTEER_FACTS, "coordinator"): "r",
            (VOLUNTEER_FACTS, "manager"): "r",
            (AREA_FACTS, "colleague"): "", (AREA_FACTS, "portal"): "",
            (AREA_FACTS, "reporting"): "", (AREA_FACTS, "coordinator"): "r",
            (AREA_FACTS, "manager"): "r",
            (CROSSWALK, "colleague"): "", (CROSSWALK, "portal"): "",
            (CROSSWALK, "reporting"): "r", (CROSSWALK, "coordinator"): "r",
            (CROSSWALK, "manager"): "rwcu",
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
            ("buurtbemiddeling.size.class", "colleague"): "",
            ("buurtbemiddeling.size.class", "portal"): "",
            ("buurtbemiddeling.size.class", "reporting"): "r",
            ("buurtbemiddeling.size.class", "coordinator"): "r",
            ("buurtbemiddeling.size.class", "manager"): "rwcu",
            ("buurtbemiddeling.target", "colleague"): "",
            ("buurtbemiddeling.target", "portal"): "",
            ("buurtbemiddeling.target", "reporting"): "r",
            ("buurtbemiddeling.target", "coordinator"): "rwcu",
            ("buurtbemiddeling.target", "manager"): "rwcu",
            ("buurtbemiddeling.criterion", "colleague"): "",
            ("buurtbemiddeling.criterion", "portal"): "",
            ("buurtbemiddeling.criterion", "reporting"): "r",
            ("buurtbemiddeling.criterion", "coordinator"): "r",
            ("buurtbemiddeling.criterion", "manager"): "rwcu",
            ("buurtbemiddeling.criterion.evidence", "colleague"): "",
            ("buurtbemiddeling.criterion.evidence", "portal"): "",
            ("buurtbemiddeling.criterion.evidence", "reporting"): "r",
            ("buurtbemiddeling.criterion.evidence", "coordinator"): "r",
            ("buurtbemiddeling.criterion.evidence", "manager"): "rwcu",
            ("buurtbemiddeling.criterion.document", "colleague"): "",
            ("buurtbemiddeling.criterion.document", "portal"): "",
            ("buurtbemiddeling.criterion.document", "reporting"): "",
            ("buurtbemiddeling.criterion.document", "coordinator"): "rwcu",
            ("buurtbemiddeling.criterion.document", "manager"): "rwcu",
            ("buurtbemiddeling.recognition", "colleague"): "",
            ("buurtbemiddeling.recognition", "portal"): "",
            ("buurtbemiddeling.recognition", "reporting"): "r",
            ("buurtbemiddeling.recognition", "coordinator"): "rwcu",
            ("buurtbemiddeling.recognition", "manager"): "rwcu",
            ("buurtbemiddeling.needed.fact", "colleague"): "",
            ("buurtbemiddeling.needed.fact", "portal"): "",
            ("buurtbemiddeling.needed.fact", "reporting"): "",
            ("buurtbemiddeling.needed.fact", "coordinator"): "r",
            ("buurtbemiddeling.needed.fact", "manager"): "rwcu",
            ("buurtbemiddeling.missing.fact", "colleague"): "",
            ("buurtbemiddeling.missing.fact", "portal"): "",
            ("buurtbemiddeling.missing.fact", "reporting"): "",
            ("buurtbemiddeling.missing.fact", "coordinator"): "r",
            ("buurtbemiddeling.missing.fact", "manager"): "r",
            ("buurtbemiddeling.referral.card", "colleague"): "",
            ("buurtbemiddeling.referral.card", "portal"): "",
            ("buurtbemiddeling.referral.card", "reporting"): "",
            ("buurtbemiddeling.referral.card", "coordinator"): "rwcu",
            ("buurtbemiddeling.referral.card", "manager"): "rwcu",
            ("buurtbemiddeling.year.report", "colleague"): "",
            ("buurtbemiddeling.year.report", "portal"): "",
            ("buurtbemiddeling.year.report", "reporting"): "r",
            ("buurtbemiddeling.year.report", "coordinator"): "rwcu",
            ("buurtbemiddeling.year.report", "manager"): "rwcu",
            ("buurtbemiddeling.year.report.chapter", "colleague"): "",
            ("buurtbemiddeling.year.report.chapter", "portal"): "",
            ("buurtbemiddeling.year.report.chapter", "reporting"): "r",
            ("buurtbemiddeling.year.report.chapter", "coordinator"): "rwcu",
            ("buurtbemiddeling.year.report.chapter", "manager"): "rwcu",
            ("buurtbemiddeling.year.report.template.chapter", "colleague"): "",
            ("buurtbemiddeling.year.report.template.chapter", "portal"): "",
            ("buurtbemiddeling.year.report.template.chapter", "reporting"): "",
            ("buurtbemiddeling.year.report.template.chapter", "coordinator"): "r",
            ("buurtbemiddeling.year.report.template.chapter", "manager"): "rwcu",
            ("buurtbemiddeling.year.report.finish", "colleague"): "",
            ("buurtbemiddeling.year.report.finish", "portal"): "",
            ("buurtbemiddeling.year.report.finish", "reporting"): "",
            ("buurtbemiddeling.year.report.finish", "coordinator"): "rwcu",
            ("buurtbemiddeling.year.report.finish", "manager"): "rwcu",
            **{
                (model, role): {"reporting": "r", "coordinator": "r", "manager": "rwcu"}.get(
                    role, ""
                )
                for model in LAYOUTS
                for role in self.users
            },
            ("buurtbemiddeling.download", "colleague"): "",
            ("buurtbemiddeling.download", "portal"): "",
            ("buurtbemiddeling.download", "reporting"): "rwcu",
            ("buurtbemiddeling.download", "coordinator"): "rwcu",
            ("buurtbemiddeling.download", "manager"): "rwcu",
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
                "buurtbemiddeling.referral.card", VOLUNTEER_FACTS, AREA_FACTS, CROSSWALK,
                "buurtbemiddeling.needed.fact",
                "buurtbemiddeling.missing.fact", "buurtbemiddeling.criterion",
                "buurtbemiddeling.criterion.evidence", "buurtbemiddeling.criterion.document",
                "buurtbemiddeling.recognition",
                "buurtbemiddeling.year.report",
                "buurtbemiddeling.year.report.chapter",
                "buurtbemiddeling.year.report.template.chapter",
                "buurtbemiddeling.year.report.finish",
                "buurtbemiddeling.size.class",
                *LAYOUTS, "buurtbemiddeling.download",
                KEPT_FACTS, DIFFERENCE,
                VOLUNTEER_FACTS, AREA_FACTS, CROSSWALK,
            },
        )  # fmt: skip

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
