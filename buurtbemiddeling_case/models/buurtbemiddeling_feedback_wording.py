import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: All that a wording may fill in: our number, the day of registration, the referrer's own
#: reference. Nothing of a resident.
PLACEHOLDERS = ("number", "registration_date", "reference")
#: What stands around the wordings: the subject of the mail, and the words at the end.
FRAME_CODES = ("SUBJECT", "CLOSING")


class BuurtbemiddelingFeedbackWording(models.Model):
    """A sentence in which a referrer is told something: the only texts that ever go back.

    Referrers get a minimal message, agreed on beforehand: that it arrived, that it ended, and with
    some whether it was solved. The code says which case a wording is for; who administers may
    change the words. A wording that is archived is not used: then it is told only that the case
    ended.
    """

    _name = "buurtbemiddeling.feedback.wording"
    _description = "Wording to Referrers"
    _inherit = ["buurtbemiddeling.code.mixin"]

    text = fields.Text(
        required=True,
        translate=True,
        help="What the referrer is told. It may use {number}, {registration_date} and {reference}"
        " (the referrer's own).",
    )

    preview_html = fields.Html(
        "Preview", compute="_compute_preview_html", compute_sudo=False,
        export_string_translation=False, exportable=False,
    )  # fmt: skip

    @api.depends("text", "code")
    @api.depends_context("lang", "uid", "company")
    def _compute_preview_html(self):
        """The whole message in each language of Odoo, about a referral that does not exist."""
        langs = self.env["res.lang"].get_installed()
        for wording in self:
            wording.preview_html = wording.text and Markup("<hr/>").join(
                wording._preview(*lang) for lang in langs
            )

    def _preview(self, lang, lang_name):
        row, wording = self._make_example(lang), self
        if lang != self.env.lang:
            wording = self._origin.with_context(lang=lang) or self
        text, frame = wording._render(row._get_frame_values()), {}
        if self.code in FRAME_CODES:
            frame[self.code] = text
        else:
            row.text = text
        subject, body = row._render_message(frame)
        return Markup("<p>{}</p><p><b>{}</b></p>{}").format(lang_name, subject, body)

    def _make_example(self, lang):
        """Return a row of feedback that exists in memory only."""
        ended = self.search([("code", "=", "ENDED")])
        case = self.env["buurtbemiddeling.case"].new(
            {
                "name": f"{fields.Date.context_today(self).year}-0001",
                "company_id": self.env.company.id,
                "registration_date": fields.Date.context_today(self),
                "referrer_ref": "ABC-1",
            }
        )
        row = self.env["buurtbemiddeling.feedback"].new(
            {
                "case_id": case,
                "company_id": self.env.company.id,
                "recipient_id": self.env["res.partner"].new({"name": "W. Jansen", "lang": lang}),
                "user_id": self.env.uid,
                "text": "",
            }
        )
        row.text = ended.with_context(lang=lang)._render(row._get_frame_values()) if ended else ""
        return row

    @api.constrains("text")
    def _check_text(self):
        """Refuse a placeholder that is not one of the agreed ones."""
        for wording in self:
            unknown = set(re.findall(r"\{(.*?)\}", wording.text)) - set(PLACEHOLDERS)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "A wording can not fill in %(unknown)s. Use only %(known)s.",
                        unknown=", ".join(f"{{{name}}}" for name in sorted(unknown)),
                        known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                    )
                )

    def _render(self, values):
        """Return the text with ``values`` filled in: text for each of ``PLACEHOLDERS``."""
        self.ensure_one()
        return re.sub(
            rf"\{{({'|'.join(PLACEHOLDERS)})\}}", lambda match: values[match[1]], self.text
        )
