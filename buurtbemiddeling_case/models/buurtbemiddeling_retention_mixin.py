from odoo import api, fields, models
from odoo.fields import Domain


class BuurtbemiddelingRetentionMixin(models.AbstractModel):
    """Something whose personal data are removed when its term is over, unless it is on hold."""

    _name = "buurtbemiddeling.retention.mixin"
    _description = "Kept for a Term"
    _inherit = ["buurtbemiddeling.anonymized.mixin"]

    retention_hold_reason = fields.Char(
        "Keep longer because",
        copy=False,
        help="Why this has to be kept longer than the term, for example a complaint that is still"
        " being handled. It is removed with the other personal data.",
    )
    retention_hold_until = fields.Date(
        "Keep until",
        copy=False,
        help="After this day the term counts again.",
    )

    @api.model
    def _get_retention_domain(self, company, kind, day):
        """Return the domain of the records of a kind of which the term is over on ``day``.

        :param company: the organisation, whose term counts
        :param kind: a code of ``buurtbemiddeling.retention.line.kind``
        :param day: date
        """
        return Domain.FALSE
