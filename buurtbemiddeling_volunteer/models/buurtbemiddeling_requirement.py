from odoo import api, fields, models
from odoo.exceptions import UserError

from .buurtbemiddeling_volunteer_document import DOCUMENT_KINDS

REQUIREMENT_KINDS = [
    ("basic_training", "Basic training"),
    *DOCUMENT_KINDS,
    ("protocol", "Working protocol"),
]
# nobody gets cases without these, in any organisation
ALWAYS_REQUIRED = ("basic_training", "agreement", "confidentiality")


class BuurtbemiddelingRequirement(models.Model):
    """What an organisation asks of its volunteers, how long it is valid, and when it warns.

    A requirement without organisation is shared by all. An organisation's own requirement takes the
    place of the shared one of the same kind; an own one that is archived leaves it out.
    """

    _name = "buurtbemiddeling.requirement"
    _description = "Requirement"
    _order = "sequence, id"
    _rec_name = "kind"

    kind = fields.Selection(REQUIREMENT_KINDS, "What", required=True)
    company_id = fields.Many2one(
        "res.company",
        "Only for",
        index="btree_not_null",
        help="Empty: for all organisations. An organisation's own requirement takes the place of"
        " the shared one.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        "Required",
        default=True,
        help="Without it a volunteer gets no new cases. What is not required is only kept.",
    )
    validity_months = fields.Integer(
        "Valid for (months)",
        help="The end that is proposed for a new document. 0 means no end.",
    )
    renewal_days = fields.Integer(
        "Warn before (days)",
        default=60,
        help="So many days before the end it is shown as expiring soon.",
    )
    is_replaced = fields.Boolean(
        compute="_compute_is_replaced", export_string_translation=False, exportable=False
    )

    _kind_uniq = models.Constraint(
        "UNIQUE(kind, company_id)", "This organisation has this requirement already."
    )
    _shared_kind_uniq = models.UniqueIndex(
        "(kind) WHERE company_id IS NULL", "This requirement exists already."
    )
    _always_required = models.Constraint(
        "CHECK(kind NOT IN ('basic_training', 'agreement', 'confidentiality')"
        " OR (is_required AND active))",
        "Nobody gets cases without basic training, signed agreement and confidentiality statement."
        " Leave them required.",
    )
    _terms_positive = models.Constraint(
        "CHECK(validity_months >= 0 AND renewal_days >= 0)",
        "The months of validity and the days of warning are 0 or more.",
    )
    _protocol_has_no_term = models.Constraint(
        "CHECK(kind != 'protocol' OR validity_months = 0)",
        "A protocol counts until there is a new version. Leave the months of validity at 0.",
    )

    @api.depends("kind", "company_id")
    @api.depends_context("company")
    def _compute_is_replaced(self):
        """Whether the user's organisation has one of its own instead of this shared one."""
        own = self.search(
            [("company_id", "=", self.env.company.id), ("active", "in", (True, False))]
        )
        kinds = set(own.mapped("kind"))
        for requirement in self:
            requirement.is_replaced = not requirement.company_id and requirement.kind in kinds

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        self._forget_states()
        return requirements

    def write(self, vals):
        """Kind and organisation stay as they are, raising ``UserError``: archive and add anew."""
        for name in ("kind", "company_id"):
            value = vals.get(name) or False
            if name in vals and any(
                self._fields[name].convert_to_write(requirement[name], requirement) != value
                for requirement in self
            ):
                raise UserError(
                    self.env._(
                        "A requirement stays of its kind and organisation. Archive it, or add"
                        " another one."
                    )
                )
        res = super().write(vals)
        self._forget_states()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_always_required(self):
        if any(not one.company_id and one.kind in ALWAYS_REQUIRED for one in self):
            raise UserError(
                self.env._(
                    "Nobody gets cases without basic training, signed agreement and"
                    " confidentiality statement. They can not be deleted."
                )
            )

    def unlink(self):
        res = super().unlink()
        self._forget_states()
        return res

    @api.model
    def _forget_states(self):
        """What volunteers need was computed by the requirements of before."""
        self.env["buurtbemiddeling.volunteer"]._forget_requirement_states()

    @api.model
    def _get_of_companies(self, companies):
        """Return ``{company: requirements}``: those that each organisation works with, in order."""
        requirements = self.search(
            [("company_id", "in", [False, *companies.ids]), ("active", "in", (True, False))]
        )
        result = {}
        for company in companies:
            own = requirements.filtered(lambda one, company=company: one.company_id == company)
            own_kinds = set(own.mapped("kind"))
            result[company] = requirements.filtered(
                lambda one, own=own, own_kinds=own_kinds: (
                    one.active
                    and (one in own or (not one.company_id and one.kind not in own_kinds))
                )
            )
        return result

    def action_make_own(self):
        """Give the user's organisation its own copy of every requirement that it shares."""
        company = self.env.company
        shared = self._get_of_companies(company)[company].filtered(lambda one: not one.company_id)
        for requirement in shared:
            requirement.copy({"company_id": company.id})
