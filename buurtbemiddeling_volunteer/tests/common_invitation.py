from freezegun import freeze_time

from odoo.tools import html2plaintext

from .common import VolunteerCommon

MODEL = "buurtbemiddeling.assignment"


@freeze_time("2026-03-09 10:00:00")  # Monday
class InvitationCommon(VolunteerCommon):
    def setUp(self):
        super().setUp()
        self.mails_before = self.env["mail.mail"].search([("model", "=", MODEL)]).ids
        # only the invitations of this test are reminded of and expire
        self.env[MODEL].search([("state", "=", "invited")]).expires_on = False
        self.case = self.make_quarrel(
            reporter_story="The drum kit at night",
            area_id=self.make_area("De Wijk").id,
            intervention_id=self.env["buurtbemiddeling.intervention"].search([], limit=1).id,
        )
        self.coordinator.partner_id.write({"email": "coord@example.com", "phone": "0201234567"})
        self.vera, self.wim = self.make_volunteer("Vera"), self.make_volunteer("Wim")
        self.reasons = self.env["buurtbemiddeling.assignment.reason"].with_user(self.coordinator)

    def make_area(self, name):
        town = self.env["buurtbemiddeling.area"].search([("kind", "=", "municipality")], limit=1)
        return self.env["buurtbemiddeling.area"].create(
            {"name": name, "code": f"BU{name}", "parent_id": town.id}
        )

    def invite(self, *volunteers, case=None):
        case = (case or self.case).with_user(self.coordinator)
        rows = self.env[MODEL].with_user(self.coordinator)
        return rows._invite(case, self.vera.browse(v.id for v in volunteers))

    def mails(self):
        """Return the mails about assignments that this test made, the oldest first."""
        about = [("model", "=", MODEL), ("id", "not in", self.mails_before)]
        return self.env["mail.mail"].sudo().search(about, order="id")

    def text(self, mail):
        return f"{mail.subject}\n{html2plaintext(mail.body_html)}"

    def decline(self, row, code="GEEN_TIJD", note=False):
        wizard = self.env["buurtbemiddeling.assignment.decline"].with_user(self.coordinator)
        wizard.create(
            {
                "assignment_id": row.id,
                "reason_id": self.reasons._get_by_code(code).id,
                "note": note,
            }
        ).action_decline()

    def run_cron(self, name):
        with self.enter_registry_test_mode():
            cron = self.env.ref(f"buurtbemiddeling_volunteer.ir_cron_invitation_{name}")
            cron.method_direct_trigger()
