from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingCaseRecordMixin(models.AbstractModel):
    """A record under a case that is about at most one of its parties."""

    _name = "buurtbemiddeling.case.record.mixin"
    _description = "Record under a Case"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        domain="[('case_id', '=', case_id)]",
        ondelete="set null",
        index="btree_not_null",
    )

    @api.constrains("case_id", "party_id")
    def _check_party_of_case(self):
        """What is about a party stays in that party's own case."""
        for record in self:
            if record.party_id and record.party_id.case_id != record.case_id:
                raise ValidationError(
                    self.env._(
                        "This party belongs to another case. Choose one of the parties of case %s.",
                        record.case_id.name,
                    )
                )
