from odoo import models

from .buurtbemiddeling_merge_mixin import is_merging


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def write(self, vals):
        """A message that is to be sent later follows its thread when cases are merged.

        Odoo refuses to change the record of a scheduled message. Here it stays with the same party,
        so it reaches whom it was meant for.
        """
        if is_merging(self.env) and vals.keys() == {"res_id"}:
            return models.Model.write(self, vals)
        return super().write(vals)
