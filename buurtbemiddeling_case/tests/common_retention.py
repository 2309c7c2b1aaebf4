from datetime import date, timedelta

from .common import CaseCommon

TODAY = date(2026, 6, 15)


class RetentionCase(CaseCommon):
    """Closed cases of which the term is over, and runs that remove them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "buurtbemiddeling_retention_months": 24,
                "buurtbemiddeling_retention_request_months": 6,
                "buurtbemiddeling_retention_warning_days": 28,
            }
        )
        cls.runs = cls.env["buurtbemiddeling.retention.run"]
        cls.cases = cls.env["buurtbemiddeling.case"]

    @classmethod
    def make_closed(cls, day, **values):
        """Return a case that was closed on ``day`` after a quarrel was solved."""
        return cls.make_quarrel(
            **{
                "registration_date": day - timedelta(days=30),
                "close_date": day,
                "outcome_id": cls.code("outcome", "OPG_BEM").id,
                "intervention_id": cls.code("intervention", "BEM").id
                or cls.env["buurtbemiddeling.intervention"].search([], limit=1).id,
                **values,
            }
        )

    def is_due(self, case, kind="case", day=TODAY):
        domain = self.cases._get_retention_domain(self.company, kind, day)
        return case in self.cases.with_context(active_test=False).search(domain)

    def make_run(self):
        return self.runs.with_user(self.manager).browse(
            self.runs.with_user(self.manager).action_make_list()["res_id"]
        )

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("buurtbemiddeling_case.ir_cron_retention").method_direct_trigger()
        self.env.invalidate_all()

    def carry_out(self, run):
        """Start a run on another day, and let the server do it."""
        run.invalidate_recordset()
        run.action_start()
        self.run_cron()

    def is_removed(self, case):
        return bool(case.anonymized_date) and not case.party_ids.partner_id
