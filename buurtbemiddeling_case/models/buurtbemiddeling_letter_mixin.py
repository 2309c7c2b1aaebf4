from odoo import fields, models
from odoo.exceptions import UserError


class BuurtbemiddelingLetterMixin(models.AbstractModel):
    """Letters to one party: neutral, short, in its own language, on its own thread."""

    _name = "buurtbemiddeling.letter.mixin"
    _description = "Letters to a Party"

    def _get_letter_template(self, kind):
        """Return the letter of ``kind`` in the party's language, or in Dutch when there is none.

        :raise UserError: when there is no such letter in Dutch either
        """
        self.ensure_one()
        letters = self.env["mail.template"].search(
            [("letter_kind", "=", kind), ("model", "=", self._name)]
        )
        in_dutch = letters.filtered(lambda letter: letter.letter_language_id.code == "nl")
        own = letters.filtered(
            lambda letter: letter.letter_language_id == self.language_id and self.language_id
        )
        if not (own or in_dutch):
            raise UserError(
                self.env._("This letter does not exist in Dutch. Ask the administrator to add it.")
            )
        return (own or in_dutch)[0]

    def _render_letter(self, kind, talk=None):
        """Return ``(subject, body)`` of the letter of ``kind``; the body is safe HTML.

        :param talk: the talk that the letter is about; templates find it as ``ctx["talk"]``
        """
        self.ensure_one()
        template = self._get_letter_template(kind).with_context(talk=talk)
        return (
            template._render_field("subject", self.ids)[self.id],
            template._render_field("body_html", self.ids)[self.id],
        )

    def _mail_letter(self, kind, talk=None):
        """Mail the letter of ``kind`` to each party that has an e-mail address.

        Each is posted on the party's own thread, and goes to that party only.

        :return: the parties that have no e-mail address, who were not written to
        """
        without_email = self.filtered(lambda party: not party.email)
        for party in self - without_email:
            subject, body = party._render_letter(kind, talk)
            party.message_post(
                subject=subject,
                body=body,
                partner_ids=party.partner_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid="mail.mail_notification_light",
                email_add_signature=False,
            )
        (self - without_email).case_id._note_contact(fields.Date.context_today(self))
        return without_email
