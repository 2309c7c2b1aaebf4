from odoo import models
from odoo.exceptions import UserError


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def message_post(self, *, partner_ids=None, **kwargs):
        """A resident in a quarrel is written to from the case only: here others would see who.

        :raise UserError: when a confidential contact is named on any other page
        """
        own_page = self._name == "res.partner" and set(partner_ids or []) <= set(self.ids)
        if partner_ids and own_page:
            self._check_wants_mail()
        elif partner_ids and not self._name.startswith("buurtbemiddeling."):
            if self._get_confidential_ids(partner_ids):
                raise UserError(
                    self.env._(
                        "A confidential contact can not get a message from this page: others would"
                        " see the name. Write to the resident from the case."
                    )
                )
        return super().message_post(partner_ids=partner_ids, **kwargs)

    def message_notify(self, *, partner_ids=False, **kwargs):
        """A resident in a quarrel is never told beside the case: nobody would see to whom.

        :raise UserError: when a confidential contact is named
        """
        if partner_ids and self._get_confidential_ids(partner_ids):
            raise UserError(
                self.env._(
                    "A confidential contact can not get a message from this page: others would"
                    " see the name. Write to the resident from the case."
                )
            )
        return super().message_notify(partner_ids=partner_ids, **kwargs)

    def _get_confidential_ids(self, partner_ids):
        """Return those of ``partner_ids`` (ids) that are confidential contacts."""
        # sudo: finds out who is confidential; only ids that were given come back
        contacts = self.env["res.partner"].sudo().with_context(active_test=False)
        return set(
            contacts.search([("id", "in", list(partner_ids)), ("is_confidential", "=", True)]).ids
        )

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """A resident in a quarrel follows nothing: followers and their names show everywhere."""
        if partner_ids:
            hidden = self._get_confidential_ids(partner_ids)
            partner_ids = [id_ for id_ in partner_ids if id_ not in hidden]
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
