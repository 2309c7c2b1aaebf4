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
    buurtbemiddeling_rest_days = fields.Integer(
        related="company_id.buurtbemiddeling_rest_days", readonly=False
    )
    buurtbemiddeling_load_percent = fields.Integer(
        related="company_id.buurtbemiddeling_load_percent", readonly=False
    )
    buurtbemiddeling_small_number = fields.Integer(
        related="company_id.buurtbemiddeling_small_number", readonly=False
    )
