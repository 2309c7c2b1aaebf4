from odoo import api, fields, models


class BuurtbemiddelingAttention(models.Model):
    _inherit = "buurtbemiddeling.attention"

    res_model = fields.Selection(
        selection_add=[
            ("buurtbemiddeling.recognition", "Recognitions"),
            ("buurtbemiddeling.plan.activity", "Activities of plans"),
            ("buurtbemiddeling.plan.evaluation", "Evaluation moments"),
        ],
        ondelete={
            "buurtbemiddeling.recognition": "cascade",
            "buurtbemiddeling.plan.activity": "cascade",
            "buurtbemiddeling.plan.evaluation": "cascade",
        },
    )

    @api.model
    def _get_targets(self):
        """Recognitions and parts of plans are in the care of who is responsible for them."""
        return super()._get_targets() | {
            "buurtbemiddeling.recognition": (
                "buurtbemiddeling_report.buurtbemiddeling_recognition_action",
                "user_id",
                "care",
            ),
            "buurtbemiddeling.plan.activity": (
                "buurtbemiddeling_report.buurtbemiddeling_plan_activity_action",
                "user_id",
                "care",
            ),
            "buurtbemiddeling.plan.evaluation": (
                "buurtbemiddeling_report.buurtbemiddeling_plan_evaluation_action",
                "user_id",
                "care",
            ),
        }
