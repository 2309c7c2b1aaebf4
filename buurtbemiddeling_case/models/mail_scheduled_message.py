from functools import partial

from odoo import models

from .buurtbemiddeling_merge_mixin import is_merging


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def _check_access(self, operation):
        """Who may not read the page, may not read what is to be sent from it.

        Odoo asks so when searching and changing, but not when reading by number.
        """
        result = super()._check_access(operation)
        if result or operation != "read" or self.env.su:
            return result
        hidden = self.browse()
        # sudo: reads which page a message is for
        for model, messages in self.sudo().grouped("model").items():
            if model.startswith("buurtbemiddeling."):
                pages = self.env[model].browse(messages.mapped("res_id"))
                open_ids = set(pages.exists()._filtered_access("read")._ids)
                hidden += self.browse(m.id for m in messages if m.res_id not in open_ids)
        if hidden:
            return hidden, partial(
                self.env["ir.rule"]._make_access_error, operation, hidden.sudo(False)
            )
        return None

    def write(self, vals):
        """A message that is to be sent later follows its thread when cases are merged.

        Odoo refuses to change the record of a scheduled message. Here it stays with the same party,
        so it reaches whom it was meant for.
        """
        if is_merging(self.env) and vals.keys() == {"res_id"}:
            return models.Model.write(self, vals)
        return super().write(vals)
