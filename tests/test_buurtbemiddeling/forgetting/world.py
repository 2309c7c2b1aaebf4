"""People with a marker in everything that is kept of them, in every table of this database."""

import base64
import contextlib
from datetime import timedelta
from itertools import count

import psycopg2
from psycopg2.extras import Json

from odoo.exceptions import UserError
from odoo.fields import Command, Date, Datetime
from odoo.tools import SQL, mute_logger

from ..builder import OURS, Builder
from .markers import Markers
from .words import CASE, PARTY, Words

TEXTS = ("char", "text", "html", "json", "binary", "image")
VOLUNTEER, APPLICATION = "buurtbemiddeling.volunteer", "buurtbemiddeling.volunteer.application"
ASSIGNMENT = "buurtbemiddeling.assignment"
COVENANT = "buurtbemiddeling.covenant"
MAIL = "buurtbemiddeling.unsorted.mail"
# a contact person is taken out of these, and what organisations did together stays
OF_ORGANISATIONS = {
    "buurtbemiddeling.network.activity", "buurtbemiddeling.covenant.party", "res.partner.bank",
}  # fmt: skip
# fields of a contact that Odoo refuses such a text in, or that say nothing of the contact
NOT_TYPED = {"lang", "tz", "type", "color", "signup_type", "bank_ids", "properties"}
# what Odoo keeps of records of any model, by model and id; seeded here
HANGING = {
    "mail.message", "mail.activity", "mail.followers", "mail.scheduled.message", "ir.attachment",
    "calendar.event", "ir.model.data", "mail.mail",
}  # fmt: skip


class World(Words):
    """A closed case with its residents, a volunteer who left, an applicant, a sender of mail.

    :param first: number of the first marker
    :param closed_on: date on which all of it ended
    :param is_old: whether nothing happened since
    """

    def __init__(self, env, first, closed_on, is_old=False):
        self.env = env(context={**env.context, "import_file": True, "lang": "en_US"})
        self.markers = Markers(first)
        self.closed_on = closed_on
        self.numbers = count(1)
        self.rows = {}  # {model: records with a marker}
        self.company = env.company
        # who did it all; su: as imports, without what a screen asks
        self.env = self.env(user=self.make_coordinator().id, su=True)
        self.make_people()
        self.make_rows()
        for name, records in list(self.rows.items()):
            for record in records if name not in OF_ORGANISATIONS else ():
                self.hang(record)
        self.make_leftovers()
        self.env.flush_all()
        self.files = self.get_files()
        if is_old:
            self.make_old()

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def make_contact(self, who, **values):
        """Create a contact of which every field that can be typed has a marker."""
        fields_ = self.env["res.partner"]._fields
        if "parent_id" in values:  # that of the organisation, or of the family
            values["type"] = "other"
            fields_ = {
                name: field
                for name, field in fields_.items()
                if name not in {*self.env["res.partner"]._commercial_fields(), "company_name"}
            }
        typed = {
            name: self.get_value(field, f"{who}: res.partner.{name}")
            for name, field in fields_.items()
            if field.type in ("char", "text", "html")
            and field.store
            and name not in NOT_TYPED
            and not field.related
            and (not field.compute or not field.readonly)
        }
        contact = self.env["res.partner"].create(
            {**typed, "image_1920": self.make_picture(), **values}
        )
        self.add(contact)
        self.add(
            self.env["res.partner.bank"].create(
                {
                    "partner_id": contact.id,
                    "acc_number": self.markers.text(f"{who}: bank account"),
                    "acc_holder_name": self.markers.text(f"{who}: bank account holder"),
                }
            )
        )
        self.env["mail.blacklist"].create({"email": contact.email})
        self.env["phone.blacklist"].create({"number": contact.phone})
        return contact

    def make_resident(self, who, **values):
        """Create a contact as a case makes one of a resident."""
        return self.make_contact(who, is_confidential=True, company_id=self.company.id, **values)

    def make_people(self):
        """Make all these people, the case, and who left the work."""
        reporter = self.make_resident("reporter")
        self.make_resident("child of the reporter", parent_id=reporter.id)
        neighbour = self.make_resident("neighbour")
        self.make_referrer()
        self.case = self.make_case(reporter, neighbour)
        self.volunteer = self.make_volunteer("volunteer", "active", date_end=self.closed_on)
        self.user = self.make_login(self.volunteer)
        self.volunteer.write({"user_id": self.user.id, "is_login_given": True})
        self.leave(self.volunteer)
        self.applicant = self.make_volunteer("applicant", "interest")
        self.add(self.case)
        self.add(self.case.party_ids)

    def make_referrer(self):
        """Make an organisation that refers, with who did so."""
        organisation = self.env["res.partner"].create({"name": "Wonen", "is_company": True})
        self.referral_partner = self.env["buurtbemiddeling.referral.partner"].create(
            {
                "partner_id": organisation.id,
                "referrer_type_id": self.code("referrer.type", "CORPORATIE").id,
                "company_id": self.company.id,
            }
        )
        self.referrer = self.make_contact("referrer", parent_id=organisation.id)

    def make_case(self, reporter, neighbour):
        """Create their case: closed, with another neighbour of whom nothing is known."""
        return self.env[CASE].create(
            {
                "company_id": self.company.id,
                "registration_date": self.closed_on - timedelta(days=300),
                "stage_id": self.code("case.stage", "closed").id,
                "close_date": self.closed_on,
                "outcome_id": self.code("outcome", "OPG_BEM").id,
                "aftercare_date": self.closed_on,
                "referral_partner_id": self.referral_partner.id,
                "referral_contact_id": self.referrer.id,
                "party_ids": [
                    Command.create({"side": "a", "partner_id": reporter.id}),
                    Command.create({"side": "b", "partner_id": neighbour.id}),
                    Command.create({"side": "b"}),
                ],
            }
        )

    def leave(self, volunteer):
        """Let a volunteer have left, with a login that still works."""
        # past the screen that closes the login at once: that was lost
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE buurtbemiddeling_volunteer SET stage_id = %s WHERE id = %s",
            (self.code("volunteer.stage", "left").id, volunteer.id),
        )
        self.env.invalidate_all()

    def make_volunteer(self, who, stage, **values):
        volunteer = self.env[VOLUNTEER].create(
            {
                "partner_id": self.make_contact(who).id,
                "company_id": self.company.id,
                "stage_id": self.code("volunteer.stage", stage).id,
                "application_date": self.closed_on - timedelta(days=400),
                **values,
            }
        )
        self.add(volunteer)
        return volunteer

    def make_login(self, volunteer):
        user = self.env["res.users"].create(
            {
                "login": f"{self.markers.text('login')}@example.com",
                "partner_id": volunteer.partner_id.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "signature": self.markers.text("signature"),
            }
        )
        self.env["res.users.apikeys"].with_user(user)._generate(
            "rpc", self.markers.text("name of an API key"), Datetime.now() + timedelta(days=1)
        )
        return user

    def make_coordinator(self):
        groups = ("buurtbemiddeling_case.group_manager", "buurtbemiddeling_case.group_extra")
        return self.env["res.users"].create(
            {
                "name": "Coordinator",
                "login": f"coordinator{self.markers.first}",
                "group_ids": [Command.link(self.env.ref(group).id) for group in groups],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )

    # ------------------------------------------------------------
    # ROWS OF EVERY MODEL WITH PERSONAL DATA
    # ------------------------------------------------------------

    def make_rows(self):
        """Make a row under these people of each model in the inventory, and fill it in."""
        lines = {}
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            # a sheet that moves in hangs on nobody, and goes after a month: see test_import.py
            if line.path and line.about != "imported" and line.model in self.env:
                lines.setdefault(line.model, []).append(line)
        samples = {
            CASE: self.case,
            PARTY: self.case.party_ids[0],
            VOLUNTEER: self.volunteer,
            "buurtbemiddeling.referral.partner": self.referral_partner,
        }
        self.builder = Builder(self.env, self.company, samples)
        samples = self.builder.samples
        self.builder.numbers = count(self.markers.first + 1)
        samples[COVENANT] = self.builder.build(
            COVENANT, date_start=self.case.registration_date, date_end=self.closed_on
        )
        samples[ASSIGNMENT] = self.builder.build(ASSIGNMENT)
        for name, of_model in lines.items():
            if name in (CASE, PARTY, VOLUNTEER):
                continue
            paths = {line.path for line in of_model} - {"."}
            rows = [self.make_row(name, path) for path in sorted(paths)] or [
                self.builder.build(name)
            ]
            self.builder.samples.setdefault(name, rows[0])
            for row in rows:
                self.add(row)
        for name, of_model in lines.items():
            for record in self.rows.get(name, ()):
                self.fill(
                    record,
                    {line.field: line.about for line in of_model if line.after_term != "keep"},
                )
                if "retention_hold_until" in record._fields:  # the hold is over, see make_old
                    record.retention_hold_until = Date.today() + timedelta(days=1)

    def make_row(self, name, path):
        """Create a row at the end of a path to one of these people."""
        first, _dot, rest = path.partition(".")
        field = self.env[name]._fields[first]
        target = self.builder.samples.get(field.comodel_name)
        if field.comodel_name == "res.partner":
            target = self.referrer
        elif target is None and rest:
            target = self.make_row(field.comodel_name, rest)
            self.add(target)
        elif target is None:
            target = self.builder.sample(field.comodel_name)
        if name == APPLICATION:
            target = self.applicant
        values = {first: [Command.set(target.ids)] if field.type == "many2many" else target.id}
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return self.builder.build(name, **values)
        except (psycopg2.Error, UserError):  # needs more of these people than it says
            return self.builder.build(name, **{**self.get_links(self.env[name]), **values})

    def fill(self, record, names):
        """Put a marker in these fields; ``*`` stands for all that hold texts.

        :param names: ``{field: whose data it is}``
        """
        if "*" in names:
            names = {
                name: names["*"]
                for name, field in record._fields.items()
                if field.type in TEXTS and not (field.related or field.compute)
            }
        for name in sorted(names):
            field = record._fields.get(name)
            if not field or not field.store or field.related:
                continue
            if field.type == "many2one" and field.comodel_name == "res.partner":
                if names[name] == "referrer":
                    record.write({name: self.referrer.id})
                elif not record[name] and record._name != PARTY:
                    record.write({name: self.make_resident(f"{record._name}.{name}").id})
            elif field.type in TEXTS:
                self.fill_text(record, field)

    def fill_text(self, record, field):
        """Write a marker as a person does, or past all checks when that is refused."""
        value = self.get_value(field, f"{record._name}.{field.name}")
        with contextlib.suppress(Exception), mute_logger("odoo.sql_db", "odoo.models"):
            with self.env.cr.savepoint():
                record.write({field.name: value})
                record.flush_recordset()
        record.invalidate_recordset()
        if not field.column_type:
            return
        column, table = SQL.identifier(field.name), SQL.identifier(record._table)
        self.env.cr.execute(
            SQL("SELECT %s::text LIKE %s FROM %s WHERE id = %s", column, f"%{value}%", table,
                record.id)
        )  # fmt: skip
        if not self.env.cr.fetchone()[0]:
            stored = Json(value) if field.column_type[0] == "jsonb" else value
            self.env.cr.execute(
                SQL("UPDATE %s SET %s = %s WHERE id = %s", table, column, stored, record.id)
            )

    def get_value(self, field, place):
        """Return a text for a field, that shows it belongs to this place."""
        if field.name in ("phone", "mobile", "number"):
            return self.markers.phone(place)
        word = self.markers.text(place)
        if "email" in field.name:
            return f"{word}@example.com"
        if field.type == "html":
            return f"<p>{word}</p>"
        if field.type == "json":
            return {"text": word}
        if field.type in ("binary", "image"):
            return base64.b64encode(word.encode())
        return word

    # ------------------------------------------------------------
    # WHAT HANGS ON ROWS
    # ------------------------------------------------------------

    def get_links(self, model):
        """Return values that link a row to these people, not twice to the same one."""
        values, others, seen = {}, {VOLUNTEER: self.applicant, PARTY: self.case.party_ids[1]}, set()
        for name, field in model._fields.items():
            target = self.builder.samples.get(field.comodel_name) if field.relational else None
            if (
                not target
                or not field.store
                or field.related
                or field.comodel_name in ("res.users", "res.company")
            ):
                continue
            if target._name in seen:
                target = others.get(target._name, target)
            seen.add(target._name)
            if field.type in ("many2one", "many2many"):
                is_one = field.type == "many2one"
                values[name] = target.id if is_one else [Command.set(target.ids)]
        return values

    def make_old(self):
        """Let nothing that was made here be younger than the end of the case."""
        since = self.env.cr.now()
        for model in self.env.values():
            if not model._auto or model._abstract or not model._log_access:
                continue
            days = [
                field
                for field in model._fields.values()
                if field.store and field.type in ("date", "datetime") and field.column_type
            ]
            for field in sorted(days, key=lambda field: field.name == "create_date"):
                with contextlib.suppress(psycopg2.Error), mute_logger("odoo.sql_db"):
                    with self.env.cr.savepoint(flush=False):
                        self.env.cr.execute(
                            SQL(
                                "UPDATE %(table)s SET %(column)s = %(end)s"
                                " WHERE create_date >= %(since)s AND %(column)s > %(end)s",
                                table=SQL.identifier(model._table),
                                column=SQL.identifier(field.name),
                                end=self.closed_on,
                                since=since,
                            )
                        )
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # SMALL HELP
    # ------------------------------------------------------------

    def code(self, model, code):
        return self.env[f"{OURS}{model}"].search([("code", "=", code)], limit=1)

    def add(self, records):
        self.rows[records._name] = self.rows.get(records._name, records.browse()) | records
