from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _is_on_our_portal(self):
        return super()._is_on_our_portal() or bool(
            self.env["buurtbemiddeling.volunteer"]._get_mine()
        )

    def _has_login_of_ours(self):
        # sudo: looks who logs in as a volunteer; nothing of them is told
        volunteers = self.env["buurtbemiddeling.volunteer"].sudo().with_context(active_test=False)
        return super()._has_login_of_ours() or bool(
            volunteers.search_count([("user_id.partner_id", "in", self.ids)], limit=1)
        )
