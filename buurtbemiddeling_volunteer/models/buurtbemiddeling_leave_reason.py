from odoo import models


class BuurtbemiddelingLeaveReason(models.Model):
    """Why a volunteer stopped. Nothing about health: that is the volunteer's own business."""

    _name = "buurtbemiddeling.leave.reason"
    _description = "Reason of Leaving"
    _inherit = ["buurtbemiddeling.code.mixin"]
