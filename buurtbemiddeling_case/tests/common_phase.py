from odoo.tests import freeze_time

from .common import CaseCommon


class PhaseCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solved = cls.code("outcome", "OPG_BEM")

    def move(self, case, code, day, **values):
        with freeze_time(day):
            case.write({"stage_id": self.stage(code).id, **values})

    def close(self, case, day):
        self.move(case, "closed", day, outcome_id=self.solved.id)

    def pause(self, case, first, last=None, user=None):
        return (
            self.env["buurtbemiddeling.case.pause"]
            .with_user(user or self.coordinator)
            .create({"case_id": case.id, "date_from": first, "date_to": last})
        )

    def own_stage(self, code, **values):
        return (
            self.env["buurtbemiddeling.case.stage"]
            .with_user(self.manager)
            .create({"code": code, "name": code, "company_id": self.company.id, **values})
        )

    def assertHistory(self, case, expected):
        """Compare (code, from, until, own days, waiting days) of the stays of a case."""
        self.assertEqual(
            [
                (
                    stay.stage_id.code,
                    stay.date_from and stay.date_from.strftime("%d-%m"),
                    stay.date_to and stay.date_to.strftime("%d-%m"),
                    stay.own_days,
                    stay.waiting_days,
                )
                for stay in case.phase_ids
            ],
            expected,
        )
