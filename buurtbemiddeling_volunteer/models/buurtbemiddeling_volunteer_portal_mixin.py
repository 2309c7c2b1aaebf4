from odoo import api, models


class BuurtbemiddelingVolunteerPortalMixin(models.AbstractModel):
    """Who a login on the portal is: the volunteer whose record names that login."""

    _name = "buurtbemiddeling.volunteer.portal.mixin"
    _description = "Volunteer on the Portal"

    @api.model
    def _get_mine(self):
        """Return the volunteer records of the user who acts, with all rights; mostly one.

        Someone may be a volunteer of two organisations. Who left (an archived record) is none.
        """
        if self.env.user._is_public():
            return self.browse()
        # sudo: only the records that name the user's own login
        return self.sudo().search([("user_id", "=", self.env.uid)])

    def _get_portal_home_values(self):
        """Return what the overview on the portal shows: a list with one dict for each volunteer.

        :return: ``[{"organisation": text, "invitations": [dict], "cases": [dict]}]``
        """
        return [
            {"organisation": volunteer.company_id.name, "invitations": [], "cases": []}
            for volunteer in self
        ]
