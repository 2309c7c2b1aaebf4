from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BuurtbemiddelingCriterionDocument(models.Model):
    """A document that shows that a criterion is met, or what somebody states about it."""

    _name = "buurtbemiddeling.criterion.document"
    _description = "Document or Statement of a Criterion"
    _order = "evidence_id, date desc, id desc"

    evidence_id = fields.Many2one(
        "buurtbemiddeling.criterion.evidence",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("kind", "in", ("document", "statement"))],
    )
    kind = fields.Selection(related="evidence_id.kind")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    name = fields.Char(required=True, help="Shown in the overview, so without names of people.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    valid_until = fields.Date(help="Empty means no end.")
    user_id = fields.Many2one(
        "res.users", "Noted by", default=lambda self: self.env.user, readonly=True
    )
    text = fields.Text("What we state", help="For instance where it can be found.")
    file = fields.Binary(attachment=True)
    file_name = fields.Char()

    _valid_after_date = models.Constraint(
        "CHECK(valid_until IS NULL OR valid_until >= date)",
        "A document lapses on or after its own date. Correct one of the two dates.",
    )

    @api.constrains("evidence_id", "company_id")
    def _check_evidence_id(self):
        for document in self:
            evidence = document.evidence_id
            if evidence.kind not in ("document", "statement"):
                raise ValidationError(
                    self.env._(
                        "“%s” is measured by itself. Add documents and statements to evidence"
                        " that asks for them.",
                        evidence.name,
                    )
                )
            if evidence.company_id and evidence.company_id != document.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(evidence)s” is of %(company)s only. Choose evidence of your own"
                        " organisation.",
                        evidence=evidence.name,
                        company=evidence.company_id.name,
                    )
                )
