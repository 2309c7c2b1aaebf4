from datetime import date

from odoo.fields import Command
from odoo.tests import HttpCase

from odoo.addons.mail.tests.common import mail_new_test_user


class JourneyCase(HttpCase):
    """An organisation in Rozenstad with one coordinator, who works in Dutch."""

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
        cls.make_ready(cls.volunteers)

    @classmethod
    def make_ready(cls, volunteers):
        """Give volunteers what it takes to get cases: trained and signed."""
        cls.env["buurtbemiddeling.volunteer.document"].create(
            [
                {"volunteer_id": volunteer.id, "kind": kind, "date": date(2025, 1, 6)}
                for volunteer in volunteers
                for kind in ("agreement", "confidentiality")
            ]
        )
        training = cls.env["buurtbemiddeling.training"].create(
            {"name": "Basistraining", "kind": "basic"}
        )
        cls.env["buurtbemiddeling.training.session"].create(
            {
                "training_id": training.id,
                "company_id": cls.company.id,
                "enrolment_ids": [
                    Command.create(
                        {"volunteer_id": volunteer.id, "attended_hours": 15, "result": "passed"}
                    )
                    for volunteer in volunteers
                ],
            }
        )
