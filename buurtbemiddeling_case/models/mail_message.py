from odoo import models


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "buurtbemiddeling.trace.mixin", "buurtbemiddeling.pointer.mixin"]
    _pointer = ("model", "res_id")

    def _get_traced(self):
        return self._get_traced_of_ours("model")

    def _compute_record_name(self):
        """It becomes the subject of mails, so never with the names that a view may ask for."""
        return super(MailMessage, self.with_context(party_names=False))._compute_record_name()
