from odoo import models


class BuurtbemiddelingMeeting(models.Model):
    _inherit = "buurtbemiddeling.meeting"

    def _get_attendee_partners(self):
        """The mediators hold the talk as well, except the intake, which the coordinator does.

        Who is only invited to the case is not told when and where its talks are.
        """
        partners = super()._get_attendee_partners()
        if self.kind != "intake":
            accepted = self.case_id.assignment_ids.filtered(lambda row: row.state == "accepted")
            partners |= accepted.volunteer_id.partner_id
        return partners - self.case_id.party_ids.partner_id
