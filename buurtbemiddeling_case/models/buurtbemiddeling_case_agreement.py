from odoo import fields, models


class BuurtbemiddelingCaseAgreement(models.Model):
    """What neighbours agreed with each other. Both know it, so it holds no one's story."""

    _name = "buurtbemiddeling.case.agreement"
    _description = "Agreement between Neighbours"
    _order = "case_id, sequence, id"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Agreement", required=True)
    who = fields.Selection(
        [("a", "Reporter"), ("b", "Other party"), ("both", "Both")],
        required=True,
        default="both",
    )
    date_due = fields.Date("Before")
    kept = fields.Selection(
        [("yes", "Kept"), ("partly", "Partly kept"), ("no", "Not kept")],
        help="Asked at aftercare.",
    )
