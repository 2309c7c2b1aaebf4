from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """The last check at the party wall: whatever made the mail, it goes to its own party only.

        :raise UserError: as ``buurtbemiddeling.thread.mixin`` does
        """
        mails = super().create(vals_list)
        walled = self.env["buurtbemiddeling.thread.mixin"]._get_walled_models()
        for mail in mails.sudo():
            if mail.model in walled and mail.res_id:
                record = self.env[mail.model].browse(mail.res_id)
                recipients = set(mail.recipient_ids.ids)
                record._check_recipients(
                    recipients - record._get_addressable_ids(recipients),
                    mail.email_to or mail.email_cc,
                )
                record._check_attachments(mail.attachment_ids.ids)
        return mails
