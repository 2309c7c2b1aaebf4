from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    # A record rule hides these contacts from everyone outside buurtbemiddeling, see
    # security/buurtbemiddeling_rules.xml. The field says nothing about why.
    is_confidential = fields.Boolean(
        "Confidential",
        index="btree_not_null",
        groups="buurtbemiddeling_case.group_user",
        help="Only coordinators of buurtbemiddeling find and read this contact.",
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
        return super().create(self._pass_on_confidentiality(vals_list))

    def write(self, vals):
        if vals.get("parent_id"):
            vals = self._pass_on_confidentiality([vals])[0]
        return super().write(vals)

    @api.model
    def _pass_on_confidentiality(self, vals_list):
        """Who is put under a confidential contact is confidential as well, in the same company."""
        # sudo: the flag is not for everyone to read; who may name the parent may read it
        parents = self.sudo().browse(
            {vals["parent_id"] for vals in vals_list if vals.get("parent_id")}
        )
        hidden = {parent.id: parent for parent in parents.exists() if parent.is_confidential}
        return [
            {
                **vals,
                "is_confidential": True,
                "company_id": hidden[vals["parent_id"]].company_id.id,
            }
            if vals.get("parent_id") in hidden
            else vals
            for vals in vals_list
        ]

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
        hidden = (
            self.sudo()
            .with_context(active_test=False)
            .search(Domain("id", "in", list(unknown)) & Domain("is_confidential", "=", True))
        )
        if hidden and hidden.with_user(self.env.user)._filtered_access("read") != hidden:
            raise AccessError(
                self.env._("You may not use this contact. Choose a contact that you can find.")
            )
        cache.update(unknown - set(hidden.ids))

    def _track_prepare(self, fields_iter):
        """Old names and phone numbers of residents are not kept as tracked values."""
        # sudo: the flag is not for everyone to read; it only decides what is not tracked
        shared = self.browse(self.sudo().filtered(lambda p: not p.is_confidential).ids)
        return super(ResPartner, shared)._track_prepare(fields_iter)
