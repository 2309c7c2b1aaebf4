from odoo import fields, models


class BuurtbemiddelingContraindication(models.Model):
    """A ground on which a case may be unsuitable. It warns; the coordinator decides."""

    _name = "buurtbemiddeling.contraindication"
    _description = "Contra-indication"
    _inherit = ["buurtbemiddeling.code.mixin"]

    hint = fields.Char(
        "What to ask",
        translate=True,
        help="Shown when this is ticked: few contra-indications are a no by definition.",
    )
