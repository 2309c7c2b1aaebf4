from odoo import models

SELF_REFERRAL_CODE = "ZELF"


class BuurtbemiddelingReferrerType(models.Model):
    """Who brought the case: the resident (ZELF), a housing corporation, the police, ..."""

    _name = "buurtbemiddeling.referrer.type"
    _description = "Referrer Type"
    _inherit = ["buurtbemiddeling.code.mixin"]
