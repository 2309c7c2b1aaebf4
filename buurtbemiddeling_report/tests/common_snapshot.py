import random
from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import FiguresCase

FACT = "buurtbemiddeling.benchmark.fact"
DIFFERENCE = "buurtbemiddeling.benchmark.difference"
LINE = "buurtbemiddeling.benchmark.line"


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
        return cls.env["buurtbemiddeling.case"].create(
            [cls.draw_case(rng, lists, areas) for _number in range(count)]
        )

    @classmethod
    def draw_case(cls, rng, lists, areas):
        """Return the values of a case at random; each may be missing."""
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
        return vals

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

    def get_doors(self, benchmark, other):
        """Return ``{name: function}`` of all that changes a benchmark, or takes from another."""
        return {
            **self.get_doors_of_head(benchmark),
            **self.get_doors_of_lists(benchmark, other),
            **self.get_doors_of_lines(benchmark, other),
            **self.get_doors_of_facts(benchmark),
        }

    def get_doors_of_head(self, benchmark):
        """Buttons, fields, removing and importing."""
        return {
            "compute": benchmark.action_compute,
            "freeze": benchmark.action_freeze,
            "year": lambda: benchmark.write({"year": 2017}),
            "areas": lambda: benchmark.write({"area_ids": [Command.clear()]}),
            "state": lambda: benchmark.write({"state": "draft"}),
            "who": lambda: benchmark.write({"frozen_by_id": benchmark.env.uid}),
            "definitions": lambda: benchmark.write({"definitions": {}}),
            "name": lambda: benchmark.write({"name": "Other"}),
            "checked": lambda: benchmark.write({"checked_on": False}),
            "delete": benchmark.unlink,
            "import": lambda: self.import_year(benchmark),
            "web": lambda: benchmark.web_save({"year": 2017}, {"id": {}}),
        }

    @staticmethod
    def import_year(benchmark):
        """Import another year into a benchmark, and fail as the screen of importing does."""
        result = benchmark.load([".id", "year"], [[str(benchmark.id), "2017"]])
        if not result["ids"]:
            raise UserError(result["messages"][0]["message"])

    @staticmethod
    def get_line_values(benchmark):
        return {
            "benchmark_id": benchmark.id,
            "indicator_id": benchmark.line_ids[0].indicator_id.id,
            "indicator_code": "cases_registered",
            "numerator": 99,
        }

    def get_doors_of_lists(self, benchmark, other):
        """The lines as lists of a benchmark."""
        other = benchmark.env[other._name].browse(other.id)
        line, values = benchmark.line_ids[0], self.get_line_values(benchmark)
        change = Command.update(line.id, {"value": 99})
        return {
            "x2many write": lambda: benchmark.write({"line_ids": [change]}),
            "x2many create": lambda: benchmark.write({"line_ids": [Command.create(values)]}),
            "x2many clear": lambda: benchmark.write({"key_line_ids": [Command.clear()]}),
            "x2many of another": lambda: other.write({"line_ids": [Command.link(line.id)]}),
        }

    def get_doors_of_lines(self, benchmark, other):
        """The lines themselves."""
        lines, line = benchmark.env[LINE], benchmark.line_ids[0]
        values = self.get_line_values(benchmark)
        of_default = {name: value for name, value in values.items() if name != "benchmark_id"}
        with_default = lines.with_context(default_benchmark_id=benchmark.id)
        of_other = lines.browse(other.line_ids[0].id)
        return {
            "line write": lambda: line.write({"numerator": 99}),
            "line assign": lambda: line.update({"value": 99}),
            "line create": lambda: lines.create(values),
            "line default": lambda: with_default.create(of_default),
            "line copy": line.copy,
            "line delete": line.unlink,
            "line move in": lambda: of_other.write({"benchmark_id": benchmark.id}),
        }

    def get_doors_of_facts(self, benchmark):
        """The facts that are kept with it."""
        facts = benchmark.fact_ids
        new = {"benchmark_id": benchmark.id, "source": "case", "res_id": 1}
        return {
            "fact write": lambda: facts[0].write({"met": []}),
            "fact delete": facts.unlink,
            "fact create": lambda: benchmark.env[FACT].create(new),
        }
