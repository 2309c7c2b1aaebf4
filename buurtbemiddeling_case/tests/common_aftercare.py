from datetime import date, datetime

from ..models.buurtbemiddeling_case_aftercare_mixin import AFTERCARE_ACTIVITY
from .common import CaseCommon


class AftercareCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.solved = cls.code("outcome", "OPG_BEM")
        cls.not_solved = cls.code("outcome", "NIET_OPG")
        cls.unsuitable = cls.code("outcome", "ONGESCHIKT")
        cls.closed = cls.stage("closed")
        cls.aftercare = cls.stage("aftercare")

    @classmethod
    def make_talk(cls, case, day, kind="mediation", state="done", hour=18):
        return (
            cls.env["buurtbemiddeling.meeting"]
            .with_user(cls.coordinator)
            .create(
                {
                    "case_id": case.id,
                    "kind": kind,
                    "state": state,
                    "start": datetime(day.year, day.month, day.day, hour),
                }
            )
        )

    @classmethod
    def make_mediated(cls, **values):
        """Create a case with two neighbours who talked with each other on 1 April 2026."""
        case = cls.make_quarrel(**values)
        cls.make_talk(case, date(2026, 4, 1))
        return case

    def close(self, cases, outcome=None):
        cases.write({"stage_id": self.closed.id, "outcome_id": (outcome or self.solved).id})

    def todos(self, cases):
        return cases.activity_search([AFTERCARE_ACTIVITY])
