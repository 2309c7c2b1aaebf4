from odoo import api, models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _merge_ours(self, src_partners, dst_partner):
        """A mediator does not become one of the neighbours; raises ``ValidationError``."""
        self._check_no_login_joins(src_partners | dst_partner)
        res = super()._merge_ours(src_partners, dst_partner)
        # sudo: looks in cases that are hidden from the user as well; the caller tells nothing
        assignments = self.env["buurtbemiddeling.assignment"].sudo()
        assignments.search([("volunteer_id.partner_id", "=", dst_partner.id)])._check_not_a_party()
        return res

    @api.model
    def _check_no_login_joins(self, partners):
        """Refuse colleagues outside to give the login of one volunteer what is for another.

        :raise UserError: the caller tells who is outside to ask a coordinator
        """
        user = self.env.user
        if user._is_superuser() or any(
            user.has_group(group)
            for group in ("buurtbemiddeling_case.group_user", "base.group_erp_manager")
        ):
            return
        # sudo: looks for volunteers that are hidden from the user; the caller tells nothing
        volunteers = self.env["buurtbemiddeling.volunteer"].sudo().with_context(active_test=False)
        volunteers = volunteers.search([("partner_id", "in", partners.ids)])
        if len(volunteers) > 1 and volunteers.user_id:
            raise UserError(
                self.env._("One of these volunteers logs in. A coordinator merges them.")
            )
