from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from .buurtbemiddeling_volunteer_document import DOCUMENT_KINDS
from .buurtbemiddeling_volunteer_requirement import REQUIREMENT_STATES

# from bad to good: a volunteer stands where the worst requirement stands
WORST_FIRST = ("missing", "lapsed", "expiring")
BLOCKING = ("missing", "lapsed")


class BuurtbemiddelingVolunteerRequirementMixin(models.AbstractModel):
    """What a volunteer needs for a new case: trained, signed, accepted, and still valid.

    What has lapsed blocks new cases only; running ones go on, and are listed for a decision
    (``buurtbemiddeling.assignment.requirement.mixin``).
    """

    _name = "buurtbemiddeling.volunteer.requirement.mixin"
    _description = "Requirements of a Volunteer"

    document_ids = fields.One2many(
        "buurtbemiddeling.volunteer.document", "volunteer_id", "Documents"
    )
    acceptance_ids = fields.One2many(
        "buurtbemiddeling.protocol.acceptance", "volunteer_id", "Accepted protocols"
    )
    requirement_line_ids = fields.One2many(
        "buurtbemiddeling.volunteer.requirement", "volunteer_id", "Requirements", readonly=True
    )
    has_expired_document = fields.Boolean(
        "Document expired",
        compute="_compute_has_expired_document",
        search="_search_has_expired_document",
        help="A document has expired, and no newer one of the same kind is valid.",
    )
    requirement_state = fields.Selection(
        REQUIREMENT_STATES,
        "State of the requirements",
        compute="_compute_requirements",
        search="_search_requirement_state",
        help="That of the required one that stands worst.",
    )
    missing_requirements = fields.Char("Still missing", compute="_compute_requirements")
    next_expiry_date = fields.Date(
        "Expires on",
        compute="_compute_requirements",
        help="The first day on which something required ends, of what is valid now.",
    )
    may_get_cases = fields.Boolean(
        "May get new cases",
        compute="_compute_requirements",
        search="_search_may_get_cases",
        help="In a phase that gets cases, and nothing required is missing or has lapsed.",
    )
    protocol_to_accept_id = fields.Many2one(
        "buurtbemiddeling.protocol",
        "Protocol to accept",
        compute="_compute_protocol_to_accept_id",
        search="_search_protocol_to_accept_id",
        help="The current protocol, as long as this volunteer has not accepted it.",
    )

    # ------------------------------------------------------------
    # REQUIREMENTS
    # ------------------------------------------------------------

    @api.depends(
        "company_id",
        "stage_id",
        "document_ids.kind",
        "document_ids.date",
        "document_ids.valid_until",
        "acceptance_ids.protocol_id",
        "enrolment_ids.result",
        "enrolment_ids.result_date",
        "enrolment_ids.attended_hours",
        "enrolment_ids.session_id.kind",
    )
    @api.depends_context("lang", "tz")
    def _compute_requirements(self):
        """One query for all volunteers together, however many there are."""
        rows = self.env["buurtbemiddeling.volunteer.requirement"]
        rows.invalidate_model()  # rows of a query: nothing says when they have changed
        found = defaultdict(rows.browse)
        domain = [("volunteer_id", "in", self._origin.ids), ("is_required", "=", True)]
        for row in rows.search_fetch(domain, ["volunteer_id", "kind", "state", "valid_until"]):
            found[row.volunteer_id.id] += row
        for volunteer in self:
            required = found[volunteer._origin.id]
            blocking = required.filtered(lambda row: row.state in BLOCKING)
            states = set(required.mapped("state"))
            ends = [row.valid_until for row in required - blocking if row.valid_until]
            volunteer.requirement_state = next(
                (state for state in WORST_FIRST if state in states), "complete"
            )
            volunteer.missing_requirements = ", ".join(blocking._describe())
            volunteer.next_expiry_date = min(ends, default=False)
            volunteer.may_get_cases = volunteer.stage_id.is_active and not blocking

    @api.model
    def _get_requirement_states(self):
        """Return ``{id of the volunteer: states}`` of who does not have all that is required.

        They are looked up first: a subquery may be worked out again for each volunteer.
        """
        lines = self.env["buurtbemiddeling.volunteer.requirement"]
        groups = lines._read_group(
            [("is_required", "=", True), ("state", "in", WORST_FIRST)],
            ["volunteer_id"],
            ["state:array_agg"],
        )
        return {volunteer.id: set(states) for volunteer, states in groups}

    @api.model
    def _search_requirement_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._get_requirement_states()
        worst = {id_: min(states, key=WORST_FIRST.index) for id_, states in found.items()}
        domain = Domain("id", "in", [id_ for id_, state in worst.items() if state in value])
        if "complete" in value:
            domain |= Domain("id", "not in", list(worst))
        return domain

    @api.model
    def _search_may_get_cases(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._get_requirement_states()
        blocked = [id_ for id_, states in found.items() if states.intersection(BLOCKING)]
        return Domain("stage_id.is_active", "=", True) & Domain("id", "not in", blocked)

    @api.model
    def _forget_requirement_states(self):
        """Requirements or protocols have changed, and with them what is missing."""
        self.invalidate_model(
            [
                "requirement_state",
                "missing_requirements",
                "next_expiry_date",
                "may_get_cases",
                "protocol_to_accept_id",
                "requirement_line_ids",
            ]
        )

    # ------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------

    @api.depends("document_ids.kind", "document_ids.date", "document_ids.valid_until")
    @api.depends_context("tz")
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

    # ------------------------------------------------------------
    # PROTOCOL
    # ------------------------------------------------------------

    @api.depends("company_id", "acceptance_ids.protocol_id")
    def _compute_protocol_to_accept_id(self):
        current = self.env["buurtbemiddeling.protocol"]._get_current(self.company_id)
        accepted = self.env["buurtbemiddeling.protocol.acceptance"]._read_group(
            [
                ("volunteer_id", "in", self._origin.ids),
                ("protocol_id", "in", [protocol.id for protocol in current.values()]),
            ],
            ["volunteer_id"],
        )
        ready = {volunteer.id for (volunteer,) in accepted}
        for volunteer in self:
            protocol = current.get(volunteer.company_id)
            volunteer.protocol_to_accept_id = volunteer._origin.id not in ready and protocol

    @api.model
    def _search_protocol_to_accept_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        protocols = self.env["buurtbemiddeling.protocol"].search([("state", "=", "current")])
        missing = {
            protocol.id: Domain("company_id", "=", protocol.company_id.id)
            & Domain("acceptance_ids", "not any", [("protocol_id", "=", protocol.id)])
            for protocol in protocols
        }
        domain = Domain.OR(missing[id_] for id_ in value if id_ in missing)
        if False in value:
            domain |= ~Domain.OR(missing.values())
        return domain
