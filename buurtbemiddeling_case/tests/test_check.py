from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_check import CheckCommon
from .test_check_server import TestCheckServer
from .test_check_users import TestCheckUsers

MARKER = "Zwaanhilde"  # the name of a resident, nowhere in what a check says


@tagged("post_install", "-at_install")
class TestCheck(CheckCommon):
    # ------------------------------------------------------------
    # THE SCREEN
    # ------------------------------------------------------------

    def test_every_check_is_complete(self):
        """Each has a topic, a name, and a test in which it is wrong and mended."""
        model = self.env["buurtbemiddeling.check"].with_user(self.manager)
        topics = dict(model._fields["topic"].selection)
        cases = (TestCheck, TestCheckServer, TestCheckUsers)
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
                self.assertTrue(any(hasattr(case, test) for case in cases), f"{test} is missing")

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
