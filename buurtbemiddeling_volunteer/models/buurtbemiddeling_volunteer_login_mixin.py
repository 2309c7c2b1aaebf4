from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_merge_mixin import is_merging


class BuurtbemiddelingVolunteerLoginMixin(models.AbstractModel):
    """Giving a volunteer a login for the portal, and taking it away.

    Done by Odoo's own wizard for portal users, which coordinators may not open by themselves: it
    would let them give a login to anybody. Here it is for the volunteer's own contact only.
    """

    _name = "buurtbemiddeling.volunteer.login.mixin"
    _description = "Login of a Volunteer"

    # a login that was there already is not ours to take away
    is_login_given = fields.Boolean(
        readonly=True, copy=False, export_string_translation=False, exportable=False
    )

    def action_give_login(self):
        """Give the volunteer a login, and mail how to set a password.

        Who can log in already, keeps that login and gets no mail.

        :raise UserError: says what stands in the way: has left, no e-mail address, a contact that
            is confidential or was locked out, or an address that is the login of someone else
        """
        self.ensure_one()
        self._check_may_have_login()
        # sudo: coordinators may not read every login; this is the contact's own
        users = self.sudo().partner_id.with_context(active_test=False).user_ids
        user = users.filtered("active")[:1]
        if not user or user._is_public():
            if users.filtered(lambda login: login._is_internal()):
                raise UserError(
                    self.env._(
                        "%s had a login as a colleague, which was closed. Ask the administrator of"
                        " Odoo to open it again.",
                        self.name,
                    )
                )
            row = self._get_login_wizard()
            row.action_grant_access()
            user = row.user_id
            self.is_login_given = True
        self.user_id = user.id
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_take_login(self):
        """Take the volunteer's cases out of sight at once, and close the login if that is ours.

        It stays open when it was there before, or is used for something else: work for another
        organisation, or referring residents.
        """
        self.ensure_one()
        self.check_access("write")
        self._close_logins()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def write(self, vals):
        """Who leaves, or is archived, needs no login as a volunteer any more."""
        res = super().write(vals)
        if ("stage_id" in vals or vals.get("active") is False) and not is_merging(self.env):
            gone = self.filtered(lambda volunteer: volunteer.is_left_stage or not volunteer.active)
            gone._close_logins()
        return res

    def _close_logins(self):
        """Take these logins off the volunteers, and close each that we gave and nothing needs."""
        for volunteer in self.filtered("user_id"):
            # sudo: reads whether the login is a portal login
            user = volunteer.user_id.sudo()
            volunteer.user_id = False
            # who had it as a referrer first, and does not refer any more, has it from us too
            is_ours = volunteer.is_login_given or user.partner_id.is_referring_closed
            if is_ours and user._is_portal() and not volunteer._is_login_used(user):
                volunteer._get_login_wizard().action_revoke_access()
            volunteer.is_login_given = False

    def _check_may_have_login(self):
        """Refuse a login to who should have none, or can not be mailed.

        :raise UserError: says what to do
        """
        self.check_access("write")
        partner = self.partner_id
        if not self.active or self.is_left_stage:
            raise UserError(
                self.env._("%s has left, and gets no login. Choose another phase first.", self.name)
            )
        if not email_normalize(partner.email or ""):
            raise UserError(
                self.env._(
                    "Fill in one e-mail address of %s first: that is the login, and the way to set"
                    " a password.",
                    self.name,
                )
            )
        if partner.is_confidential:
            raise UserError(
                self.env._(
                    "The contact of %s is confidential, so it can not have a login. Ask by phone,"
                    " or make a contact for the volunteer work.",
                    self.name,
                )
            )

    def _get_login_wizard(self):
        """Return the line of this volunteer in Odoo's wizard for portal users."""
        # sudo: coordinators may not make logins; this one is for the own contact of a volunteer
        # whom they may write, and has the rights of the portal only
        wizard = self.env["portal.wizard"].sudo().with_company(self.company_id)
        return wizard.create({"partner_ids": [Command.set(self.partner_id.ids)]}).user_ids

    def _is_login_used(self, user):
        """Return whether someone needs this login for something else of ours."""
        partner = user.partner_id
        # sudo: work for other organisations counts as well; only yes or no comes back
        volunteers = self.sudo().search_count([("user_id", "=", user.id)], limit=1)
        if volunteers or partner.is_referring_closed:
            return bool(volunteers)
        referrers = self.env["buurtbemiddeling.referral.partner"].sudo()
        organisations = partner | partner.parent_id | partner.commercial_partner_id
        return bool(referrers.search_count([("partner_id", "in", organisations.ids)], limit=1))
