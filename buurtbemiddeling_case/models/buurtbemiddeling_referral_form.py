from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Command

from .buurtbemiddeling_case_party_feedback_mixin import FEEDBACK_CONSENTS

TEXT_LIMITS = {  # characters
    "name": 100,
    "phone": 30,
    "email": 254,
    "street": 100,
    "zip": 12,
    "city": 80,
    "reference": 50,
    "referrer": 100,
    "note": 1000,
}
RESIDENT_FIELDS = ("name", "phone", "email", "street", "zip", "city")


class BuurtbemiddelingReferralForm(models.Model):
    """That a referrer sent a referral by form: who, when, and on which case it became.

    What was typed is on the case, and is not kept here. There is no more than it takes to call a
    resident who agreed to that, and nothing at all of the neighbour: what is going on is for the
    residents to tell.
    """

    _name = "buurtbemiddeling.referral.form"
    _description = "Referral by Form"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.door.mixin"]
    _order = "create_date desc, id desc"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", "Referral", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    referral_partner_id = fields.Many2one(
        "buurtbemiddeling.referral.partner",
        "Referrer",
        required=True,
        ondelete="cascade",
        index=True,
    )
    contact_id = fields.Many2one(
        "res.partner", "Contact person", ondelete="set null", index="btree_not_null"
    )
    form_key = fields.Char(required=True)

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    @api.model
    def _get_nuisances(self):
        """Return ``[(code, name)]`` of the kinds of nuisance to choose from."""
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([])
        return [(nuisance.code, nuisance.name) for nuisance in nuisances]

    @api.model
    def _get_feedback_answers(self):
        """Return ``[(answer, text)]``: what the resident said about telling the referrer."""
        parties = self.env["buurtbemiddeling.case.party"]
        return parties._fields["feedback_consent"]._description_selection(self.env)

    @api.model
    def _read_answers(self, answers, asks_referrer=False):
        """Return what was typed as ``(values, {name of the field: sentence})``.

        :param answers: ``{name: text}`` of anyone, with ``nuisances`` a list of codes
        :param asks_referrer: whether it is not known which person refers
        :return: values by the names of ``TEXT_LIMITS``, ``feedback`` (one of
            ``FEEDBACK_CONSENTS``) and ``nuisance_type_ids``
        """
        values, errors = self._read_texts(answers, TEXT_LIMITS, ("note",))
        if asks_referrer and not values["referrer"]:
            errors["referrer"] = self.env._("Fill in your own name, so that we can call you back.")
        if not values["name"]:
            errors["name"] = self.env._("Fill in the name of the resident.")
        if values["phone"] and (problem := self._check_phone(values["phone"])):
            errors.setdefault("phone", problem)
        if values["email"] and (problem := self._check_email(values["email"])):
            errors.setdefault("email", problem)
        if values["zip"] and (problem := self._check_zip(values["zip"])):
            errors.setdefault("zip", problem)
        if not values["phone"] and not values["email"]:
            errors["phone"] = self.env._(
                "Fill in a phone number or an e-mail address, so that we can reach the resident."
            )
        if answers.get("feedback") in dict(FEEDBACK_CONSENTS):
            values["feedback"] = answers["feedback"]
        else:
            errors["feedback"] = self.env._("Choose what the resident said about this.")
        if answers.get("consent") != "1":
            errors["consent"] = self.env._(
                "Tick this box once the resident has agreed. Without that you may not refer."
            )
        codes = answers.get("nuisances") or ()
        nuisances = self.env["buurtbemiddeling.nuisance.type"].search([])
        nuisances = nuisances.filtered(lambda nuisance: nuisance.code in codes)
        values["nuisance_type_ids"] = [Command.set(nuisances.ids)]
        return values, errors

    # ------------------------------------------------------------
    # RECEIVING
    # ------------------------------------------------------------

    @api.model
    def _receive(self, partner, contact, values, key, link=None):
        """Make a case of a referral, once, and tell the referrer that it arrived.

        In the environment of the superuser, as nobody who is logged in may make a case.

        :param partner: the referral partner
        :param contact: who of it referred, or none
        :param values: as ``_read_answers`` gives them
        :param key: of the form; what was sent with it before is kept as it is
        :param link: the one-time link that is used up by it
        :raise UserError: when it can not be registered; nothing is kept then
        """
        company = partner.company_id
        cases = self.env["buurtbemiddeling.case"]
        try:
            with self.env.cr.savepoint():
                if link:
                    link._use()
                case = cases._register_from_outside(
                    company, self._prepare_case_values(partner, contact, values)
                )
                self.create(
                    {
                        "case_id": case.id,
                        "referral_partner_id": partner.id,
                        "contact_id": contact.id,
                        "form_key": key,
                    }
                )
                names = (partner.name, contact.name or values["referrer"])
                if values["note"]:
                    case._note_of_referrer(values["note"], ", ".join(filter(None, names)))
                elif not contact and values["referrer"]:
                    case._message_log(body=self.env._("Referred by %s.", ", ".join(names)))
                if link:
                    link.case_id = case
        except UniqueViolation:  # sent twice at the same moment
            self.env.invalidate_all()
        else:
            case._confirm_referral()

    @api.model
    def _prepare_case_values(self, partner, contact, values):
        """Return the values of the case: the resident agreed to be called, and to no more yet."""
        return {
            "channel": "portal",
            "referral_partner_id": partner.id,
            "referral_contact_id": contact.id,
            "referrer_ref": values["reference"],
            "nuisance_type_ids": values["nuisance_type_ids"],
            "reporter_referral_consents": True,
            "reporter_feedback_consent": values["feedback"],
            **{f"reporter_{name}": values[name] for name in RESIDENT_FIELDS},
        }
