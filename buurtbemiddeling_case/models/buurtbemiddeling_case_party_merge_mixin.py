from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..tools import phone_key, plain_text

EARLIEST = ("consent_date", "referral_consent_date", "informed_date")


class BuurtbemiddelingCasePartyMergeMixin(models.AbstractModel):
    """Parties of two cases that are the same person become one, with one thread.

    Both threads are that one person's own, so uniting them opens no hole in the party wall. Two
    parties of one case are never united: that would show one neighbour what the other said.
    """

    _name = "buurtbemiddeling.case.party.merge.mixin"
    _description = "Merging of Parties"
    _inherit = ["buurtbemiddeling.merge.mixin"]

    def _shares_door(self, other):
        """Return whether both live behind the same front door."""
        return any(self[key] and self[key] == other[key] for key in ("postcode_key", "street_key"))

    def _is_known_as(self, other):
        """Return whether both are known, and by the same contact or by name and where to reach."""
        mine, theirs = self.partner_id, other.partner_id
        if not (mine and theirs):
            return False
        if mine == theirs:
            return True
        return plain_text(mine.name) == plain_text(theirs.name) and (
            self._shares_door(other) or bool(_reach(mine) & _reach(theirs))
        )

    def _may_be_at_door_of(self, other):
        """Return whether they share a door, and one of them is known by that door only."""
        return not (self.partner_id and other.partner_id) and self._shares_door(other)

    def _check_one_person(self):
        """Refuse to make one person of two parties of the same case.

        :raise UserError: names the case
        """
        for case, parties in self.grouped("case_id").items():
            if len(parties) > 1:
                raise UserError(
                    self.env._(
                        "Two parties of case %s can not be the same person: one would get to see"
                        " what the other told. Choose another person for one of them.",
                        case.name,
                    )
                )

    def _get_rows_about(self):
        """Return the rows under a case that are about these parties, as one list of recordsets."""
        # sudo: they go where the party goes, also those that the user may not read
        mixin = self.env.registry["buurtbemiddeling.case.record.mixin"]
        return [
            rows.sudo().with_context(active_test=False).search([("party_id", "in", self.ids)])
            for rows in self.env.values()
            if isinstance(rows, mixin) and rows._auto
        ]

    # ------------------------------------------------------------
    # WHAT MERGING TAKES OVER
    # ------------------------------------------------------------

    def _absorb(self, others):
        parties = self | others
        contact = parties.partner_id[:1]
        doubles = parties._get_doubles_of(contact)
        # sudo: as in the mixin; the address of who is not known yet goes to the contact
        address = next((party for party in parties.sudo() if party.street or party.zip), self)
        place = {name: address[name] for name in ("street", "zip", "city") if address[name]}
        res = super()._absorb(others)
        self.write({"partner_id": contact.id, **place})
        for double in doubles:
            # sudo: coordinators delete no contacts; both are of this organisation, and hidden from
            # everyone else, and the double is used by nobody but these parties
            merge = self.env["base.partner.merge.automatic.wizard"].sudo()
            merge._merge([contact.id, double.id], contact, extra_checks=False)
        return res

    def _get_doubles_of(self, contact):
        """Return the contacts that the phone intake made anew of a resident who was known already.

        Only what is hidden from everyone else and used by nobody but these parties is a double: an
        ordinary contact is left as it is, and so is one that is named in another case.
        """
        doubles = (self.partner_id - contact).filtered("is_confidential")
        if not doubles or not contact.is_confidential:
            return doubles.browse()
        # sudo: looks for the contacts in cases that are hidden from the user; none is given back
        parties = self.env[self._name].sudo()
        others = Domain("partner_id", "in", doubles.ids) & Domain("id", "not in", self.ids)
        family = Domain("id", "child_of", contact.id) | Domain("id", "parent_of", contact.id)
        return doubles - parties.search(others).partner_id - contact.search(family)

    def _get_row_values(self, field):
        """What is about a party is in its case, so such a row moves to that case right away."""
        values = super()._get_row_values(field)
        mixin = self.env.registry["buurtbemiddeling.case.record.mixin"]
        if field.name == "party_id" and isinstance(self.env[field.model_name], mixin):
            values["case_id"] = self.case_id.id
        return values

    def _merge_values(self, others):
        values, different = super()._merge_values(others)
        for name in EARLIEST:
            if days := [party[name] for party in (self, *others) if party[name]]:
                values[name] = min(days)
        answers = [
            party.willing for party in (self, *others) if party.willing not in (False, "unknown")
        ]
        if answers:
            values["willing"] = answers[-1]  # others are the oldest first
        told = [
            (party, field, text)
            for party, field, text in different
            if field.name not in (*EARLIEST, "willing")
        ]
        return values, told

    def _get_unmerged_fields(self):
        return super()._get_unmerged_fields() | {
            "case_id",
            "side",
            "sequence",
            "partner_id",
            "street",
            "zip",
            "city",
            "home_relation",  # seen from the first reporter, who may be another one now
        }


def _reach(contact):
    """Return phone numbers and mail addresses of a contact, in a form that can be compared."""
    return {phone_key(contact.phone), email_normalize(contact.email)} - {None, False}
