from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged

from .common_check import CheckCommon


@tagged("post_install", "-at_install")
class TestCheckServer(CheckCommon):
    """What the security check says of contacts, terms and the server."""

    def test_contact_open(self):
        case = self.make_quarrel()
        self.assert_silent("contact_open")
        case.party_ids.partner_id[:1].is_confidential = False
        result = self.assert_wrong("contact_open", ": 1.", state="attention")
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
        result = self.assert_wrong("keep_overdue", ": 1.", user=self.manager)
        # nobody types into a round, yet the administrator is brought there
        self.assertTrue(result["action"])
        case.write({"retention_hold_reason": "Complaint", "retention_hold_until": "2999-01-01"})
        self.assert_silent("keep_overdue")
        case.write({"retention_hold_reason": False, "retention_hold_until": False})
        self.assert_wrong("keep_overdue", ": 1.")
        case.sudo()._anonymize()
        self.assert_silent("keep_overdue")

    def test_keep_failed(self):
        run = self.env["buurtbemiddeling.retention.run"].create({"company_id": self.company.id})
        line = self.env["buurtbemiddeling.retention.line"].create(
            {"run_id": run.id, "kind": "case", "model": "buurtbemiddeling.case", "res_id": 1}
        )
        self.assert_silent("keep_failed")
        line.state = "failed"
        self.assert_wrong("keep_failed", ": 1.")

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
