from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.buurtbemiddeling_thanks import THANKS_MODES


class BuurtbemiddelingThanksCompose(models.TransientModel):
    """Thank one or more volunteers: a mail for each apart, letters to print, or just a note."""

    _name = "buurtbemiddeling.thanks.compose"
    _description = "Thank Volunteers"

    volunteer_ids = fields.Many2many(
        "buurtbemiddeling.volunteer",
        "buurtbemiddeling_thanks_compose_volunteer_rel",
        "compose_id",
        "volunteer_id",
        string="Who",
        required=True,
        help="Who is thanked; each gets a note of their own.",
    )
    occasion_id = fields.Many2one(
        "buurtbemiddeling.thanks.occasion", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    mode = fields.Selection(THANKS_MODES, "How", required=True, default="mail")
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        required=True,
        compute="_compute_lang",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    subject = fields.Char(
        compute="_compute_text", store=True, readonly=False, precompute=True, compute_sudo=False
    )
    text = fields.Text(
        compute="_compute_text", store=True, readonly=False, precompute=True, compute_sudo=False
    )
    earlier_text = fields.Text("Thanked already this year", compute="_compute_earlier_text")
    preview_html = fields.Html(
        "Preview", compute="_compute_preview_html", compute_sudo=False,
        export_string_translation=False, exportable=False,
    )  # fmt: skip
    unreachable_text = fields.Char("No e-mail address", compute="_compute_unreachable_text")

    @api.depends("volunteer_ids")
    def _compute_lang(self):
        """That of most of the volunteers."""
        for wizard in self:
            langs = wizard.volunteer_ids.partner_id.mapped("lang")
            wizard.lang = wizard.lang or max(langs, key=langs.count, default=self.env.lang)

    @api.depends("occasion_id", "lang")
    def _compute_text(self):
        for wizard in self:
            ready = wizard.occasion_id.with_context(lang=wizard.lang)
            wizard.subject, wizard.text = ready.subject, ready.text

    @api.depends("volunteer_ids", "occasion_id", "date")
    def _compute_earlier_text(self):
        for wizard in self:
            earlier = self.env["buurtbemiddeling.thanks"]._get_earlier(
                wizard.volunteer_ids._origin, wizard.occasion_id, wizard.date
            )
            wizard.earlier_text = "\n".join(earlier._describe())

    @api.depends("volunteer_ids", "mode")
    def _compute_unreachable_text(self):
        for wizard in self:
            mailable = wizard.volunteer_ids.partner_id._filtered_mailable()
            unreachable = wizard.volunteer_ids.filtered(
                lambda volunteer, mailable=mailable: volunteer.partner_id not in mailable
            )
            names = unreachable.mapped("name") if wizard.mode == "mail" else []
            wizard.unreachable_text = ", ".join(names)

    @api.depends("volunteer_ids", "mode", "text", "subject", "lang")
    def _compute_preview_html(self):
        """The mail or letter as the first volunteer gets it."""
        for wizard in self:
            volunteer = wizard.volunteer_ids[:1]._origin
            if not (volunteer and wizard.text and wizard.mode in ("mail", "letter")):
                wizard.preview_html = False
                continue
            thanks = self.env["buurtbemiddeling.thanks"].new(
                {
                    "volunteer_id": volunteer.id,
                    "text": wizard.text,
                    "user_id": self.env.uid,
                    "company_id": volunteer.company_id.id,
                }
            )
            wizard.preview_html = thanks._render_message()

    def action_thank(self):
        """Mail, print or only note it, as chosen.

        :raise UserError: says what is missing
        """
        self.ensure_one()
        thanks = self._create_thanks()
        if self.mode == "letter":
            return {**thanks.action_print(), "close_on_report_download": True}
        if self.mode == "mail":
            thanks._send_mail(self.subject)
        return {"type": "ir.actions.act_window_close"}

    def _create_thanks(self):
        if self.mode in ("mail", "letter") and not (self.text or "").strip():
            raise UserError(self.env._("There is no text yet. Write what you want to say."))
        if self.mode == "mail" and not self.subject:
            raise UserError(self.env._("Fill in the subject of the mail."))
        if self.unreachable_text:
            raise UserError(
                self.env._(
                    "%s can not be mailed: there is no e-mail address, or they want no mail. Take"
                    " them off this list and write them a letter.",
                    self.unreachable_text,
                )
            )
        return self.env["buurtbemiddeling.thanks"].create(
            [
                {
                    "volunteer_id": volunteer.id,
                    "occasion_id": self.occasion_id.id,
                    "date": self.date,
                    "mode": self.mode,
                    "text": self.text if self.mode in ("mail", "letter", "card") else False,
                }
                for volunteer in self.volunteer_ids
            ]
        )
