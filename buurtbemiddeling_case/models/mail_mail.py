from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """The last check at the party wall: whatever made the mail, it goes to its own party only.

        :raise UserError: as ``buurtbemiddeling.thread.mixin`` does
        """
        mails = super().create(vals_list)
        wall = self.env.registry["buurtbemiddeling.thread.mixin"]
        # sudo: reads to whom the mails go, which not everyone who sends may read
        for mail in mails.sudo():
            thread = self.env.get(mail.model or "")  # None: of an app that is gone
            if mail.res_id and isinstance(thread, wall):
                record = thread.browse(mail.res_id)
                recipients = set(mail.recipient_ids.ids)
                record._check_recipients(
                    recipients - record._get_addressable_ids(recipients),
                    mail.email_to or mail.email_cc,
                )
                record._check_attachments(mail.attachment_ids.ids)
        if mails and self.env.context.get("wakes_mail_queue"):
            # sudo: the queue sends what is in it, whoever put it there
            self.env(su=True).ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return mails
