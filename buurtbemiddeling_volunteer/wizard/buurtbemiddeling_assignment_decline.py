from odoo import fields, models

from ..models.buurtbemiddeling_assignment_reason import TO_DECLINE


class BuurtbemiddelingAssignmentDecline(models.TransientModel):
    """A volunteer says no to a case: why."""

    _name = "buurtbemiddeling.assignment.decline"
    _description = "Decline an Invitation"

    assignment_id = fields.Many2one(
        "buurtbemiddeling.assignment", required=True, ondelete="cascade"
    )
    # with the user's own rights: rows of other organisations stay out of reach
    volunteer_id = fields.Many2one(related="assignment_id.volunteer_id", related_sudo=False)
    reason_id = fields.Many2one(
        "buurtbemiddeling.assignment.reason",
        required=True,
        ondelete="cascade",
        domain=TO_DECLINE,
    )
    note = fields.Char(help="No names, and nothing that a resident told.")

    def action_decline(self):
        """Note the answer.

        :raise UserError: the invitation has expired or was answered before
        """
        self.ensure_one()
        self.assignment_id._decline(self.reason_id, self.note)
        return {"type": "ir.actions.act_window_close"}
