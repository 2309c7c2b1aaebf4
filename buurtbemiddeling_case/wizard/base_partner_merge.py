from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Contacts of two parties in one case are two people, however much they look alike.

        :raise UserError: one party would get the other's letters and messages. Whoever may not see
            the case is told nothing of it.
        """
        # sudo: looks in cases that are hidden from the user as well; what they are is not told
        parties = self.env["buurtbemiddeling.case.party"].sudo()
        parties = parties.search([("partner_id", "in", list(partner_ids))])
        for case, named in parties.grouped("case_id").items():
            if len(named.partner_id) > 1:
                if not case.with_user(self.env.user).has_access("read"):
                    raise UserError(
                        self.env._("These contacts are two different people. They stay apart.")
                    )
                raise UserError(
                    self.env._(
                        "These contacts are different parties in case %s. Take one of them off the"
                        " case first.",
                        case.name,
                    )
                )
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _log_merge_operation(self, src_partners, dst_partner):
        """Old names and addresses of residents are kept in no message."""
        if dst_partner.is_confidential:
            return None
        return super()._log_merge_operation(src_partners, dst_partner)
