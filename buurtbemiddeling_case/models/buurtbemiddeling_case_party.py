from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import hmac

from ..tools import front_doors

TENURES = [
    ("owner", "Owner"),
    ("corporation", "Rents from a housing corporation"),
    ("private_rent", "Rents privately"),
    ("unknown", "Unknown"),
]
HOUSEHOLDS = [
    ("single", "One person"),
    ("single_parent", "Single parent"),
    ("couple", "Couple"),
    ("family", "Couple with children"),
    ("other", "Other"),
    ("unknown", "Unknown"),
]
AGE_BANDS = [
    ("0_24", "Up to 24"),
    ("25_39", "25 to 39"),
    ("40_59", "40 to 59"),
    ("60_74", "60 to 74"),
    ("75_plus", "75 and over"),
    ("unknown", "Unknown"),
]


class BuurtbemiddelingCaseParty(models.Model):
    """One person (or address) on one side of the quarrel.

    Each party has its own story, consent and message thread: nothing that is written to or noted
    about one party is on a record that the other party can ever see. While only an address is
    known the party has no contact; once there is a contact the address lives there.
    """

    _name = "buurtbemiddeling.case.party"
    _description = "Party"
    _inherit = [
        "buurtbemiddeling.party.contact.mixin",
        "buurtbemiddeling.thread.mixin",
        "mail.activity.mixin",
        "buurtbemiddeling.letter.mixin",
        "buurtbemiddeling.party.result.mixin",
        "buurtbemiddeling.case.party.feedback.mixin",
        "buurtbemiddeling.case.party.merge.mixin",
    ]
    _rec_names_search = ["case_id.name", "partner_id.name", "street"]
    _order = "case_id, side, sequence, id"
    _check_company_auto = True

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    sequence = fields.Integer(default=10)
    side = fields.Selection(
        [("a", "Reporter"), ("b", "Other party")],
        required=True,
        default="a",
        help="A reported the quarrel; B is the neighbour it is with.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", ondelete="restrict", index="btree_not_null", check_company=True
    )
    name = fields.Char("Who", compute="_compute_name")
    phone = fields.Char(related="partner_id.phone", readonly=False)
    email = fields.Char(related="partner_id.email", readonly=False)
    # the address, for as long as the resident is unknown
    street = fields.Char()
    zip = fields.Char("Postcode")
    city = fields.Char()
    address = fields.Char(compute="_compute_address")
    # the front door as pseudonyms, see _compute_door_keys
    postcode_key = fields.Char(
        compute="_compute_door_keys",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
    )
    street_key = fields.Char(
        compute="_compute_door_keys",
        store=True,
        index="btree_not_null",
        export_string_translation=False,
    )
    home_relation = fields.Selection(
        [
            ("above", "Above"),
            ("below", "Below"),
            ("beside", "Beside"),
            ("opposite", "Opposite"),
            ("behind", "Behind"),
            ("other", "Elsewhere in the neighbourhood"),
        ],
        "Lives",
        help="Where this home is, seen from the home of the first reporter.",
    )
    is_spokesperson = fields.Boolean(
        "Spokesperson", help="Speaks for the people on this side, as in group mediation."
    )
    story = fields.Text(
        "What is going on",
        help="What this party tells. The other party never sees it.",
    )
    willing = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet")],
        "Willing to talk",
        default="unknown",
    )
    consent_date = fields.Date(
        "Consent on", help="When the resident agreed that buurtbemiddeling registers the case."
    )
    referral_consent_date = fields.Date(
        "Consent to referral on",
        help="When the resident agreed that the referrer passed on name and phone number.",
    )
    informed_date = fields.Date(
        "Informed on",
        help="When this party was told that its data are registered (AVG, article 14).",
    )
    tenure = fields.Selection(TENURES, "Home is")
    landlord_id = fields.Many2one(
        "res.partner", domain=[("is_company", "=", True)], check_company=True
    )
    household = fields.Selection(HOUSEHOLDS)
    age_band = fields.Selection(AGE_BANDS, "Age")
    language_id = fields.Many2one("buurtbemiddeling.language", ondelete="restrict")
    needs_interpreter = fields.Boolean("Interpreter needed")

    @api.depends("partner_id", "partner_id.street", "partner_id.zip", "partner_id.city")
    @api.depends("street", "zip", "city")
    def _compute_address(self):
        for party in self:
            place = party.partner_id or party
            town = " ".join(filter(None, [place.zip, place.city]))
            party.address = ", ".join(filter(None, [place.street, town]))

    @api.depends("partner_id.street", "partner_id.zip", "partner_id.city")
    @api.depends("street", "zip", "city")
    def _compute_door_keys(self):
        """Pseudonyms of the front door, so that a returning address is recognised for ever.

        They are keyed with a secret of the database and can not be turned back into an address.
        When an address is wiped after the retention term, its keys stay; and when a resident moves
        house after the case was closed, the case stays with the old door.
        """
        # sudo: reads the secret of the database, which is not given back
        env = self.sudo().env
        for party in self:
            place = party.partner_id or party
            moved_later = party.case_id.is_closed and (party.postcode_key or party.street_key)
            if moved_later or not any((place.street, place.zip, place.city)):
                party.postcode_key, party.street_key = party.postcode_key, party.street_key
                continue
            party.postcode_key, party.street_key = self._get_door_keys(
                env, place.street, place.zip, place.city
            )

    @api.model
    def _get_door_keys(self, env, street, postcode, city):
        """Return the pseudonyms ``(by postcode, by street)`` of a front door, or ``False``s."""
        return tuple(
            door and hmac(env, "buurtbemiddeling door", door)[:32]
            for door in front_doors(street, postcode, city)
        )

    @api.depends("partner_id.name", "address")
    def _compute_name(self):
        for party in self:
            party.name = party.partner_id.name or party.address

    @api.depends("case_id.name", "side")
    @api.depends_context("show_resident")
    def _compute_display_name(self):
        """Neutral: Odoo copies it into subjects, notifications and to-dos that others may see."""
        sides = dict(self._fields["side"]._description_selection(self.env))
        show_resident = self.env.context.get("show_resident")  # where parties are chosen
        for party in self:
            party.display_name = f"{party.case_id.name}: {sides.get(party.side)}"
            if show_resident and party.name:
                party.display_name = f"{party.name} ({party.display_name})"

    def _get_addressable_residents(self):
        return self.partner_id

    @api.constrains("case_id", "partner_id", "side")
    def _check_one_side(self):
        """Nobody is on both sides of a quarrel, or twice on one."""
        for case, parties in self.case_id.party_ids.grouped("case_id").items():
            partners = [party.partner_id.id for party in parties if party.partner_id]
            if len(partners) != len(set(partners)):
                raise ValidationError(
                    self.env._(
                        "Someone is named twice in case %s. Choose another contact for"
                        " one of the parties.",
                        case.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        parties = super().create(vals_list)
        parties._move_address_to_contact()
        return parties

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals:
            self._move_address_to_contact()
        return res

    def _move_address_to_contact(self):
        """Once the resident is known, the address lives in Contacts and nowhere else."""
        for party in self.filtered("partner_id"):
            known = {name: party[name] for name in ("street", "zip", "city") if party[name]}
            if not known:
                continue
            if not (party.partner_id.street or party.partner_id.zip):
                party.partner_id.write(known)
            party.write({"street": False, "zip": False, "city": False})
