from odoo import models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """A resident in a quarrel follows nothing: followers and their names show everywhere."""
        if partner_ids:
            # sudo: finds out who is confidential; they are left out without a word
            hidden = (
                self.env["res.partner"]
                .sudo()
                .with_context(active_test=False)
                .search([("id", "in", list(partner_ids)), ("is_confidential", "=", True)])
            )
            partner_ids = [id_ for id_ in partner_ids if id_ not in hidden.ids]
        return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
