from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..anonymity import Identity, mask_identifying


class BuurtbemiddelingPrivacyPersonMixin(models.AbstractModel):
    """The one person that a request is about, and all that this person is with us.

    Someone may be the reporter of one case and the other party of another, and a contact person of
    a referrer as well; another module adds what else one can be. Always within one organisation.
    """

    _name = "buurtbemiddeling.privacy.person.mixin"
    _description = "Person whose Data are Asked for"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Who",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        domain=[("is_company", "=", False)],
        help="The contact of this person: a resident, a volunteer, or someone who works for a"
        " referrer. The name is forgotten when the request is done.",
    )
    party_id = fields.Many2one(
        "buurtbemiddeling.case.party",
        "Party without a name",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="Of whom only the address is known.",
    )
    role_text = fields.Char("Known to us as", compute="_compute_role_text")
    double_text = fields.Char("Perhaps the same person", compute="_compute_double_text")

    # ------------------------------------------------------------
    # WHO IT IS
    # ------------------------------------------------------------

    def _get_parties(self):
        """Return this person as a party, in all cases of the organisation."""
        self.ensure_one()
        parties = self.env["buurtbemiddeling.case.party"]
        if not (self.partner_id or self.party_id):
            return parties
        return parties.search(
            Domain("company_id", "=", self.company_id.id)
            & (
                Domain("id", "=", self.party_id.id)
                | Domain("partner_id", "!=", False) & Domain("partner_id", "=", self.partner_id.id)
            ),
            order="case_id, id",
        )

    def _get_subjects(self):
        """Return the records that this person is: a list of recordsets of ours, none empty."""
        return [records for records in (self._get_parties(),) if records]

    def _get_roles(self):
        """Return in words what this person is with us, without any name."""
        roles = [party.display_name for party in self._get_parties()]
        if organisation := self._get_referral_partner():
            roles.append(self.env._("Contact person of %s", organisation.partner_id.name))
        return roles

    def _get_referral_partner(self):
        """Return the referrer that this person works for, if any."""
        self.ensure_one()
        partners = self.env["buurtbemiddeling.referral.partner"]
        if not self.partner_id.parent_id:
            return partners
        return partners.with_context(active_test=False).search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.parent_id.id),
            ],
            limit=1,
        )

    @api.depends("partner_id", "party_id", "company_id")
    def _compute_role_text(self):
        for request in self:
            request.role_text = ", ".join(request._get_roles())

    @api.depends("partner_id", "company_id")
    def _compute_double_text(self):
        """Who was typed twice has two contacts, and a file of one of them is half a file."""
        for request in self:
            request.double_text = False
            partner = request.partner_id._origin
            if not partner:
                continue
            alike = [
                Domain(name, "=ilike", partner[name])
                for name in ("name", "email", "phone")
                if partner[name]
            ]
            found = partner.search(
                Domain.OR(alike)
                & Domain("id", "!=", partner.id)
                & Domain("is_company", "=", False)
                & Domain("company_id", "in", [False, request.company_id.id]),
                limit=3,
            )
            request.double_text = ", ".join(found.mapped("display_name"))

    # ------------------------------------------------------------
    # WHO MAY HANDLE IT
    # ------------------------------------------------------------

    def _get_responsible_users(self):
        """Return who answers for each of the records that this person is; nobody for some."""
        return [party.case_id.user_id for party in self._get_parties()]

    def _check_may_handle(self):
        """Only who answers for all of the person's data brings these together.

        :raise AccessError: for a coordinator, when a case is another's
        """
        self.check_access("read")
        if not self._may_handle():
            raise AccessError(
                self.env._(
                    "Only an administrator, or the coordinator of all that this person is in, can"
                    " do this. Ask an administrator."
                )
            )

    def _may_handle(self):
        self.ensure_one()
        if self.env.user.has_group("buurtbemiddeling_case.group_manager"):
            return True
        # sudo: also cases that are closed to the user count; they are not told
        return all(user == self.env.user for user in self.sudo()._get_responsible_users())

    # ------------------------------------------------------------
    # WHO ELSE
    # ------------------------------------------------------------

    @api.model
    def _get_identity(self, contacts, parties=()):
        """Return what tells who some people are, as an ``Identity``."""
        contacts |= contacts.with_context(active_test=False).child_ids
        homes = [*contacts, *parties]
        places = [home[name] for home in homes for name in ("street", "zip") if home[name]]
        return Identity(
            tuple(filter(None, contacts.mapped("name"))),
            tuple(dict.fromkeys(places + [c.street2 for c in contacts if c.street2])),
            tuple(filter(None, contacts.mapped("phone"))),
            tuple(filter(None, contacts.mapped("email"))),
        )

    def _get_own_identity(self):
        """Return what tells who this person is."""
        parties = self._get_parties()
        return self._get_identity(self.partner_id | parties.partner_id, parties)

    def _get_others_identity(self):
        """Return what tells who the others are: all that must not be in this person's file."""
        parties = self._get_parties()
        cases = parties.case_id
        others = cases.party_ids - parties
        rows = [("case_id", "in", cases.ids)]
        told = self.env["buurtbemiddeling.feedback"].search(rows).recipient_id
        told |= self.env["buurtbemiddeling.onward.referral"].search(rows).contact_id
        told |= cases.referral_contact_id
        people = told.filtered(lambda contact: not contact.is_company) - self.partner_id
        identity = self._get_identity(others.partner_id - self.partner_id, others)
        return identity | self._get_identity(people)._replace(places=())

    def _get_mask(self):
        """Return a function that takes all others out of a text of this person."""
        own = self._get_own_identity()
        return partial(
            mask_identifying,
            identity=self._get_others_identity(),
            mask=self.env._("[other person]"),
            own_places=own.places,
            own=own | self._get_identity(self.company_id.partner_id),
        )
