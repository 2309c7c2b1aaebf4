from odoo import api, fields, models
from odoo.exceptions import UserError

#: What comes in by itself: kinds of costs that are noted elsewhere for another reason.
FLOWS = [
    ("hours", "Hours of coordinators"),
    ("training", "Trainings"),
    ("expense", "Expenses of volunteers"),
    ("activity", "Network and PR activities"),
]


class BuurtbemiddelingBudgetPost(models.Model):
    """A post of budgets: what money goes to.

    With a flow, the costs come in by themselves, unless the line of a budget says that they are
    entered or read from the accounts. So a cost comes in one way and is never counted twice.
    """

    _name = "buurtbemiddeling.budget.post"
    _description = "Budget Post"
    _inherit = ["buurtbemiddeling.code.mixin"]

    flow = fields.Selection(
        FLOWS,
        "Comes in by itself",
        help="Empty: the costs are entered, imported or read from the accounts.",
    )
    explanation = fields.Text(
        translate=True, help="What belongs to this post, and which way the costs come in."
    )

    _flow_uniq = models.UniqueIndex(
        "(flow) WHERE flow IS NOT NULL",
        "These costs come in under another post already. Empty it there first.",
    )

    def write(self, vals):
        """Refuse another flow for a post in use: it would change the costs of past years.

        :raise UserError: says what to do
        """
        if "flow" in vals:
            changed = self.filtered(lambda post: post.flow != vals["flow"])
            # sudo: whether any organisation uses the post; who it is is not told
            lines = self.env["buurtbemiddeling.budget.line"].sudo()
            line = lines.search([("post_id", "in", changed.ids)], limit=1)
            # sudo: as above; costs come in under a post also where no budget has it
            costs = self.env["buurtbemiddeling.cost.report"].sudo()
            cost = not line and costs.search([("post_id", "in", changed.ids)], limit=1)
            if cost:
                raise UserError(
                    self.env._(
                        "Costs came in under “%s” already, so another way would change the figures"
                        " of past years. Archive it, and make a new post.",
                        cost.post_id.name,
                    )
                )
            if line:
                raise UserError(
                    self.env._(
                        "“%s” stands in a budget: another way for its costs to come in would change"
                        " the figures of past years. Make a new post, or choose the way in the line"
                        " of the budget.",
                        line.post_id.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_flow(self):
        """Costs that come in by themselves would count nowhere."""
        for post in self.filtered("flow"):
            raise UserError(
                self.env._("Costs come in under “%s” by themselves. Archive it instead.", post.name)
            )
