from odoo import fields, models


class BuurtbemiddelingOutcome(models.Model):
    """How a case ended, and what it counts for in the success rates.

    The published success percentages differ in their denominator (of registered, suitable,
    handled or closed cases), so each outcome says in which of them it counts.
    """

    _name = "buurtbemiddeling.outcome"
    _description = "Outcome"
    _inherit = ["buurtbemiddeling.code.mixin"]

    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention",
        "Form of help",
        ondelete="restrict",
        help="Proposed when a case is closed with this outcome and nothing else was filled in.",
    )
    counts_suitable = fields.Boolean(
        "Counts as suitable",
        default=True,
        help="Cases with this outcome were fit for neighbour mediation.",
    )
    counts_handled = fields.Boolean(
        "Counts as handled",
        default=True,
        help="With this outcome the organisation has really taken up the case.",
    )
    counts_positive = fields.Boolean(
        "Counts as positive",
        help="With this outcome the quarrel is solved.",
    )
