import random
from datetime import date, timedelta

from odoo.fields import Command

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FACT = "buurtbemiddeling.benchmark.fact"
DIFFERENCE = "buurtbemiddeling.benchmark.difference"


class SnapshotCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.make_user("coordinator", "buurtbemiddeling_case.group_user")
        cls.manager = cls.make_user("manager", "buurtbemiddeling_case.group_manager")
        cls.reporting = cls.make_user("reporting", "buurtbemiddeling_report.group_reporting")

    @classmethod
    def make_user(cls, login, groups, company=None):
        company = company or cls.company
        return mail_new_test_user(
            cls.env,
            login=f"snapshot_{login}",
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def freeze(cls, year=2018, user=None, **values):
        benchmark = cls.compute(year, **values).with_user(user or cls.coordinator)
        benchmark.action_freeze()
        return benchmark

    @classmethod
    def make_random_year(cls, count, seed=1):
        """Cases of which every fact may be missing, with several nuisance types too."""
        rng = random.Random(seed)
        lists = {
            name: cls.env[f"buurtbemiddeling.{model}"].search([]).ids
            for name, model in (
                ("referrer_type_id", "referrer.type"),
                ("intervention_id", "intervention"),
                ("outcome_id", "outcome"),
                ("nuisance_type_ids", "nuisance.type"),
                ("complexity_ids", "complexity"),
            )
        }
        town = cls.make_area(f"Town {seed}")
        areas = [town.id, cls.make_area(f"Quarter {seed}", "neighbourhood", town).id, False]
        vals_list = []
        for _i in range(count):
            registered = date(2017, 7, 1) + timedelta(days=rng.randrange(600))
            vals = {
                "company_id": cls.company.id,
                "registration_date": registered,
                "area_id": rng.choice(areas),
                "referrer_type_id": rng.choice([False, *lists["referrer_type_id"]]),
                "intervention_id": rng.choice([False, *lists["intervention_id"]]),
                "quarrel_duration": rng.choice([False, "weeks", "years"]),
                "nuisance_type_ids": [
                    Command.set(rng.sample(lists["nuisance_type_ids"], rng.randrange(4)))
                ],
                "complexity_ids": [
                    Command.set(rng.sample(lists["complexity_ids"], rng.choice([0, 0, 1, 2])))
                ],
                "party_ids": [
                    Command.create({"side": "a", "tenure": rng.choice([False, "owner", "unknown"])})
                ],
                "active": rng.random() > 0.1,
            }
            if rng.random() < 0.7:
                vals.update(
                    stage_id=cls.closed.id,
                    close_date=registered + timedelta(days=rng.randrange(300)),
                    outcome_id=rng.choice([False, *lists["outcome_id"]]),
                )
            vals_list.append(vals)
        return cls.env["buurtbemiddeling.case"].create(vals_list)

    def get_numbers(self, benchmark):
        """Return everything that a line says, as it is in the database."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, indicator_code, dimension, dimension_code, dimension_label, numerator,"
            " denominator, value FROM buurtbemiddeling_benchmark_line WHERE benchmark_id = %s"
            " ORDER BY id",
            [benchmark.id],
        )
        return self.env.cr.fetchall()

    def open(self, action, user=None):
        """Return the cases that an action lists."""
        model = self.env[action["res_model"]].with_user(user or self.env.user)
        return model.with_context(**action["context"]).search(action["domain"])

    def find(self, benchmark, indicator, dimension=False, code=False):
        """Return the difference of one figure."""
        found = benchmark.difference_ids.filtered(
            lambda difference: (
                (difference.indicator_code, difference.dimension, difference.dimension_code)
                == (indicator, dimension, code)
            )
        )
        self.assertLessEqual(len(found), 1, "a figure differs once")
        return found

    def enter_later(self, cases):
        """Make cases as entered after the figures were computed: a test is one transaction."""
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_case SET create_date = now() + interval '1 day'"
            " WHERE id IN %s",
            [tuple(cases.ids)],
        )
        self.env.invalidate_all()
        return cases
