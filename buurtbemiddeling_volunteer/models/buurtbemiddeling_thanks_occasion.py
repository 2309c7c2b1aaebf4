from odoo import fields, models


class BuurtbemiddelingThanksOccasion(models.Model):
    """A reason to thank volunteers, with a ready text to start from."""

    _name = "buurtbemiddeling.thanks.occasion"
    _description = "Occasion to Thank"
    _inherit = ["buurtbemiddeling.code.mixin"]

    subject = fields.Char(translate=True, required=True)
    text = fields.Text(
        translate=True,
        required=True,
        help="Stands between “Dear …” and the name of who sends it.",
    )
