from odoo import api, models


class BuurtbemiddelingRetentionRun(models.Model):
    _inherit = "buurtbemiddeling.retention.run"

    @api.model
    def _get_kinds(self):
        volunteers = ["buurtbemiddeling.volunteer"]
        return {**super()._get_kinds(), "applicant": volunteers, "volunteer": volunteers}
