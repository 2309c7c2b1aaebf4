from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import email_normalize

APPLICATION_URL = "/buurtbemiddeling/vrijwilliger"
TEXT_LIMITS = {  # characters
    "name": 100,
    "email": 254,
    "phone": 30,
    "zip": 12,
    "city": 80,
    "motivation": 3000,
    "availability": 1000,
}
LONG_TEXTS = ("motivation", "availability")


class BuurtbemiddelingVolunteerApplication(models.Model):
    """What someone typed in the public form to become a volunteer, and that they agreed to it.

    Stays as it was sent. The volunteer has a contact of its own, in which things may be corrected.
    """

    _name = "buurtbemiddeling.volunteer.application"
    _description = "Application of a Volunteer"
    _inherit = ["buurtbemiddeling.trace.mixin", "buurtbemiddeling.door.mixin"]
    _order = "create_date desc, id desc"

    volunteer_id = fields.Many2one(
        "buurtbemiddeling.volunteer", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="volunteer_id.company_id", store=True, index=True, precompute=True
    )
    name = fields.Char(required=True)
    email = fields.Char("E-mail", required=True)
    phone = fields.Char()
    zip = fields.Char("Postcode")
    city = fields.Char("Town")
    language_ids = fields.Many2many(
        "buurtbemiddeling.language",
        "buurtbemiddeling_volunteer_application_language_rel",
        "application_id",
        "language_id",
        string="Languages",
        ondelete="restrict",
        help="Languages that the applicant says to speak well.",
    )
    motivation = fields.Text("Why")
    availability = fields.Text("When")
    consent_date = fields.Datetime(
        "Agreed on", required=True, help="When the applicant agreed that these data are kept."
    )
    form_key = fields.Char(required=True)

    _sent_index = models.Index("(company_id, create_date)")

    # ------------------------------------------------------------
    # THE FORM
    # ------------------------------------------------------------

    @api.model
    def _get_languages(self):
        """Return ``[(code, name)]`` of the languages to choose from."""
        languages = self.env["buurtbemiddeling.language"].search([])
        return [(language.code, language.name) for language in languages]

    @api.model
    def _read_answers(self, answers):
        """Return what was typed as values of an application, and what is wrong with it.

        :param answers: ``{name: text}`` of anyone, with ``languages`` a list of codes
        :return: ``(values, {name of the field: sentence})``
        """
        values, errors = self._read_texts(answers, TEXT_LIMITS, LONG_TEXTS)
        if not values["name"]:
            errors["name"] = self.env._("Fill in your name.")
        if not values["email"]:
            errors["email"] = self.env._("Fill in your e-mail address, so that we can reach you.")
        elif problem := self._check_email(values["email"]):
            errors.setdefault("email", problem)
        if values["phone"] and (problem := self._check_phone(values["phone"])):
            errors.setdefault("phone", problem)
        if values["zip"] and (problem := self._check_zip(values["zip"])):
            errors.setdefault("zip", problem)
        if not answers.get("consent"):
            errors["consent"] = self.env._(
                "Tick this box if you agree. Without it, we may not keep your application."
            )
        codes = answers.get("languages") or ()
        languages = self.env["buurtbemiddeling.language"].search([])
        languages = languages.filtered(lambda language: language.code in codes)
        values["language_ids"] = [Command.set(languages.ids)]
        return values, errors

    @api.model
    def _get_hour_limits(self, company):
        return (
            company.buurtbemiddeling_application_per_sender,
            company.buurtbemiddeling_application_per_hour,
        )

    # ------------------------------------------------------------
    # RECEIVING
    # ------------------------------------------------------------

    @api.model
    def _receive(self, company, values, key, address):
        """Keep an application, with a new volunteer and a to-do for the coordinators.

        Who is a volunteer of the organisation already gets the application there. Nothing that we
        know is changed: anyone can type anyone's address.

        :param values: as ``_read_answers`` gives them
        :param key: of the form; what was sent with it before is kept as it is
        """
        try:
            with self.env.cr.savepoint():
                volunteer = self._find_volunteer(company, values["email"])
                known = bool(volunteer)
                volunteer = volunteer or self._create_volunteer(company, values)
                self.create(
                    {
                        **values,
                        "volunteer_id": volunteer.id,
                        "consent_date": fields.Datetime.now(),
                        "form_key": key,
                        "sender_key": self._get_sender_key(address),
                    }
                )
                self._tell_coordinators(company, volunteer, known)
        except UniqueViolation:  # sent twice at the same moment
            self.env.invalidate_all()

    @api.model
    def _find_volunteer(self, company, email):
        return (
            self.env["buurtbemiddeling.volunteer"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("partner_id.email_normalized", "=", email_normalize(email)),
                ],
                limit=1,
            )
        )

    @api.model
    def _create_volunteer(self, company, values):
        """Return a new volunteer, always with a contact of its own.

        A contact of that address may be someone else's, or a neighbour in a case. Whether two are
        the same person is for a coordinator to see.
        """
        partner = self.env["res.partner"].create(
            {
                **{name: values[name] for name in ("name", "email", "phone", "zip", "city")},
                "company_id": company.id,
            }
        )
        return self.env["buurtbemiddeling.volunteer"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "coordinator_id": self._get_handler(
                    company, company.buurtbemiddeling_application_user_id
                ).id,
                "source": "web_form",
                "language_ids": values["language_ids"],
            }
        )

    @api.model
    def _get_handler(self, company, user):
        """Return the user, or none when that is not a coordinator of the organisation any more."""
        works_here = user.active and company in user.company_ids
        if works_here and user.has_group("buurtbemiddeling_case.group_user"):
            return user
        return user.browse()

    @api.model
    def _tell_coordinators(self, company, volunteer, known):
        """Make a to-do of the application, in the language of who handles it."""
        handler = self._get_handler(company, volunteer.coordinator_id)
        lang = handler.lang or company.partner_id.lang or self.env.lang
        volunteer = volunteer.with_context(lang=lang)
        if known:
            summary = volunteer.env._("Applied again on the web: get in touch")
            volunteer._message_log(
                body=volunteer.env._(
                    "Someone with this e-mail address applied on the web. Nothing was changed here."
                    " Look at Applications, and check whether it is the same person."
                )
            )
        else:
            summary = volunteer.env._("Applied on the web: get in touch")
        volunteer.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            user_id=handler.id,
        )
