from odoo import models


class BuurtbemiddelingDaypart(models.Model):
    """A part of the week (dagdeel): one of seven mornings, afternoons or evenings."""

    _name = "buurtbemiddeling.daypart"
    _description = "Part of the Week"
    _inherit = ["buurtbemiddeling.code.mixin"]
