from odoo import models


class BuurtbemiddelingAffinity(models.Model):
    """What a volunteer has a feeling for and chooses to state: animals, students, gardens, ...

    Never origin, belief or health: those are not stored, of nobody.
    """

    _name = "buurtbemiddeling.affinity"
    _description = "Affinity"
    _inherit = ["buurtbemiddeling.code.mixin"]
