from babel.core import UnknownLocaleError
from babel.dates import format_date

from odoo import api, fields, models

from ..models.buurtbemiddeling_letter import LETTER_KINDS

# invitations are made with their talk
KINDS = [(code, name) for code, name in LETTER_KINDS if not code.startswith("talk_")]


class BuurtbemiddelingLetterCompose(models.TransientModel):
    """Make a letter to one party from a ready text: mail it, or print it for the letterbox."""

    _name = "buurtbemiddeling.letter.compose"
    _description = "Letter to a Party"

    party_id = fields.Many2one(
        "buurtbemiddeling.case.party", "To", required=True, ondelete="cascade"
    )
    # with the user's own rights, as all below: parties of other organisations stay out of reach
    case_id = fields.Many2one(related="party_id.case_id", related_sudo=False)
    is_closed = fields.Boolean(
        related="case_id.is_closed",
        related_sudo=False,
        export_string_translation=False,
        exportable=False,
    )
    company_id = fields.Many2one(
        related="party_id.company_id", related_sudo=False, store=True, precompute=True
    )
    company_phone = fields.Char(related="company_id.phone")
    address = fields.Char(related="party_id.address", related_sudo=False)
    email = fields.Char(related="party_id.email", related_sudo=False)
    mail_obstacle = fields.Char("Not by mail", compute="_compute_mail_obstacle", compute_sudo=False)
    kind = fields.Selection(
        KINDS, "Letter", required=True, compute="_compute_kind", store=True, readonly=False,
        precompute=True, compute_sudo=False,
        help="Which text is filled in; you may change it below for this one letter.",
    )  # fmt: skip
    available_language_ids = fields.Many2many(
        "buurtbemiddeling.language",
        compute="_compute_available_language_ids",
        export_string_translation=False, exportable=False,
    )
    language_id = fields.Many2one(
        "buurtbemiddeling.language",
        required=True,
        compute="_compute_language_id",
        store=True,
        readonly=False,
        precompute=True,
        compute_sudo=False,
    )
    subject = fields.Char(
        required=True, compute="_compute_text", store=True, readonly=False, precompute=True,
        compute_sudo=False,
    )  # fmt: skip
    body_html = fields.Html(
        "Text", compute="_compute_text", store=True, readonly=False, precompute=True,
        compute_sudo=False,
    )  # fmt: skip

    @api.depends("party_id")
    def _compute_mail_obstacle(self):
        for letter in self:
            party = letter.party_id._origin
            letter.mail_obstacle = party and party._get_mail_obstacle()

    @api.depends("party_id")
    def _compute_kind(self):
        """Proposes what comes next: the first letter, after an attempt the reminder."""
        for letter in self:
            party = letter.party_id
            if not party and letter.kind:
                continue  # nobody chosen yet: what was typed stays
            if party.side == "a":
                letter.kind = "inform" if party.informed_date else "registered"
            else:
                letter.kind = "reminder" if party.approach_ids else "approach"

    @api.depends("kind")
    def _compute_available_language_ids(self):
        letters = self.env["buurtbemiddeling.letter"].search([])
        for letter in self:
            letter.available_language_ids = letters.filtered(
                lambda ready, kind=letter.kind: ready.kind == kind
            ).language_id

    @api.depends("party_id", "kind")
    def _compute_language_id(self):
        """The party's own language, else Dutch; what was chosen stays if that letter exists."""
        letters = self.env["buurtbemiddeling.letter"]
        for letter in self:
            wanted = letter.language_id or letter.party_id.language_id
            letter.language_id = letters._get_letter(letter.kind, wanted).language_id

    @api.depends("party_id", "kind", "language_id")
    def _compute_text(self):
        letters = self.env["buurtbemiddeling.letter"]
        for letter in self:
            party = letter.party_id._origin
            if not party and letter.body_html:
                continue  # as above
            ready = letters._get_letter(letter.kind, letter.language_id)
            letter.subject, letter.body_html = (
                ready._render_letter(party) if party else (False,) * 2
            )

    def _get_traced(self):
        return self.party_id

    def action_mail(self):
        """Mail the letter to the party, on its own thread.

        :raise UserError: when the party can not be mailed, see ``_get_mail_obstacle``
        """
        self.ensure_one()
        self.party_id._post_letter(self.subject, self.body_html)
        self.party_id._note_letter(self.kind, "email")
        return {"type": "ir.actions.act_window_close"}

    def action_print(self):
        """Make a PDF of the letter, keep it on the party's own thread and open it.

        It counts as sent once somebody notes that it is in the post.

        :raise UserError: when there is no address to put on it
        """
        self.ensure_one()
        self.party_id._check_postal_address()
        pdf, _type = self.env["ir.actions.report"]._render_qweb_pdf(
            "buurtbemiddeling_case.action_report_letter", self.ids
        )
        attachment = self.party_id._file_letter(self.kind, pdf)
        ready = self.env["buurtbemiddeling.letter"]._get_letter(self.kind, self.language_id)
        self.party_id._remember_to_post(ready)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "close": True,
        }

    # ------------------------------------------------------------
    # For the report
    # ------------------------------------------------------------

    def _get_postal_lines(self):
        """Return the lines of the address block, in the language of the letter."""
        ready = self.env["buurtbemiddeling.letter"]._get_letter(self.kind, self.language_id)
        return self.party_id._get_postal_lines(ready.residents)

    def _get_today(self):
        """Return today's date, written out in the language of the letter."""
        today = fields.Date.context_today(self)
        try:
            return format_date(today, "long", locale=self.language_id.code)
        except (UnknownLocaleError, ValueError):
            return format_date(today, "long", locale="nl")
