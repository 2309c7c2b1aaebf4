from odoo import api, fields, models

from ..models.buurtbemiddeling_party_result_mixin import PARTY_RESULTS


class BuurtbemiddelingCaseAftercareParty(models.TransientModel):
    """How it is now for one of the parties, asked at aftercare."""

    _name = "buurtbemiddeling.case.aftercare.party"
    _description = "Result for a Party at Aftercare"
    _inherit = ["buurtbemiddeling.party.thanks.mixin"]

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.aftercare", required=True, ondelete="cascade", index=True
    )
    side = fields.Selection(related="party_id.side", related_sudo=False)
    name = fields.Char("Who", compute="_compute_name")
    closing_result = fields.Selection(related="party_id.closing_result", related_sudo=False)
    aftercare_result = fields.Selection(
        PARTY_RESULTS,
        "Now",
        help="How this party says it goes now, some weeks later.",
    )

    @api.depends("party_id")
    def _compute_name(self):
        """Not as a related field: that would read parties of other organisations as well."""
        for line in self:
            line.name = line.party_id.name
