from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_ours(self, src_partners, dst_partner):
        """A mediator does not become one of the neighbours; raises ``ValidationError``."""
        res = super()._merge_ours(src_partners, dst_partner)
        # sudo: looks in cases that are hidden from the user as well; the caller tells nothing
        assignments = self.env["buurtbemiddeling.assignment"].sudo()
        assignments.search([("volunteer_id.partner_id", "=", dst_partner.id)])._check_not_a_party()
        return res
