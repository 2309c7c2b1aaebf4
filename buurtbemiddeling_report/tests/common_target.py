import re
from datetime import date

from freezegun import freeze_time

from odoo.addons.mail.tests.common import mail_new_test_user

from .attacker import Attacker
from .common import FiguresCase

TARGET = "buurtbemiddeling.target"
HALFWAY = "2026-07-02"  # 183 of 365 days


class TargetCase(FiguresCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.make_area("North", inhabitants=60000)
        cls.south = cls.make_area("South", inhabitants=12000)
        cls.reporting, cls.coordinator = (
            mail_new_test_user(
                cls.env,
                login=f"targets_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in (
                ("reporting", "buurtbemiddeling_report.group_reporting"),
                ("coordinator", "buurtbemiddeling_case.group_user"),
            )
        )

    @classmethod
    def indicator(cls, code):
        return cls.env["buurtbemiddeling.indicator"].search([("code", "=", code)])

    @classmethod
    def make_target(cls, code, amount, year=2026, **values):
        return cls.env[TARGET].create(
            {
                "indicator_id": cls.indicator(code).id,
                "amount": amount,
                "year": year,
                "company_id": cls.company.id,
                **values,
            }
        )

    def freeze_new_version(self, frozen):
        """Compute the next version of a frozen benchmark, and freeze that."""
        version = frozen.browse(frozen.action_new_version()["res_id"])
        version.action_compute()
        version.action_freeze()
        return version

    @classmethod
    def make_season(cls, year, **values):
        """88 cases until November, and 10 more in December."""
        cls.make_cases(1, date(year, 1, 2), **values)
        cls.make_cases(79, date(year, 3, 1), **values)
        cls.make_cases(8, date(year, 10, 10), **values)
        cls.make_cases(10, date(year, 12, 15), **values)


class BoardCase(TargetCase):
    """Boards of targets on a day, halfway the year unless it says otherwise."""

    def on(self, target, day=HALFWAY):
        """Return the target as the board shows it on a day."""
        return self.all_on(target, day)[target]

    def all_on(self, targets, day=HALFWAY):
        """Return ``{target: what the board shows of it}`` on a day."""
        names = (
            "state", "sentence", "actual_text", "last_year_text", "forecast_text", "national_text",
        )  # fmt: skip
        targets.invalidate_recordset()
        with freeze_time(day):
            return {target: {name: target[name] for name in names} for target in targets}

    def assertState(self, target, state, day=HALFWAY):
        self.assertEqual(self.on(target, day)["state"], state)

    def assertSays(self, target, state, sentence, day=HALFWAY):
        board = self.on(target, day)
        self.assertEqual(board["sentence"], sentence)
        self.assertEqual(board["state"], state)
        return board

    def learn(self, whole, parts, targets, codes):
        """Return an attacker who knows what a reader of figures sees."""
        attacker = Attacker()
        counts = codes[:3]
        self.env.invalidate_all()
        towns = targets.municipality_id
        for code in counts:
            attacker.learn({(code, town.id): 1 for town in towns}, self.line(whole, code).value)
        for town in towns:
            registered, closed, positive = ((code, town.id) for code in counts)
            attacker.learn_at_most({closed: 1, registered: -1})
            attacker.learn_at_most({positive: 1, closed: -1})
        boards = self.all_on(targets.with_user(self.reporting))
        for target, board in boards.items():
            code, town = target.indicator_id.code, target.municipality_id.id
            numbers = [int(number) for number in re.findall(r"\b\d+\b", board["sentence"])]
            if board["actual_text"] == "hidden":
                self.assertEqual(board["state"], "unknown")
                self.assertFalse(set(numbers) - {50, 0}, board["sentence"])
            elif code in counts:
                attacker.learn({(code, town): 1}, int(board["actual_text"]))
            elif board["actual_text"]:
                part, base = re.search(r"(\d+) of (\d+)\)", board["actual_text"]).groups()
                attacker.learn({("cases_positive", town): 1}, int(part))
                attacker.learn({("cases_closed", town): 1}, int(base))
        for part in parts:
            self.env.invalidate_all()
            for line in part.with_user(self.reporting).line_ids:
                if not line.dimension and line.indicator_code in counts:
                    attacker.learn({(line.indicator_code, part.area_ids.id): 1}, line.value)
        return attacker

    def get_secrets(self, targets):
        """Return ``{key: (expression, true value)}`` of counts and of the rest of shares."""
        self.env.invalidate_all()
        true = {}
        with freeze_time(HALFWAY):
            for target in targets.filtered(lambda target: target.unit == "cases"):
                true[target.indicator_id.code, target.municipality_id.id] = target.actual
        secrets = {key: ({key: 1}, value) for key, value in true.items()}
        for (code, town), value in true.items():
            if code == "cases_closed":
                terms = {(code, town): 1, ("cases_positive", town): -1}
                secrets["rest", town] = (terms, value - true["cases_positive", town])
        return secrets

    def make_project_target(self, amount=120, code="cases_registered", **values):
        project = self.env["buurtbemiddeling.project"].create(
            {
                "name": "Part",
                "company_id": self.company.id,
                "area_ids": [(6, 0, self.north.ids)],
                **values,
            }
        )
        return self.make_target(code, amount, project_id=project.id)

    def count_queries(self, targets):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with freeze_time(HALFWAY):
            targets.mapped("sentence")
        return self.cr.sql_log_count - before
