from datetime import datetime, timedelta

from pytz import timezone, utc

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_import_target_mixin import (
    Column,
    read_headings,
)
from odoo.addons.buurtbemiddeling_case.tools import phone_key, plain_text

from .buurtbemiddeling_training_session import EVENING

VOLUNTEER = "buurtbemiddeling.volunteer"
CONTACT = "res.partner"
DOCUMENT = "buurtbemiddeling.volunteer.document"
ENROLMENT = "buurtbemiddeling.training.enrolment"
COLUMNS = {
    "external_ref": Column(VOLUNTEER, "external_ref"),
    "name": Column(CONTACT, "name", is_needed=True),
    "email": Column(CONTACT, "email"),
    "phone": Column(CONTACT, "phone"),
    "street": Column(CONTACT, "street"),
    "house_number": Column(CONTACT, "street"),
    "addition": Column(CONTACT, "street"),
    "zip": Column(CONTACT, "zip"),
    "city": Column(CONTACT, "city"),
    "stage": Column(VOLUNTEER, "stage_id", "code"),
    "coordinator": Column(VOLUNTEER, "coordinator_id", "login"),
    "area": Column(VOLUNTEER, "area_id", "code"),
    "languages": Column(VOLUNTEER, "language_ids", "code"),
    "date_start": Column(VOLUNTEER, "date_start"),
    "date_end": Column(VOLUNTEER, "date_end"),
    "max_cases": Column(VOLUNTEER, "max_cases"),
    "agreement_date": Column(DOCUMENT, "date"),
    "confidentiality_date": Column(DOCUMENT, "date"),
    "vog_date": Column(DOCUMENT, "date"),
}
STREET = ("street", "house_number", "addition")
HEADINGS = "buurtbemiddeling_volunteer/import_headings.csv"
TRAINING = "training_"
STAGE = "buurtbemiddeling_volunteer.volunteer_stage"
ACTIVE, LEFT = "active", "left"
EVENING_HOURS = 3  # of a training of several half-days, only the last day is known


class BuurtbemiddelingVolunteerImportMixin(models.AbstractModel):
    """Volunteers who move in from a sheet, a row each, with their trainings.

    Each training in our list is a column: the day on which it was passed. A volunteer is known
    again by a number, or else by e-mail, phone or name, so that the same sheet changes nothing.
    """

    _name = "buurtbemiddeling.volunteer.import.mixin"
    _description = "Import of Volunteers"
    _inherit = ["buurtbemiddeling.import.target.mixin"]

    @api.model
    def _get_import_columns(self):
        trainings = {
            f"{TRAINING}{training.id}": Column(ENROLMENT, "result_date")
            for training in self._get_import_trainings()
        }
        return {**super()._get_import_columns(), **COLUMNS, **trainings}

    @api.model
    def _get_import_trainings(self):
        return self.env["buurtbemiddeling.training"].search([("kind", "!=", "information")])

    @api.model
    def _get_import_label(self, name):
        if name.startswith(TRAINING):
            training = self.env["buurtbemiddeling.training"].browse(int(name[len(TRAINING) :]))
            return self.env._("%s passed on", training.name)
        labels = {
            "house_number": self.env._("House number"),
            "addition": self.env._("Addition to the house number"),
        }
        if name in labels:
            return labels[name]
        if name.endswith("_date") and COLUMNS[name].model == DOCUMENT:
            kinds = dict(self.env[DOCUMENT]._fields["kind"]._description_selection(self.env))
            return self.env._("%s signed or seen on", kinds[name.removesuffix("_date")])
        return super()._get_import_label(name)

    @api.model
    def _get_import_headings(self):
        """A training is known by its name alone as well."""
        headings = {**super()._get_import_headings(), **dict(read_headings(HEADINGS))}
        for training in self._get_import_trainings():
            headings.setdefault(plain_text(training.name), f"{TRAINING}{training.id}")
        return headings

    @api.model
    def _get_import_people(self):
        return (*super()._get_import_people(), "coordinator")

    @api.model
    def _get_import_entries(self, name, company):
        if name == "coordinator":
            return self.env["buurtbemiddeling.case"]._get_import_entries(name, company)
        return super()._get_import_entries(name, company)

    @api.model
    def _get_reference_columns(self):
        return (*super()._get_reference_columns(), "name", "email", "phone")

    @api.model
    def _get_row_reference(self, row):
        """Without a number, a volunteer is known by name and e-mail, or else phone.

        A couple may share an address: neither is enough without the name.
        """
        return super()._get_row_reference(row) or _as_reference(
            row.get("name"), row.get("email"), row.get("phone")
        )

    def _find_known(self, rows, company):
        """Who has no number is looked for among all volunteers: by what they are called now.

        Who has one in the file and none with us is somebody who was typed in before.
        """
        known = super()._find_known(rows, company)
        volunteers = self.with_context(active_test=False).search([("company_id", "=", company.id)])
        for volunteer in volunteers:
            for email, phone in (
                (volunteer.email, False),
                (False, volunteer.phone),
                (False, False),
            ):
                known.setdefault(_as_reference(volunteer.name, email, phone), volunteer.id)
        typed = {volunteer.id for volunteer in volunteers if not volunteer.external_ref}
        for row in rows:
            reference = self._get_row_reference(row)
            for email, phone in ((row.get("email"), False), (False, row.get("phone"))):
                found = (email or phone) and known.get(_as_reference(row.get("name"), email, phone))
                if reference not in known and found in typed:
                    known[reference] = found
        return known

    # ------------------------------------------------------------
    # READING A ROW
    # ------------------------------------------------------------

    def _complete_row(self, values, company):
        """A street may come in parts; who began is active, and who stopped has left."""
        values = super()._complete_row(values, company)
        values["street"] = " ".join(filter(None, [values.pop(part, None) for part in STREET]))
        if not values.get("stage") and (values.get("date_start") or values.get("date_end")):
            code = LEFT if values.get("date_end") else ACTIVE
            stage = self.env.ref(f"{STAGE}_{code}", raise_if_not_found=False)
            values["stage"] = stage and stage.id
        return values

    def _prepare_row(self, columns, values, company):
        """Contact and trainings are apart: ``_create_rows`` makes those of all rows at once."""
        own = {n: v for n, v in values.items() if columns[n].model == VOLUNTEER}
        vals = super()._prepare_row(columns, own, company)
        vals["document_ids"] = [
            Command.create({"kind": name.removesuffix("_date"), "date": day})
            for name, day in values.items()
            if columns[name].model == DOCUMENT and day
        ]
        vals["contact"] = {
            columns[n].field: v for n, v in values.items() if columns[n].model == CONTACT and v
        }
        vals["trainings"] = [
            (int(name[len(TRAINING) :]), day)
            for name, day in values.items()
            if columns[name].model == ENROLMENT and day
        ]
        return vals

    def _create_rows(self, vals_list):
        contacts = self._find_or_make_contacts([vals["contact"] for vals in vals_list])
        sessions = self._find_or_make_sessions(
            {place for vals in vals_list for place in vals["trainings"]}
        )
        return super()._create_rows(
            [
                {
                    **{n: v for n, v in vals.items() if n not in ("contact", "trainings")},
                    "partner_id": contact.id,
                    "enrolment_ids": [
                        Command.create(
                            {
                                "session_id": sessions[place].id,
                                "state": "attended",
                                "attended_hours": sessions[place].hours,
                                "result": "passed",
                                "result_date": place[1],
                            }
                        )
                        for place in vals["trainings"]
                    ],
                }
                for vals, contact in zip(vals_list, contacts, strict=True)
            ]
        )

    @api.model
    def _find_or_make_contacts(self, values_list):
        """Return a contact for each: one with the same name and e-mail, or a new one.

        A resident's contact is never taken.
        """
        partners, company = self.env["res.partner"], self.env.company
        emails = {email_normalize(values.get("email")) for values in values_list} - {False, None}
        there = partners.search(
            Domain("email_normalized", "in", list(emails))
            & Domain("is_company", "=", False)
            & Domain("is_confidential", "=", False)
            & Domain(partners._check_company_domain(company))
        )
        found = {_as_reference(partner.name, partner.email, False): partner for partner in there}
        keys = [_as_reference(v.get("name"), v.get("email"), False) for v in values_list]
        made = iter(
            partners.create(
                [
                    {**values, "company_id": company.id}
                    for key, values in zip(keys, values_list, strict=True)
                    if key not in found
                ]
            )
        )
        return [found[key] if key in found else next(made) for key in keys]

    @api.model
    def _find_or_make_sessions(self, places):
        """Return ``{(id of a training, day): session}``; one that is not there yet was held."""
        sessions = self.env["buurtbemiddeling.training.session"]
        there = sessions.search(
            [
                ("training_id", "in", [training for training, _day in places]),
                ("company_id", "=", self.env.company.id),
                ("date_end", "!=", False),
                ("state", "!=", "cancelled"),
            ]
        )
        found = {
            (s.training_id.id, fields.Datetime.context_timestamp(self, s.date_end).date()): s
            for s in there
        }
        missing = sorted(places - found.keys())
        trainings = self.env["buurtbemiddeling.training"].browse([t for t, _day in missing])
        made = sessions.create(
            [
                {
                    "training_id": training.id,
                    "company_id": self.env.company.id,
                    "state": "done",
                    "capacity": 0,
                    "event_ids": [Command.create(self._prepare_evening(day, training.hours))],
                }
                for (_id, day), training in zip(missing, trainings, strict=True)
            ]
        )
        return found | dict(zip(missing, made, strict=True))

    def _prepare_evening(self, day, hours):
        """Return the values of a half-day that ended on a day, as moments without time zone."""
        zone = timezone(self.env.user.tz or "UTC")
        start = zone.localize(datetime.combine(day, EVENING)).astimezone(utc).replace(tzinfo=None)
        return {"start": start, "stop": start + timedelta(hours=min(hours, EVENING_HOURS))}

    @api.model
    def _get_import_example(self):
        """A made-up volunteer."""
        first = {
            f"{TRAINING}{training.id}": "12-3-2024"
            for training in self._get_import_trainings().filtered(lambda t: t.kind == "basic")[:1]
        }
        return {
            "external_ref": "V-03",
            "name": "V. Voorbeeld",
            "email": "voorbeeld@example.com",
            "phone": "06 00000000",
            "street": "Voorbeeldstraat",
            "house_number": "8",
            "zip": "0000 AA",
            "stage": "active",
            "languages": "",
            "date_start": "1-4-2024",
            "max_cases": "3",
            "vog_date": "5-2-2024",
            **first,
        }


def _as_reference(name, email, phone):
    """Return by what a person is known again, or ``None`` for nobody.

    >>> _as_reference("Bo  de Wit", "BO@example.com", "06 12345678")
    'bo de wit|bo@example.com'
    >>> _as_reference("Bo", None, "+31 6 12345678"), _as_reference("", "bo@example.com", None)
    ('bo|612345678', None)
    """
    known_by = email_normalize(email or "") or phone_key(phone) or ""
    return f"{plain_text(name)}|{known_by}" if plain_text(name) else None
