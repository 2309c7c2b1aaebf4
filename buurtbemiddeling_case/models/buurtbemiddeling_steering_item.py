from odoo import api, fields, models

from .buurtbemiddeling_steering_agenda_item import ITEM_KINDS


class BuurtbemiddelingSteeringItem(models.Model):
    """An item on the agenda of one meeting, and what the minutes say of it."""

    _name = "buurtbemiddeling.steering.item"
    _description = "Agenda Item"
    _inherit = ["buurtbemiddeling.steering.part.mixin"]
    _order = "meeting_id, sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Item", required=True)
    kind = fields.Selection(
        ITEM_KINDS,
        required=True,
        default="topic",
        help="Action list and figures fill themselves in the papers of the meeting.",
    )
    description = fields.Text("Explanation", help="Stands on the agenda, below the item.")
    preparation = fields.Text(
        groups="buurtbemiddeling_case.group_user",
        help="For the coordinators only: on no agenda and in no minutes.",
    )
    # what is written while the meeting is not minuted is a concept, for coordinators only
    text = fields.Text(
        "Minutes",
        groups="buurtbemiddeling_case.group_user",
        help="Everyone in the steering group reads this: write no name of a resident here.",
    )
    shown_text = fields.Text(
        "Minutes of this item", compute="_compute_shown_text", compute_sudo=True
    )

    @api.depends("text", "meeting_id.state")
    @api.depends_context("uid")
    def _compute_shown_text(self):
        """Others than coordinators read minutes that are shared."""
        is_coordinator = self.env.user.has_group("buurtbemiddeling_case.group_user")
        for item in self:
            shown = is_coordinator or item.meeting_id.state == "minuted"
            item.shown_text = shown and item.text
