from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FIGURES = "buurtbemiddeling.benchmark"
LINE = "buurtbemiddeling.benchmark.line"
FACTS = "buurtbemiddeling.case.report"
VOLUNTEER_FACTS = "buurtbemiddeling.volunteer.report"
AREA_FACTS = "buurtbemiddeling.area.report"


@tagged("post_install", "-at_install")
class TestAccessRights(FiguresCase):
    """Who may do what with which record is in ``access_table.csv`` of ``test_buurtbemiddeling``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_cases(20, outcome="OPG_BEM")
        cls.benchmark = cls.compute(2018)
        cls.users = cls.make_users("figures", "reporting", "coordinator")

    def test_figures_only_sees_lines_and_no_case(self):
        reporting = self.users["reporting"]
        lines = self.env[LINE].with_user(reporting).search([])
        self.assertTrue(lines)
        self.assertEqual(
            lines,
            self.benchmark.line_ids.filtered(lambda x: not (x.dimension_id or x.is_small)),
        )
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
