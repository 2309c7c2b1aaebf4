from odoo import api, fields, models

CRITERION_STATES = [
    ("gap", "Gap"),
    ("unknown", "Not known"),
    ("nearly", "Nearly lapsing"),
    ("met", "Met"),
]
# a criterion stands where its worst evidence stands
WORST_FIRST = [state for state, _label in CRITERION_STATES]


class BuurtbemiddelingCriterion(models.Model):
    """A quality criterion of the CCV-erkenning, with the evidence that an organisation meets it.

    Of the eleven criteria six have been published (domain.md 4.1). The others are candidates: the
    organisation fills in the text of the toetsingskader, and says that it is official.

    A criterion without organisation is shared by all. An organisation's own criterion takes the
    place of the shared one with the same code; an own one that is archived leaves it out.
    """

    _name = "buurtbemiddeling.criterion"
    _description = "Quality Criterion"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    explanation = fields.Text(translate=True)
    source = fields.Char(translate=True, help="Where the text comes from.")
    origin = fields.Selection(
        [
            ("published", "Published"),
            ("candidate", "Candidate: fill in the text of the toetsingskader"),
            ("filled_in", "Filled in from the toetsingskader"),
            ("own", "Our own"),
        ],
        required=True,
        default="own",
        help="A candidate is no official criterion, and counts for nothing in the overview.",
    )
    company_id = fields.Many2one(
        "res.company",
        "Only for",
        index="btree_not_null",
        help="Empty: for all organisations. An organisation's own criterion takes the place of"
        " the shared one with the same code.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        company_dependent=True,
        domain=lambda self: [
            ("share", "=", False),
            ("all_group_ids", "in", self.env.ref("buurtbemiddeling_case.group_user").ids),
        ],
    )
    note = fields.Text("Notes", company_dependent=True, help="Of your own organisation.")
    evidence_ids = fields.One2many("buurtbemiddeling.criterion.evidence", "criterion_id", copy=True)
    is_replaced = fields.Boolean(
        compute="_compute_is_replaced", export_string_translation=False, exportable=False
    )
    measured_company_id = fields.Many2one("res.company", "Measured for", compute="_compute_state")
    state = fields.Selection(
        CRITERION_STATES,
        compute="_compute_state",
        search="_search_state",
        help="Of your organisation, today: that of the evidence that stands worst.",
    )
    gaps = fields.Text(compute="_compute_state", help="What is to be done.")

    _code_uniq = models.Constraint(
        "UNIQUE(code, company_id)", "This organisation has a criterion with this code already."
    )
    _shared_code_uniq = models.UniqueIndex(
        "(code) WHERE company_id IS NULL", "A shared criterion has this code already."
    )

    @api.depends("code", "company_id")
    @api.depends_context("company")
    def _compute_is_replaced(self):
        """Whether the user's organisation has one of its own instead of this shared one."""
        own = self.with_context(active_test=False).search(
            [("company_id", "=", self.env.company.id)]
        )
        codes = set(own.mapped("code"))
        for criterion in self:
            criterion.is_replaced = not criterion.company_id and criterion.code in codes

    @api.depends("evidence_ids.state", "evidence_ids.gap")
    @api.depends_context("company", "lang", "uid")
    def _compute_state(self):
        for criterion in self:
            states = criterion.evidence_ids.mapped("state")
            criterion.measured_company_id = self.env.company
            criterion.state = next((state for state in WORST_FIRST if state in states), "unknown")
            criterion.gaps = "\n".join(filter(None, criterion.evidence_ids.mapped("gap")))

    def _search_state(self, operator, value):
        """There are a dozen criteria: ask each."""
        if operator != "in":
            return NotImplemented
        criteria = self.with_context(active_test=False).search([])
        return [("id", "in", criteria.filtered(lambda one: one.state in value).ids)]

    @api.model
    def _get_of_company(self, company):
        """Return the criteria that an organisation works with, its own before the shared ones."""
        criteria = self.with_context(active_test=False).search(
            [("company_id", "in", [False, company.id])]
        )
        own_codes = set(criteria.filtered("company_id").mapped("code"))
        return criteria.filtered(
            lambda one: one.active and (one.company_id or one.code not in own_codes)
        )

    def action_make_own(self):
        """Give the user's organisation its own copy of every criterion that it shares.

        Its documents come along, since they prove the same.
        """
        company = self.env.company
        for criterion in self._get_of_company(company).filtered(lambda one: not one.company_id):
            own = criterion.copy({"company_id": company.id})
            for evidence, copied in zip(criterion.evidence_ids, own.evidence_ids, strict=True):
                evidence.document_ids.filtered(
                    lambda document: document.company_id == company
                ).evidence_id = copied
