import re

from babel.dates import format_date

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import babel_locale_parse

#: All that a text message may fill in. Where the talk is, and with whom, is never in it.
SMS_PLACEHOLDERS = ("day", "time", "phone")
#: What fits in one text message.
SMS_LENGTH = 160


class BuurtbemiddelingLetterSmsMixin(models.AbstractModel):
    """The text message that goes with a letter about a talk: short, and without any name.

    Whoever holds a phone in the hand may read it, also when it is not theirs.
    """

    _name = "buurtbemiddeling.letter.sms.mixin"
    _description = "Text Message with a Letter"

    sms_body = fields.Char(
        "Text message",
        help="At most 160 characters, with {day}, {time} and {phone} (of the organisation). Nobody"
        " is named, and no address: anyone may see the phone.",
    )

    @api.constrains("sms_body", "kind")
    def _check_sms_body(self):
        """A text message fits, is about a talk, and fills in nothing but what is allowed."""
        for letter in self.filtered("sms_body"):
            unknown = set(re.findall(r"\{(.*?)\}", letter.sms_body)) - set(SMS_PLACEHOLDERS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "A text message can not fill in %(unknown)s. Use only %(known)s.",
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in SMS_PLACEHOLDERS),
                    )
                )
            if not letter.kind.startswith("talk_"):
                raise ValidationError(
                    self.env._("Text messages are about talks only. Empty it for this letter.")
                )
            if len(letter.sms_body) > SMS_LENGTH:
                raise ValidationError(
                    self.env._(
                        "This text message is %(length)s characters long; at most %(most)s fit.",
                        length=len(letter.sms_body),
                        most=SMS_LENGTH,
                    )
                )

    @api.model
    def _get_sms_text(self, kind, language, talk):
        """Return the text message of ``kind`` about ``talk``, in ``language`` or else in Dutch.

        :return: text, or ``None`` when there is none, or nobody could call back
        """
        letters = self.search([("kind", "=", kind), ("sms_body", "!=", False)])
        letter = letters.filtered(lambda letter: language and letter.language_id == language)
        letter = letter or letters.filtered(lambda letter: letter.language_id.code == "nl")
        return letter._render_sms(talk) if letter else None

    def _render_sms(self, talk):
        """Return the text message about ``talk``, or ``None`` when it has no number to call."""
        self.ensure_one()
        phone = talk.company_id.phone
        if "{phone}" in self.sms_body and not phone:
            return None
        values = {
            "day": format_date(
                talk._get_local_start(),
                "EEE d MMM",
                locale=babel_locale_parse(self.language_id.code or "nl"),
            ),
            "time": talk._format_start("nl")[1],
            "phone": phone,
        }
        text = re.sub(
            rf"\{{({'|'.join(SMS_PLACEHOLDERS)})\}}", lambda match: values[match[1]], self.sms_body
        )
        return text[:SMS_LENGTH]
