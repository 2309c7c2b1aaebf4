from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .buurtbemiddeling_party_talk_mixin import TALK_TEXTS

LETTER_KINDS = [
    ("registered", "Request registered"),
    ("approach", "First letter to the other party"),
    ("reminder", "Reminder to the other party"),
    ("inform", "What is registered (AVG, article 14)"),
    ("talk_invite", "Invitation to a talk"),
    ("talk_moved", "Talk moved"),
    ("talk_cancelled", "Talk cancelled"),
    ("talk_reminder", "Reminder of a talk"),
    ("aftercare", "Aftercare"),
    ("ended", "Case ended"),
    ("thanks", "Thank you"),
]


class BuurtbemiddelingLetter(models.Model):
    """The text of a letter or mail to residents, of one kind and in one language.

    A list of its own, not mail templates: every colleague may change those, and Odoo translates
    them into the language of the *screen*, while a letter is in the language of the resident.
    It renders like a mail template does. The placeholders that a party allows
    (``mail_allowed_qweb_expressions``) may be used by everyone who may change letters; others only
    by Odoo's template editors.
    """

    _name = "buurtbemiddeling.letter"
    _description = "Letter to Residents"
    _inherit = [
        "buurtbemiddeling.letter.preview.mixin",
        "buurtbemiddeling.letter.sms.mixin",
        "mail.render.mixin",
        "template.reset.mixin",
    ]
    _order = "moment, language_id, id"
    _unrestricted_rendering = True

    kind = fields.Selection(
        LETTER_KINDS,
        required=True,
        index=True,
        help="At which moment this text is used. One text a kind and language.",
    )
    moment = fields.Integer(
        compute="_compute_moment", store=True, export_string_translation=False, exportable=False
    )
    language_id = fields.Many2one(
        "buurtbemiddeling.language",
        "Language of the letter",
        ondelete="restrict",
        copy=False,
        help="Without a language the letter is a draft, and is not used.",
    )
    subject = fields.Char(required=True)
    body_html = fields.Html(
        "Text",
        render_engine="qweb",
        render_options={"post_process": True},
        sanitize="email_outgoing",
    )
    residents = fields.Char(
        "Above an address",
        help="What stands above an address of which the name is not known, in this language: To"
        " the residents of.",
    )

    _kind_language_uniq = models.Constraint(
        "UNIQUE(kind, language_id)",
        "There is a letter of this kind in this language already. Change that one, or choose"
        " another language.",
    )

    @api.depends("kind")
    def _compute_moment(self):
        """In the order of the moments of a case, as the kinds are."""
        moments = [kind for kind, _name in LETTER_KINDS]
        for letter in self:
            letter.moment = moments.index(letter.kind) if letter.kind else 0

    @api.depends("kind", "language_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for letter in self:
            letter.display_name = f"{kinds.get(letter.kind)} ({letter.language_id.name or '?'})"

    def _load_records_write(self, values):
        """Restoring the original text empties what that has not, but not what is worked out."""
        if self.env.context.get("reset_template"):
            self = self.with_context(reset_template=False)
            values = {"residents": False, "sms_body": False, **values}
        return super()._load_records_write(values)

    def _compute_render_model(self):
        self.render_model = "buurtbemiddeling.case.party"

    @api.constrains("subject", "body_html", "kind")
    def _check_can_be_rendered(self):
        """A placeholder that does not exist is found by who types it, not by who writes a letter.

        It is tried on a made-up resident.
        """
        for letter in self:
            try:
                letter._render_letter(*letter._make_example())
            except (UserError, KeyError, ValueError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "This letter can not be filled in: it asks for something that does not"
                        " exist. Undo your last change to a placeholder, or copy one from another"
                        " letter."
                    )
                ) from error

    def action_restore(self):
        """Bring back the text that came with the module.

        :raise UserError: when this letter is the organisation's own
        """
        self.check_access("write")
        if not all(self.mapped("template_fs")):
            raise UserError(
                self.env._("This letter did not come with the module: there is no text to restore.")
            )
        # sudo: the text that came with the module, in which there may be placeholders that only
        # Odoo's template editors may type
        self.sudo().reset_template()

    @api.model
    def _get_letter(self, kind, language=None):
        """Return the letter of ``kind`` in ``language``, or in Dutch when there is none.

        :param language: a record of ``buurtbemiddeling.language``, or nothing
        :raise UserError: when there is no such letter in Dutch either
        """
        letters = self.search([("kind", "=", kind), ("language_id", "!=", False)])
        own = letters.filtered(lambda letter: language and letter.language_id == language)
        letter = own or letters.filtered(lambda letter: letter.language_id.code == "nl")
        if not letter:
            raise UserError(
                self.env._("This letter does not exist in Dutch. Ask the administrator to add it.")
            )
        return letter

    def _render_letter(self, party, talk=None):
        """Return ``(subject, body)`` for ``party``; the body is safe HTML.

        :param talk: the talk that the letter is about; see ``talk_day`` and the like
        """
        letter = self.with_context(talk=talk, letter_language=self.language_id.code)
        party.invalidate_recordset(TALK_TEXTS, flush=False)  # the talk may have moved since
        ids = list(party._ids)  # of a made-up party as well
        return (
            letter._render_field("subject", ids)[party.id],
            letter._render_field("body_html", ids)[party.id],
        )
