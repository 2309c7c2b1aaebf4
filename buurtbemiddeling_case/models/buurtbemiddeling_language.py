from odoo import models


class BuurtbemiddelingLanguage(models.Model):
    """A language that a resident or volunteer speaks, by its ISO 639 code.

    A list of its own: Odoo's languages are those of its screens, in variants by country.
    """

    _name = "buurtbemiddeling.language"
    _description = "Spoken Language"
    _inherit = ["buurtbemiddeling.code.mixin"]
