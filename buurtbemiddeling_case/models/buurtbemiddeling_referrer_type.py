from odoo import models


class BuurtbemiddelingReferrerType(models.Model):
    """Who brought the case: the resident (ZELF), a housing corporation, the police, ..."""

    _name = "buurtbemiddeling.referrer.type"
    _description = "Referrer Type"
    _inherit = ["buurtbemiddeling.code.mixin"]
