from odoo import fields, models


class BuurtbemiddelingReferralAgreement(models.Model):
    """What was agreed with a referral partner: an obligation of theirs, of ours, or of both."""

    _name = "buurtbemiddeling.referral.agreement"
    _description = "Agreement with a Referral Partner"
    _order = "referral_partner_id, sequence, id"

    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="referral_partner_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What was agreed", required=True)
    who = fields.Selection(
        [("partner", "The partner"), ("us", "Buurtbemiddeling"), ("both", "Both")],
        "Whose obligation",
        required=True,
        default="both",
    )
    date_from = fields.Date("From", default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Last day on which it holds; empty: until further notice.")
    review_date = fields.Date("Review on")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "An agreement ends on or after the day it begins. Correct one of the two dates.",
    )
