from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class BuurtbemiddelingRetentionMixin(models.AbstractModel):
    """Something whose personal data are removed when its term is over, unless it is on hold."""

    _name = "buurtbemiddeling.retention.mixin"
    _description = "Kept for a Term"
    _inherit = ["buurtbemiddeling.retention.base.mixin", "buurtbemiddeling.anonymized.mixin"]

    retention_hold_reason = fields.Char(
        "Keep longer because",
        copy=False,
        help="Why this is kept longer than the term, for example a complaint that is still being"
        " handled. It is removed with the other personal data.",
    )
    retention_hold_until = fields.Date(
        "Keep until", copy=False, tracking=True, help="After this day the term counts again."
    )

    @api.constrains("retention_hold_reason", "retention_hold_until")
    def _check_hold(self):
        """Whoever keeps data longer says why and until when (AVG, article 5)."""
        today = fields.Date.context_today(self)
        for record in self:
            reason, until = record.retention_hold_reason, record.retention_hold_until
            if bool(reason and reason.strip()) != bool(until) and not record.anonymized_date:
                raise ValidationError(
                    self.env._(
                        "To keep personal data longer, say why and until which day. To stop"
                        " keeping them longer, empty both."
                    )
                )
            if until and until < today and not record.anonymized_date:
                raise ValidationError(
                    self.env._("Choose a day in the future until which the data are kept.")
                )

    @api.model
    def _get_hold_domain(self, day):
        return super()._get_hold_domain(day) | Domain("retention_hold_until", ">=", day)
