from odoo import models


class BuurtbemiddelingIntervention(models.Model):
    """The form of help given: advice, talks with one party, mediation, coaching, ..."""

    _name = "buurtbemiddeling.intervention"
    _description = "Form of Help"
    _inherit = ["buurtbemiddeling.code.mixin"]
