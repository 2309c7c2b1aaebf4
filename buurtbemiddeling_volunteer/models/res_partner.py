from odoo import api, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if "email" in vals and any(partner.email != vals["email"] for partner in self):
            self._check_login_keeps_its_mail()
        return super().write(vals)

    @api.model
    def _is_on_our_portal(self):
        return super()._is_on_our_portal() or bool(
            self.env["buurtbemiddeling.volunteer"]._get_mine()
        )

    def _check_login_keeps_its_mail(self):
        """Refuse colleagues outside to change the address to which a volunteer's password goes.

        Whoever gets the mail that resets it, reads what is for that volunteer only.

        :raise AccessError: tells nothing of the volunteer
        """
        user = self.env.user
        if self.env.su or any(
            user.has_group(group)
            for group in ("buurtbemiddeling_case.group_user", "base.group_erp_manager")
        ):
            return
        # sudo: looks who logs in as a volunteer; nothing of them is told
        volunteers = self.env["buurtbemiddeling.volunteer"].sudo().with_context(active_test=False)
        if volunteers.search_count([("user_id.partner_id", "in", self.ids)], limit=1):
            raise AccessError(
                self.env._(
                    "Someone logs in with this e-mail address. Ask them to change it themselves, or"
                    " ask the administrator of Odoo."
                )
            )
