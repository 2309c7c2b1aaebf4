from datetime import timedelta

from odoo import fields

from odoo.addons.buurtbemiddeling_volunteer.tests.common import VolunteerCommon
from odoo.addons.mail.tests.common import mail_new_test_user

CRITERION = "buurtbemiddeling.criterion"
EVIDENCE = "buurtbemiddeling.criterion.evidence"
DOCUMENT = "buurtbemiddeling.criterion.document"
RECOGNITION = "buurtbemiddeling.recognition"


class CriterionCase(VolunteerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "lang": "en_US",
                "tracking_disable": True,
                "allowed_company_ids": cls.company.ids,
            }
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls.criterion = cls.env[CRITERION].create(
            {"name": "Ours", "code": "OURS", "company_id": cls.company.id}
        )
        cls.reporting = mail_new_test_user(
            cls.env,
            login="criterion_reporting",
            groups="buurtbemiddeling_report.group_reporting",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.manager = mail_new_test_user(
            cls.env,
            login="criterion_manager",
            groups="buurtbemiddeling_case.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def make_evidence(cls, kind, name="Shown", criterion=None, **values):
        return cls.env[EVIDENCE].create(
            {
                "criterion_id": (criterion or cls.criterion).id,
                "name": name,
                "kind": kind,
                **values,
            }
        )

    @classmethod
    def make_document(cls, evidence, **values):
        return cls.env[DOCUMENT].create(
            {
                "evidence_id": evidence.id,
                "company_id": cls.company.id,
                "name": "Paper",
                "date": cls.today,
                **values,
            }
        )

    def measure(self, evidence, company=None):
        return evidence._measure(company or self.company)[evidence]

    def indicator(self, code):
        return self.env.ref(f"buurtbemiddeling_report.indicator_{code}")

    def code_of(self, model, code):
        return self.env[f"buurtbemiddeling.{model}"].search([("code", "=", code)])

    def make_closed(self, outcome, days_ago=30, **values):
        """Create a case that was closed some days ago."""
        closed = self.today - timedelta(days=days_ago)
        return self.env["buurtbemiddeling.case"].create(
            {
                "company_id": self.company.id,
                "registration_date": closed - timedelta(days=10),
                "stage_id": self.env.ref("buurtbemiddeling_case.case_stage_closed").id,
                "close_date": closed,
                "outcome_id": self.code_of("outcome", outcome).id,
                **values,
            }
        )

    def recognition(self, **values):
        return self.env[RECOGNITION].create({"company_id": self.company.id, **values})
