from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize


class BuurtbemiddelingReferralLoginMixin(models.AbstractModel):
    """Giving a contact person of a referral partner a login on the portal, and taking it away.

    By the dialog of Odoo's own portal, which coordinators may not use themselves: it would let
    them give anyone a login. Here it is only for who works for a referral partner of theirs, and
    never for a resident.
    """

    _name = "buurtbemiddeling.referral.login.mixin"
    _description = "Login of a Contact Person"

    buurtbemiddeling_login = fields.Selection(
        [
            ("none", "No login"),
            ("invited", "Invited"),
            ("portal", "Has a login"),
            ("internal", "Works in Odoo"),
        ],
        "Portal",
        compute="_compute_buurtbemiddeling_login",
        groups="buurtbemiddeling_case.group_user",
    )
    # of who keeps the login for something else
    is_referring_closed = fields.Boolean(
        readonly=True,
        copy=False,
        groups="buurtbemiddeling_case.group_user",
        export_string_translation=False, exportable=False,
    )

    @api.depends(
        "user_ids.active",
        "user_ids.all_group_ids",
        "user_ids.login_date",
        "is_referring_closed",
    )
    def _compute_buurtbemiddeling_login(self):
        for contact in self:
            # sudo: only whether there is a login
            users = contact.sudo().user_ids.filtered("active")
            if any(user._is_internal() for user in users):
                contact.buurtbemiddeling_login = "internal"
            elif contact.sudo().is_referring_closed:
                contact.buurtbemiddeling_login = "none"
            elif portal := users.filtered(lambda user: user._is_portal()):
                has_been_here = any(portal.mapped("login_date"))
                contact.buurtbemiddeling_login = "portal" if has_been_here else "invited"
            else:
                contact.buurtbemiddeling_login = "none"

    def action_give_portal_access(self):
        """Give this contact person a login on the portal, or mail the invitation once more.

        :raise UserError: says why this contact can not have one
        :raise AccessError: when the user is no coordinator of the partner
        """
        partner = self._check_may_get_login()
        # sudo: only this mark, of a contact person of a partner that the user may write
        self.sudo().is_referring_closed = False
        row = self._get_portal_wizard_row(partner)
        if self.buurtbemiddeling_login == "invited":
            row.action_invite_again()
        elif not row.is_portal:
            row.action_grant_access()
        partner._message_log(
            body=self.env._(
                "%s was invited to refer and follow referrals on the portal.", self.name
            )
        )

    def action_take_portal_access(self):
        """Take referring on the portal away from this contact person, and the login with it.

        Who needs the login for something else, keeps it for that.

        :raise UserError: when it is not a contact person, or someone who works in Odoo
        :raise AccessError: when the user is no coordinator of the partner
        """
        partner = self._check_works_for_partner()
        if self._is_login_needed():
            # sudo: as in action_give_portal_access
            self.sudo().is_referring_closed = True
        else:
            self._get_portal_wizard_row(partner).action_revoke_access()
        partner._message_log(body=self.env._("%s can not refer on the portal any more.", self.name))

    def _is_login_needed(self):
        """Return whether the login of this contact is for more than referring; a hook."""
        self.ensure_one()
        return False

    def _get_portal_wizard_row(self, partner):
        """Return the row of Odoo's own dialog for this contact, with all rights."""
        # sudo: coordinators may not make users. The callers have checked that this is a contact
        # person of a referral partner that the user may write; it becomes a portal user, who has
        # no rights on any record of ours.
        wizards = self.env["portal.wizard"].sudo().with_company(partner.company_id)
        return wizards.create({"partner_ids": [Command.set(self.ids)]}).user_ids

    def _check_works_for_partner(self):
        """Return the referral partner for which this contact works and which the user may write."""
        self.ensure_one()
        self.check_access("read")
        partners = self.env["buurtbemiddeling.referral.partner"]
        partner = self.parent_id and partners.search([("partner_id", "=", self.parent_id.id)])
        # sudo: the flag is not for everyone to read; no name is told
        if not partner or not self.active or self.sudo().is_confidential:
            raise UserError(
                self.env._(
                    "Only contact persons of a referral partner can have a login here. Add this"
                    " person to the partner first. Residents never have one."
                )
            )
        partner.check_access("write")
        partner = partner.filtered(lambda row: row.company_id == self.env.company) or partner
        # sudo: reads whether someone works in Odoo, also under an archived user
        users = self.sudo().with_context(active_test=False).user_ids
        if any(user._is_internal() for user in users):
            raise UserError(self.env._("%s works in Odoo itself and keeps that login.", self.name))
        return partner[:1]

    def _check_may_get_login(self):
        partner = self._check_works_for_partner()
        if not email_normalize(self.email):
            raise UserError(
                self.env._(
                    "Fill in the e-mail address of %s first: the invitation goes there.", self.name
                )
            )
        if self.buurtbemiddeling_login == "portal":
            raise UserError(self.env._("%s has a login already.", self.name))
        return partner
