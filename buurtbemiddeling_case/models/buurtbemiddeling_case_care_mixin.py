from odoo import api, fields, models
from odoo.fields import Domain

CARES = [
    ("own", "My cases"),
    ("stand_in", "I stand in"),
    ("nobody", "Without coordinator"),
]


class BuurtbemiddelingCaseCareMixin(models.AbstractModel):
    """Who looks after a case today, and what about it asks attention.

    A case is in the care of its coordinator, of whoever stands in for that coordinator while away,
    and of everyone when it has none or when its coordinator has left. It stays its coordinator's:
    standing in changes no record, so that nobody is credited with another's work.
    """

    _name = "buurtbemiddeling.case.care.mixin"
    _description = "Care for a Case"

    care = fields.Selection(
        CARES,
        "In my care",
        compute="_compute_care",
        search="_search_care",
        help="Why this case is in your care today; empty when a colleague looks after it.",
    )
    attention_ids = fields.Many2many(
        "buurtbemiddeling.attention",
        string="Asks attention",
        compute="_compute_attention_ids",
        search="_search_attention_ids",
    )

    @api.depends("user_id", "company_id")
    @api.depends_context("uid", "tz", "allowed_company_ids")
    def _compute_care(self):
        self.care = False
        for care, domain in self._get_care_domains().items():
            self.filtered_domain(domain).care = care

    @api.model
    def _search_care(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_care_domains()
        found = Domain.OR(domains[care] for care in value if care in domains)
        if False in value:
            found |= ~Domain.OR(domains.values())
        return found

    @api.model
    def _get_care_domains(self):
        """Return ``{care: domain}`` for the user, today; no case is in two of them."""
        absences = self.env["buurtbemiddeling.absence"]._get_covered()
        return {
            "own": Domain("user_id", "=", self.env.uid),
            "stand_in": Domain.OR(
                Domain("user_id", "=", absence.user_id.id)
                & Domain("company_id", "=", absence.company_id.id)
                for absence in absences
            ),
            "nobody": Domain("user_id", "=", False) | Domain("user_id.active", "=", False),
        }

    @api.depends_context("tz")
    def _compute_attention_ids(self):
        """One query a kind; how many kinds there are is fixed."""
        kinds = self.env["buurtbemiddeling.attention"].search([("res_model", "=", self._name)])
        cases = self.with_context(active_test=False)
        found = {
            kind: cases.search(Domain("id", "in", self.ids) & kind._get_domain()) for kind in kinds
        }
        for case in self:
            case.attention_ids = kinds.filtered(lambda kind, case=case: case in found[kind])

    @api.model
    def _search_attention_ids(self, operator, value):
        """Find the cases by the domains of the kinds of attention themselves."""
        kinds = self.env["buurtbemiddeling.attention"].with_context(active_test=False)
        of_cases = Domain("res_model", "=", self._name)
        if operator == "any":
            kinds = kinds.search(of_cases & Domain(value))
        elif operator == "in" and False not in value:
            kinds = kinds.search(of_cases & Domain("id", "in", value))
        else:
            return NotImplemented
        return Domain.OR(kind._get_domain() for kind in kinds)
