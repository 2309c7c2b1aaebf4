import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..pseudonym import make_pseudonym

LINK_URL = "/buurtbemiddeling/verwijzen"
TOKEN_BYTES = 32  # twice the 128 bits that nobody guesses


class BuurtbemiddelingReferralLink(models.Model):
    """A link with which someone without a login refers one resident, once and for a few days.

    Who has the link may refer and nothing else: it shows nothing of any referral. The link itself
    is told once, when it is made; here is only what it can be recognised by.
    """

    _name = "buurtbemiddeling.referral.link"
    _description = "One-time Link to Refer"
    _order = "create_date desc, id desc"
    _check_company_auto = True

    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="referral_partner_id.company_id", store=True, index=True, precompute=True
    )
    contact_id = fields.Many2one(
        "res.partner",
        "For",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        help="The contact person; empty: someone of the organisation.",
    )
    expires_on = fields.Date("Works until", required=True, help="The last day.")
    used_on = fields.Datetime()
    revoked_on = fields.Datetime("Withdrawn on")
    case_id = fields.Many2one(
        "buurtbemiddeling.case", "Referral", ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("open", "Not used yet"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("revoked", "Withdrawn"),
        ],
        compute="_compute_state",
    )
    token_hash = fields.Char(
        required=True,
        copy=False,
        groups=fields.NO_ACCESS,
        export_string_translation=False,
        exportable=False,
    )

    _token_hash_uniq = models.UniqueIndex("(token_hash)")

    @api.depends("expires_on", "used_on", "revoked_on")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for link in self:
            if link.used_on:
                link.state = "used"
            elif link.revoked_on:
                link.state = "revoked"
            else:
                link.state = "expired" if link.expires_on < today else "open"

    @api.depends("referral_partner_id", "expires_on")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.referral_partner_id.display_name}: {link.expires_on}"

    @api.constrains("referral_partner_id", "contact_id")
    def _check_contact_id(self):
        """Who refers with it works for the organisation, as with any referral."""
        # sudo: the flag is not for everyone to read; no name is told
        for link in self.sudo().filtered("contact_id"):
            contact = link.contact_id
            if contact.is_confidential or contact.parent_id != link.referral_partner_id.partner_id:
                raise ValidationError(
                    self.env._("A one-time link is for one of the partner's contact persons.")
                )

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _make(self, partner, contact):
        """Return a new link as ``(record, address of the page)``. The address is not kept.

        :param contact: the contact person it is for, or none
        :raise AccessError: when the user may not write the referral partner
        """
        partner.check_access("write")
        token = secrets.token_urlsafe(TOKEN_BYTES)
        days = partner.company_id.buurtbemiddeling_referral_link_days
        # sudo: coordinators make links in this way only, so that the secret one is never typed
        link = self.sudo().create(
            {
                "referral_partner_id": partner.id,
                "contact_id": contact.id,
                "expires_on": fields.Date.context_today(self) + timedelta(days=days),
                "token_hash": self._hash(token),
            }
        )
        return link, f"{partner.get_base_url()}{LINK_URL}/{token}"

    @api.model
    def _hash(self, token):
        """Return what a token is recognised by, which only this database can make."""
        return make_pseudonym(self.env, self._name, token)

    def action_revoke(self):
        """Withdraw links that were not used yet.

        :raise AccessError: when the user may not write their referral partners
        """
        self.check_access("read")
        self.referral_partner_id.check_access("write")
        # sudo: coordinators change nothing else of a link
        unused = self.sudo().filtered(lambda link: link.state == "open")
        unused.revoked_on = fields.Datetime.now()

    # ------------------------------------------------------------
    # USING
    # ------------------------------------------------------------

    @api.model
    def _find(self, token):
        """Return the link of this token, with all rights, or none: who asks may guess."""
        # sudo: visitors have no access to any link; they know the secret of this one
        return self.sudo().search([("token_hash", "=", self._hash(token))])

    def _is_open(self):
        """Return whether one may refer with it, now; not when its people or partner are gone."""
        if not self or self.state != "open":
            return False
        partner, contact = self.referral_partner_id, self.contact_id
        organisation = partner.partner_id
        works_there = not contact or (contact.active and contact.parent_id == organisation)
        return bool(partner.active and organisation.active and works_there)

    def _use(self):
        """Note that it was used.

        Of two requests at once the second fails here, is tried again by Odoo, and finds it used.

        :raise UserError: when it does not work any more
        """
        if not self._is_open():
            raise UserError(self.env._("This link does not work any more."))
        self.used_on = fields.Datetime.now()
        self.flush_recordset(["used_on"])

    @api.autovacuum
    def _gc_links(self):
        """Remove links that have not worked for as long as they ever did, used or not."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([])
        self.search(
            Domain.OR(
                Domain("company_id", "=", company.id)
                & Domain(
                    "expires_on",
                    "<",
                    today - timedelta(days=company.buurtbemiddeling_referral_link_days),
                )
                for company in companies
            )
        ).unlink()
