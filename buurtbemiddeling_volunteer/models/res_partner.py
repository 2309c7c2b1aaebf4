from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _is_on_our_portal(self):
        return super()._is_on_our_portal() or bool(
            self.env["buurtbemiddeling.volunteer"]._get_mine()
        )

    def _is_login_needed(self):
        """A mediator keeps the login, also when the referring ends."""
        # sudo: work for other organisations counts as well; only yes or no comes back
        volunteers = self.env["buurtbemiddeling.volunteer"].sudo()
        mediates = [("user_id.partner_id", "=", self.id), ("stage_id.is_left", "=", False)]
        return super()._is_login_needed() or bool(volunteers.search_count(mediates, limit=1))

    def _has_login_of_ours(self):
        # sudo: looks who logs in as a volunteer; nothing of them is told
        volunteers = self.env["buurtbemiddeling.volunteer"].sudo().with_context(active_test=False)
        return super()._has_login_of_ours() or bool(
            volunteers.search_count([("user_id.partner_id", "in", self.ids)], limit=1)
        )
