from odoo import api, fields, models
from odoo.tools import format_date

from ..models.buurtbemiddeling_case_feedback_mixin import DATE_FIELDS


class BuurtbemiddelingCaseFeedbackLine(models.TransientModel):
    """One case to tell the referrer of: to whom, in which words, and what is in the way."""

    _name = "buurtbemiddeling.case.feedback.line"
    _description = "Case to Tell the Referrer"

    wizard_id = fields.Many2one(
        "buurtbemiddeling.case.feedback", required=True, ondelete="cascade", index=True
    )
    case_id = fields.Many2one("buurtbemiddeling.case", required=True, ondelete="cascade")
    # with the user's own rights: cases of other organisations stay out of reach
    referral_partner_id = fields.Many2one(
        related="case_id.referral_partner_id", related_sudo=False, string="Referrer"
    )
    recipient_id = fields.Many2one("res.partner", "Goes to", compute="_compute_text")
    text = fields.Text("What is told", compute="_compute_text")
    kind = fields.Selection(related="wizard_id.kind", related_sudo=False)
    feedback_consent = fields.Selection(
        related="case_id.feedback_consent", related_sudo=False, string="Reporter agrees"
    )
    may_note_consent = fields.Boolean(compute="_compute_status")
    is_told = fields.Boolean(compute="_compute_status")
    status = fields.Char("How it stands", compute="_compute_status")

    @api.depends("wizard_id.kind", "case_id")
    def _compute_text(self):
        for kind, lines in self.grouped(lambda line: line.wizard_id.kind).items():
            texts = lines.case_id._get_feedback_texts(kind)
            for line in lines:
                _wording, line.text = texts.get(line.case_id, (None, False))
                line.recipient_id = line.case_id._get_feedback_recipient()

    @api.depends(
        "wizard_id.kind",
        "case_id.feedback_date",
        "case_id.receipt_date",
        "case_id.feedback_consent",
    )
    def _compute_status(self):
        mailable = self.case_id._get_mailable_referrers()
        for line in self:
            case, kind = line.case_id, line.wizard_id.kind
            day = case[DATE_FIELDS[kind]]
            line.is_told = bool(day)
            line.may_note_consent = (
                kind == "ended"
                and not day
                and case.feedback_consent == "not_asked"
                and bool(case._get_first_party("a"))
            )
            if day:
                row = case.feedback_ids.filtered(lambda row, kind=kind: row.kind == kind)[:1]
                line.status = line._describe(row) if row else format_date(self.env, day)
            else:
                line.status = case._get_feedback_obstacle(kind, "mail", mailable)

    def _describe(self, row):
        """Return how the referrer was told, in a few words."""
        values = {
            "recipient": row.recipient_id.name,
            "date": format_date(self.env, row.date),
        }
        if row.mode == "mail":
            return self.env._("Mailed to %(recipient)s on %(date)s", **values)
        if row.mode == "letter":
            return self.env._("Letter to %(recipient)s made on %(date)s", **values)
        return self.env._("Told %(recipient)s by phone on %(date)s", **values)

    def action_consent_yes(self):
        """Note that the first reporter agrees, today, that the referrer is told."""
        return self._note_consent("yes")

    def action_consent_no(self):
        """Note that the first reporter does not want the referrer to be told."""
        return self._note_consent("no")

    def _note_consent(self, answer):
        self.ensure_one()
        self.case_id._get_first_party("a").feedback_consent = answer
        return self.wizard_id._get_action()
