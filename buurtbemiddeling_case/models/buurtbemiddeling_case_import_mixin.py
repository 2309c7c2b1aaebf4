from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import mute_logger, split_every

from ..tools import tidy_postcode

BATCH = 500
# Columns of a row that name an entry of a list by its code, or by what else it is known by.
LISTED = {
    "area": ("area_id", "code"),
    "referrer_type": ("referrer_type_id", "code"),
    "tipped_by": ("tipped_by_type_id", "code"),
    "referrer": ("referral_partner_id", "name"),
    "nuisance": ("nuisance_type_ids", "code"),
    "main_nuisance": ("main_nuisance_type_id", "code"),
    "intake_reason": ("intake_reason_id", "code"),
    "contraindications": ("contraindication_ids", "code"),
    "complexities": ("complexity_ids", "code"),
    "coordinator": ("user_id", "login"),
    "stage": ("stage_id", "code"),
    "intervention": ("intervention_id", "code"),
    "outcome": ("outcome_id", "code"),
    "aftercare_outcome": ("aftercare_outcome_id", "code"),
}
# Columns that are fields of the case, and of a party behind `a_` or `b_`.
OF_CASE = (
    "external_ref", "registration_date", "channel", "quarrel_duration", "escalation",
    "talked_with_neighbour", "referrer_ref", "intake_decision", "intake_date", "close_date",
    "aftercare_date",
)  # fmt: skip
OF_PARTY = {
    "name": "contact_name",
    **{
        name: name
        for name in (
            "phone", "email", "street", "zip", "city", "tenure", "household", "age_band",
            "consent_date", "informed_date",
        )
    },
}  # fmt: skip
SIDES = {"a_": "a", "b_": "b"}
NEEDED = ("external_ref", "registration_date")


class BuurtbemiddelingCaseImportMixin(models.AbstractModel):
    """History that moves in from another system: one row a case, with both neighbours.

    The rows are written as the ORM writes any history (``import_file``): by ``create``, in
    batches, with the rights of the user, without tracking or to-dos.
    """

    _name = "buurtbemiddeling.case.import.mixin"
    _description = "Import of Cases"

    @api.model
    def _import_rows(self, rows, company=None):
        """Make the cases that are not there yet; a case that is there stays as it is.

        Memory does not grow with the number of rows when ``rows`` is read as it goes. The caller
        commits.

        :param rows: iterable of ``{column: value}``, with columns of ``LISTED``, ``OF_CASE`` and,
            behind ``a_`` and ``b_``, ``OF_PARTY``. Lists hold codes as text, several of them with
            commas between; dates are dates or ISO texts; empty is empty.
        :param company: whose cases they are; that of the user when left out
        :return: a list with, for each row, the id of its case or the sentence why there is none
        :raise AccessError: when the user may not make cases
        :raise ValueError: for a column that does not exist
        """
        company = company or self.env.company
        cases = self.with_company(company).with_context(
            import_file=True,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            # as Odoo's own import of contacts: these have no parent to follow
            _partners_skip_fields_sync=True,
        )
        cases.check_access("create")
        entries, seen, results = {}, set(), []
        for batch in split_every(BATCH, rows, list):
            results += cases._import_batch(batch, company, entries, seen)
            # what was written is not asked again; kept, it would fill the memory
            self.env.flush_all()
            self.env.invalidate_all()
        return results

    def _import_batch(self, rows, company, entries, seen):
        """Return the results of some rows, see ``_import_rows``.

        :param entries: ``{field: {code: id}}`` that were looked up, kept for the next batch
        :param seen: numbers of the old system that were in rows before these
        """
        references = list(filter(None, (row.get("external_ref") for row in rows)))
        there = self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id) & Domain("external_ref", "in", references),
            ["external_ref"],
        )
        known = {case.external_ref: case.id for case in there}
        results, new = [], {}
        for index, row in enumerate(rows):
            reference = row.get("external_ref") or None
            if reference and reference in seen:
                results.append(
                    self.env._("The number of the old system, %s, is there twice.", reference)
                )
                continue
            seen.add(reference)
            results.append(known.get(reference))
            if reference not in known:
                try:
                    new[index] = self._read_row(row, company, entries)
                except UserError as error:
                    results[index] = str(error)
        for index, result in zip(new, self._create_each(list(new.values())), strict=True):
            results[index] = result
        return results

    def _create_each(self, vals_list):
        """Return the id of each new case, or the sentence why it is refused.

        One that is refused takes no others along: the half in which it is, is halved again.
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(vals_list).ids
        except UserError as error:
            sentence = str(error)
        except IntegrityError as error:
            sentence = self._sql_error_to_message(error)
        if len(vals_list) == 1:
            return [sentence]
        half = len(vals_list) // 2
        return self._create_each(vals_list[:half]) + self._create_each(vals_list[half:])

    # ------------------------------------------------------------
    # READING A ROW
    # ------------------------------------------------------------

    def _read_row(self, row, company, entries):
        """Return the values of a new case with its parties.

        :raise UserError: says what is missing, or not known
        """
        parties = self.env["buurtbemiddeling.case.party"]
        vals, sides = {"company_id": company.id}, {prefix: {} for prefix in SIDES}
        for column, value in row.items():
            prefix, of_party = column[:2], OF_PARTY.get(column[2:])
            if column in OF_CASE:
                vals[column] = _read_value(self, column, value)
            elif column in LISTED:
                name, key = LISTED[column]
                vals[name] = value and self._find_entries(name, key, value, company, entries)
            elif prefix in SIDES and of_party:
                sides[prefix][of_party] = _read_value(parties, of_party, value)
            else:
                raise ValueError(f"rows have no column {column}")
        stage = self.env["buurtbemiddeling.case.stage"].browse(vals.get("stage_id") or [])
        # without it, a case of long ago would be closed today
        needed = [*NEEDED, "close_date"] if stage.is_closed else NEEDED
        for name in needed:
            if not vals.get(name):
                label = self._fields[name]._description_string(self.env)
                raise UserError(self.env._("Fill in “%s”.", label))
        vals["party_ids"] = [
            Command.create({"side": SIDES[prefix], **typed})
            for prefix, typed in sides.items()
            if any(typed.values())
        ]
        return {name: value for name, value in vals.items() if value}

    def _find_entries(self, name, key, value, company, entries):
        """Return the value of relational field ``name`` for codes; each is looked up once.

        Archived entries count: past cases have them.

        :raise UserError: when there is no such entry
        """
        field = self._fields[name]
        is_list = field.type == "many2many"
        ids = []
        for code in value.split(",") if is_list else [value]:
            code = code.strip()
            if (name, code) not in entries:
                model = self.env[field.comodel_name].with_context(active_test=False)
                domain = Domain(key, "=", code)
                if "company_id" in model._fields:
                    domain &= Domain(model._check_company_domain(company))
                found = model.search(domain).sorted("active", reverse=True)[:1]
                entries[name, code] = found.id
            if not entries[name, code]:
                _refuse(self, field, code)
            ids.append(entries[name, code])
        return [Command.set(ids)] if is_list else ids[0]


def _read_value(records, name, value):
    """Return a value of a field of date, choice or text as ``create`` takes it.

    :raise UserError: when it is no date, or none of the choices
    """
    field = records._fields[name]
    if not value:
        return False
    if field.type == "date":
        try:
            return fields.Date.to_date(value)
        except ValueError:
            _refuse(records, field, value)
    if field.type == "selection" and value not in field.get_values(records.env):
        _refuse(records, field, value)
    return tidy_postcode(value) if name == "zip" else value


def _refuse(records, field, value):
    """Raise ``UserError``: this is no value of that field."""
    raise UserError(
        records.env._(
            "“%(value)s” is not known as “%(field)s”.",
            value=value,
            field=field._description_string(records.env),
        )
    )
