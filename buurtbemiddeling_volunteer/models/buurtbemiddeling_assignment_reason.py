from odoo import api, fields, models

TO_DECLINE = [("applies_to", "in", ("declined", "both")), ("is_automatic", "=", False)]


class BuurtbemiddelingAssignmentReason(models.Model):
    """Why a volunteer says no to a case, or stops with it."""

    _name = "buurtbemiddeling.assignment.reason"
    _description = "Reason to Decline or End an Assignment"
    _inherit = ["buurtbemiddeling.code.mixin"]

    applies_to = fields.Selection(
        [("declined", "Declining"), ("ended", "Ending"), ("both", "Both")],
        required=True,
        default="both",
    )
    is_automatic = fields.Boolean(
        "Set by itself", help="Given when a case ends or nobody answers: nobody chooses it."
    )

    is_tie = fields.Boolean(
        "Knows a party", help="Whoever gave this reason is not independent in that case."
    )

    @api.model
    def _get_to_decline(self):
        """Return the reasons from which a volunteer chooses who says no."""
        return self.search(TO_DECLINE)

    @api.model
    def _get_by_code(self, code):
        """Return the reason with this code, also when it is archived; empty when it is gone."""
        return self.with_context(active_test=False).search([("code", "=", code)])
