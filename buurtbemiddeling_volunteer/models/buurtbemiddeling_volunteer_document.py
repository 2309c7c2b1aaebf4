from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

DOCUMENT_KINDS = [
    ("agreement", "Agreement"),
    ("confidentiality", "Confidentiality statement"),
    ("vog", "Certificate of conduct (VOG)"),
    ("insurance", "Insurance"),
]


class BuurtbemiddelingVolunteerDocument(models.Model):
    """That a document was signed or seen, and until when it is valid: never a copy of it."""

    _name = "buurtbemiddeling.volunteer.document"
    _description = "Volunteer Document"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.recruitment.fact.mixin"]
    _order = "volunteer_id, kind, date desc, id desc"

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(
        DOCUMENT_KINDS,
        required=True,
        default="agreement",
        help="Which requirement this document meets.",
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The day on which it was signed or seen.",
    )
    valid_until = fields.Date(help="Last day on which it is valid. Empty means no end.")
    is_valid = fields.Boolean("Valid", compute="_compute_is_valid", search="_search_is_valid")
    is_expired = fields.Boolean("Expired", compute="_compute_is_valid", search="_search_is_expired")

    _dates_in_order = models.Constraint(
        "CHECK(valid_until IS NULL OR valid_until >= date)",
        "A document is valid until the day it was signed or seen, or later."
        " Correct one of the two dates.",
    )

    @api.depends("date", "valid_until")
    @api.depends_context("tz")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for document in self:
            document.is_expired = bool(document.valid_until and document.valid_until < today)
            document.is_valid = bool(
                document.date and document.date <= today and not document.is_expired
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain("date", "<=", today) & (
            Domain("valid_until", "=", False) | Domain("valid_until", ">=", today)
        )

    def _search_is_expired(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("valid_until", "<", fields.Date.context_today(self))

    @api.onchange("kind", "date")
    def _onchange_valid_until(self):
        """On a form the end is proposed; elsewhere, and when it is emptied, no end means no end."""
        company = self.volunteer_id.company_id or self.env.company
        requirements = self.env["buurtbemiddeling.requirement"]._get_of_companies(company)[company]
        months = requirements.filtered(lambda one: one.kind == self.kind).validity_months
        self.valid_until = self.date and months and self.date + relativedelta(months=months)

    @api.depends("kind", "volunteer_id.name")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for document in self:
            document.display_name = self.env._(
                "%(kind)s of %(volunteer)s",
                kind=kinds.get(document.kind),
                volunteer=document.volunteer_id.name,
            )
