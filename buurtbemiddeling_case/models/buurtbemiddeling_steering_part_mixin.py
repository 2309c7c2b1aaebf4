from odoo import api, fields, models


class BuurtbemiddelingSteeringPartMixin(models.AbstractModel):
    """What belongs to a meeting of the steering group, and does not change once it is minuted.

    Raises ``UserError`` for whoever changes it afterwards: the meeting is reopened first.
    """

    _name = "buurtbemiddeling.steering.part.mixin"
    _description = "Part of a Steering Group Meeting"

    meeting_id = fields.Many2one(
        "buurtbemiddeling.steering.meeting", required=True, ondelete="cascade", index=True
    )
    project_id = fields.Many2one(
        related="meeting_id.project_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="meeting_id.company_id", store=True, index=True, precompute=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse additions to a meeting that is minuted."""
        parts = super().create(vals_list)
        parts.meeting_id._check_not_minuted()
        return parts

    def write(self, vals):
        """Refuse changes of a meeting that is minuted, and moves into one."""
        if vals.keys() <= self._get_open_fields():
            return super().write(vals)
        self.meeting_id._check_not_minuted()
        res = super().write(vals)
        self.meeting_id._check_not_minuted()
        return res

    @api.model
    def _get_open_fields(self):
        """Return the fields that are not in the minutes, and may change afterwards."""
        return set()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_minuted(self):
        self.meeting_id._check_not_minuted()
