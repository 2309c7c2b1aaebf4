from odoo import fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_assignment_requirement_mixin import LAPSE_DECISIONS


class BuurtbemiddelingLapseDecide(models.TransientModel):
    """Decide whether mediators go on in running cases after something required has lapsed."""

    _name = "buurtbemiddeling.lapse.decide"
    _description = "Decision on Running Cases"

    assignment_ids = fields.Many2many("buurtbemiddeling.assignment", required=True)
    decision = fields.Selection(
        LAPSE_DECISIONS,
        required=True,
        default="goes_on",
        help="Whether the mediator goes on with this case while a requirement has lapsed.",
    )
    reason = fields.Char("Why", required=True, help="Stays with the case. No names of residents.")

    def action_decide(self):
        """Keep the decision.

        :raise UserError: there is nothing to decide on one of them
        """
        self.ensure_one()
        done = self.assignment_ids.filtered(lambda row: not row.asks_lapse_decision)
        if done:
            raise UserError(
                self.env._(
                    "There is nothing to decide any more on %s. Leave it out.",
                    ", ".join(done.mapped("display_name")),
                )
            )
        self.assignment_ids._decide_on_lapse(self.decision, self.reason)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
