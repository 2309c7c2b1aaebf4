from odoo import api, fields, models
from odoo.fields import Domain

from .buurtbemiddeling_volunteer_document import DOCUMENT_KINDS, REQUIRED_KINDS


class BuurtbemiddelingVolunteerRequirementMixin(models.AbstractModel):
    """What a volunteer needs before the first case: trained, signed, and still valid."""

    _name = "buurtbemiddeling.volunteer.requirement.mixin"
    _description = "Requirements of a Volunteer"

    document_ids = fields.One2many(
        "buurtbemiddeling.volunteer.document", "volunteer_id", "Documents"
    )
    has_expired_document = fields.Boolean(
        "Document expired",
        compute="_compute_has_expired_document",
        search="_search_has_expired_document",
        help="A document has expired, and no newer one of the same kind is valid.",
    )
    missing_requirements = fields.Char("Still missing", compute="_compute_missing_requirements")

    @api.depends("document_ids.kind", "document_ids.date", "document_ids.valid_until")
    def _compute_has_expired_document(self):
        for volunteer in self:
            valid = volunteer.document_ids.filtered("is_valid")
            expired = volunteer.document_ids.filtered("is_expired")
            volunteer.has_expired_document = bool(
                set(expired.mapped("kind")) - set(valid.mapped("kind"))
            )

    def _search_has_expired_document(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            Domain("document_ids", "any", [("kind", "=", kind), ("is_expired", "=", True)])
            & Domain("document_ids", "not any", [("kind", "=", kind), ("is_valid", "=", True)])
            for kind, _label in DOCUMENT_KINDS
        )

    @api.depends(
        "basic_training_date",
        "document_ids.kind",
        "document_ids.date",
        "document_ids.valid_until",
    )
    @api.depends_context("lang")
    def _compute_missing_requirements(self):
        names = {
            "agreement": self.env._("signed agreement"),
            "confidentiality": self.env._("confidentiality statement"),
        }
        for volunteer in self:
            missing = []
            if not volunteer.basic_training_date:
                missing.append(self.env._("basic training of at least 15 hours"))
            valid = volunteer.document_ids.filtered("is_valid").mapped("kind")
            missing += [names[kind] for kind in REQUIRED_KINDS if kind not in valid]
            volunteer.missing_requirements = ", ".join(missing)
