from odoo import models

from .buurtbemiddeling_assignment import LIVE_STATES


class BuurtbemiddelingCaseMergeMixin(models.AbstractModel):
    _inherit = "buurtbemiddeling.case.merge.mixin"

    def _absorb(self, others):
        """A mediator of both cases goes on in one row; the other is history, with its hours.

        :raise ValidationError: when a mediator at work is one of the neighbours after all
        """
        rows = (self | others).assignment_ids.filtered("is_live")
        for doubles in rows.grouped("volunteer_id").values():
            doubles._end_doubles()
        res = super()._absorb(others)
        self.env["buurtbemiddeling.assignment"].search(
            [("case_id", "=", self.id), ("state", "in", LIVE_STATES)]
        )._check_not_a_party()
        self._settle_gap()
        return res
