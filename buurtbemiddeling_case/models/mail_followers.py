from odoo import api, models
from odoo.exceptions import ValidationError


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["mail.followers", "buurtbemiddeling.pointer.mixin"]

    @api.constrains("partner_id")
    def _check_no_resident_follows(self):
        """A resident in a quarrel follows nothing, however the follower was made."""
        # sudo: the flag is not for everyone to read; no name is told
        if any(self.sudo().partner_id.mapped("is_confidential")):
            raise ValidationError(
                self.env._("A confidential contact can not follow a page: others would see it.")
            )
