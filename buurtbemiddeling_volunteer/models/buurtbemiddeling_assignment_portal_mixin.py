from odoo import api, models


class BuurtbemiddelingAssignmentPortalMixin(models.AbstractModel):
    """Which assignments a mediator sees on the portal: only their own, only while they last.

    Volunteers have no access to any record of ours. The portal asks for an assignment here, and
    shows values that it picks from it. Nothing is ever asked by the id of a case, a party or a
    talk alone: those are reached from one's own assignment. What has ended is not found any more,
    the moment it ends.
    """

    _name = "buurtbemiddeling.assignment.portal.mixin"
    _description = "Assignments on the Portal"

    @api.model
    def _get_mine(self, states):
        """Return the live assignments of the user who acts, with all rights.

        :param states: such as ``("accepted",)`` or ``("invited",)``
        """
        volunteers = self.env["buurtbemiddeling.volunteer"]._get_mine()
        # sudo: only those of the user's own volunteer record, on a case that is open
        return self.sudo().search(
            [
                ("volunteer_id", "in", volunteers.ids),
                ("state", "in", states),
                ("case_id.is_closed", "=", False),
                ("case_id.active", "=", True),
            ]
        )

    @api.model
    def _find_mine(self, assignment_id, states=("accepted",)):
        """Return the user's own live assignment with this id, or none: who asks may guess ids."""
        return self._get_mine(states).filtered(lambda row: row.id == assignment_id)

    def _get_portal_case_values(self):
        """Return what the page of one case shows to its mediator: plain values, no record."""
        self.ensure_one()
        return {"assignment_id": self.id, "number": self.case_id.name}
