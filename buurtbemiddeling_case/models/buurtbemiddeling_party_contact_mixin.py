from odoo import fields, models


class BuurtbemiddelingPartyContactMixin(models.AbstractModel):
    """A message to or from a party counts as contact with the residents of its case.

    A note counts not, and neither does a message that only colleagues get.
    """

    _name = "buurtbemiddeling.party.contact.mixin"
    _description = "Contact with a Party"
    _inherit = ["buurtbemiddeling.thread.mixin"]

    def _message_post_after_hook(self, message, msg_vals):
        res = super()._message_post_after_hook(message, msg_vals)
        if message.subtype_id == self.env.ref("mail.mt_comment") and self._is_contact(message):
            self.case_id._note_contact(fields.Date.context_today(self))
        return res

    def _is_contact(self, message):
        """Return whether ``message`` was sent to this party, or came in from it by mail."""
        self.ensure_one()
        if self.partner_id and self.partner_id in message.partner_ids:
            return True
        # sudo: reads whether the author is a colleague
        return message.message_type == "email" and not message.author_id.sudo().user_ids
