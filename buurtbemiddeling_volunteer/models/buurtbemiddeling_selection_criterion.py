from odoo import fields, models


class BuurtbemiddelingSelectionCriterion(models.Model):
    """What a mediator is looked at for in the talk before the training and in evaluations.

    The first four are those of the CCV, the others those of the field (domain.md 4.3). Education
    plays no role.
    """

    _name = "buurtbemiddeling.selection.criterion"
    _description = "Selection Criterion"
    _inherit = ["buurtbemiddeling.code.mixin"]

    description = fields.Char("What to look for", translate=True)
