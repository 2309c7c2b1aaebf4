from odoo import fields, models


class BuurtbemiddelingSettings(models.TransientModel):
    _inherit = "buurtbemiddeling.settings"

    buurtbemiddeling_hourly_rate = fields.Monetary(
        related="company_id.buurtbemiddeling_hourly_rate", readonly=False
    )
