from odoo import api, fields, models


class BuurtbemiddelingAttention(models.Model):
    _inherit = "buurtbemiddeling.attention"

    res_model = fields.Selection(
        selection_add=[("buurtbemiddeling.recognition", "Recognitions")],
        ondelete={"buurtbemiddeling.recognition": "cascade"},
    )

    @api.model
    def _get_targets(self):
        """A recognition is in the care of who is responsible for it."""
        return super()._get_targets() | {
            "buurtbemiddeling.recognition": (
                "buurtbemiddeling_report.buurtbemiddeling_recognition_action",
                "user_id",
                "care",
            )
        }
