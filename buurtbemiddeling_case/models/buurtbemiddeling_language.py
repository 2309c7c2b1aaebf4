from odoo import fields, models


class BuurtbemiddelingLanguage(models.Model):
    """A language that a resident or volunteer speaks; the code is ISO 639. Installed or not in Odoo."""

    _name = "buurtbemiddeling.language"
    _description = "Spoken Language"
    _inherit = ["buurtbemiddeling.code.mixin"]

