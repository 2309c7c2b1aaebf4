from odoo import models


class BuurtbemiddelingCompetence(models.Model):
    """What a mediator is trained or experienced in: group mediation, coaching, psychiatry, ..."""

    _name = "buurtbemiddeling.competence"
    _description = "Competence"
    _inherit = ["buurtbemiddeling.code.mixin"]
