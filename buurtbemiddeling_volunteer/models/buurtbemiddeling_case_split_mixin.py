from odoo import models


class BuurtbemiddelingCaseSplitMixin(models.AbstractModel):
    _inherit = "buurtbemiddeling.case.split.mixin"

    def _split(self, moving, both, sides, meetings, agreements):
        """Reports went along with their party; one does not name a talk of the other case.

        Mediators, and so their hours and expenses, stay with the case in which they worked.
        """
        new = super()._split(moving, both, sides, meetings, agreements)
        (self | new).visit_report_ids.filtered(
            lambda report: report.meeting_id and report.meeting_id.case_id != report.case_id
        ).meeting_id = False
        return new
