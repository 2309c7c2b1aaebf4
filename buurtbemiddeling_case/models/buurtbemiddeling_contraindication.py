from odoo import models


class BuurtbemiddelingContraindication(models.Model):
    """A ground on which a case may be unsuitable. It warns; the coordinator decides."""

    _name = "buurtbemiddeling.contraindication"
    _description = "Contra-indication"
    _inherit = ["buurtbemiddeling.code.mixin"]
