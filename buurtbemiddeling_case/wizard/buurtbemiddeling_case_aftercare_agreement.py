from odoo import fields, models

from ..models.buurtbemiddeling_case_agreement import KEPT


class BuurtbemiddelingCaseAftercareAgreement(models.TransientModel):
    """Whether one of the agreements was kept, asked at aftercare."""

    _name = "buurtbemiddeling.case.aftercare.agreement"
    _description = "Agreement at Aftercare"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.aftercare", required=True, ondelete="cascade", index=True
    )
    agreement_id = fields.Many2one(
        "buurtbemiddeling.case.agreement",
        "Agreement asked about",
        required=True,
        ondelete="cascade",
        export_string_translation=False, exportable=False,
    )
    # with the user's own rights: agreements of other organisations stay out of reach
    name = fields.Char(related="agreement_id.name", related_sudo=False)
    who = fields.Selection(related="agreement_id.who", related_sudo=False)
    kept = fields.Selection(
        KEPT,
        help="Whether the neighbours held to this agreement.",
    )
