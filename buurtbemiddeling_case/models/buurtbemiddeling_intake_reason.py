from odoo import fields, models

from .buurtbemiddeling_case_triage_mixin import INTAKE_DECISIONS


class BuurtbemiddelingIntakeReason(models.Model):
    """Why a case was judged as it was at intake, and how it would then be closed.

    The four decisions and the contra-indications come from the field (domain: step 2, Intake). The
    proposed result and form of help are filled in when the case is closed; the coordinator may
    choose others.
    """

    _name = "buurtbemiddeling.intake.reason"
    _description = "Reason of an Intake Decision"
    _inherit = ["buurtbemiddeling.code.mixin"]

    decision = fields.Selection(INTAKE_DECISIONS, required=True)
    needs_contraindication = fields.Boolean(
        "Asks for a contra-indication", help="At least one contra-indication is ticked with it."
    )
    outcome_id = fields.Many2one(
        "buurtbemiddeling.outcome",
        "Proposed result",
        ondelete="restrict",
        help="Filled in when a case with this reason is closed.",
    )
    intervention_id = fields.Many2one(
        "buurtbemiddeling.intervention",
        "Proposed form of help",
        ondelete="restrict",
        help="Filled in when a case with this reason is closed.",
    )
