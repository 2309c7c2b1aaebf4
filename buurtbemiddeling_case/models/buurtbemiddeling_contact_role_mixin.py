from odoo import models


class BuurtbemiddelingContactRoleMixin(models.AbstractModel):
    """What a contact is to an organisation, once: its volunteer, its referral partner.

    When two contacts are merged that are both this to one organisation, these rows become one
    first: Odoo would delete the second one, with all that belongs to it.
    """

    _name = "buurtbemiddeling.contact.role.mixin"
    _description = "Role of a Contact"
    _inherit = ["buurtbemiddeling.merge.mixin"]

    def _absorb(self, others):
        """Whoever is in use under one of the names, is in use."""
        in_use = any((self | others).mapped("active"))
        res = super()._absorb(others)
        if in_use and not self.active:
            self._as_merging().active = True
        return res

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {"partner_id", "name"}

    def _merge_of_contacts(self, contacts, kept_contact):
        """Let there be one row of these contacts in each organisation.

        :param kept_contact: the contact whose row is kept, if it has one; else the oldest is kept
        """
        rows = self.with_context(active_test=False).search([("partner_id", "in", contacts.ids)])
        for same in rows.grouped("company_id").values():
            if len(same) > 1:
                by_age = same.sorted(lambda row: (row.partner_id != kept_contact, row.id))
                by_age[0]._absorb(by_age[1:])
