from odoo import models


class BuurtbemiddelingVolunteerPortalOwnMixin(models.AbstractModel):
    """What waits for a volunteer on the pages with their own affairs."""

    _name = "buurtbemiddeling.volunteer.portal.own.mixin"
    _description = "Own Affairs of a Volunteer on the Portal"
    _inherit = [
        "buurtbemiddeling.volunteer.portal.training.mixin",
        "buurtbemiddeling.volunteer.portal.availability.mixin",
        "buurtbemiddeling.volunteer.portal.profile.mixin",
        "buurtbemiddeling.volunteer.portal.protocol.mixin",
        "buurtbemiddeling.volunteer.portal.mixin",
    ]

    def _get_portal_home_values(self):
        """Add how many invitations to a training wait, and whether a protocol does."""
        return [
            {
                **values,
                "training_invitations": len(volunteer._get_open_invitations()),
                "protocols_to_accept": len(volunteer.protocol_to_accept_id),
            }
            for volunteer, values in zip(self, super()._get_portal_home_values(), strict=True)
        ]
