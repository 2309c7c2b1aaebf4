from odoo.fields import Command
from odoo.tests import tagged

from .common_check import CheckCommon


@tagged("post_install", "-at_install")
class TestCheckUsers(CheckCommon):
    """What the security check says of users and of rights."""

    def test_user_two_factor(self):
        self.assert_wrong("user_two_factor", self.coordinator.name, self.manager.name)
        self.env.cr.execute("UPDATE res_users SET totp_secret = 'JBSWY3DPEHPK3PXP'")
        self.env.invalidate_all()
        self.assert_silent("user_two_factor")
        self.env.cr.execute("UPDATE res_users SET totp_secret = NULL")
        self.set_parameter("auth_totp.policy", "employee_required")
        if "auth_totp_mail" in self.env.registry._init_modules:
            self.assert_silent("user_two_factor")
        else:
            self.assert_wrong("user_two_factor", self.coordinator.name)

    def test_user_calendar(self):
        staff = self.coordinator | self.manager | self.system
        for user in staff:
            user.with_user(user).calendar_default_privacy = "private"
        self.assert_silent("user_calendar")
        self.coordinator.with_user(self.coordinator).calendar_default_privacy = "public"
        result = self.assert_wrong("user_calendar", self.coordinator.name, state="attention")
        self.assertEqual(result["record_ids"], self.coordinator.ids)

    def test_user_password(self):
        has_app = "auth_password_policy" in self.env.registry._init_modules
        self.set_parameter("auth_password_policy.minlength", "4")
        self.assert_wrong("user_password", "4" if has_app else "0", state="attention")
        self.set_parameter("auth_password_policy.minlength", "12")
        if has_app:
            self.assert_silent("user_password")
        else:
            self.assert_wrong("user_password", "0", "12", state="attention")

    def test_user_session(self):
        self.set_parameter("sessions.max_inactivity_seconds", str(7 * 24 * 3600))
        if "lock_timeout_inactivity" in self.env["res.groups"]._fields:
            self.env["res.groups"].search([]).lock_timeout_inactivity = 0
        self.assert_wrong("user_session", "168", state="attention")
        self.set_parameter("sessions.max_inactivity_seconds", str(8 * 3600))
        self.assert_silent("user_session")
        self.company.buurtbemiddeling_check_session_hours = 4
        self.assert_wrong("user_session", "8", state="attention")

    def test_user_extra(self):
        self.company.buurtbemiddeling_check_extra_users = 1
        self.make_user("extra_1", "buurtbemiddeling_case.group_extra")
        self.assert_silent("user_extra")
        self.make_user("extra_2", "buurtbemiddeling_case.group_extra")
        self.assert_wrong("user_extra", "2 colleagues", state="attention")

    def test_user_idle(self):
        self.assert_silent("user_idle")  # all are new
        self.env.cr.execute(
            "UPDATE res_users SET create_date = create_date - interval '1 year' WHERE id = %s",
            [self.coordinator.id],
        )
        self.env.invalidate_all()
        self.assert_wrong("user_idle", self.coordinator.name, state="attention")
        self.env["res.users.log"].with_user(self.coordinator).sudo().create({})
        self.assert_silent("user_idle")

    def test_user_archived(self):
        self.assert_silent("user_archived")
        self.coordinator.active = False
        self.assert_wrong("user_archived", self.coordinator.name, state="attention")
        self.coordinator.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        self.assert_silent("user_archived")

    def test_user_api_key(self):
        keys = self.env["res.users.apikeys"].with_user(self.coordinator).sudo()
        keys._generate("rpc", "forever", None)
        self.assert_wrong("user_api_key", self.coordinator.name, state="attention")
        self.env.cr.execute("UPDATE res_users_apikeys SET expiration_date = now()")
        self.env.invalidate_all()
        self.assert_silent("user_api_key")

    def test_user_company(self):
        self.assert_silent("user_company")
        self.coordinator.company_ids += self.other_company
        self.assert_wrong("user_company", self.coordinator.name, state="attention")

    def test_user_sign_up(self):
        self.set_parameter("auth_signup.invitation_scope", "b2c")
        self.assert_wrong("user_sign_up", state="attention")
        self.set_parameter("auth_signup.invitation_scope", "b2b")
        self.assert_silent("user_sign_up")

    def test_user_demo(self):
        demo = self.make_user("demo", "buurtbemiddeling_case.group_user")
        self.assert_silent("user_demo")
        self.env["ir.model.data"].create(
            {
                "module": "buurtbemiddeling_case",
                "name": "demo_login",
                "model": "res.users",
                "res_id": demo.id,
            }
        )
        self.assert_wrong("user_demo", demo.login)
        demo.active = False
        self.assert_silent("user_demo")

    def test_user_admin_password(self):
        admin = self.env.ref("base.user_admin")
        admin.password = "admin"
        self.assert_wrong("user_admin_password")
        admin.password = "a long sentence that nobody guesses"
        self.assert_silent("user_admin_password")

    def test_access_rule(self):
        self.assert_silent("access_rule")
        rule = self.env.ref("buurtbemiddeling_case.res_partner_rule_confidential")
        domain = rule.domain_force
        rule.active = False
        self.assert_wrong("access_rule", "res_partner_rule_confidential")
        rule.active = True
        rule.domain_force = "[(1, '=', 1)]"
        self.assert_wrong("access_rule", "res_partner_rule_confidential")
        rule.domain_force = domain
        rule.groups = self.env.ref("base.group_user")
        self.assert_wrong("access_rule", "res_partner_rule_confidential")
        rule.groups = False
        rule.perm_read = False
        self.assert_wrong("access_rule", "res_partner_rule_confidential")
        rule.perm_read = True
        self.assert_silent("access_rule")
        rule.unlink()
        self.assert_wrong("access_rule", "res_partner_rule_confidential")

    def test_access_foreign_rule(self):
        self.assert_silent("access_foreign_rule")
        rule = self.env["ir.rule"].create(
            {
                "name": "All absences",
                "model_id": self.env["ir.model"]._get_id("buurtbemiddeling.absence"),
                "domain_force": "[(1, '=', 1)]",
                "groups": self.env.ref("buurtbemiddeling_case.group_user").ids,
            }
        )
        self.assert_wrong("access_foreign_rule", "All absences", state="attention")
        rule.active = False
        self.assert_silent("access_foreign_rule")

    def test_access_row(self):
        self.assert_silent("access_row")
        row = self.env["ir.model.access"].create(
            {
                "name": "All employees read parties",
                "model_id": self.env["ir.model"]._get_id("buurtbemiddeling.case.party"),
                "group_id": self.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )
        self.assert_wrong("access_row", "All employees read parties")
        row.perm_read = False
        self.assert_silent("access_row")
        ours = self.env.ref("buurtbemiddeling_case.access_trace_manager")
        ours.perm_write = True
        self.assert_wrong("access_row", ours.name)
        ours.perm_write = False
        group = ours.group_id
        ours.group_id = False
        self.assert_wrong("access_row", ours.name)
        ours.group_id = group
        self.assert_silent("access_row")

    def test_access_group(self):
        self.assert_silent("access_group")
        ours = self.env.ref("buurtbemiddeling_case.group_user")
        foreign = self.env["res.groups"].create({"name": "Other app", "implied_ids": ours.ids})
        self.assert_wrong("access_group", "Other app")
        foreign.unlink()
        self.assert_silent("access_group")
        manager = self.env.ref("buurtbemiddeling_case.group_manager")
        manager.implied_ids += self.env.ref("buurtbemiddeling_case.group_extra")
        self.assert_wrong("access_group", "Administrator")

    def test_access_export(self):
        self.assert_silent("access_export")
        employees = self.env.ref("base.group_user")
        employees.implied_ids += self.env.ref("base.group_allow_export")
        self.assert_wrong("access_export", state="attention")

    def test_access_attachment(self):
        self.assert_silent("access_attachment")
        case = self.make_case()
        file = self.env["ir.attachment"].create(
            {"name": "letter", "raw": b"x", "res_model": case._name, "res_id": case.id}
        )
        self.assert_silent("access_attachment")
        file.public = True
        self.assert_wrong("access_attachment", ": 1.")
