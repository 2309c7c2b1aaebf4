from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class BuurtbemiddelingPartnerEmailMixin(models.AbstractModel):
    """Who has a login on our portal types no e-mail address but their own, in no way at all.

    Mail that comes in is kept with the contact who has its address: who types that of a resident
    would be told of the resident's mail. Odoo lets everyone change the address of their own login,
    on its pages and by its API; here the organisation does that. Whether an address is known is
    not told.
    """

    _name = "buurtbemiddeling.partner.email.mixin"
    _description = "E-mail Address of a Login"

    @api.model
    def _is_on_our_portal(self):
        """Tell whether the user who acts uses pages of ours on the portal."""
        return bool(self.env["buurtbemiddeling.referral.partner"]._get_mine())

    @api.model
    def _may_type_email(self, email):
        """Tell whether the user who acts may type this e-mail address on a contact."""
        if not self.env.user._is_portal():
            return True
        # sudo: the address of the user who acts
        own = self.env.user.sudo().partner_id.email or ""
        email = email or ""
        if email.strip() == own.strip() or (email_normalize(email) or email) == email_normalize(
            own
        ):
            return True
        return not self._is_on_our_portal()

    @api.model
    def _get_email_refusal(self):
        return self.env._(
            "We change your e-mail address: ask the organisation for buurtbemiddeling to do that."
        )

    def _check_typed_email(self, email):
        """Refuse an e-mail address of someone else, for these contacts or for a new one.

        :raise UserError: says who changes an e-mail address
        """
        same = self and all((partner.email or "") == (email or "") for partner in self)
        if not same and not self._may_type_email(email):
            raise UserError(self._get_email_refusal())
