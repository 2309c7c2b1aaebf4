from odoo import fields, models


class BuurtbemiddelingCoupleConflict(models.TransientModel):
    """Someone who is not proposed for a tie with the case, and why that may be no objection."""

    _name = "buurtbemiddeling.couple.conflict"
    _description = "Not Proposed for a Tie"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.couple", required=True, ondelete="cascade", index=True
    )
    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", "Mediator", required=True, readonly=True, ondelete="cascade"
    )
    conflict = fields.Char("Not proposed because", readonly=True)
    reason = fields.Char(
        "Why independent anyway", help="Then this mediator is proposed as well, with a warning."
    )
