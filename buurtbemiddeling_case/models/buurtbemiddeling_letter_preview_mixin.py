from datetime import datetime, timedelta

from babel.dates import format_date
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import babel_locale_parse

# a resident who does not exist
EXAMPLE = {
    "name": "J. de Vries",
    "street": "Voorbeeldstraat 12",
    "zip": "1234 AB",
    "city": "Voorbeeldstad",
}


class BuurtbemiddelingLetterPreviewMixin(models.AbstractModel):
    """What a letter looks like, on a phone and on paper, while it is being typed.

    For a made-up resident, unless one is chosen from the cases that the user may see.
    """

    _name = "buurtbemiddeling.letter.preview.mixin"
    _description = "Preview of a Letter"

    preview_party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        "Preview for",
        store=False,
        copy=False,
        help="Without a party the preview is for a resident who does not exist.",
    )
    preview_html = fields.Html(
        "Preview", compute="_compute_preview_html", compute_sudo=False,
        export_string_translation=False, exportable=False,
    )  # fmt: skip

    @api.depends(
        "subject", "body_html", "residents", "sms_body", "kind", "language_id", "preview_party_id"
    )
    @api.depends_context("uid", "company", "lang")
    def _compute_preview_html(self):
        for letter in self:
            letter.preview_html = letter._preview() if letter._may_be_previewed() else False

    def _may_be_previewed(self):
        """Tell whether the user could save this text as well.

        What is typed is filled in at once, by an engine that can read more than letters say. So
        it is done only for who may write it: else anyone who reads letters could run what they
        like. Never with more rights than the user has, either.
        """
        self.ensure_one()
        if self.env.su or not (self.subject and self.body_html):
            return False
        if not self.browse().has_access("write"):
            return False
        return self.env.user.has_group("mail.group_mail_template_editor") or not (
            self._has_unsafe_expression_template_qweb(self.body_html, self.render_model)
            or self._has_unsafe_expression_template_inline_template(self.subject, self.render_model)
        )

    def _preview(self):
        """Return the letter as it will be read, or a sentence that says what is wrong with it."""
        party, talk = self._make_example()
        if chosen := self.preview_party_id._origin:
            chosen.check_access("read")
            party = chosen
        try:
            with self.env.cr.savepoint(flush=False):
                subject, body = self._render_letter(party, talk)
        except (UserError, KeyError, ValueError, SyntaxError):
            return Markup("<p>%s</p>") % self.env._("This letter can not be filled in yet.")
        language = self.language_id.code or "nl"
        return self.env["ir.qweb"]._render(
            "buurtbemiddeling_case.letter_preview",
            {
                "subject": subject,
                "body": body,
                "lines": party._get_postal_lines(self.residents),
                "today": format_date(
                    fields.Date.context_today(self), "long", locale=babel_locale_parse(language)
                ),
                "company": party.company_id,
                "sms": self.sms_body and self._render_sms(talk),
            },
            minimal_qcontext=True,
        )

    @api.model
    def _make_example(self):
        """Return ``(party, talk)`` that exist in memory only: nobody lives there."""
        company = self.env.company
        case = self.env["buurtbemiddeling.case"].new(
            {
                "name": f"{fields.Date.context_today(self).year}-0001",
                "company_id": company.id,
                "user_id": self.env.uid,
            }
        )
        party = self.env["buurtbemiddeling.case.party"].new(
            {
                "case_id": case,
                "company_id": company.id,
                "side": "a",
                "partner_id": self.env["res.partner"].new(EXAMPLE),
            }
        )
        talk = self.env["buurtbemiddeling.meeting"].new(
            {
                "case_id": case,
                "company_id": company.id,
                "kind": "talk_a",
                "place": "home_a",
                "start": datetime.now().replace(minute=0, second=0, microsecond=0)
                + timedelta(days=7),
            }
        )
        return party, talk
