from odoo import models


class PortalWizardUser(models.TransientModel):
    _inherit = "portal.wizard.user"

    def action_grant_access(self):
        """Who manages contacts gives no login with which one sees referrals.

        :raise AccessError: when this contact works for a referral partner
        """
        partner = self.partner_id
        partner._check_may_refer(partner | partner.parent_id)
        return super().action_grant_access()
