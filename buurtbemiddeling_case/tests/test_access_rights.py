from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CaseCommon

LISTS = (
    "case.stage", "benchmark.heading", "nuisance.type", "outcome", "intervention",
    "contraindication", "complexity", "referrer.type", "language", "area", "project",
    "attention",
    "contraindication", "complexity", "intake.reason", "referrer.type", "language",
    "area", "project",
    "feedback.wording", "duty.kind",
    "feedback.wording", "network.activity.kind",
)  # fmt: skip

# model -> what a coordinator and an administrator may do; all others may do nothing
TABLE = {
    "buurtbemiddeling.case": ("rwc", "rwcu"),
    "buurtbemiddeling.case.party": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.pause": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.agreement": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.agreement.print": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.aftercare": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.aftercare.agreement": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.aftercare.party": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.close": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.move": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.phase": ("r", "r"),
    "buurtbemiddeling.case.close.party": ("rwcu", "rwcu"),
    "buurtbemiddeling.settings": ("", "rwcu"),
    "buurtbemiddeling.check": ("", "r"),
    "buurtbemiddeling.case.merge": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.merge.line": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.split": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.split.line": ("rwcu", "rwcu"),
    "buurtbemiddeling.approach": ("rwcu", "rwcu"),
    "buurtbemiddeling.web.request": ("r", "r"),
    "buurtbemiddeling.letter": ("r", "rwcu"),
    "buurtbemiddeling.unsorted.mail": ("rwu", "rwu"),
    "buurtbemiddeling.letter.compose": ("rwcu", "rwcu"),
    "buurtbemiddeling.meeting": ("rwcu", "rwcu"),
    "buurtbemiddeling.absence": ("rwcu", "rwcu"),
    "buurtbemiddeling.onward.referral": ("rwcu", "rwcu"),
    "buurtbemiddeling.coaching": ("rwcu", "rwcu"),
    "buurtbemiddeling.extra.signal": ("", ""),  # see test_extra
    "buurtbemiddeling.room": ("rwc", "rwcu"),
    "buurtbemiddeling.duty": ("rwc", "rwcu"),
    "buurtbemiddeling.door.key": ("", "r"),
    "buurtbemiddeling.trace": ("", "r"),
    "buurtbemiddeling.privacy.request": ("rwc", "rwc"),
    "buurtbemiddeling.retention.run": ("r", "rcu"),
    "buurtbemiddeling.retention.line": ("r", "r"),
    "buurtbemiddeling.export.reason": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.feedback": ("rwcu", "rwcu"),
    "buurtbemiddeling.case.feedback.line": ("rwcu", "rwcu"),
    "buurtbemiddeling.feedback": ("rc", "rc"),
    "buurtbemiddeling.covenant": ("rwc", "rwcu"),
    "buurtbemiddeling.covenant.party": ("rwcu", "rwcu"),
    "buurtbemiddeling.network.activity": ("rwcu", "rwcu"),
    "buurtbemiddeling.key.contact": ("rwc", "rwcu"),
    "buurtbemiddeling.referral.agreement": ("rwcu", "rwcu"),
    "buurtbemiddeling.referral.form": ("r", "r"),
    "buurtbemiddeling.referral.link": ("r", "r"),
    "buurtbemiddeling.referral.link.send": ("rwcu", "rwcu"),
    "buurtbemiddeling.referral.partner": ("rwc", "rwcu"),
    "buurtbemiddeling.steering.member": ("rwcu", "rwcu"),
    "buurtbemiddeling.steering.meeting": ("rwcu", "rwcu"),
    "buurtbemiddeling.steering.item": ("rwcu", "rwcu"),
    "buurtbemiddeling.steering.attendance": ("rwcu", "rwcu"),
    "buurtbemiddeling.steering.decision": ("rwcu", "rwcu"),
    "buurtbemiddeling.steering.agenda": ("r", "rwcu"),
    "buurtbemiddeling.steering.agenda.item": ("r", "rwcu"),
    **{f"buurtbemiddeling.{name}": ("r", "rwcu") for name in LISTS},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccessRights(CaseCommon):
    """Who may do what with which record is in ``access_table.csv`` of ``test_buurtbemiddeling``."""

    def test_installing_gives_nobody_the_cases(self):
        admin = self.env.ref("base.user_admin")
        self.assertFalse(
            admin.has_group("buurtbemiddeling_case.group_user")
            and not self.env.ref("base.module_buurtbemiddeling_case").demo
        )

    def test_case_can_not_be_made_for_another_organisation(self):
        with self.assertRaises(AccessError):
            self.make_case(self.stranger, company_id=self.company.id, user_id=False)
