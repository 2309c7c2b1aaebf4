from odoo import api, fields, models

from ..models.buurtbemiddeling_party_result_mixin import PARTY_RESULTS


class BuurtbemiddelingCaseCloseParty(models.TransientModel):
    """How a case ends for one of its parties, asked when it is closed."""

    _name = "buurtbemiddeling.case.close.party"
    _description = "Result for a Party at Closing"
    _inherit = ["buurtbemiddeling.party.thanks.mixin"]

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.close", required=True, ondelete="cascade", index=True
    )
    side = fields.Selection(related="party_id.side", related_sudo=False)
    name = fields.Char("Who", compute="_compute_name")
    closing_result = fields.Selection(
        PARTY_RESULTS,
        "At closing",
        help="How this party says it ended.",
    )

    @api.depends("party_id")
    def _compute_name(self):
        """Not as a related field: that would read parties of other organisations as well."""
        for line in self:
            line.name = line.party_id.name
