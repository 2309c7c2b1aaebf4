from contextlib import contextmanager

from psycopg2.errors import ForeignKeyViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger
from odoo.tools.mail import email_normalize_all

from .buurtbemiddeling_case_search_mixin import CONTACT_OWNER, trigram_index


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "res.partner",
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.partner.email.mixin",
        "buurtbemiddeling.referral.login.mixin",
        "buurtbemiddeling.referrer.retention.mixin",
    ]

    # A record rule hides these contacts from everyone outside buurtbemiddeling, see
    # security/buurtbemiddeling_rules.xml. The field says nothing about why.
    is_confidential = fields.Boolean(
        "Confidential",
        index="btree_not_null",
        copy=False,  # see copy_data; or nobody outside the group could copy any contact
        prefetch=False,  # whoever asks this with all rights brings no name into the cache
        groups="buurtbemiddeling_case.group_user",
        help="Only coordinators of buurtbemiddeling find and read this contact.",
    )

    # Who is only known from cases that are closed to the user; the record rule asks it.
    buurtbemiddeling_is_closed = fields.Boolean(
        compute="_compute_buurtbemiddeling_is_closed",
        search="_search_buurtbemiddeling_is_closed",
        groups=fields.NO_ACCESS,
        export_string_translation=False, exportable=False,
    )

    # mail that comes in is looked up by it, and every address that is forgotten
    _address_index = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _resident_index = trigram_index("name", "street", "zip", "phone", owner=CONTACT_OWNER)

    def _get_traced(self):
        """Only of residents, and only by coordinators: nobody else reads them."""
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return self.browse()
        # sudo: the flag is asked also of contacts that are read in part
        return self.sudo().filtered("is_confidential").sudo(False)

    def _search_mention_suggestions(self, *args, **kwargs):
        """Names and e-mail addresses that are offered while a message is written are a list."""
        partners = super()._search_mention_suggestions(*args, **kwargs)
        if self._is_asked():
            partners._trace("list")
        return partners

    def _get_vcard_file(self):
        self.env["buurtbemiddeling.trace"]._add_export(self, ["vcard"])
        return super()._get_vcard_file()

    @api.depends("is_confidential", "parent_id")
    @api.depends_context("uid")
    def _compute_buurtbemiddeling_is_closed(self):
        domain = self._get_closed_domain()
        # sudo: the record rule rests on this
        contacts = self.sudo().with_context(active_test=False)
        closed = not domain.is_false() and contacts.search(domain & Domain("id", "in", self.ids))
        for partner in self:
            partner.buurtbemiddeling_is_closed = bool(closed) and partner.id in closed._ids

    @api.model
    def _search_buurtbemiddeling_is_closed(self, operator, value):
        if operator != "in":
            return NotImplemented
        closed = self._get_closed_domain()
        return closed if True in value else ~closed

    @api.model
    def _get_closed_domain(self):
        """Return the domain of the residents, and who belongs to them, of closed cases only."""
        # sudo: the record rule rests on this; what is found is left out, and told to nobody
        closed = self.env.user.sudo().buurtbemiddeling_closed_project_ids
        if not closed:
            return Domain.FALSE
        parties = closed.env["buurtbemiddeling.case.party"].with_context(active_test=False)
        in_closed = Domain("case_id", "any", [("project_id", "in", closed.ids)])
        theirs = parties._search(in_closed & Domain("partner_id", "!=", False))
        theirs = theirs.subselect("partner_id")
        family = Domain("partner_id", "in", theirs) | Domain("partner_id.parent_id", "in", theirs)
        ours = parties._search(~in_closed & family).subselect("partner_id")
        return (
            Domain("is_confidential", "=", True)
            & (Domain("id", "in", theirs) | Domain("parent_id", "in", theirs))
            & Domain("id", "not in", ours)
            & Domain("parent_id", "not in", ours)
            & Domain("child_ids", "not any", [("id", "in", ours)])
        )

    @api.constrains("is_confidential", "company_id", "user_ids")
    def _check_confidential(self):
        """A confidential contact is one organisation's, and not someone who works with Odoo."""
        # sudo: the flag is not for everyone to read; no name is told
        for partner in self.sudo().filtered("is_confidential"):
            if not partner.company_id:
                raise ValidationError(
                    self.env._("A confidential contact belongs to one organisation. Choose which.")
                )
            if partner.with_context(active_test=False).user_ids:
                raise ValidationError(
                    self.env._(
                        "The contact of someone who can log in is shared by the whole organisation"
                        " and can not be made confidential."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("email"):
                self.browse()._check_typed_email(vals["email"])
        partners = super().create(vals_list)
        partners._take_over_confidentiality()
        return partners

    def write(self, vals):
        if "email" in vals:
            self._check_typed_email(vals["email"])
        before = self.child_ids if "child_ids" in vals else self.browse()
        res = super().write(vals)
        moved = self if vals.get("parent_id") else self.browse()
        if "child_ids" in vals:  # which writes the parent beside this method
            moved |= self.child_ids - before
        if moved.sudo().user_ids:  # sudo: only whether one logs in
            moved._check_may_refer(moved.parent_id)
        if "parent_id" in vals or "child_ids" in vals:
            (self | self.child_ids)._take_over_confidentiality()
        if vals.get("is_confidential"):
            self._forget_tracked_values()
            for partner in self:
                inside = self.search([("id", "child_of", partner.id), ("id", "!=", partner.id)])
                if not all(inside.mapped("is_confidential")):
                    inside.write({"is_confidential": True, "company_id": partner.company_id.id})
        return res

    def unlink(self):
        if self.env.su or self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return super().unlink()
        with self._say_only_that_it_is_used():
            return super().unlink()

    @contextmanager
    def _say_only_that_it_is_used(self):
        """Odoo names what still uses a contact: colleagues outside are told only that it is used.

        :raise UserError: the same for everything that uses it, of whichever app
        """
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                yield
        except ForeignKeyViolation as error:
            raise UserError(
                self.env._(
                    "This contact is used elsewhere in Odoo, so it can not be deleted. Archive it"
                    " instead."
                )
            ) from error

    def copy_data(self, default=None):
        """The copy of a confidential contact is confidential as well."""
        vals_list = super().copy_data(default)
        # sudo: the flag is not for everyone to read; who copies a contact may read it
        for partner, vals in zip(self.sudo(), vals_list, strict=True):
            if partner.is_confidential:
                vals.update(is_confidential=True, company_id=partner.company_id.id)
        return vals_list

    def _compute_same_vat_partner_id(self):
        """Odoo looks past all rights for who has the same number."""
        res = super()._compute_same_vat_partner_id()
        # sudo: with False it gives no rights, takes those of the computation away
        for partner in self:
            for name in ("same_vat_partner_id", "same_company_registry_partner_id"):
                if not partner[name].sudo(False).has_access("read"):
                    partner[name] = False
        return res

    def signup_get_auth_param(self):
        """Odoo gives every colleague the key to the page that shows name and e-mail address."""
        self.check_access("read")
        return super().signup_get_auth_param()

    @api.readonly
    def message_get_followers(self, *args, **kwargs):
        self.check_access("read")
        return super().message_get_followers(*args, **kwargs)

    def _take_over_confidentiality(self):
        """Who is put under a confidential contact is confidential as well, in the same company."""
        # sudo: the flag is not for everyone to read, and nothing is given back
        for partner in self.sudo():
            parent = partner.parent_id
            if parent.is_confidential and not partner.is_confidential:
                partner.write({"is_confidential": True, "company_id": parent.company_id.id})

    def _guards_mail(self):
        """What is mailed to a confidential contact is as much for the resident as from the case."""
        # sudo: the flag is not for everyone to read; it only decides what comes in
        return super()._guards_mail() or any(self.sudo().mapped("is_confidential"))

    def _get_guarded_record(self):
        # sudo: which case a mail is about; only whoever may read that case will see it
        parties = self.env["buurtbemiddeling.case.party"].sudo()
        return parties.search([("partner_id", "=", self.id)], order="id desc", limit=1) or self

    def _forget_tracked_values(self):
        """What was tracked of a contact before it became confidential is forgotten."""
        # sudo: tracked values are Odoo's own bookkeeping
        self.env["mail.tracking.value"].sudo().search(
            [("mail_message_id.model", "=", self._name), ("mail_message_id.res_id", "in", self.ids)]
        ).unlink()

    def _check_not_confidential(self):
        """Refuse confidential contacts where people are named whom others read of.

        :raise ValidationError: without any name
        """
        # sudo: the flag is not for everyone to read; no name is told
        if any(self.sudo().mapped("is_confidential")):
            raise ValidationError(
                self.env._(
                    "A confidential contact can not be chosen here: others would see the name."
                    " Choose another contact."
                )
            )

    @api.model
    def _check_may_be_linked(self, partner_ids):
        """Refuse to name a confidential contact that the user may not see.

        :raise AccessError: the same for every contact, and without any name
        """
        cache = self.env.cr.cache.setdefault("buurtbemiddeling_public_contacts", set())
        unknown = partner_ids - cache - {self.env.user.partner_id.id}
        if not unknown:
            return
        # sudo: finds out what is hidden; the answer is only yes or no
        contacts = self.sudo().with_context(active_test=False)
        hidden = contacts.search_fetch(
            Domain("id", "in", list(unknown)) & Domain("is_confidential", "=", True), []
        )
        if hidden and hidden.with_user(self.env.user)._filtered_access("read") != hidden:
            raise AccessError(
                self.env._("You may not use this contact. Choose a contact that you can find.")
            )
        cache.update(unknown - set(hidden.ids))

    def _filtered_mailable(self):
        """Return those of these who have an e-mail address and want to be mailed."""
        mailed = self.filtered(lambda partner: email_normalize_all(partner.email or ""))
        return mailed - mailed._filtered_blacklisted()

    def _filtered_blacklisted(self):
        """Return those of these of whom an address is on Odoo's list of who want no mail."""
        addresses = {partner: email_normalize_all(partner.email or "") for partner in self}
        if not any(addresses.values()):
            return self.browse()
        # sudo: only whether the given addresses are on the list
        found = (
            self.env["mail.blacklist"]
            .sudo()
            .search(
                [("email", "in", [address for known in addresses.values() for address in known])]
            )
        )
        refused = set(found.mapped("email"))
        return self.filtered(lambda partner: not refused.isdisjoint(addresses[partner]))

    def _check_wants_mail(self):
        """Refuse to mail a resident who does not want that, also beside the case.

        :raise UserError: without any name
        """
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            return  # who only knows a client of the organisation is not told that there is a case
        # sudo: only whether one of these contacts wants no mail; of which case is not told
        parties = self.env["buurtbemiddeling.case.party"].sudo()
        if parties.search_count([("partner_id", "in", self.ids), ("no_mail", "=", True)], limit=1):
            raise UserError(
                self.env._("This contact does not want to be mailed. Write a letter, or phone.")
            )

    def _track_prepare(self, fields_iter):
        """Old names and phone numbers of residents are not kept as tracked values."""
        fields_iter = [name for name in fields_iter if name in self._track_get_fields()]
        if not fields_iter:  # of each field that is computed for a page
            return None
        # sudo: the flag is not for everyone to read; it only decides what is not tracked
        shared = self.browse(self.sudo().filtered(lambda p: not p.is_confidential).ids)
        return super(ResPartner, shared)._track_prepare(fields_iter)
