from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.independence import Home, Person


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
    def _get_by(self, volunteers):
        """Return ``{volunteer id: declarations}``, all read at once."""
        found = self.search_fetch(
            [("volunteer_id", "in", volunteers.ids)],
            ["volunteer_id", "kind", "partner_id", "name", "street", "city", "case_id"],
        )
        found.partner_id.fetch(["name", "street", "zip", "city"])
        by_volunteer = defaultdict(self.browse)
        by_volunteer.update(
            (volunteer.id, rows) for volunteer, rows in found.grouped("volunteer_id").items()
        )
        return by_volunteer

    def _concerns(self, facts):
        """Return whether this declaration is about a case, given as :class:`CaseFacts`."""
        self.ensure_one()
        if self.kind == "case":
            return self.case_id.id == facts.case
        if self.kind == "organisation":
            return self.partner_id.id in facts.organisations
        place = self.partner_id or self
        home = Home.at(place.street, self.partner_id.zip, place.city)
        if self.kind == "street":
            return any(home.is_in_street_of(party.home) for party in facts.parties)
        known = Person(
            contact=self.partner_id.id or 0,
            name=self.partner_id.name or self.name or "",
            home=home,
        )
        return any(known.may_be(party) for party in facts.parties)
