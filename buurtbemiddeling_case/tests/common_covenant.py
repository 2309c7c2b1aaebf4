from datetime import date

from odoo.fields import Command

from .common import CaseCommon


class CovenantCase(CaseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wbv = cls.make_referral_partner()
        cls.wil = cls.make_contact_person(cls.wbv)
        cls.police = cls.env["res.partner"].create({"name": "Police", "is_company": True})

    @classmethod
    def make_covenant(cls, *partners, signed=date(2025, 1, 1), user=None, **values):
        """Create an agreement that all of these contacts signed on a day, by default with WBV."""
        return (
            cls.env["buurtbemiddeling.covenant"]
            .with_user(user or cls.coordinator)
            .create(
                {
                    "name": "Together",
                    "company_id": cls.company.id,
                    "date_start": date(2025, 1, 1),
                    "party_ids": [
                        Command.create({"partner_id": partner.id, "signed_on": signed})
                        for partner in partners or cls.wbv.partner_id
                    ],
                    **values,
                }
            )
        )


class CovenantPaperCase(CovenantCase):
    """Agreements that are renewed and printed."""

    def renew(self, covenant):
        return covenant.browse(covenant.action_renew()["res_id"])

    def assertFound(self, name, operator, value, found):
        domain = [("id", "=", self.wbv.id), (name, operator, value)]
        self.assertEqual(bool(self.wbv.search(domain)), found, domain)

    def render(self, parties):
        reports = self.env["ir.actions.report"].with_user(self.coordinator)
        html, _type = reports._render_qweb_html(
            "buurtbemiddeling_case.report_covenant", parties.ids
        )
        return html.decode()
