from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: The answer of a list that says that it was asked, and nobody knew.
UNKNOWN = "unknown"
MISSING_KINDS = [
    ("not_recorded", "Not recorded"),
    (UNKNOWN, "Unknown"),
    ("to_do", "Still to do"),
]


class BuurtbemiddelingNeededFact(models.Model):
    """What the benchmark needs of each case, as data that an administrator changes.

    Either the fact of a breakdown, which is missing where that breakdown says "Not recorded" or
    "Unknown"; or a condition on cases, for work that is still to be done.
    """

    _name = "buurtbemiddeling.needed.fact"
    _description = "What the Benchmark Needs"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean("Needed", default=True)
    dimension_id = fields.Many2one(
        "buurtbemiddeling.dimension",
        "Breakdown",
        ondelete="cascade",
        index="btree_not_null",
        domain=[("second_field_name", "=", False)],
        help="The breakdown that shows the fact. Empty: a condition says which cases lack it.",
    )
    domain = fields.Char(
        "Missing when",
        help="Which cases lack it, as a condition on cases. Dates may be relative: 'today',"
        " 'today -14d'.",
    )
    needed_at = fields.Selection(
        [("registration", "Registration"), ("closing", "Closing")],
        "Needed from",
        required=True,
        default="registration",
        help="What is needed from closing is not missing while a case is running.",
    )
    page = fields.Selection(
        [
            ("registration", "Registration"),
            ("intake", "Intake"),
            ("parties", "Parties"),
            ("closing", "Closing"),
        ],
        "Page of the case",
        required=True,
        default="registration",
        help="Where it is filled in: there the case opens.",
    )

    _breakdown_or_condition = models.Constraint(
        "CHECK((dimension_id IS NULL) != (domain IS NULL))",
        "Choose a breakdown, or give the condition on which it is missing, and not both.",
    )

    @api.constrains("dimension_id")
    def _check_dimension_id(self):
        for needed in self:
            if needed.dimension_id.second_field_name:
                raise ValidationError(
                    self.env._(
                        "%s breaks down by two facts. Choose a breakdown by the one that is"
                        " needed.",
                        needed.dimension_id.name,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        """Refuse what can not be searched for, in words, before the list stumbles over it."""
        cases = self.env["buurtbemiddeling.case"]
        for needed in self.filtered("domain"):
            try:
                domain = Domain(literal_eval(needed.domain))
                self.env["buurtbemiddeling.attention"]._check_open_fields(cases, domain)
                cases._search(domain)
            except (ValueError, SyntaxError, TypeError, UserError) as error:
                raise ValidationError(
                    self.env._(
                        "“%(needed)s” can not be searched for: %(domain)s is not a condition on"
                        " cases (%(error)s).",
                        needed=needed.name,
                        domain=needed.domain,
                        error=error,
                    )
                ) from error

    def _get_conditions(self):
        """Return ``{kind: domain on the facts of cases}``: in which ways it can be missing."""
        self.ensure_one()
        due = Domain("is_closed", "=", True) if self.needed_at == "closing" else Domain.TRUE
        if not self.dimension_id:
            return {"to_do": due & Domain("case_id", "any", literal_eval(self.domain))}
        name = self.dimension_id.field_name
        conditions = {"not_recorded": due & Domain(name, "=", False)}
        field = self.env["buurtbemiddeling.case.report"]._fields[name]
        if field.type == "selection" and UNKNOWN in field.get_values(self.env):
            conditions[UNKNOWN] = due & Domain(name, "=", UNKNOWN)
        return conditions
