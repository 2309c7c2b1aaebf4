from odoo import api, fields, models


class BuurtbemiddelingAttention(models.Model):
    _inherit = "buurtbemiddeling.attention"

    res_model = fields.Selection(
        selection_add=[
            ("buurtbemiddeling.volunteer", "Volunteers"),
            ("buurtbemiddeling.assignment", "Assignments"),
        ],
        ondelete={
            "buurtbemiddeling.volunteer": "cascade",
            "buurtbemiddeling.assignment": "cascade",
        },
    )

    @api.model
    def _get_targets(self):
        """Volunteers are in the care of who guides them, assignments of the case's coordinator."""
        return super()._get_targets() | {
            "buurtbemiddeling.volunteer": (
                "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_action",
                "coordinator_id",
                "care",
            ),
            "buurtbemiddeling.assignment": (
                "buurtbemiddeling_volunteer.buurtbemiddeling_assignment_action",
                "user_id",
                "case_id.care",
            ),
        }

    def action_open(self):
        """Volunteers open as cards without the columns of the board."""
        action = super().action_open()
        if self.res_model == "buurtbemiddeling.volunteer":
            cards = self.env.ref(
                "buurtbemiddeling_volunteer.buurtbemiddeling_volunteer_view_kanban_cards"
            )
            action["views"] = [
                (cards.id if mode == "kanban" else view_id, mode)
                for view_id, mode in action["views"]
            ]
        return action
