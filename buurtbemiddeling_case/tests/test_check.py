from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import config

from .common import CaseCommon

MARKER = "Zwaanhilde"  # the name of a resident, nowhere in what a check says


class CheckCommon(CaseCommon):
    """What the security check says to the administrator of the organisation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.make_user(
            "system", "buurtbemiddeling_case.group_manager,base.group_system"
        )

    def check(self, name, user=None):
        """Return what the check with this name says."""
        model = self.env["buurtbemiddeling.check"].with_user(user or self.system)
        results = {result["code"]: result for result in model._get_results()}
        return results[f"_verify_{name}"]

    def assert_wrong(self, name, *words, state="wrong", user=None):
        """The check says that something is wrong, with these words, and how to mend it."""
        result = self.check(name, user)
        self.assertEqual(result["state"], state, result)
        for word in words:
            self.assertIn(word, result["found"])
        self.assertTrue(result["remedy"])
        return result

    def assert_silent(self, name, user=None):
        """The check has nothing to say."""
        result = self.check(name, user)
        self.assertEqual((result["state"], result["found"]), ("ok", False), result)

    def set_parameter(self, key, value):
        self.env["ir.config_parameter"].set_param(key, value)

    def set_config(self, **values):
        """Set the server's own configuration, until the end of this test."""
        for name, value in values.items():
            before = config[name]
            self.addCleanup(config.__setitem__, name, before)
            config[name] = value


@tagged("post_install", "-at_install")
class TestCheck(CheckCommon):
    # ------------------------------------------------------------
    # THE SCREEN
    # ------------------------------------------------------------

    def test_every_check_is_complete(self):
        """Each has a topic, a name, and a test in which it is wrong and mended."""
        model = self.env["buurtbemiddeling.check"].with_user(self.manager)
        topics = dict(model._fields["topic"].selection)
        results = model._get_results()
        self.assertEqual([result["code"] for result in results], model._get_check_names())
        for result in results:
            self.assertIn(result["topic"], topics)
            self.assertTrue(result["name"], result)
            self.assertEqual(bool(result["found"]), result["state"] != "ok")
            self.assertEqual(bool(result["remedy"]), result["state"] != "ok")
            method = getattr(type(model), result["code"])
            self.assertTrue(method.__doc__, result["code"])
            if method.__module__.startswith("odoo.addons.buurtbemiddeling_case."):
                test = f"test{result['code'].removeprefix('_verify')}"
                self.assertTrue(hasattr(TestCheck, test), f"{test} is missing")

    def test_the_screen_shows_the_worst_first(self):
        self.set_config(list_db=True)
        action = self.env["buurtbemiddeling.check"].with_user(self.manager).action_run()
        rows = self.env[action["res_model"]].with_user(self.manager).search([])
        order = [("wrong", "attention", "ok").index(state) for state in rows.mapped("state")]
        self.assertEqual(order, sorted(order))
        self.assertEqual(len(rows), len(rows._get_check_names()))
        rows.action_run()
        again = rows.search([])
        self.assertEqual(len(again), len(order), "the rows of before are gone")
        self.assertFalse(self.env["buurtbemiddeling.check"].with_user(self.stranger).search([]))

    def test_only_administrators_look(self):
        """Not a coordinator, and not the administrator of Odoo without a role."""
        odoo_admin = self.make_user("odoo_admin", "base.group_system")
        for user in (self.coordinator, self.colleague, self.portal, odoo_admin):
            model = self.env["buurtbemiddeling.check"].with_user(user)
            for method in (model.action_run, model.action_note_backup):
                with self.assertRaises(AccessError):
                    method()

    def test_nobody_types_a_result(self):
        with self.assertRaises(AccessError):
            self.env["buurtbemiddeling.check"].with_user(self.system).create({"state": "ok"})

    def test_an_organisation_that_is_not_ones_own_is_not_looked_into(self):
        model = self.env["buurtbemiddeling.check"].with_user(self.manager)
        with self.assertRaises(AccessError):
            model.with_context(allowed_company_ids=self.other_company.ids)._get_results()
        self.assertNotIn(
            self.stranger.name, str([result["found"] for result in model._get_results()])
        )

    def test_no_resident_and_no_secret_is_told(self):
        """Neither names of residents nor passwords, whatever is wrong."""
        case = self.make_quarrel(reporter_name=MARKER, neighbour_name=f"{MARKER} 2")
        case.party_ids.partner_id.is_confidential = False
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "mail.example.com", "smtp_encryption": "none",
             "smtp_user": "post", "smtp_pass": MARKER, "smtp_authentication": "login"}
        )  # fmt: skip
        self.set_config(admin_passwd=MARKER)
        results = self.env["buurtbemiddeling.check"].with_user(self.system)._get_results()
        self.assertNotIn(MARKER, str(results))

    def test_who_may_mend_gets_the_screen_others_a_name_to_ask(self):
        self.set_parameter("web.base.url", "http://odoo.example.com")
        result = self.assert_wrong("server_address", user=self.system)
        self.assertEqual(result["action"], "base.ir_config_list_action")
        result = self.assert_wrong("server_address", user=self.manager)
        self.assertFalse(result["action"])
        self.assertTrue(result["remedy"].startswith("Ask your Odoo administrator: "))
        self.company.buurtbemiddeling_request_form = True
        result = self.assert_wrong("mail_handler", state="attention", user=self.manager)
        self.assertEqual(result["action"], "buurtbemiddeling_case.buurtbemiddeling_settings_action")
        model = self.env["buurtbemiddeling.check"].with_user(self.manager)
        model.action_run()
        row = model.search([("code", "=", "_verify_mail_handler")])
        self.assertEqual(row.action_mend()["res_model"], "buurtbemiddeling.settings")

    def test_the_number_of_queries_does_not_grow(self):
        model = self.env["buurtbemiddeling.check"].with_user(self.system)
        self.company.buurtbemiddeling_check_extra_users = 0

        def add(number):
            self.make_user(f"more_{number}", "buurtbemiddeling_case.group_extra")
            self.env["mail.alias"].create(
                {
                    "alias_name": f"zaak{number}",
                    "alias_model_id": self.env["ir.model"]._get_id("buurtbemiddeling.case"),
                    "alias_contact": "everyone",
                }
            )

        add(0)
        before = self.count_queries(model._get_results)
        for number in range(1, 7):
            add(number)
        self.assertLessEqual(self.count_queries(model._get_results), before)

    # ------------------------------------------------------------
    # MAIL
    # ------------------------------------------------------------

    def test_mail_domain(self):
        self.company.alias_domain_id = False
        self.assert_wrong("mail_domain", self.company.name, state="attention")
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "check.example.com"}
        )
        self.assert_silent("mail_domain")

    def test_mail_alias(self):
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "zaken",
                "alias_model_id": self.env["ir.model"]._get_id("buurtbemiddeling.case"),
                "alias_contact": "everyone",
            }
        )
        self.assert_wrong("mail_alias", "zaken")
        alias.alias_contact = "followers"
        self.assert_silent("mail_alias")
        self.company.alias_domain_id = self.env["mail.alias.domain"].create(
            {"name": "check.example.com"}
        )
        self.company.buurtbemiddeling_mail_name = "aanmelden"
        self.assert_silent("mail_alias")

    def test_mail_outgoing(self):
        self.env["ir.mail_server"].search([]).active = False
        server = self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "mail.example.com", "smtp_encryption": "none"}
        )
        self.assert_wrong("mail_outgoing", "Out")
        server.smtp_encryption = "starttls_strict"
        self.assert_silent("mail_outgoing")
        server.active = False
        self.set_config(smtp_server="mail.example.com", smtp_ssl=False)
        self.assert_wrong("mail_outgoing", "mail.example.com")
        self.set_config(smtp_server="localhost")
        self.assert_silent("mail_outgoing")

    def test_mail_incoming(self):
        server = self.env["fetchmail.server"].create(
            {"name": "In", "server": "mail.example.com", "server_type": "imap", "is_ssl": False}
        )
        self.assert_wrong("mail_incoming", "In")
        server.is_ssl = True
        self.assert_silent("mail_incoming")

    def test_mail_handler(self):
        self.company.buurtbemiddeling_request_form = True
        self.assert_wrong("mail_handler", self.company.name, state="attention")
        self.company.buurtbemiddeling_request_user_id = self.coordinator
        self.assert_silent("mail_handler")

    # ------------------------------------------------------------
    # PEOPLE AND LOGINS
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------

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
        self.assert_wrong("access_attachment", "1 files")

    # ------------------------------------------------------------
    # RESIDENTS
    # ------------------------------------------------------------

    def test_contact_open(self):
        case = self.make_quarrel()
        self.assert_silent("contact_open")
        case.party_ids.partner_id[:1].is_confidential = False
        result = self.assert_wrong("contact_open", "1 contacts", state="attention")
        self.assertNotIn("Anna", str(result))

    def test_contact_reached(self):
        partner = self.make_quarrel().party_ids.partner_id[:1]
        event = self.env["calendar.event"].create(
            {"name": "Open day", "start": "2026-03-02", "stop": "2026-03-02"}
        )
        self.assert_silent("contact_reached")
        self.env.cr.execute(
            "INSERT INTO mail_followers (res_model, res_id, partner_id) VALUES (%s, %s, %s)",
            ["res.partner", self.company.partner_id.id, partner.id],
        )
        self.assert_wrong("contact_reached", "1 times")
        self.env.cr.execute("DELETE FROM mail_followers WHERE partner_id = %s", [partner.id])
        self.assert_silent("contact_reached")
        self.env.cr.execute(
            "INSERT INTO calendar_attendee (event_id, partner_id) VALUES (%s, %s)",
            [event.id, partner.id],
        )
        self.assert_wrong("contact_reached", "1 times")

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def test_keep_automatic(self):
        self.assert_wrong("keep_automatic", self.company.name)
        self.company.buurtbemiddeling_retention_automatic = True
        self.assert_silent("keep_automatic")

    def test_keep_term(self):
        self.company.buurtbemiddeling_check_term_months = 24
        self.assert_silent("keep_term")
        self.company.buurtbemiddeling_retention_months = 120
        result = self.assert_wrong("keep_term", "24 months", state="attention", user=self.manager)
        self.assertTrue(result["action"])

    def test_keep_overdue(self):
        """A case that is over its term, until it is anonymised or kept for a reason."""
        case = self.make_case(
            registration_date=date(2020, 1, 6),
            close_date=date(2020, 3, 2),
            stage_id=self.stage("closed").id,
            outcome_id=self.code("outcome", "OPG_BEM").id,
        )
        result = self.assert_wrong("keep_overdue", "of 1 cases", user=self.manager)
        # nobody types into a round, yet the administrator is brought there
        self.assertTrue(result["action"])
        case.write({"retention_hold_reason": "Complaint", "retention_hold_until": "2999-01-01"})
        self.assert_silent("keep_overdue")
        case.write({"retention_hold_reason": False, "retention_hold_until": False})
        self.assert_wrong("keep_overdue", "of 1 cases")
        case.sudo()._anonymize()
        self.assert_silent("keep_overdue")

    def test_keep_failed(self):
        run = self.env["buurtbemiddeling.retention.run"].create({"company_id": self.company.id})
        line = self.env["buurtbemiddeling.retention.line"].create(
            {"run_id": run.id, "kind": "case", "model": "buurtbemiddeling.case", "res_id": 1}
        )
        self.assert_silent("keep_failed")
        line.state = "failed"
        self.assert_wrong("keep_failed", "of 1 cases")

    # ------------------------------------------------------------
    # SERVER
    # ------------------------------------------------------------

    def test_server_backup(self):
        """A script may write the day into the database, past Odoo and its cache."""
        self.assert_wrong("server_backup", "Nobody said")
        today = fields.Date.today()
        self.env["ir.config_parameter"].get_param("buurtbemiddeling.last_backup")
        for days, state in ((3, "wrong"), (2, "ok"), (0, "ok"), (-2, "wrong")):
            self.env.cr.execute(
                """
                INSERT INTO ir_config_parameter (key, value)
                     VALUES ('buurtbemiddeling.last_backup', %s)
                ON CONFLICT (key) DO UPDATE SET value = excluded.value
                """,
                [f"{today - timedelta(days=days)} 03:00:00"],
            )
            self.env.invalidate_all()
            self.assertEqual(self.check("server_backup")["state"], state, days)
        self.set_parameter("buurtbemiddeling.last_backup", "yesterday")
        self.assert_wrong("server_backup", "Nobody said")
        self.env["buurtbemiddeling.check"].with_user(self.manager).action_note_backup()
        self.assert_silent("server_backup", self.manager)

    def test_server_address(self):
        self.set_parameter("web.base.url", "http://odoo.example.com")
        self.assert_wrong("server_address", "http://odoo.example.com")
        self.set_parameter("web.base.url", "https://odoo.example.com")
        self.assert_silent("server_address")

    def test_server_proxy(self):
        self.set_parameter("web.base.url", "https://odoo.example.com")
        self.set_config(proxy_mode=False)
        self.assert_wrong("server_proxy", state="attention")
        self.set_config(proxy_mode=True)
        self.assert_silent("server_proxy")

    def test_server_manager(self):
        self.set_config(list_db=True)
        self.assert_wrong("server_manager")
        self.set_config(list_db=False)
        self.assert_silent("server_manager")

    def test_server_master_password(self):
        self.set_config(admin_passwd="admin")
        self.assert_wrong("server_master_password")
        self.set_config(admin_passwd="$pbkdf2-sha512$something")
        self.assert_silent("server_master_password")

    def test_server_log(self):
        self.set_config(log_handler=[":INFO"], log_level="info", dev_mode=[])
        self.assert_silent("server_log")
        self.set_config(log_handler=[":INFO", "odoo.sql_db:DEBUG"])
        self.assert_wrong("server_log", "odoo.sql_db:DEBUG", state="attention")
        self.set_config(log_handler=[":INFO"], log_level="debug_sql")
        self.assert_wrong("server_log", "debug_sql", state="attention")

    def test_server_neutralized(self):
        self.assert_silent("server_neutralized")
        self.set_parameter("database.is_neutralized", "True")
        self.assert_wrong("server_neutralized", state="attention")

    def test_server_demo(self):
        module = self.env["ir.module.module"].search([("name", "=", "buurtbemiddeling_case")])
        module.demo = True
        self.assert_wrong("server_demo")
        self.env["ir.module.module"].search([]).demo = False
        self.assert_silent("server_demo")

    def test_server_job(self):
        job = self.env.ref("buurtbemiddeling_case.ir_cron_make_duties")
        jobs = self.env["ir.cron"].with_context(active_test=False)
        ours = jobs.browse([*self.env["buurtbemiddeling.check"]._get_our_records("ir.cron")])
        ours.write({"nextcall": fields.Datetime.now(), "active": True, "failure_count": 0})
        self.assert_silent("server_job")
        for values in (
            {"active": False},
            {"active": True, "failure_count": 2},
            {"failure_count": 0, "nextcall": fields.Datetime.now() - timedelta(days=2)},
        ):
            job.write(values)
            self.assert_wrong("server_job", "year circle")
        job.nextcall = fields.Datetime.now()
        self.assert_silent("server_job")
