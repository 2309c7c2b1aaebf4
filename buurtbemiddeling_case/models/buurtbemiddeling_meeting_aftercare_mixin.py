from odoo import api, models


class BuurtbemiddelingMeetingAftercareMixin(models.AbstractModel):
    """Aftercare is counted from the last talk: a talk that changes may move it.

    Talks may be noted after closing as well, so this is not a matter of the case alone.
    """

    _name = "buurtbemiddeling.meeting.aftercare.mixin"
    _description = "Aftercare after a Talk"

    @api.model_create_multi
    def create(self, vals_list):
        meetings = super().create(vals_list)
        meetings.case_id._follow_last_talk()
        return meetings

    def write(self, vals):
        res = super().write(vals)
        if not {"state", "kind", "start"}.isdisjoint(vals):
            self.case_id._follow_last_talk()
        return res

    def unlink(self):
        cases = self.case_id
        res = super().unlink()
        cases._follow_last_talk()
        return res
