from odoo import fields, models

PARTY_RESULTS = [
    ("solved", "Solved"),
    ("better", "Better"),
    ("unchanged", "Unchanged"),
    ("worse", "Worse"),
    ("not_reached", "Not reached"),
]
BAD_RESULTS = ("unchanged", "worse")


class BuurtbemiddelingPartyResultMixin(models.AbstractModel):
    """How it ended for this one party: what it said at closing, and again at aftercare.

    Both are kept, apart from each other and from what the other party says. Changes are on the
    party's own thread.
    """

    _name = "buurtbemiddeling.party.result.mixin"
    _description = "Result for a Party"

    closing_result = fields.Selection(
        PARTY_RESULTS,
        "At closing",
        copy=False,
        tracking=True,
        help="How this party says it ended.",
    )
    aftercare_result = fields.Selection(
        PARTY_RESULTS,
        "At aftercare",
        copy=False,
        tracking=True,
        help="How this party says it goes some weeks later.",
    )
    aftercare_date = fields.Date("Asked on", copy=False)
