from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import format_date

from .buurtbemiddeling_feedback_wording import FRAME_CODES

FEEDBACK_KINDS = [
    ("received", "Referral received"),
    ("ended", "Case ended"),
]
FEEDBACK_MODES = [
    ("mail", "E-mail"),
    ("letter", "Letter"),
    ("phone", "Phone"),
]


class BuurtbemiddelingFeedback(models.Model):
    """One thing that a referrer was told about a case: when, by whom, how, and in which words.

    Rows stay as they are: a case that is opened again and ends again has two.
    """

    _name = "buurtbemiddeling.feedback"
    _description = "Feedback to a Referrer"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _rec_name = "case_id"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner",
        "Referrer",
        required=True,
        ondelete="restrict",
        index=True,
    )
    recipient_id = fields.Many2one(
        "res.partner",
        "Told to",
        required=True,
        ondelete="restrict",
        index=True,
        help="The contact person, or the organisation.",
    )
    kind = fields.Selection(FEEDBACK_KINDS, required=True)
    mode = fields.Selection(FEEDBACK_MODES, "Told by", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", "Told by colleague", required=True, default=lambda self: self.env.user
    )
    wording_id = fields.Many2one(
        "buurtbemiddeling.feedback.wording", required=True, ondelete="restrict"
    )
    text = fields.Text("What was told", required=True)

    @api.depends("kind", "mode", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.case_id.name}: {kinds.get(row.kind)}"

    # ------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------

    def _group_by_recipient(self):
        """Return these rows in groups, one for each message or letter: same person, same office."""
        return list(self.grouped(lambda row: (row.referral_partner_id, row.recipient_id)).values())

    def _get_lang(self):
        """Return the language of the one recipient of these rows."""
        return self.recipient_id.lang or self.env.lang

    def _get_registration_text(self):
        """Return the day on which the resident was referred, as the recipient writes dates."""
        self.ensure_one()
        return format_date(self.env, self.case_id._get_known_date(), lang_code=self._get_lang())

    def _get_frame(self):
        """Return ``{code: text}`` of what stands around the wordings in a message or letter.

        In the language of the recipient; without the closing words when these were archived.
        """
        wordings = self.env["buurtbemiddeling.feedback.wording"]
        frame = wordings.with_context(lang=self._get_lang()).search([("code", "in", FRAME_CODES)])
        values = self._get_frame_values()
        return {wording.code: wording._render(values) for wording in frame}

    def _get_frame_values(self):
        cases = self.case_id
        return {
            "number": ", ".join(filter(None, (case._get_known_number() for case in cases))),
            "registration_date": ", ".join(
                dict.fromkeys(row._get_registration_text() for row in self)
            ),
            "reference": ", ".join(filter(None, cases.mapped("referrer_ref"))) or "-",
        }

    def _render_message(self, frame=None):
        """Return ``(subject, body)`` of the one message about these rows; the body is safe HTML.

        :param frame: other words around it than those of ``_get_frame``, to try them
        """
        lang = self._get_lang()
        rows = self.with_context(lang=lang)
        frame = {**rows._get_frame(), **(frame or {})}
        subject = frame.get("SUBJECT") or rows.env._(
            "Neighbour mediation: your referral %s", rows._get_frame_values()["number"]
        )
        body = rows.env["ir.qweb"]._render(
            "buurtbemiddeling_case.feedback_message", {"rows": rows, "frame": frame}
        )
        return subject, body

    def _mail(self):
        """Mail each recipient one message about all its cases, on the referrer's own thread.

        Not on the thread of the case: that one reaches coordinators only. The recipient follows
        nothing and gets no access.
        """
        for rows in self._group_by_recipient():
            rows = rows.with_context(lang=rows._get_lang())
            subject, body = rows._render_message()
            sender = {}
            if self.env.uid == SUPERUSER_ID:  # nobody handles it yet: the organisation confirms
                sender["author_id"] = rows.company_id.partner_id.id
            rows.referral_partner_id.message_post(
                subject=subject,
                body=body,
                partner_ids=rows.recipient_id.ids,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_add_signature=False,
                **sender,
            )

    def _log_on_case(self):
        """Note on each case exactly what was told, to whom and how."""
        modes = dict(self._fields["mode"]._description_selection(self.env))
        bodies = {
            row.case_id.id: self.env._(
                "Told %(recipient)s (%(mode)s): “%(text)s”",
                recipient=row.recipient_id.display_name,
                mode=modes[row.mode],
                text=row.text,
            )
            for row in self
        }
        self.case_id._message_log_batch(bodies)

    def action_print(self):
        """Print the letter, again when needed."""
        report = self.env.ref("buurtbemiddeling_case.action_report_feedback_letter")
        return report.report_action(self, config=False)
