from odoo import api, fields, models

KEPT = [("yes", "Kept"), ("partly", "Partly kept"), ("no", "Not kept")]


class BuurtbemiddelingCaseAgreement(models.Model):
    """What neighbours agreed with each other. Both know it, so it holds no one's story."""

    _name = "buurtbemiddeling.case.agreement"
    _description = "Agreement between Neighbours"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.row.mixin"]
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
        help="Who keeps to it.",
    )
    date_due = fields.Date("Before")
    kept = fields.Selection(KEPT, help="Asked at aftercare.")
    kept_date = fields.Date(
        "Asked on", compute="_compute_kept_date", store=True, readonly=False, copy=False
    )

    @api.depends("kept")
    def _compute_kept_date(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            if not agreement.kept:
                agreement.kept_date = False
            elif not agreement.kept_date:
                agreement.kept_date = agreement.case_id.aftercare_date or today
