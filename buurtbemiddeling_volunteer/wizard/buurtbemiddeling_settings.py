from odoo import fields, models


class BuurtbemiddelingSettings(models.TransientModel):
    _inherit = "buurtbemiddeling.settings"

    buurtbemiddeling_reminder_days = fields.Integer(
        related="company_id.buurtbemiddeling_reminder_days", readonly=False
    )
    buurtbemiddeling_invitation_days = fields.Integer(
        related="company_id.buurtbemiddeling_invitation_days", readonly=False
    )
    buurtbemiddeling_first_cases = fields.Integer(
        related="company_id.buurtbemiddeling_first_cases", readonly=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    buurtbemiddeling_case_expense = fields.Monetary(
        related="company_id.buurtbemiddeling_case_expense", readonly=False
    )
    buurtbemiddeling_km_rate = fields.Monetary(
        related="company_id.buurtbemiddeling_km_rate", readonly=False
    )
    buurtbemiddeling_min_meetings = fields.Integer(
        related="company_id.buurtbemiddeling_min_meetings", readonly=False
    )
