from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestSpeedPages(CaseCommon):
    """What pages keep in memory is right again at once, and takes no query."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outcome = cls.env["buurtbemiddeling.outcome"].create(
            {"code": "SPEED_PAGES", "name": "Quick"}
        )

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_names_of_code_lists_take_no_query(self):
        self.assertEqual(self.outcome.display_name, "Quick")
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            # sudo: as web_read names the record of a many2one
            self.assertEqual(self.outcome.sudo().display_name, "Quick")

    def test_names_of_code_lists_follow(self):
        self.assertEqual(self.outcome.display_name, "Quick")
        self.outcome.name = "Quicker"
        self.assertEqual(self.outcome.display_name, "Quicker")
        self.env["res.lang"]._activate_lang("nl_NL")
        dutch = self.outcome.with_context(lang="nl_NL")
        self.assertEqual(dutch.display_name, "Quicker")
        self.outcome.update_field_translations("name", {"nl_NL": "Sneller"})
        dutch.invalidate_recordset()
        self.assertEqual(dutch.display_name, "Sneller")
        self.assertEqual(self.outcome.display_name, "Quicker")
        self.outcome.active = False
        self.env.invalidate_all()
        self.assertEqual(self.outcome.display_name, "Quicker")

    def test_names_that_others_kept_meanwhile_go_when_the_change_is_there(self):
        for ending in (self.env.cr.postcommit, self.env.cr.postrollback):
            ending.clear()
            self.outcome.name = f"{self.outcome.name}!"
            self.outcome._get_names("en_US")  # what another one would read now is of before
            ending.run()
            with self.assertQueryCount(1):
                self.outcome._get_names("en_US")

    def test_phases_of_a_form_of_help_are_the_same_for_who_looks_at_archived_ones_first(self):
        intervention = self.env["buurtbemiddeling.intervention"].search([], limit=1)
        gone = intervention.stage_ids[1]
        gone.active = False
        self.env.invalidate_all()
        everything = intervention.with_context(active_test=False)
        self.assertNotIn(gone.code, everything._get_stage_codes())
        self.assertNotIn(gone.code, intervention._get_stage_codes())

    def test_phases_take_no_query_and_follow(self):
        stages = self.env["buurtbemiddeling.case.stage"]
        before = stages._get_of_company(self.env.company)
        with self.assertQueryCount(0):
            stages._get_of_company(self.env.company)
        before[-1:].active = False
        self.assertEqual(stages._get_of_company(self.env.company), before[:-1])

    def test_phases_and_attention_are_for_who_may_read_them(self):
        stages = self.env["buurtbemiddeling.case.stage"]
        kinds = self.env["buurtbemiddeling.attention"]
        stages._get_of_company(self.env.company)
        kinds._get_domains("buurtbemiddeling.case")
        public = self.env.ref("base.public_user")
        for call in (
            lambda: stages.with_user(public)._get_of_company(self.env.company),
            lambda: kinds.with_user(public)._get_domains("buurtbemiddeling.case"),
        ):
            with mute_logger("odoo.addons.base.models.ir_model"), self.assertRaises(AccessError):
                call()

    def test_kinds_of_attention_follow(self):
        kinds = self.env["buurtbemiddeling.attention"]
        known = dict(kinds._get_domains("buurtbemiddeling.case"))
        kind = kinds.browse(next(iter(known)))
        kind.domain = "[('name', '=', 'NONE')]"
        self.assertIn("NONE", str(dict(kinds._get_domains("buurtbemiddeling.case"))[kind.id]))
        kind.active = False
        self.assertNotIn(kind.id, dict(kinds._get_domains("buurtbemiddeling.case")))

    def test_rows_of_a_case_are_read_whole(self):
        case = self.make_quarrel()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = case.party_ids
        self.assertTrue(rows)
        with self.assertQueryCount(0):
            rows.mapped("side")
