from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..tools import tidy_postcode
from .buurtbemiddeling_case_party import REACH, TENURES
from .buurtbemiddeling_case_party_feedback_mixin import FEEDBACK_CONSENTS

# what the intake form asks of each side, by the name it has on the contact or on the party
CONTACT_FIELDS = ("name", "phone", "email", "street", "zip", "city")
PLACE_FIELDS = ("street", "zip", "city")
OWN_FIELDS = ("tenure", "story", "feedback_consent")
# a yes on the phone, kept as the day on which it was given
CONSENTS = {"consents": "consent_date", "referral_consents": "referral_consent_date"}
# a mistyped year is stopped; no case of today came in longer ago
OLDEST_YEARS = 10
SIDES = {"reporter_": "a", "neighbour_": "b"}


class BuurtbemiddelingCaseIntakeMixin(models.AbstractModel):
    """The phone intake: both neighbours typed on the case form itself, in the order of the call.

    The fields show the first party of each side and its contact, and what is typed in them is
    written there; nothing is stored twice, and what is not typed stays as it was. Half a story is
    enough: a name, or just a street.
    """

    _name = "buurtbemiddeling.case.intake.mixin"
    _description = "Phone Intake"
    _inherit = ["buurtbemiddeling.screen.mixin"]

    reporter_name = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_phone = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_email = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_street = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_zip = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_city = fields.Char(compute="_compute_reporter", readonly=False)
    reporter_tenure = fields.Selection(TENURES, compute="_compute_reporter", readonly=False)
    reporter_story = fields.Text(compute="_compute_reporter", readonly=False)
    reporter_consents = fields.Boolean(compute="_compute_reporter", readonly=False)
    reporter_referral_consents = fields.Boolean(compute="_compute_reporter", readonly=False)
    reporter_feedback_consent = fields.Selection(
        FEEDBACK_CONSENTS,
        "May the referrer hear how it ends?",
        compute="_compute_reporter",
        readonly=False,
    )
    neighbour_name = fields.Char(compute="_compute_neighbour", readonly=False)
    neighbour_phone = fields.Char(compute="_compute_neighbour", readonly=False)
    neighbour_street = fields.Char(compute="_compute_neighbour", readonly=False)
    neighbour_zip = fields.Char(compute="_compute_neighbour", readonly=False)
    neighbour_city = fields.Char(compute="_compute_neighbour", readonly=False)

    @api.depends(
        "party_ids.side",
        *(f"party_ids.partner_id.{name}" for name in CONTACT_FIELDS),
        *(f"party_ids.{name}" for name in (*PLACE_FIELDS, *OWN_FIELDS, *CONSENTS.values())),
    )
    def _compute_reporter(self):
        self._show_first_party("reporter_")

    @api.depends(
        "party_ids.side",
        *(f"party_ids.partner_id.{name}" for name in CONTACT_FIELDS),
        *(f"party_ids.{name}" for name in PLACE_FIELDS),
    )
    def _compute_neighbour(self):
        self._show_first_party("neighbour_")

    def _get_first_party(self, side):
        """Return the first party on ``side`` ("a" or "b"), an empty record when there is none."""
        first = self.party_ids.filtered(lambda party: party.side == side)[:1]
        return first.with_prefetch(self.party_ids._prefetch_ids)  # both sides are read at once

    def _show_first_party(self, prefix):
        names = [name for name in self._fields if name.startswith(prefix)]
        for case in self:
            party = case._get_first_party(SIDES[prefix])
            for name in names:
                shown = name.removeprefix(prefix)
                if shown in OWN_FIELDS:
                    case[name] = party[shown]
                elif shown in CONSENTS:
                    case[name] = bool(party[CONSENTS[shown]])
                elif party.partner_id or shown in PLACE_FIELDS:
                    case[name] = (party.partner_id or party)[shown]
                else:
                    case[name] = False

    # ------------------------------------------------------------
    # ORM: what is typed goes to party and contact, and only that
    # ------------------------------------------------------------

    def onchange(self, values, field_names, fields_spec):
        """A new form starts with a resident who comes by himself, which most do."""
        if not self and not field_names:
            by_himself = self.env.ref(
                "buurtbemiddeling_case.referrer_type_zelf", raise_if_not_found=False
            )
            self = self.with_context(
                default_referrer_type_id=by_himself and by_himself.id, **self.env.context
            )
        return super().onchange(values, field_names, fields_spec)

    def _check_screen(self, vals):
        """What the screen asks of a person at intake.

        :raise UserError: when the request would come in in the future or long ago, or from nobody,
            or when an e-mail address can not be one
        """
        today = fields.Date.context_today(self)
        day = fields.Date.to_date(vals.get("registration_date"))
        if day and day < today - relativedelta(years=OLDEST_YEARS):
            raise UserError(
                self.env._(
                    "“Registered on” is more than %s years ago. Is the year right? Older cases come"
                    " in with an import.",
                    OLDEST_YEARS,
                )
            )
        email = vals.get("reporter_email")
        if email and not email_normalize(email):
            raise UserError(
                self.env._(
                    "“%s” is not an e-mail address. Correct it, or leave it empty.", email.strip()
                )
            )
        if day and day > today:
            raise UserError(
                self.env._(
                    "“Registered on” is the day on which the request came in, so it can not lie in"
                    " the future. Choose today or an earlier day."
                )
            )
        self._check_new_parties(vals)
        asked = not self or "referrer_type_id" in vals
        if asked and not (vals.get("referrer_type_id") or vals.get("referral_partner_id")):
            raise UserError(
                self.env._(
                    "Choose who referred. For a resident who came by himself that is “%s”.",
                    self.env.ref("buurtbemiddeling_case.referrer_type_zelf").name,
                )
            )
        return super()._check_screen(vals)

    @api.model
    def _check_new_parties(self, vals):
        """Refuse a party of whom nothing was filled in, raising ``UserError``."""
        known = ("partner_id", *PLACE_FIELDS)
        for command, _id, party in vals.get("party_ids") or ():
            if command == Command.CREATE and not any(party.get(name) for name in known):
                raise UserError(
                    self.env._(
                        "Fill in a contact or a street for the new party, or take the line away."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        split = [self._split_intake(vals) for vals in vals_list]
        cases = super().create([rest for _typed, rest in split])
        cases._write_first_parties([typed for typed, _rest in split])
        return cases

    def write(self, vals):
        typed, rest = self._split_intake(vals)
        res = super().write(rest)
        self._write_first_parties([typed] * len(self))
        return res

    def _split_intake(self, vals):
        """Return ``({prefix: {party or contact field: value}}, the other values)``."""
        typed, rest = {prefix: {} for prefix in SIDES}, {}
        for name, value in vals.items():
            prefix = next((p for p in SIDES if name.startswith(p)), None)
            if prefix:
                short = name.removeprefix(prefix)
                typed[prefix][short] = tidy_postcode(value) if short == "zip" else value
            else:
                rest[name] = value
        return typed, rest

    def _write_first_parties(self, typed_list):
        """Write what was typed on the first party of each side: new ones of all cases at once.

        :param typed_list: a dictionary a case, as of ``_split_intake``
        """
        new_parties, changed = [], self.browse()
        for case, typed_sides in zip(self, typed_list, strict=True):
            for prefix, typed in typed_sides.items():
                if not typed:
                    continue
                party = case._get_first_party(SIDES[prefix])
                of_party = {name: typed[name] for name in OWN_FIELDS if name in typed}
                for name in CONSENTS.keys() & typed.keys():
                    day = CONSENTS[name]
                    of_party[day] = typed[name] and (party[day] or fields.Date.context_today(self))
                if party.partner_id:
                    of_contact = {name: typed[name] for name in CONTACT_FIELDS if name in typed}
                    if not of_contact.get("name"):
                        of_contact.pop("name", None)  # a contact has a name
                    party.partner_id.write(of_contact)
                    changed |= case
                else:
                    of_party.update((n, typed[n]) for n in PLACE_FIELDS if n in typed)
                    of_party.update((own, typed[n]) for own, n in REACH.items() if n in typed)
                if party:
                    party.write(of_party)
                elif any(typed.values()):
                    new_parties.append({"case_id": case.id, "side": SIDES[prefix], **of_party})
        self.env["buurtbemiddeling.case.party"].create(new_parties)
        changed.party_ids._check_one_side()

    def _prepare_confidential_contact(self, values):
        """Return the values of a new contact that only buurtbemiddeling may see."""
        reach = values.get("phone") or values.get("email")
        return {
            **values,
            "name": values.get("name") or self.env._("Resident %s", reach),
            "is_confidential": True,
            "company_id": self.company_id.id,
            "country_id": self.company_id.country_id.id,
        }
