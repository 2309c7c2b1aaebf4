from odoo import fields, models


class BuurtbemiddelingCaseParty(models.Model):
    _inherit = "buurtbemiddeling.case.party"

    visit_report_ids = fields.One2many(
        "buurtbemiddeling.visit.report", "party_id", "Visit reports"
    )
