from datetime import date

from .common import CaseCommon


class FeedbackCommon(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wbv = cls.make_referral_partner(feedback_wording="result")
        cls.wil = cls.make_contact_person(cls.wbv)

    def make_referred(self, outcome="OPG_BEM", consent="yes", **values):
        """Create a case that the corporation referred; with an outcome it is closed on 1 April."""
        if outcome:
            values.setdefault("close_date", date(2026, 4, 1))
            values["outcome_id"] = self.code("outcome", outcome).id
        case = self.make_quarrel(
            **{
                "referral_partner_id": self.wbv.id,
                "referral_contact_id": self.wil.id,
                "reporter_feedback_consent": consent,
                **values,
            }
        )
        self.env.flush_all()
        return case

    def wizard(self, cases, action="action_feedback"):
        action = getattr(cases.with_user(self.coordinator), action)()
        return self.env[action["res_model"]].with_user(self.coordinator).browse(action["res_id"])

    def get_messages(self, record):
        return self.env["mail.message"].search(
            [("model", "=", record._name), ("res_id", "=", record.id)]
        )
