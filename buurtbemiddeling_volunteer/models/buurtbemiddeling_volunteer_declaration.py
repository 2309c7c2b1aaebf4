from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools.independence import Declared, Home, Person


class BuurtbemiddelingVolunteerDeclaration(models.Model):
    """What a volunteer declared about being independent: knows someone, a street, an organisation.

    It is looked at before someone is invited, so that it need not be remembered. It says that there
    is a tie and never why. For coordinators only: it may name a resident.
    """

    _name = "buurtbemiddeling.volunteer.declaration"
    _description = "Declaration of Independence"
    _inherit = ["buurtbemiddeling.trace.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    date = fields.Date("Declared on", required=True, default=fields.Date.context_today)
    kind = fields.Selection(
        [
            ("person", "Knows someone"),
            ("family", "Family"),
            ("street", "Knows a street well"),
            ("organisation", "Works for an organisation"),
            ("case", "Knows a party of a case"),
        ],
        "What",
        required=True,
        default="person",
        help="What ties the volunteer to somebody or some place.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('is_company', '=', kind == 'organisation')]",
    )
    name = fields.Char(help="When this person is not in Contacts.")
    street = fields.Char()
    city = fields.Char()
    case_id = fields.Many2one(
        "buurtbemiddeling.case",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
        help="Who is meant, and why, is not written down.",
    )

    @api.depends("volunteer_id.name", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Neutral: who is declared to be known is told to nobody in passing."""
        for declaration in self:
            declaration.display_name = self.env._(
                "Declaration of %s", declaration.volunteer_id.name or ""
            )

    @api.constrains("kind", "partner_id", "name", "street", "city", "case_id")
    def _check_identifies(self):
        """A declaration that identifies nobody stops nobody."""
        for declaration in self:
            if not declaration._identifies():
                raise ValidationError(declaration._get_question())

    def _identifies(self):
        self.ensure_one()
        if self.kind == "street":
            return bool(self.street)
        if self.kind == "organisation":
            return bool(self.partner_id)
        if self.kind == "case":
            return bool(self.case_id)
        return bool(self.partner_id or (self.name and (self.street or self.city)))

    def _get_question(self):
        """Return the sentence that asks for what is missing."""
        self.ensure_one()
        if self.kind == "street":
            return self.env._("Fill in which street, and in which town.")
        if self.kind == "organisation":
            return self.env._("Choose the organisation. Add it to Contacts first if it is new.")
        if self.kind == "case":
            return self.env._("Choose the case in which this volunteer knows a party.")
        return self.env._(
            "This declaration identifies nobody. Choose the contact, or fill in a name with the"
            " street or the town."
        )

    @api.model
    def _get_declared(self, domain):
        """Return ``{declaration id: (volunteer id, Declared)}`` of what is found, in one query.

        :raise AccessError: when the user may not see a contact that was declared to be known
        """
        query = self._search(domain)
        partners = self.env["res.partner"].with_context(active_test=False)
        contacts = partners._search([])
        compared = ("id", "name", "street", "zip", "city")
        query.add_join(
            "LEFT JOIN",
            "contact",
            contacts.subselect(
                *(partners._field_to_sql(contacts.table, name) for name in compared)
            ),
            SQL("contact.id = %s", SQL.identifier(query.table, "partner_id")),
        )
        own = ("id", "volunteer_id", "kind", "case_id", "partner_id", "name", "street", "city")
        rows = self.env.execute_query(
            query.select(
                *(self._field_to_sql(query.table, name) for name in own),
                *(SQL.identifier("contact", name) for name in compared),
            )
        )
        declared, hidden = {}, set()
        for id_, volunteer_id, kind, case_id, partner_id, name, street, city, *contact in rows:
            contact_id, contact_name, *place = contact
            if partner_id and not contact_id:
                hidden.add(partner_id)
            known = Person(
                contact=partner_id or 0,
                name=contact_name or name or "",
                home=Home.at(*(place if partner_id else (street, None, city))),
            )
            declared[id_] = volunteer_id, Declared(kind, case_id or 0, known)
        partners.browse(hidden).check_access("read")
        return declared
