from odoo import api, fields, models


class BuurtbemiddelingReferralAgreement(models.Model):
    """What was agreed with a partner: an obligation of theirs, of ours, or of both.

    It stands in a covenant (``party_id``), and holds as long as that does; or it was agreed apart
    from any, with a referral partner (``referral_partner_id``).
    """

    _name = "buurtbemiddeling.referral.agreement"
    _description = "Agreement with a Referral Partner"
    _order = "referral_partner_id, party_id, sequence, id"

    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner", ondelete="cascade", index=True
    )
    party_id = fields.Many2one(
        "buurtbemiddeling.covenant.party",
        "Partner in an agreement",
        ondelete="cascade",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, index=True, precompute=True
    )
    project_id = fields.Many2one(
        related="party_id.project_id", store=True, index="btree_not_null", precompute=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("What was agreed", required=True)
    who = fields.Selection(
        [("partner", "The partner"), ("us", "Buurtbemiddeling"), ("both", "Both")],
        "Whose obligation",
        required=True,
        default="both",
        help="Who has to do this.",
    )
    date_from = fields.Date(
        "From", compute="_compute_date_from", store=True, readonly=False, precompute=True
    )
    date_to = fields.Date("Until", help="Last day on which it holds; empty: until further notice.")
    review_date = fields.Date("Review on")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "An agreement ends on or after the day it begins. Correct one of the two dates.",
    )
    _one_place = models.Constraint(
        "CHECK((party_id IS NULL) != (referral_partner_id IS NULL))",
        "An obligation stands in an agreement with a partner, or apart from any with a referral"
        " partner. Choose one of the two.",
    )

    @api.depends("party_id.company_id", "referral_partner_id.company_id")
    def _compute_company_id(self):
        for agreement in self:
            agreement.company_id = (
                agreement.party_id.company_id or agreement.referral_partner_id.company_id
            )

    @api.depends("party_id")
    def _compute_date_from(self):
        """What stands in a covenant begins with it, unless it says otherwise."""
        for agreement in self:
            if not agreement.date_from and not agreement.party_id:
                agreement.date_from = fields.Date.context_today(agreement)
            else:
                agreement.date_from = agreement.date_from
