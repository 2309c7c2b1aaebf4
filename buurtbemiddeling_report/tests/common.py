from datetime import date, timedelta

from odoo.tests import TransactionCase

from odoo.addons.mail.tests.common import mail_new_test_user

ROLES = {
    "reporting": "buurtbemiddeling_report.group_reporting",
    "coordinator": "buurtbemiddeling_case.group_user",
    "manager": "buurtbemiddeling_case.group_manager",
}


class FiguresCase(TransactionCase):
    """Cases of an organisation of their own, so that no other data is counted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US"})
        cls.company = cls.env["res.company"].create({"name": "Figures BV"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
        cls.closed = cls.env.ref("buurtbemiddeling_case.case_stage_closed")

    @classmethod
    def make_users(cls, prefix, *roles):
        """Return ``{role: user}``, each of this organisation only; see ``ROLES``."""
        return {
            role: mail_new_test_user(
                cls.env,
                login=f"{prefix}_{role}",
                groups=ROLES[role],
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for role in roles
        }

    @classmethod
    def code(cls, model, code):
        """Return the entry of a code list, by code."""
        return cls.env[f"buurtbemiddeling.{model}"].search([("code", "=", code)])

    @classmethod
    def make_cases(cls, count, registered=date(2018, 5, 1), outcome=None, closed=None, **values):
        """Create ``count`` cases; with an outcome they are closed, 60 days later by default."""
        values = {"company_id": cls.company.id, "registration_date": registered, **values}
        if outcome:
            values.update(
                stage_id=cls.closed.id,
                outcome_id=cls.code("outcome", outcome).id,
                close_date=closed or registered + timedelta(days=60),
            )
        return cls.env["buurtbemiddeling.case"].create([dict(values) for _i in range(count)])

    @classmethod
    def make_area(cls, name, kind="municipality", parent=None, **values):
        return cls.env["buurtbemiddeling.area"].create(
            {
                "name": name,
                "code": f"TEST-{name}",
                "kind": kind,
                "parent_id": parent and parent.id,
                **values,
            }
        )

    @classmethod
    def compute(cls, year=2018, **values):
        benchmark = cls.env["buurtbemiddeling.benchmark"].create(
            {"year": year, "company_id": cls.company.id, **values}
        )
        benchmark.action_compute()
        return benchmark

    def line(self, benchmark, indicator, dimension=False, code=False):
        """Return the one line of a figure, an empty record when it counts nothing."""
        line = benchmark.line_ids.filtered(
            lambda line: (
                (line.indicator_code, line.dimension, line.dimension_code)
                == (indicator, dimension, code)
            )
        )
        self.assertLessEqual(len(line), 1, "a figure is there once")
        return line

    def assertFigures(self, benchmark, expected, dimension=False, code=False):
        """Check values, in total or of one row of a breakdown."""
        found = {name: self.line(benchmark, name, dimension, code).value for name in expected}
        for name, value in expected.items():
            self.assertAlmostEqual(found[name], value, places=4, msg=name)
