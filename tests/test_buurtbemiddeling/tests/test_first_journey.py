from datetime import date

from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tests.common import mail_new_test_user


@tagged("post_install", "-at_install")
class TestFirstJourney(HttpCase):
    """A coordinator walks one case from the first call to a figure, in Dutch, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.company = cls.env["res.company"].create({"name": "Welzijn Rozenstad"})
        cls.coordinator = mail_new_test_user(
            cls.env,
            login="journey",
            password="journey-journey",
            name="Corrie Coordinator",
            lang="nl_NL",
            tz="Europe/Amsterdam",
            groups="buurtbemiddeling_case.group_user",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        area = cls.env["buurtbemiddeling.area"]
        town = area.create({"name": "Rozenstad", "code": "GMTEST", "kind": "municipality"})
        area.create(
            {
                "name": "Rozenbuurt",
                "code": "BUTEST",
                "kind": "neighbourhood",
                "parent_id": town.id,
            }
        )
        cls.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": cls.env["res.partner"]
                .create({"name": "Wonen Rozenstad", "is_company": True})
                .id,
                "referrer_type_id": cls.env.ref(
                    "buurtbemiddeling_case.referrer_type_corporatie"
                ).id,
                "company_id": cls.company.id,
            }
        )
        active = cls.env["buurtbemiddeling.volunteer.stage"].search([("code", "=", "active")])
        cls.volunteers = cls.env["buurtbemiddeling.volunteer"].create(
            [
                {
                    "partner_id": cls.env["res.partner"].create({"name": name}).id,
                    "company_id": cls.company.id,
                    "stage_id": active.id,
                }
                for name in ("Bea Bemiddelaar", "Ben Bemiddelaar")
            ]
        )

    def test_from_first_call_to_a_figure(self):
        self.start_tour("/odoo", "buurtbemiddeling_first_journey", login="journey", timeout=180)
        case = self.env["buurtbemiddeling.case"].search([("company_id", "=", self.company.id)])
        self.assertRecordValues(
            case,
            [
                {
                    "channel": "phone",
                    "talked_with_neighbour": "yes",
                    "quarrel_duration": "months",
                    "escalation": "argument",
                    "intake_decision": "suitable",
                    "is_closed": True,
                    "close_date": date.today(),
                    "feedback_state": "done",
                    "aftercare_date": date.today(),
                }
            ],
        )
        self.assertEqual(case.main_nuisance_type_id.code, "GELUID_PERSONEN")
        self.assertEqual(case.outcome_id.code, "OPG_BEM")
        self.assertEqual(case.aftercare_outcome_id.code, "OPG_BEM")
        self.assertEqual(case.intervention_id.code, "BEMIDDELING")
        self.assertEqual(case.referrer_type_id.code, "CORPORATIE")
        self.assertEqual(case.party_ids.mapped("side"), ["a", "b"])
        self.assertEqual(case.assignment_ids.volunteer_id, self.volunteers)
        self.assertEqual(case.agreement_ids.name, "Na tien uur stil op de trap")
        event = case.meeting_ids.event_id
        self.assertEqual(event.privacy, "private")
        self.assertFalse(event.partner_ids & case.party_ids.partner_id)
        benchmark = self.env["buurtbemiddeling.benchmark"].search(
            [("company_id", "=", self.company.id)]
        )
        registered = benchmark.line_ids.filtered(
            lambda line: not line.dimension and line.indicator_code == "cases_registered"
        )
        self.assertEqual(registered.value, 1)
        self.authenticate("journey", "journey-journey")
        workbook = self.url_open(f"/buurtbemiddeling/benchmark/{benchmark.id}/xlsx")
        self.assertEqual(workbook.content[:2], b"PK")
