from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CaseCommon


@tagged("post_install", "-at_install")
class TestLists(CaseCommon):
    """Code lists of the field: stable codes, editable names."""

    def test_phases_in_the_order_of_the_work(self):
        codes = self.env["buurtbemiddeling.case.stage"].search([]).mapped("code")
        self.assertEqual(
            " ".join(codes),
            "new intake waiting assigned talk_a approach_b talk_b mediation aftercare closed",
        )

    def test_intake_norm_is_five_working_days(self):
        self.assertEqual(self.stage("intake").norm_days, 5)

    def test_default_flags_of_outcomes(self):
        expected = {
            "OPG_BEM": "yyy", "OPG_PENDEL": "yyy", "OPG_1P": "yyy", "OPG_ADVIES": "yyy",
            "OPG_ZELF": "ynn", "DEELS": "yyn", "NIET_OPG": "yyn", "A_TREKT_TERUG": "ynn",
            "B_WEIGERT": "yyn", "B_ONBEREIKBAAR": "yyn", "VERHUISD": "ynn", "COACHING": "yyn",
            "DOORVERWEZEN": "nnn", "ONGESCHIKT": "nnn",
        }  # fmt: skip
        found = {
            outcome.code: "".join(
                "y" if flag else "n"
                for flag in (
                    outcome.counts_suitable,
                    outcome.counts_handled,
                    outcome.counts_positive,
                )
            )
            for outcome in self.env["buurtbemiddeling.outcome"].search([])
        }
        self.assertEqual(found, expected)

    def test_referrer_types(self):
        self.assertEqual(
            " ".join(self.env["buurtbemiddeling.referrer.type"].search([]).mapped("code")),
            "ZELF CORPORATIE POLITIE GEMEENTE WELZIJN MAATSCHAPPELIJK_WERK SOCIAAL_TEAM"
            " HUISARTS_ZORG SCHOOL WIJKCONCIERGE OVERIG",
        )

    def test_every_nuisance_counts_under_a_heading_of_the_benchmark(self):
        types = self.env["buurtbemiddeling.nuisance.type"].search([])
        self.assertEqual(len(types), 16)
        self.assertTrue(all(types.mapped("benchmark_heading_id")))

    def test_an_update_takes_over_a_code_that_an_organisation_had_added_itself(self):
        """Its name stays, also of one that is archived; what is really new is made."""
        signs = self.env["buurtbemiddeling.complexity"].with_context(install_mode=True)
        own = signs.create({"code": "ARMOEDE", "name": "Geldzorgen", "active": False})
        brought = [
            {"xml_id": f"buurtbemiddeling_case.test_{code}", "values": {"code": code, "name": name}}
            for code, name in (("ARMOEDE", "Poverty"), ("SCHULDEN", "Debts"))
        ]
        taken, new = signs._load_records(brought, update=True)
        self.assertEqual(taken, own)
        self.assertEqual((own.name, own.active), ("Geldzorgen", False))
        self.assertEqual(new.name, "Debts")
        self.assertEqual(self.env.ref("buurtbemiddeling_case.test_ARMOEDE"), own)

    def test_code_never_changes_but_the_name_may(self):
        outcome = self.code("outcome", "OPG_BEM")
        outcome.name = "Opgelost aan tafel"
        outcome.code = "OPG_BEM"
        with self.assertRaisesRegex(UserError, "OPG_BEM"):
            outcome.code = "ANDERS"

    def test_code_is_unique(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["buurtbemiddeling.outcome"].create({"code": "OPG_BEM", "name": "Double"})

    def test_entry_in_use_can_not_be_deleted(self):
        nuisance = self.code("nuisance.type", "DIEREN")
        complexity = self.code("complexity", "TAAL")
        self.make_case(
            nuisance_type_ids=[(6, 0, nuisance.ids)], complexity_ids=[(6, 0, complexity.ids)]
        )
        for entry in (nuisance, complexity):
            with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    entry.unlink()

    def test_all_municipalities_are_there_with_their_inhabitants(self):
        municipalities = self.env["buurtbemiddeling.area"].search(
            [("kind", "=", "municipality"), ("code", "=like", "GM____"), ("code", "<", "GM2")]
        )
        self.assertEqual(len(municipalities), 342)
        self.assertEqual(sum(municipalities.mapped("inhabitants")), 17590672)

    def test_area_knows_its_municipality(self):
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        district, quarter = town, town
        for kind in ("district", "neighbourhood"):
            district, quarter = (
                quarter,
                self.env["buurtbemiddeling.area"].create(
                    {"name": kind, "code": f"X-{kind}", "kind": kind, "parent_id": quarter.id}
                ),
            )
        self.assertEqual((town + district + quarter).municipality_id, town)
        self.assertEqual(quarter.display_name, "neighbourhood (Groningen)")

    def test_area_outside_a_municipality_is_refused(self):
        area = self.env["buurtbemiddeling.area"]
        with self.assertRaisesRegex(ValidationError, "in which municipality"):
            area.create({"name": "Nowhere", "code": "X1", "kind": "district"})
        town = self.env.ref("buurtbemiddeling_case.area_gm0014")
        with self.assertRaisesRegex(ValidationError, "not part of another area"):
            area.create({"name": "T", "code": "X2", "kind": "municipality", "parent_id": town.id})
