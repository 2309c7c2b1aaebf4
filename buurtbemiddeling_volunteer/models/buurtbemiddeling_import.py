from odoo import api, fields, models


class BuurtbemiddelingImport(models.Model):
    _inherit = "buurtbemiddeling.import"

    kind = fields.Selection(
        selection_add=[("volunteer", "Volunteers")], ondelete={"volunteer": "cascade"}
    )

    @api.model
    def _get_targets(self):
        return {**super()._get_targets(), "volunteer": "buurtbemiddeling.volunteer"}
