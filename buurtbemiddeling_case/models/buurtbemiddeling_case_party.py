from itertools import product

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pseudonym import make_pseudonym
from ..tools import front_doors
from .buurtbemiddeling_approach import WILLING
from .buurtbemiddeling_case_search_mixin import OWNER, trigram_index

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

ADDRESS = ("street", "zip", "city")
# typed on the party, kept on its contact under these names
REACH = {"contact_name": "name", "phone": "phone", "email": "email"}


class BuurtbemiddelingCaseParty(models.Model):
    """One person (or address) on one side of the quarrel.

    Each party has its own story, consent and message thread: nothing that is written to or noted
    about one party is on a record that the other party can ever see. While only an address is
    known the party has no contact; once there is a contact the address lives there.
    """

    _name = "buurtbemiddeling.case.party"
    _description = "Party"
    _inherit = [
        "buurtbemiddeling.party.retention.mixin",  # first: it refuses what is anonymised
        "buurtbemiddeling.trace.mixin",
        "buurtbemiddeling.row.mixin",
        "buurtbemiddeling.party.inform.mixin",  # before the thread: its to-dos add followers
        "buurtbemiddeling.party.mail.in.mixin",
        "buurtbemiddeling.party.contact.mixin",
        "buurtbemiddeling.party.sms.mixin",
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
    # typed here, kept on the contact, which is made when there is none yet
    contact_name = fields.Char(
        "Name", compute="_compute_contact", inverse="_inverse_contact", compute_sudo=True
    )
    phone = fields.Char(compute="_compute_contact", inverse="_inverse_contact", compute_sudo=True)
    email = fields.Char(
        "E-mail", compute="_compute_contact", inverse="_inverse_contact", compute_sudo=True
    )
    # the address, for as long as the resident is unknown
    street = fields.Char()
    zip = fields.Char("Postcode")
    city = fields.Char()
    address = fields.Char(compute="_compute_address")
    # the front door as pseudonyms, see _compute_door_keys
    postcode_key = fields.Char(
        compute="_compute_door_keys",
        store=True,
        precompute=True,
        index="btree_not_null",
        export_string_translation=False, exportable=False,
    )
    street_key = fields.Char(
        compute="_compute_door_keys",
        store=True,
        precompute=True,
        index="btree_not_null",
        export_string_translation=False, exportable=False,
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
        help="What this party tells. The other side never sees it.",
    )
    willing = fields.Selection(
        [("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet")],
        "Willing to talk",
        default="unknown",
        help="Whether this party wants to talk with the neighbour.",
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
    tenure = fields.Selection(
        TENURES,
        "Home is",
        help="Whether the home is owned or rented; the figures count by it.",
    )
    landlord_id = fields.Many2one(
        "res.partner",
        domain=[("is_company", "=", True)],
        check_company=True,
        index="btree_not_null",
    )
    household = fields.Selection(
        HOUSEHOLDS,
        help="Who live in the home; the figures count by it.",
    )
    age_band = fields.Selection(
        AGE_BANDS,
        "Age",
        help="A range is enough; a date of birth is not kept.",
    )
    language_id = fields.Many2one("buurtbemiddeling.language", ondelete="restrict")
    needs_interpreter = fields.Boolean(
        "Interpreter needed",
        help="A talk with this party asks for an interpreter.",
    )
    approach_ids = fields.One2many("buurtbemiddeling.approach", "party_id", "Attempts to reach")
    approach_count = fields.Integer("Attempts", compute="_compute_approach")
    last_approach_date = fields.Date("Last attempt on", compute="_compute_approach")

    _place_index = trigram_index("street", "zip", owner=OWNER)
    # the parties of a case in order, and what figures ask of the first one, without the rows
    _order_index = models.Index(
        "(case_id, side, sequence, id) INCLUDE (tenure, household, age_band)"
    )

    @api.depends("partner_id.name", "partner_id.phone", "partner_id.email")
    def _compute_contact(self):
        for party in self:
            party.contact_name = party.partner_id.name
            party.phone = party.partner_id.phone
            party.email = party.partner_id.email

    def _inverse_contact(self):
        """Write what was typed on the contact; who has none yet gets a confidential one."""
        unknown, new_contacts = self.browse(), []
        for party in self:
            typed = {name: party[own] for own, name in REACH.items()}
            if party.partner_id:
                if not typed["name"]:
                    del typed["name"]  # a contact has a name
                party.partner_id.write(
                    {key: value for key, value in typed.items() if party.partner_id[key] != value}
                )
            elif any(typed.values()):
                unknown |= party
                new_contacts.append(party.case_id._prepare_confidential_contact(typed))
        contacts = self.env["res.partner"].create(new_contacts)
        for party, contact in zip(unknown, contacts, strict=True):
            party.partner_id = contact

    @api.depends("approach_ids.date")
    def _compute_approach(self):
        for party in self:
            party.approach_count = len(party.approach_ids)
            party.last_approach_date = max(party.approach_ids.mapped("date"), default=False)

    @api.depends(*ADDRESS, "partner_id", *(f"partner_id.{name}" for name in ADDRESS))
    def _compute_address(self):
        for party in self:
            place = party.partner_id or party
            town = " ".join(filter(None, [place.zip, place.city]))
            party.address = ", ".join(filter(None, [place.street, town]))

    @api.depends(*ADDRESS, "partner_id", *(f"partner_id.{name}" for name in ADDRESS))
    def _compute_door_keys(self):
        """Pseudonyms of the front door, so that a returning address is recognised for ever.

        They are keyed with a secret of the database and can not be turned back into an address.
        When an address is wiped after the retention term, its keys stay; and when a resident moves
        house after the case was closed, the case stays with the old door.
        """
        for party in self:
            place = party.partner_id or party
            moved_later = party.case_id.is_closed and (party.postcode_key or party.street_key)
            if moved_later or not any((place.street, place.zip, place.city)):
                party.postcode_key, party.street_key = party.postcode_key, party.street_key
                continue
            party.postcode_key, party.street_key = self._get_door_keys(
                place.street, place.zip, place.city
            )

    @api.model
    def _get_door_keys(self, street, postcode, city):
        """Return the pseudonyms ``(by postcode, by street)`` of a front door, or ``False``s."""
        return tuple(
            door and make_pseudonym(self.env, "buurtbemiddeling door", door)[:32]
            for door in front_doors(street, postcode, city)
        )

    @api.depends("partner_id.name", "address")
    def _compute_name(self):
        for party in self:
            party.name = party.partner_id.name or party.address

    @api.depends("case_id.name", "side", "name")
    @api.depends_context("party_names", "uid", "allowed_company_ids")
    def _compute_display_name(self):
        """Neutral: Odoo copies it into subjects, notifications and to-dos that others may see.

        Only where a coordinator chooses between the parties of a case, the view asks for names.
        Odoo reads the name of what a many2one holds for everybody, so it is asked here whether the
        user who acts may read the party.
        """
        sides = dict(self._fields["side"]._description_selection(self.env))
        named = self.browse()
        if self.env.context.get("party_names"):
            named = self._origin.with_user(self.env.user)._filtered_access("read")
        for party in self:
            party.display_name = f"{party.case_id.name}: {sides.get(party.side)}"
            if party._origin.id in named._ids and party.name:
                party.display_name = f"{party.name} ({party.display_name})"

    def _get_addressable_residents(self):
        """Nobody, when that would be wrong: see ``_is_mail_refused``."""
        return self.filtered(lambda party: not party._is_mail_refused()).partner_id

    def _check_recipients(self, refused, loose_addresses=False):
        if self.partner_id.id in refused:
            self._check_may_be_mailed()
        return super()._check_recipients(refused, loose_addresses)

    @api.constrains("case_id", "partner_id", "side")
    def _check_one_side(self):
        """Nobody is on both sides of a quarrel, or twice on one.

        Also not under two contacts: who was typed twice has the same name, and the same door or
        phone, on both sides.
        """
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
            theirs = parties.filtered(lambda party: party.side == "b")
            for mine, other in product(parties - theirs, theirs):
                if mine._is_known_as(other):
                    raise ValidationError(
                        self.env._(
                            "The same person, with the same name and address or phone, is on both"
                            " sides of case %s. Correct one of the two sides.",
                            case.name,
                        )
                    )

    @api.constrains("case_id", "side", "is_spokesperson")
    def _check_one_spokesperson(self):
        """One person speaks for a side, as in group mediation."""
        for (case, side), parties in self.case_id.party_ids.grouped(
            lambda party: (party.case_id, party.side)
        ).items():
            if len(parties.filtered("is_spokesperson")) > 1:
                sides = dict(self._fields["side"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "Only one person speaks for a side. Untick the other spokesperson on the"
                        " side “%(side)s” in case %(case)s.",
                        side=sides[side],
                        case=case.name,
                    )
                )

    def _follow_approaches(self):
        """Whoever said yes or no when last spoken to, is willing or not."""
        for party in self:
            decided = party.approach_ids.filtered(lambda approach: approach.outcome in WILLING)
            if decided:
                last = max(decided, key=lambda approach: (approach.date, approach.id))
                party.willing = WILLING[last.outcome]

    @api.model_create_multi
    def create(self, vals_list):
        parties = super().create(self._make_contacts(vals_list))
        parties._move_address_to_contact()
        return parties

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals:
            self._move_address_to_contact()
        return res

    @api.model
    def _make_contacts(self, vals_list):
        """Return the values of new parties with the contacts of who is known, but not in Contacts.

        All of them at once, with their address: ``_inverse_contact`` would do it party by party.
        """
        vals_list = [dict(vals) for vals in vals_list]
        known, new_contacts = [], []
        for vals in vals_list:
            typed = {name: vals.get(own) for own, name in REACH.items()}
            has_contact = vals.get("partner_id") or self.env.context.get("default_partner_id")
            if has_contact or not vals.get("case_id") or not any(typed.values()):
                continue
            case = self.env["buurtbemiddeling.case"].browse(vals["case_id"])
            address = {name: vals.pop(name) for name in ADDRESS if vals.get(name)}
            new_contacts.append(case._prepare_confidential_contact({**typed, **address}))
            for name in REACH:
                vals.pop(name, None)
            known.append(vals)
        contacts = self.env["res.partner"].create(new_contacts)
        for vals, contact in zip(known, contacts, strict=True):
            vals["partner_id"] = contact.id
        return vals_list

    def _move_address_to_contact(self):
        """Once the resident is known, the address lives in Contacts and nowhere else."""
        moved = self.browse()
        for party in self.filtered("partner_id"):
            known = {name: party[name] for name in ADDRESS if party[name]}
            if not known:
                continue
            if not (party.partner_id.street or party.partner_id.zip):
                party.partner_id.write(known)
            party.write({"street": False, "zip": False, "city": False})
            moved |= party
        moved._check_one_side()  # at the door that is known now
