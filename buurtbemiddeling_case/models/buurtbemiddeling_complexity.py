from odoo import models


class BuurtbemiddelingComplexity(models.Model):
    """A sign that a case asks for more than two volunteers and a talk (Buurtbemiddeling Extra)."""

    _name = "buurtbemiddeling.complexity"
    _description = "Complexity"
    _inherit = ["buurtbemiddeling.code.mixin"]
