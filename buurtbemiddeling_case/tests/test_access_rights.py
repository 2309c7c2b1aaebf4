from odoo.exceptions import AccessError
from odoo.fields import Command
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
    def test_who_may_do_what(self):
        """Role x model x read, write, create, unlink."""
        nobody = {
            "colleague": self.colleague,
            "portal": self.portal,
            "public": self.env.ref("base.public_user"),
            "administrator of Odoo": self.make_user("system", "base.group_system"),
        }
        for model, (coordinator, manager) in TABLE.items():
            roles = {"coordinator": (self.coordinator, coordinator)}
            roles["manager"] = (self.manager, manager)
            roles.update({role: (user, "") for role, user in nobody.items()})
            for role, (user, allowed) in roles.items():
                found = "".join(
                    letter
                    for letter, operation in OPERATIONS.items()
                    if self.env[model].with_user(user).has_access(operation)
                )
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, allowed)

    def test_every_model_of_the_module_is_in_the_table(self):
        models = {
            name
            for name, model in self.env.items()
            if model._original_module == "buurtbemiddeling_case" and not model._abstract
        }
        self.assertEqual(models, set(TABLE))

    def test_installing_gives_nobody_the_cases(self):
        admin = self.env.ref("base.user_admin")
        self.assertFalse(
            admin.has_group("buurtbemiddeling_case.group_user")
            and not self.env.ref("base.module_buurtbemiddeling_case").demo
        )

    def test_records_of_another_organisation_are_out_of_reach(self):
        case = self.make_quarrel()
        covenant = self.env["buurtbemiddeling.covenant"].create(
            {
                "name": "C",
                "company_id": self.company.id,
                "user_id": self.coordinator.id,
                "party_ids": [
                    Command.create({"partner_id": self.env["res.partner"].create({"name": "W"}).id})
                ],
            }
        )
        records = [
            case,
            *case.party_ids,
            self.env["buurtbemiddeling.case.pause"].create({"case_id": case.id}),
            self.env["buurtbemiddeling.case.agreement"].create({"case_id": case.id, "name": "x"}),
            self.env["buurtbemiddeling.meeting"].create(
                {"case_id": case.id, "start": "2027-01-04 18:00:00"}
            ),
            self.env["buurtbemiddeling.room"].create({"name": "R", "company_id": self.company.id}),
            self.env["buurtbemiddeling.project"].create(
                {"name": "P", "company_id": self.company.id}
            ),
            covenant,
            covenant.party_ids,
            self.env["buurtbemiddeling.network.activity"].create(
                {
                    "name": "Evening",
                    "kind_id": self.code("network.activity.kind", "INFO").id,
                    "date": "2027-01-04",
                    "company_id": self.company.id,
                }
            ),
            self.env["buurtbemiddeling.key.contact"].create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "K"}).id,
                    "company_id": self.company.id,
                }
            ),
            self.env["buurtbemiddeling.referral.partner"].create(
                {
                    "partner_id": self.env["res.partner"].create({"name": "W"}).id,
                    "referrer_type_id": self.code("referrer.type", "POLITIE").id,
                    "company_id": self.company.id,
                }
            ),
        ]
        for record in records:
            mine = record.with_user(self.manager)
            theirs = record.with_user(self.stranger)
            with self.subTest(model=record._name):
                self.assertTrue(mine.search([("id", "=", record.id)]))
                self.assertFalse(theirs.search([("id", "=", record.id)]))
                for operation in ("read", "write", "unlink"):
                    self.assertTrue(mine.has_access(operation))
                    self.assertFalse(theirs.has_access(operation))
                with self.assertRaises(AccessError):
                    theirs.read(["display_name"])

    def test_case_can_not_be_made_for_another_organisation(self):
        with self.assertRaises(AccessError):
            self.make_case(self.stranger, company_id=self.company.id, user_id=False)
