from odoo import models


class BuurtbemiddelingReferralPartnerMergeMixin(models.AbstractModel):
    """Two referral partners that turn out to be one office."""

    _name = "buurtbemiddeling.referral.partner.merge.mixin"
    _description = "Merging of Referral Partners"
    _inherit = ["buurtbemiddeling.contact.role.mixin"]

    def _absorb(self, others):
        """The people of the other office come along first, or their cases would let go of them."""
        # sudo: as in the mixin; the contacts of the offices are about to be merged themselves
        people = others.sudo().with_context(active_test=False).partner_id.child_ids
        people.parent_id = self.partner_id
        return super()._absorb(others)

    def _merge_values(self, others):
        """What both may be told and shown, is no more than what either of them may."""
        values, different = super()._merge_values(others)
        if "ended" in others.mapped("feedback_wording"):
            values["feedback_wording"] = "ended"
        if "own" in others.mapped("portal_scope"):
            values["portal_scope"] = "own"
        return values, different

    def _take_over_rows(self, others):
        """Cases keep the type of their referrer: figures of past years rest on it."""
        cases = self.env["buurtbemiddeling.case"].with_context(active_test=False)
        cases = cases.search([("referral_partner_id", "in", others.ids)])
        by_type = cases.grouped("referrer_type_id")
        res = super()._take_over_rows(others)
        for referrer_type, same in by_type.items():
            same.referrer_type_id = referrer_type
        return res
