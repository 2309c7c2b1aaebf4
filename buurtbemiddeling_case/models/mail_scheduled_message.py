from odoo import models


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    def write(self, vals):
        """A message that is to be sent later follows its thread when cases are merged.

        Odoo refuses to change the record of a scheduled message. Here it stays with the same party,
        so it reaches whom it was meant for.
        """
        # only our own code has both: a context alone can come from any browser
        if self.env.su and self.env.context.get("merging") and vals.keys() == {"res_id"}:
            return models.Model.write(self, vals)
        return super().write(vals)
