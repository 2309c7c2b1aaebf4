from odoo import api, fields, models


class BuurtbemiddelingAttention(models.Model):
    _inherit = "buurtbemiddeling.attention"

    res_model = fields.Selection(
        selection_add=[
            ("buurtbemiddeling.volunteer", "Volunteers"),
            ("buurtbemiddeling.assignment", "Assignments"),
            ("buurtbemiddeling.expense", "Expenses"),
        ],
        ondelete={
            "buurtbemiddeling.volunteer": "cascade",
            "buurtbemiddeling.assignment": "cascade",
            "buurtbemiddeling.expense": "cascade",
        },
    )

    @api.model
    def _get_targets(self):
        """Volunteers and their expenses are in the care of who guides them, assignments of the
        case's coordinator.
        """
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
            "buurtbemiddeling.expense": (
                "buurtbemiddeling_volunteer.buurtbemiddeling_expense_action",
                "coordinator_id",
                "volunteer_id.care",
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
