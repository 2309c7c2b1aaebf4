from odoo import api, models


class BuurtbemiddelingVolunteerPortalMixin(models.AbstractModel):
    """Who a login on the portal is: the volunteer whose record names that login."""

    _name = "buurtbemiddeling.volunteer.portal.mixin"
    _description = "Volunteer on the Portal"

    @api.model
    def _get_mine(self):
        """Return the volunteer records of the user who acts, with all rights; mostly one.

        Someone may be a volunteer of two organisations. Who left, or is archived, is none.
        """
        if self.env.user._is_public():
            return self.browse()
        # sudo: only the records that name the user's own login
        return self.sudo().search(
            [("user_id", "=", self.env.uid), ("stage_id.is_left", "=", False)]
        )

    def _get_portal_home_values(self):
        """Return what the overview on the portal shows: a list with one dict for each volunteer.

        The number of queries does not grow with the number of cases.

        :return: ``[{"organisation": text, "invitations": [dict], "cases": [dict]}]``
        """
        rows = self.env["buurtbemiddeling.assignment"]._get_mine(("invited", "accepted"))
        values = []
        for volunteer in self:
            own = rows.filtered(lambda row, volunteer=volunteer: row.volunteer_id == volunteer)
            accepted = own.filtered(lambda row: row.state == "accepted")
            invited = own.filtered(lambda row: row._is_open_invitation())
            values.append(
                {
                    "organisation": volunteer.company_id.name,
                    "invitations": [
                        {"assignment_id": row.id, **row._describe_invitation()} for row in invited
                    ],
                    "cases": [row._get_portal_row_values() for row in accepted],
                }
            )
        return values

    @api.model
    def _count_on_portal(self):
        """Return how many invitations and cases the user who acts has."""
        rows = self.env["buurtbemiddeling.assignment"]._get_mine(("invited", "accepted"))
        return len(rows.filtered(lambda r: r.state == "accepted" or r._is_open_invitation()))
