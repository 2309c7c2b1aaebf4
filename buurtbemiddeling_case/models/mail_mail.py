from datetime import timedelta

from odoo import api, fields, models, modules

# in the context: this transaction is of the mails alone, and may end before each of them
SURE = "buurtbemiddeling_sure_of_mail"
UNDER_WAY = timedelta(minutes=15)  # no mail server takes longer for one letter


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

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """The queue ends the transaction after each mail, so it may end one before it as well."""
        mails = self.with_context(**{SURE: True}) if auto_commit else self
        return super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def send_after_commit(self):
        """What goes out at once does so in a transaction of its own, except in tests."""
        mails = self if modules.module.current_test else self.with_context(**{SURE: True})
        return super(MailMail, mails).send_after_commit()

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Nobody gets a letter twice because the server was killed while it sent it.

        Odoo has just written that it failed, until it knows better. For our letters that is kept
        before they go out: of a letter of which nobody knows whether it arrived, its sender is told
        so, and it does not go out again by itself.
        """
        outgoing = super()._prepare_outgoing_list(*args, **kwargs)
        wall = self.env.registry["buurtbemiddeling.thread.mixin"]
        if self.env.context.get(SURE) and isinstance(self.env.get(self.model or ""), wall):
            self.failure_type = False  # under way: whatever comes of it is filled in
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return outgoing

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Odoo tells who wrote a letter that it did not arrive; what nobody wrote is a to-do."""
        res = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        if failure_type:
            self._tell_coordinators()
        return res

    def _tell_coordinators(self):
        """Plan a to-do for each letter of these that nobody wrote, and that did not arrive."""
        parties = self.env["buurtbemiddeling.case.party"]
        own = self.filtered(lambda mail: mail.model == parties._name)
        automatic = own.filtered(lambda mail: not mail.author_id.user_ids)
        parties.browse(automatic.mapped("res_id")).exists()._plan_undelivered()

    @api.model
    def process_email_queue(self, email_ids=(), batch_size=1000):
        """Letters of which the server was killed while it sent them are told of as well."""
        lost = self.search(
            [
                ("model", "=", "buurtbemiddeling.case.party"),
                ("state", "=", "exception"),
                ("failure_type", "=", False),
                ("write_date", "<", fields.Datetime.now() - UNDER_WAY),
            ]
        )
        if lost:
            lost._tell_coordinators()
            lost.failure_type = "unknown"
        return super().process_email_queue(email_ids, batch_size)
