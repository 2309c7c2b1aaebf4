import base64

from odoo.tests import tagged

from .common import JourneyCase

SHEET = """Zaaknr;Datum aanmelding;Naam melder;Naam wederpartij;Waarover;Einde;Afsluitdatum
D-1;3 maart 2025;Anna Melder;Bert Buur;Geluidsoverlast van buren;opgelost via ons;1-5-2025
D-2;4-3-2025;Carla Melder;Dirk Buur;Geluidsoverlast van buren;opgelost via ons;1-5-2025
D-3;31-02-2025;Els Melder;Frits Buur;Geluidsoverlast van buren;opgelost via ons;1-5-2025
"""


@tagged("post_install", "-at_install")
class TestMovingIn(JourneyCase):
    """An administrator brings a sheet over, in Dutch, in a browser."""

    def test_a_sheet_is_matched_tried_and_imported(self):
        self.coordinator.group_ids += self.env.ref("buurtbemiddeling_case.group_manager")
        record = (
            self.env["buurtbemiddeling.import"]
            .with_user(self.coordinator)
            .create(
                {
                    "kind": "case",
                    "filename": "zaken.csv",
                    "file": base64.b64encode(SHEET.encode("cp1252")),
                }
            )
        )
        action = "action-buurtbemiddeling_case.buurtbemiddeling_import_action"
        self.start_tour(
            f"/odoo/{action}/{record.id}",
            "buurtbemiddeling_moving_in",
            login="journey",
            timeout=120,
        )
        cases = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertEqual(sorted(cases.mapped("external_ref")), ["D-1", "D-2"])
        self.assertEqual(set(cases.main_nuisance_type_id.mapped("code")), {"GELUID_PERSONEN"})
        self.assertEqual(set(cases.outcome_id.mapped("code")), {"OPG_BEM"})
        self.assertEqual(record.wrong_count, 1)
