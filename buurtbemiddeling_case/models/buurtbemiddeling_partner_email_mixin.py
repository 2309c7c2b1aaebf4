from odoo import api, models
from odoo.exceptions import AccessError, UserError
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
            "An e-mail address is changed by the organisation for buurtbemiddeling: ask it there."
        )

    def _check_typed_email(self, email):
        """Refuse an e-mail address of someone else, for these contacts or for a new one.

        :raise UserError: says who changes an e-mail address
        """
        if self and all((partner.email or "") == (email or "") for partner in self):
            return
        if not self._may_type_email(email):
            raise UserError(self._get_email_refusal())
        self._check_login_keeps_its_mail()

    # ------------------------------------------------------------
    # COLLEAGUES
    # ------------------------------------------------------------

    def _check_login_keeps_its_mail(self):
        """Refuse colleagues outside to change the address to which a password of ours goes.

        Whoever gets the mail that resets it, reads what is for that person only.

        :raise AccessError: tells nothing of the person
        """
        if self and not self.env.su and not self._gives_logins() and self._has_login_of_ours():
            raise AccessError(
                self.env._(
                    "Someone logs in with this e-mail address. Ask a coordinator of"
                    " buurtbemiddeling, or the administrator of Odoo, to change it."
                )
            )

    def _has_login_of_ours(self):
        """Tell whether one of these contacts logs in to see what is on our portal."""
        # sudo: looks who logs in as a referrer; nothing of them is told
        contacts = self.sudo().with_context(active_test=False)
        contacts = contacts.filtered("user_ids")
        organisations = contacts | contacts.parent_id
        partners = contacts.env["buurtbemiddeling.referral.partner"]
        return bool(partners.search_count([("partner_id", "in", organisations.ids)], limit=1))

    @api.model
    def _gives_logins(self):
        """Tell whether the user who acts decides who has a login on our portal."""
        user = self.env.user
        return any(
            user.has_group(group)
            for group in ("buurtbemiddeling_case.group_user", "base.group_erp_manager")
        )

    def _check_may_refer(self, organisations):
        """Refuse colleagues outside to let these contacts log in for a referral partner.

        Whoever logs in for one of ``organisations`` reads what it was told of its referrals.

        :raise AccessError: says who gives a login
        """
        if self._gives_logins():
            return
        # sudo: looks whether one of them refers; that is told to who manages contacts
        partners = self.env["buurtbemiddeling.referral.partner"].sudo()
        partners = partners.with_context(active_test=False)
        if partners.search_count([("partner_id", "in", organisations.ids)], limit=1):
            raise AccessError(
                self.env._(
                    "Who logs in for this organisation, can refer residents. Ask a coordinator of"
                    " buurtbemiddeling to give this person a login."
                )
            )
