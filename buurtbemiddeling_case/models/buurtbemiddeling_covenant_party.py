from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingCovenantParty(models.Model):
    """A partner in a covenant: what it promised about referring, who is spoken to, its signature.

    Which referral partner it is follows from organisation and contact, and is not stored: contacts
    are merged, and a partner may begin to refer after it signed.
    """

    _name = "buurtbemiddeling.covenant.party"
    _description = "Partner in an Agreement"
    _order = "covenant_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    covenant_id = fields.Many2one(
        "buurtbemiddeling.covenant", "Agreement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="covenant_id.company_id", store=True, index=True, precompute=True
    )
    project_id = fields.Many2one(
        related="covenant_id.project_id", store=True, index="btree_not_null", precompute=True
    )
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        "Organisation",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("is_company", "=", True), ("is_confidential", "=", False)],
        check_company=True,
    )
    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner",
        compute="_compute_referral_partner_id",
    )
    contact_ids = fields.Many2many(
        "res.partner",
        "buurtbemiddeling_covenant_party_contact_rel",
        "party_id",
        "contact_id",
        string="Contact persons",
        domain="[('parent_id', '=', partner_id), ('is_confidential', '=', False)]",
        check_company=True,
        help="With whom you talk about this agreement.",
    )
    obligation_ids = fields.One2many(
        "buurtbemiddeling.referral.agreement", "party_id", "Obligations", copy=True
    )
    signed_on = fields.Date(copy=False)
    kind = fields.Selection(related="covenant_id.kind")
    state = fields.Selection(related="covenant_id.state")
    date_start = fields.Date(related="covenant_id.date_start")
    date_end = fields.Date(related="covenant_id.date_end")
    review_date = fields.Date(related="covenant_id.review_date")

    @api.depends("partner_id", "company_id")
    def _compute_referral_partner_id(self):
        partners = self.env["buurtbemiddeling.referral.partner"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        found = {(it.company_id, it.partner_id): it for it in partners}
        for party in self:
            party.referral_partner_id = found.get((party.company_id, party.partner_id))

    @api.constrains("covenant_id", "partner_id", "signed_on")
    def _check_party(self):
        """Each partner once; one that has signed does not hold to another such covenant."""
        for covenant in self.covenant_id:
            partners = covenant.party_ids.mapped("partner_id")
            if len(partners) < len(covenant.party_ids):
                raise ValidationError(
                    self.env._(
                        "A partner stands in “%s” twice. Remove one of the two rows.",
                        covenant.name,
                    )
                )
        self.filtered(lambda party: not party.signed_on).covenant_id._check_signed_file()
        self.covenant_id._check_one_in_force()

    @api.constrains("partner_id", "contact_ids")
    def _check_no_resident(self):
        """No organisation of the network is the confidential contact of a case."""
        # sudo: the flag is not for everyone to read; no name is told
        contacts = self.sudo().partner_id | self.sudo().contact_ids
        if any(contacts.mapped("is_confidential")):
            raise ValidationError(
                self.env._(
                    "This is the contact of a resident. Choose an organisation, or someone who"
                    " works there."
                )
            )

    @api.constrains("signed_on")
    def _check_signed_on(self):
        today = fields.Date.context_today(self)
        for party in self:
            if party.signed_on and party.signed_on > today:
                raise ValidationError(
                    self.env._(
                        "%s can not have signed on a day that has yet to come. Correct the day, or"
                        " leave it empty until then.",
                        party.partner_id.name,
                    )
                )

    def action_print(self):
        """Print the agreement for these partners, a page each."""
        self.check_access("read")
        report = self.env.ref("buurtbemiddeling_case.action_report_covenant")
        return report.report_action(self, config=False)

    def action_open_covenant(self):
        """Open the agreement that this partner is in."""
        self.ensure_one()
        return self.covenant_id._open(self.covenant_id)
