from odoo import api, fields, models

FEEDBACK_CONSENTS = [
    ("yes", "Yes"),
    ("no", "No"),
    ("not_asked", "Not asked yet"),
]


class BuurtbemiddelingCasePartyFeedbackMixin(models.AbstractModel):
    """Whether a reporter agrees that the referrer is told how the case ended.

    This is another question than whether the referrer might pass on the name
    (``referral_consent_date``): nothing goes back without a yes.
    """

    _name = "buurtbemiddeling.case.party.feedback.mixin"
    _description = "Consent to Feedback"

    feedback_consent = fields.Selection(
        FEEDBACK_CONSENTS,
        "Referrer may hear how it ends",
        default="not_asked",
        help="Only with a yes the referrer is told how the case ended.",
    )
    feedback_consent_date = fields.Date(
        "Answered on",
        compute="_compute_feedback_consent_date",
        store=True,
        precompute=True,
        readonly=False,
        help="When the reporter said whether the referrer may be told how the case ended.",
    )

    @api.depends("feedback_consent")
    def _compute_feedback_consent_date(self):
        today = fields.Date.context_today(self)
        for party in self:
            if party.feedback_consent in ("yes", "no"):
                party.feedback_consent_date = party.feedback_consent_date or today
            else:
                party.feedback_consent_date = False
