from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

# these say what is registered of the resident, in the words of the AVG
INFORMING_KINDS = ("registered", "approach", "inform")
APPROACH_KINDS = ("approach", "reminder")


class BuurtbemiddelingLetterMixin(models.AbstractModel):
    """Letters to one party: neutral, short, in its own language, on its own thread."""

    _name = "buurtbemiddeling.letter.mixin"
    _description = "Letters to a Party"
    _inherit = [
        "buurtbemiddeling.party.mail.mixin",
        "buurtbemiddeling.party.talk.mixin",
        "buurtbemiddeling.letter.post.mixin",
    ]

    # in the language of the letter that is made
    retention_text = fields.Char(
        compute="_compute_retention_text", export_string_translation=False, exportable=False
    )

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Placeholders for whoever may change letters: nothing of the story or the other party."""
        return (
            *super().mail_allowed_qweb_expressions(),
            "object.case_id.name",
            "object.case_id.user_id.name",
            "object.company_id.name",
            "object.company_id.phone",
            "object.company_id.email",
            "object.retention_text",
            "object.talk_day",
            "object.talk_time",
            "object.talk_place",
        )

    @api.depends(
        "company_id.buurtbemiddeling_retention_months",
        "company_id.buurtbemiddeling_retention_request_months",
        "case_id.intake_decision",
    )
    @api.depends_context("letter_language")
    def _compute_retention_text(self):
        for party in self:
            party.retention_text = party.company_id._get_retention_text(
                self.env.context.get("letter_language"), party.case_id._get_announced_kind()
            )

    def action_compose_letter(self):
        """Open the dialog in which a letter or mail to this party is made."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letter or mail"),
            "res_model": "buurtbemiddeling.letter.compose",
            "view_mode": "form",
            "target": "new",
            "context": {"default_party_id": self.id},
        }

    def _render_letter(self, kind, talk=None):
        """Return ``(subject, body)`` of the letter of ``kind``; the body is safe HTML.

        :param talk: the talk that the letter is about; see ``talk_day`` and the like
        :raise UserError: when there is no such letter
        """
        self.ensure_one()
        letter = self.env["buurtbemiddeling.letter"]._get_letter(kind, self.language_id)
        return letter._render_letter(self, talk)

    # ------------------------------------------------------------
    # By mail
    # ------------------------------------------------------------

    def _mail_letter(self, kind, talk=None):
        """Mail the letter of ``kind`` to each of these parties that may be mailed.

        Each is posted on the party's own thread, and goes to that party only.

        :return: the parties that were not written to, see ``_get_mail_obstacle``
        """
        mailed = self._filtered_mailable()
        for party in mailed:
            party._post_letter(*party._render_letter(kind, talk))
        mailed._note_letter(kind, "email")
        return self - mailed

    def _post_letter(self, subject, body):
        """Mail one letter, on the party's own thread."""
        self.ensure_one()
        self._check_may_be_mailed()
        sender = {}
        if self.env.uid == SUPERUSER_ID:  # nobody wrote it: it is from the organisation
            sender["author_id"] = self.company_id.partner_id.id
        return self.message_post(
            **sender,
            subject=subject,
            body=body,
            partner_ids=self.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="buurtbemiddeling_case.letter_mail_layout",
            email_add_signature=False,
        )

    # ------------------------------------------------------------
    # On paper
    # ------------------------------------------------------------

    def _check_postal_address(self):
        """Refuse to print a letter to nowhere.

        :raise UserError: says what to fill in
        """
        if not all((party.partner_id or party).street for party in self):
            raise UserError(
                self.env._(
                    "There is no address to put on the letter. Fill in the street and number of"
                    " this party first."
                )
            )

    def _get_postal_lines(self, residents):
        """Return the lines for the window of the envelope.

        :param residents: what stands above the address when no name is known
        """
        self.ensure_one()
        place = self.partner_id or self
        town = "  ".join(filter(None, [place.zip, place.city]))
        lines = [self.partner_id.name or residents, place.street, self.partner_id.street2, town]
        return [line for line in lines if line]

    def _file_letter(self, kind, pdf):
        """Keep a printed letter on the party's own thread.

        :param pdf: the file, as bytes
        :return: the attachment
        """
        self.ensure_one()
        kinds = dict(
            self.env["buurtbemiddeling.letter"]._fields["kind"]._description_selection(self.env)
        )
        message = self.message_post(
            body=self.env._("Letter printed: %s", kinds[kind]),
            attachments=[(f"{self.case_id.name} {kinds[kind]}.pdf".replace("/", "-"), pdf)],
            subtype_xmlid="mail.mt_note",
        )
        return message.attachment_ids

    # ------------------------------------------------------------
    # What a letter means for the case
    # ------------------------------------------------------------

    def _note_letter(self, kind, mode):
        """Note that a letter of ``kind`` went to these parties today, by ``mode``.

        :param mode: letter, email or phone
        """
        today = fields.Date.context_today(self)
        self.case_id._note_contact(today)
        if kind in INFORMING_KINDS:
            self.filtered(lambda party: not party.informed_date).informed_date = today
        if kind in APPROACH_KINDS:
            self.env["buurtbemiddeling.approach"].create(
                [{"party_id": party.id, "mode": mode, "outcome": "left"} for party in self]
            )
