from odoo import api, fields, models

from .buurtbemiddeling_case_party import TENURES

# field of the intake form -> field of the contact, or of the party while there is no contact
_CONTACT_FIELDS = ("name", "phone", "email", "street", "zip", "city")
_PARTY_FIELDS = ("tenure", "story", "consent_date")


class BuurtbemiddelingCaseIntakeMixin(models.AbstractModel):
    """The phone intake: both neighbours typed on the case form itself, in the order of the call.

    The fields show and write the first party of each side and its contact; nothing is stored
    twice. Half a story is enough: a name, or just a street.
    """

    _name = "buurtbemiddeling.case.intake.mixin"
    _description = "Phone Intake"

    reporter_name = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_phone = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_email = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_street = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_zip = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_city = fields.Char(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_tenure = fields.Selection(
        TENURES, compute="_compute_reporter", inverse="_inverse_reporter"
    )
    reporter_story = fields.Text(compute="_compute_reporter", inverse="_inverse_reporter")
    reporter_consent_date = fields.Date(compute="_compute_reporter", inverse="_inverse_reporter")
    neighbour_name = fields.Char(compute="_compute_neighbour", inverse="_inverse_neighbour")
    neighbour_phone = fields.Char(compute="_compute_neighbour", inverse="_inverse_neighbour")
    neighbour_street = fields.Char(compute="_compute_neighbour", inverse="_inverse_neighbour")
    neighbour_zip = fields.Char(compute="_compute_neighbour", inverse="_inverse_neighbour")
    neighbour_city = fields.Char(compute="_compute_neighbour", inverse="_inverse_neighbour")

    @api.depends(
        "party_ids.side",
        *(f"party_ids.partner_id.{name}" for name in _CONTACT_FIELDS),
        *(f"party_ids.{name}" for name in ("street", "zip", "city", *_PARTY_FIELDS)),
    )
    def _compute_reporter(self):
        self._show_first_party("a", "reporter_")

    @api.depends(
        "party_ids.side",
        *(f"party_ids.partner_id.{name}" for name in _CONTACT_FIELDS),
        *(f"party_ids.{name}" for name in ("street", "zip", "city")),
    )
    def _compute_neighbour(self):
        self._show_first_party("b", "neighbour_")

    def _inverse_reporter(self):
        self._write_first_party("a", "reporter_")

    def _inverse_neighbour(self):
        self._write_first_party("b", "neighbour_")

    def _get_first_party(self, side):
        """Return the first party on ``side`` ("a" or "b"), an empty record when there is none."""
        return self.party_ids.filtered(lambda party: party.side == side)[:1]

    def _get_intake_fields(self, prefix):
        """Return ``{intake field: party or contact field}`` for one side."""
        return {name: name.removeprefix(prefix) for name in self._fields if name.startswith(prefix)}

    def _show_first_party(self, side, prefix):
        names = self._get_intake_fields(prefix)
        for case in self:
            party = case._get_first_party(side)
            for intake_name, name in names.items():
                if name in _PARTY_FIELDS:
                    case[intake_name] = party[name]
                elif party.partner_id or name in ("street", "zip", "city"):
                    case[intake_name] = (party.partner_id or party)[name]
                else:
                    case[intake_name] = False

    def _write_first_party(self, side, prefix):
        names = self._get_intake_fields(prefix)
        typed = [{name: case[field] for field, name in names.items()} for case in self]
        new_parties, new_contacts = [], []
        for case, values in zip(self, typed, strict=True):
            contact = {name: values[name] for name in _CONTACT_FIELDS if name in values}
            own = {name: values[name] for name in _PARTY_FIELDS if name in values}
            place = {name: contact[name] for name in ("street", "zip", "city")}
            party = case._get_first_party(side)
            reachable = any(contact.get(name) for name in ("name", "phone", "email"))
            if party.partner_id:
                contact["name"] = contact["name"] or party.partner_id.name
                changed = {k: v for k, v in contact.items() if v != party.partner_id[k]}
                if changed:
                    party.partner_id.write(changed)
                party.write(own)
            elif reachable:
                new_contacts.append((case, party, own, contact))
            elif party:
                party.write({**own, **place})
            elif any(own.values()) or any(place.values()):
                new_parties.append({"case_id": case.id, "side": side, **own, **place})
        partners = self.env["res.partner"].create(
            [case._prepare_confidential_contact(contact) for case, *_, contact in new_contacts]
        )
        for partner, (case, party, own, _contact) in zip(partners, new_contacts, strict=True):
            if party:
                party.write(
                    {**own, "partner_id": partner.id, "street": False, "zip": False, "city": False}
                )
            else:
                new_parties.append(
                    {"case_id": case.id, "side": side, "partner_id": partner.id, **own}
                )
        self.env["buurtbemiddeling.case.party"].create(new_parties)

    def _prepare_confidential_contact(self, values):
        """Return the values of a new contact that only buurtbemiddeling may see."""
        name = values.get("name") or self.env._(
            "Resident %s", values.get("phone") or values.get("email")
        )
        return {
            **values,
            "name": name,
            "is_confidential": True,
            "company_id": self.company_id.id,
            "country_id": self.company_id.country_id.id,
        }
