from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

CARES = [
    ("own", "Mine"),
    ("stand_in", "I stand in"),
    ("nobody", "Without coordinator"),
]


class BuurtbemiddelingCareMixin(models.AbstractModel):
    """Who looks after a record today, and what about it asks attention.

    It is in the care of its coordinator, of whoever stands in for that coordinator while away, and
    of everyone when it has none or when its coordinator has left. It stays its coordinator's:
    standing in changes no record, so that nobody is credited with another's work.
    """

    _name = "buurtbemiddeling.care.mixin"
    _description = "Care for a Record"
    _care_user = "user_id"  # the field that names the coordinator

    care = fields.Selection(
        CARES,
        "In my care",
        compute="_compute_care",
        search="_search_care",
        help="Why this is in your care today; empty when a colleague looks after it.",
    )
    attention_ids = fields.Many2many(
        "buurtbemiddeling.attention",
        string="Asks attention",
        compute="_compute_attention_ids",
        search="_search_attention_ids",
    )

    @api.depends(lambda self: (self._care_user, "company_id"))
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
    def _get_carers(self):
        """Return ``(absences that the user covers today, coordinators who have left)``."""
        users = self.env["res.users"].with_context(active_test=False)
        return (
            self.env["buurtbemiddeling.absence"]._get_covered(),
            users.search([("active", "=", False)], order="id"),
        )

    @api.model
    def _get_care_domains(self, carers=None):
        """Return ``{care: domain}`` for the user, today; no record is in two of them.

        :param carers: as ``_get_carers`` gives them, where they were looked up already. They are
            looked up first: with names of people, rows are found by an index.
        """
        name = self._care_user
        absences, gone = carers or self._get_carers()
        return {
            "own": Domain(name, "=", self.env.uid),
            "stand_in": Domain.OR(
                Domain(name, "=", absence.user_id.id)
                & Domain("company_id", "=", absence.company_id.id)
                for absence in absences
            ),
            "nobody": Domain(name, "in", [False, *gone.ids]),
        }

    @api.depends_context("tz")
    def _compute_attention_ids(self):
        """All kinds in one query: a list of cases may show them."""
        kinds = self.env["buurtbemiddeling.attention"]
        records = self.with_context(active_test=False)
        shown = Domain("id", "in", self.ids)
        queries = {
            kind_id: records._search(shown & domain)
            for kind_id, domain in kinds._get_domains(self._name)
        }
        selects = [
            query.select(SQL("%s", kind_id), SQL.identifier(query.table, "id"))
            for kind_id, query in queries.items()
            if not query.is_empty()
        ]
        found = set()
        if selects:
            found = set(self.env.execute_query(SQL(" UNION ALL ").join(selects)))
        for record in self:
            record.attention_ids = kinds.browse(
                kind_id for kind_id in queries if (kind_id, record.id) in found
            )

    @api.model
    def _search_attention_ids(self, operator, value):
        """Find the records by the domains of the kinds of attention themselves."""
        kinds = self.env["buurtbemiddeling.attention"].with_context(active_test=False)
        about = Domain("res_model", "=", self._name)
        if operator == "any":
            kinds = kinds.search(about & Domain(value))
        elif operator == "in" and False not in value:
            kinds = kinds.search(about & Domain("id", "in", value))
        else:
            return NotImplemented
        return Domain.OR(kind._get_domain() for kind in kinds)
