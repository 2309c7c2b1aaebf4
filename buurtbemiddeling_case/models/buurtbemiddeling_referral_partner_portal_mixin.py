from odoo import api, fields, models


class BuurtbemiddelingReferralPartnerPortalMixin(models.AbstractModel):
    """Who a login on the portal refers for: the organisation that its contact works for.

    It is asked anew on each page: who left the organisation, or whose organisation does not refer
    to us any more, has nothing here from that moment.
    """

    _name = "buurtbemiddeling.referral.partner.portal.mixin"
    _description = "Referral Partner on the Portal"

    portal_scope = fields.Selection(
        [
            ("own", "Only their own referrals"),
            ("organisation", "Those of all colleagues of this organisation"),
        ],
        "On the portal they see",
        required=True,
        default="own",
        help="What contact persons with a login see: number, date, their reference and what they"
        " were told. Those of colleagues only if that stands in your agreement with the partner.",
    )

    @api.model
    def _get_mine(self):
        """Return the referral partners of the user who acts, with all rights; mostly one.

        Of a portal user only, whose contact is one of its contact persons, or the organisation
        itself. A wijkagent may work with two organisations of buurtbemiddeling.
        """
        # sudo: only the organisations that the user's own contact works for
        contact = self.env.user.sudo().partner_id
        is_closed = contact.is_confidential or contact.is_referring_closed
        if not self.env.user._is_portal() or not contact.active or is_closed:
            return self.sudo().browse()
        return self.sudo().search(
            [
                ("partner_id", "in", (contact | contact.parent_id).ids),
                ("partner_id.active", "=", True),
            ]
        )

    def _get_contact_of(self, user):
        """Return the contact person that ``user`` is here; none for the office itself."""
        self.ensure_one()
        contact = user.sudo().partner_id  # sudo: of the user who acts
        return contact if contact.parent_id == self.partner_id else contact.browse()
