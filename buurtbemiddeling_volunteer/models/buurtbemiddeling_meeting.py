from odoo import models


class BuurtbemiddelingMeeting(models.Model):
    _inherit = "buurtbemiddeling.meeting"

    def _get_attendee_partners(self):
        """The mediators hold the talk as well, except the intake, which the coordinator does."""
        partners = super()._get_attendee_partners()
        if self.kind != "intake":
            partners |= self.case_id.volunteer_ids.partner_id
        return partners - self.case_id.party_ids.partner_id
