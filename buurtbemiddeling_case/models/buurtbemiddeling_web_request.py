import binascii

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import get_lang, hash_sign, verify_hash_signed

from ..tools import front_doors, plain_text

REQUEST_URL = "/buurtbemiddeling/aanmelden"
RECEIPT_HOURS = 1  # the page with the number is for who just sent the form
BY_HIMSELF = "ZELF"
TEXT_LIMITS = {  # characters
    "story": 3000,
    "neighbour_street": 120,
    "neighbour_zip": 12,
    "neighbour_city": 80,
    "neighbour_name": 100,
    "street": 120,
    "zip": 12,
    "city": 80,
    "name": 100,
    "phone": 30,
    "email": 254,
}
LONG_TEXTS = ("story",)
# the questions that may be wrong, in the order of the page
QUESTIONS = ("nuisance_types", *TEXT_LIMITS, "consent")


class BuurtbemiddelingWebRequest(models.Model):
    """That a resident asked for help by the web form, and what the resident agreed to.

    The answers are on the case and its parties, once; here is no copy of them.
    """

    _name = "buurtbemiddeling.web.request"
    _description = "Request by the Web Form"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.door.mixin"]
    _rec_name = "case_id"
    _order = "create_date desc, id desc"

    case_id = fields.Many2one(
        "buurtbemiddeling.case", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="case_id.company_id", store=True, index=True, precompute=True
    )
    consent_date = fields.Datetime(
        "Agreed on", required=True, help="When the resident agreed that these data are kept."
    )
    consent_text = fields.Text(
        "Agreed to", required=True, help="The sentence that was ticked, as it stood on the page."
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(), "Language of the page"
    )
    form_key = fields.Char(required=True)

    _sent_index = models.Index("(company_id, create_date)")

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    @api.model
    def _get_options(self, company):
        """Return what there is to choose from: ``{question: [(value, text)]}``."""
        cases, parties = self.env["buurtbemiddeling.case"], self.env["buurtbemiddeling.case.party"]
        areas = self._get_areas(company)
        return {
            "nuisance_types": self._list_codes("nuisance.type"),
            "duration": self._list_selection(cases, "quarrel_duration"),
            "talked": self._list_selection(cases, "talked_with_neighbour"),
            "neighbour_lives": self._list_selection(parties, "home_relation"),
            "area": [(str(area.id), area.display_name) for area in areas] if areas[1:] else [],
            "tenure": self._list_selection(parties, "tenure"),
            "language": self._list_codes("language"),
            "tipped_by": self._list_codes("referrer.type", but=BY_HIMSELF),
        }

    @api.model
    def _list_codes(self, name, but=None):
        entries = self.env[f"buurtbemiddeling.{name}"].search([("code", "!=", but)])
        return [(entry.code, entry.name) for entry in entries]

    @api.model
    def _list_selection(self, records, name):
        """A resident does not call his own answer unknown."""
        own_words = {"unknown": self.env._("I do not know")}
        options = records._fields[name]._description_selection(self.env)
        return [(value, own_words.get(value, text)) for value, text in options]

    @api.model
    def _get_areas(self, company):
        """Return the areas that the projects of the organisation serve today."""
        today = fields.Date.context_today(company)
        running = Domain("date_start", "=", False) | Domain("date_start", "<=", today)
        running &= Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        projects = self.env["buurtbemiddeling.project"].search(
            Domain("company_id", "=", company.id) & running
        )
        return projects.area_ids.sorted("display_name")

    @api.model
    def _get_consent_text(self, company):
        """Return the sentence that a resident agrees to."""
        return self.env._(
            "I agree that %(organisation)s keeps my answers to help me, until %(term)s after my"
            " case has ended. I can take this back at any time.",
            organisation=company.name,
            term=company._get_retention_text(get_lang(self.env).code),
        )

    @api.model
    def _get_demands(self):
        """Return what to say of the questions that have to be answered."""
        return {
            "nuisance_types": self.env._("Choose what it is about."),
            "neighbour_street": self.env._(
                "Fill in the street and number of your neighbours, as far as you know them."
            ),
            "street": self.env._("Fill in your street and number."),
            "zip": self.env._("Fill in your postcode."),
            "city": self.env._("Fill in your town."),
            "name": self.env._("Fill in your name."),
            "phone": self.env._(
                "Fill in your phone number or your e-mail address, so that we can reach you."
            ),
            "consent": self.env._(
                "Tick this box if you agree. Without it, we may not keep your answers."
            ),
        }

    # ------------------------------------------------------------
    # WHAT WAS TYPED
    # ------------------------------------------------------------

    @api.model
    def _read_answers(self, company, answers):
        """Return what was typed as values of a case, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone, with ``nuisance_types`` a list of codes
        :return: ``(values, {name of the question: sentence})``
        """
        texts, errors = self._read_texts(answers, TEXT_LIMITS, LONG_TEXTS)
        options = self._get_options(company)
        chosen = {
            name: answers.get(name) if answers.get(name) in dict(known) else False
            for name, known in options.items()
            if name != "nuisance_types"
        }
        nuisances = (
            set(answers.get("nuisance_types") or ()) & dict(options["nuisance_types"]).keys()
        )
        given = {
            **texts,
            "nuisance_types": nuisances,
            "phone": texts["phone"] or texts["email"],
            "consent": answers.get("consent"),
        }
        for name, sentence in self._get_demands().items():
            if not given[name]:
                errors[name] = sentence
        if texts["phone"] and (problem := self._check_phone(texts["phone"])):
            errors.setdefault("phone", problem)
        if texts["email"] and (problem := self._check_email(texts["email"])):
            errors.setdefault("email", problem)
        for name in ("zip", "neighbour_zip"):
            if texts[name] and (problem := self._check_zip(texts[name])):
                errors.setdefault(name, problem)
        texts["neighbour_city"] = texts["neighbour_city"] or texts["city"]
        if problem := self._check_neighbour(texts):
            errors.setdefault(*problem)
        chosen["interpreter"] = bool(answers.get("interpreter"))
        values = self._prepare_case(company, texts, chosen, nuisances)
        return values, {name: errors[name] for name in QUESTIONS if name in errors}

    @api.model
    def _check_neighbour(self, texts):
        """Return ``(question, sentence)`` when someone is his own neighbour, or ``None``.

        The case itself refuses the same person on both sides; this says it in time.
        """
        own, theirs = (
            front_doors(*(texts[f"{prefix}{name}"] for name in ("street", "zip", "city")))
            for prefix in ("", "neighbour_")
        )
        if not any(mine and mine == other for mine, other in zip(own, theirs, strict=True)):
            return None
        if not texts["neighbour_name"]:
            return "neighbour_street", self.env._(
                "This is your own address. Fill in that of your neighbours. Do you live at the same"
                " address? Then also fill in their name."
            )
        if plain_text(texts["neighbour_name"]) == plain_text(texts["name"]):
            return "neighbour_name", self.env._(
                "This is your own name and address. Fill in those of your neighbours."
            )
        return None

    @api.model
    def _prepare_case(self, company, texts, chosen, nuisances):
        """Return the values of a case for ``_register_from_outside``."""
        area = self._get_areas(company)
        if len(area) > 1:  # one area is not asked
            area = area.filtered(lambda one: str(one.id) == chosen["area"])
        return {
            "channel": "web",
            "referrer_type_id": self._find_code("referrer.type", BY_HIMSELF).id,
            "tipped_by_type_id": self._find_code("referrer.type", chosen["tipped_by"]).id,
            "nuisance_type_ids": [
                Command.set(self._find_code("nuisance.type", *sorted(nuisances)).ids)
            ],
            "quarrel_duration": chosen["duration"],
            "talked_with_neighbour": chosen["talked"],
            "area_id": area.id,
            "party_ids": [
                Command.create(
                    {
                        "side": "a",
                        "language_id": self._find_code("language", chosen["language"]).id,
                        "needs_interpreter": chosen["interpreter"],
                    }
                ),
                Command.create({"side": "b", "home_relation": chosen["neighbour_lives"]}),
            ],
            **{
                f"reporter_{name}": texts[name]
                for name in ("name", "phone", "email", "street", "zip", "city", "story")
            },
            "reporter_tenure": chosen["tenure"],
            "reporter_consents": True,
            **{name: text for name, text in texts.items() if name.startswith("neighbour_")},
        }

    @api.model
    def _find_code(self, name, *codes):
        return self.env[f"buurtbemiddeling.{name}"].search([("code", "in", codes)])

    # ------------------------------------------------------------
    # RECEIVING
    # ------------------------------------------------------------

    @api.model
    def _get_hour_limits(self, company):
        return (
            company.buurtbemiddeling_request_per_sender,
            company.buurtbemiddeling_request_per_hour,
        )

    @api.model
    def _find_received(self, company, key):
        """Return what came in with the form of this key, or an empty record."""
        return self.search([("company_id", "=", company.id), ("form_key", "=", key)])

    @api.model
    def _receive(self, company, values, key, address):
        """Make a case of a form, and confirm that by mail to who gave an address.

        :param values: as ``_read_answers`` gives them
        :param key: of the form
        :return: the request
        :raise ConcurrencyError: the same form comes in at this very moment. Odoo tries again, and
            finds it then
        :raise UserError: the case refuses what was typed; nothing is kept
        """
        try:
            with self.env.cr.savepoint():
                case = self.env["buurtbemiddeling.case"]._register_from_outside(company, values)
                web_request = self.create(
                    {
                        "case_id": case.id,
                        "consent_date": fields.Datetime.now(),
                        "consent_text": self._get_consent_text(company),
                        "lang": get_lang(self.env).code,
                        "form_key": key,
                        "sender_key": self._get_sender_key(address),
                    }
                )
        except UniqueViolation as error:
            raise ConcurrencyError(self.env._("This form was sent already.")) from error
        web_request._confirm_by_mail()
        return web_request

    def _confirm_by_mail(self):
        """Mail the resident that the request has arrived; a letter that fails loses no request."""
        party = self.case_id._get_first_party("a")
        try:
            with self.env.cr.savepoint():
                party._mail_letter("registered")
        except (UserError, KeyError, ValueError, SyntaxError):  # as in the letter's own check
            reader = self.case_id.user_id.lang or self.company_id.partner_id.lang
            in_words = self.with_context(lang=get_lang(self.env, reader).code)
            party._message_log(
                body=in_words.env._(
                    "The confirmation could not be made. Tell this resident that the request has"
                    " arrived, and look at the letter “Request registered”."
                )
            )

    # ------------------------------------------------------------
    # THE NUMBER
    # ------------------------------------------------------------

    def _make_receipt(self):
        """Return a signed text with the number of the case, for the page of who sent the form."""
        self.ensure_one()
        # sudo: reads the secret of the database to sign with
        return hash_sign(
            self.sudo().env,
            f"{self._name}.receipt",
            [self.company_id.id, self.case_id.name],
            expiration_hours=RECEIPT_HOURS,
        )

    @api.model
    def _read_receipt(self, company, receipt):
        """Return the number in a receipt, or ``None`` when it is not ours or too old."""
        try:
            # sudo: as in _make_receipt
            message = verify_hash_signed(self.sudo().env, f"{self._name}.receipt", receipt)
        except (ValueError, binascii.Error):
            message = None
        return message[1] if message and message[0] == company.id else None
