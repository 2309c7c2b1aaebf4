import csv
from datetime import date
from functools import cache
from typing import NamedTuple

from psycopg2 import DataError, IntegrityError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import file_open, mute_logger, split_every

from ..tools import plain_text, tidy_postcode
from ..typed import is_unknown, read_date, read_number

BATCH = 500


class Column(NamedTuple):
    """A column that rows may have, and the field that says what is in it.

    ``key`` is what the entries of a list are known by, such as ``code``.
    """

    model: str
    field: str
    key: str | None = None
    is_needed: bool = False


class Problem(NamedTuple):
    """Why a row was refused: a sentence, and about which column when it is about one."""

    column: str
    sentence: str


class RowRefused(UserError):
    """A row of which something is wrong; ``problems`` says what."""

    def __init__(self, problems):
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


@cache
def read_headings(path):
    """Return ``[(heading, column)]`` of a file with what sheets call our columns."""
    with file_open(path) as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [
            (plain_text(heading), row["column"])
            for row in rows
            for heading in row["headings"].split("|")
        ]


class BuurtbemiddelingImportTargetMixin(models.AbstractModel):
    """Records that move in from another system, a row each.

    The rows are written as the ORM writes any history (``import_file``): by ``create``, in
    batches, with the rights of the user, without tracking or to-dos. A row is known again by its
    ``external_ref``: what is there already stays as it is.
    """

    _name = "buurtbemiddeling.import.target.mixin"
    _description = "Target of an Import"

    external_ref = fields.Char(
        "Number in the old system", copy=False, help="Unique in the organisation; for imports."
    )

    @api.model
    def _get_import_columns(self):
        """Return ``{name: Column}`` of what a row may hold, in the order of a sheet."""
        return {}

    @api.model
    def _import_rows(self, rows, company=None, is_trial=False):
        """Make the records that are not there yet; one that is there stays as it is.

        Memory does not grow with the number of rows when ``rows`` is read as it goes. The caller
        commits, and after a trial rolls back.

        :param rows: iterable of ``{column: text}``, see ``_get_import_columns``. Lists hold codes,
            several of them with commas between; empty is empty.
        :param company: whose records they are; that of the user when left out
        :param is_trial: nothing is taken that does not come back, as numbers of cases
        :return: a list with, for each row, the id of its record or a list of ``Problem``
        :raise AccessError: when the user may not make such records
        :raise ValueError: for a column that does not exist
        """
        company = company or self.env.company
        records = self.with_company(company).with_context(
            import_file=True,
            tracking_disable=True,
            mail_create_nosubscribe=True,
            # as Odoo's own import of contacts: these have no parent to follow
            _partners_skip_fields_sync=True,
        )
        records.check_access("create")
        entries, seen, results = {}, set(), []
        for batch in split_every(BATCH, rows, list):
            results += records._import_batch(batch, company, entries, seen, is_trial)
            # what was written is not asked again; kept, it would fill the memory
            self.env.flush_all()
            self.env.invalidate_all()
        return results

    def _import_batch(self, rows, company, entries, seen, is_trial):
        """Return the results of some rows, see ``_import_rows``.

        :param entries: ``{field: {code: id}}`` that were looked up, kept for the next batch
        :param seen: numbers of the old system that were in rows before these
        """
        known, columns = self._find_known(rows, company), self._get_import_columns()
        results, new = [], {}
        for index, row in enumerate(rows):
            reference = self._get_row_reference(row)
            if reference and reference in seen:
                sentence = self.env._(
                    "The number of the old system, %s, is there twice.", reference
                )
                results.append([Problem("external_ref", sentence)])
                continue
            seen.add(reference)
            results.append(known.get(reference))
            if reference not in known:
                try:
                    new[index] = self._read_row(row, columns, company, entries)
                except RowRefused as error:
                    results[index] = error.problems
        vals_list = list(new.values())
        if is_trial:
            vals_list = self._mark_as_trial(vals_list)
        for index, result in zip(new, self._create_each(vals_list), strict=True):
            results[index] = result
        return results

    def _find_known(self, rows, company):
        """Return ``{reference: id}`` of what is there already."""
        references = list(filter(None, map(self._get_row_reference, rows)))
        there = self.with_context(active_test=False).search_fetch(
            Domain("company_id", "=", company.id) & Domain("external_ref", "in", references),
            ["external_ref"],
        )
        return {record.external_ref: record.id for record in there}

    @api.model
    def _get_row_reference(self, row):
        """Return by what a row is known again, or ``None``."""
        return row.get("external_ref") or None

    @api.model
    def _get_reference_columns(self):
        """Return the columns that ``_get_row_reference`` looks at."""
        return ("external_ref",)

    def _mark_as_trial(self, vals_list):
        """Return the values of records that take nothing that does not come back."""
        return vals_list

    def _create_each(self, vals_list):
        """Return the id of each new record, or a list of ``Problem`` when it is refused.

        One that is refused takes no others along: the half in which it is, is halved again.
        """
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self._create_rows(vals_list).ids
        except UserError as error:
            sentence = str(error)
        except IntegrityError as error:
            sentence = self._sql_error_to_message(error)
        except DataError:
            # its own text holds what was typed, and is in the language of the server
            sentence = self.env._("Something in this row is too long or too large to be kept.")
        if len(vals_list) == 1:
            return [[Problem("", sentence)]]
        half = len(vals_list) // 2
        return self._create_each(vals_list[:half]) + self._create_each(vals_list[half:])

    def _create_rows(self, vals_list):
        """Create the records of some rows, and what they need."""
        return self.create(vals_list)

    # ------------------------------------------------------------
    # READING A ROW
    # ------------------------------------------------------------

    def _read_row(self, row, columns, company, entries):
        """Return the values of a new record, see ``_create_rows``.

        :raise RowRefused: with all that is missing or not known
        """
        values, problems = self._read_values(row, columns, company, entries)
        if problems:
            raise RowRefused(problems)
        return self._prepare_row(columns, values, company)

    def _get_row_problems(self, row, company, entries):
        """Return all that is wrong in a row by itself, see ``_import_rows``."""
        return self._read_values(row, self._get_import_columns(), company, entries)[1]

    def _read_values(self, row, columns, company, entries):
        """Return ``({column: value}, problems)``."""
        values, problems = {}, []
        for name, value in row.items():
            if name not in columns:
                raise ValueError(f"rows have no column {name}")
            try:
                values[name] = self._read_value(columns[name], value, company, entries)
            except UserError as error:
                problems.append(Problem(name, str(error)))
        wrong = {problem.column for problem in problems}
        values = self._complete_row(values, company)
        problems += [
            Problem(name, self.env._("Fill in “%s”.", self._get_import_label(name)))
            for name in self._get_needed_columns(columns, values)
            if not values.get(name) and name not in wrong
        ]
        return values, problems

    def _complete_row(self, values, company):
        """Return ``{column: value}`` with what follows from other columns."""
        return values

    def _get_needed_columns(self, columns, values):
        """Return the columns that a row with these values can not do without."""
        return [name for name, column in columns.items() if column.is_needed]

    def _prepare_row(self, columns, values, company):
        """Return the values for ``create`` of ``{column: value}``."""
        own = {columns[name].field: value for name, value in values.items() if value}
        return {**own, "company_id": company.id}

    @api.model
    def _get_import_label(self, name):
        """Return what a column is called, in the language of the user."""
        column = self._get_import_columns()[name]
        return self.env[column.model]._fields[column.field]._description_string(self.env)

    def _read_value(self, column, value, company, entries):
        """Return a value as ``create`` takes it.

        :raise UserError: when it is none for that column
        """
        field = self.env[column.model]._fields[column.field]
        if isinstance(value, str):
            value = value.strip()
        if not value:
            return False
        if isinstance(value, str) and is_unknown(value):
            raise UserError(
                self.env._(
                    "“%s” is a formula without a result. Type the result itself in the cell.", value
                )
            )
        if column.key:
            return self._find_entries(column, value, company, entries)
        if field.type == "date":
            found = value if isinstance(value, date) else read_date(value)
            if not found:
                raise UserError(self.env._("“%s” is no date. Type it as 31-12-2025.", value))
            return found
        if field.type in ("float", "integer"):
            found = read_number(value)
            if found is None:
                raise UserError(self.env._("“%s” is no number. Type it as 7,5.", value))
            return found
        if field.type == "selection" and value not in field.get_values(self.env):
            self._refuse(field, value)
        return tidy_postcode(value) if column.field == "zip" else value

    def _find_entries(self, column, value, company, entries):
        """Return the value of a relational field for codes; each is looked up once.

        Archived entries count: past cases have them.

        :raise UserError: when there is no such entry
        """
        field = self.env[column.model]._fields[column.field]
        is_list = field.type == "many2many"
        ids = []
        for code in value.split(",") if is_list else [value]:
            code = code.strip()
            place = (column.model, column.field, code)
            if place not in entries:
                model = self.env[field.comodel_name].with_context(active_test=False)
                domain = Domain(column.key, "=", _as_key(column, code))
                if "company_id" in model._fields:
                    domain &= Domain(model._check_company_domain(company))
                found = model.search(domain).sorted("active", reverse=True)[:1]
                entries[place] = found.id
            if not entries[place]:
                self._refuse(field, code)
            ids.append(entries[place])
        return [Command.set(ids)] if is_list else ids[0]

    def _refuse(self, field, value):
        """Raise ``UserError``: this is no value of that field."""
        raise UserError(
            self.env._(
                "“%(value)s” is not known as “%(field)s”.",
                value=value,
                field=field._description_string(self.env),
            )
        )

    # ------------------------------------------------------------
    # MATCHING A SHEET
    # ------------------------------------------------------------

    def _is_listed(self, column):
        """Tell whether a column holds codes of ours, which a sheet may call otherwise."""
        return bool(column.key) or self._get_column_field(column).type == "selection"

    def _is_list(self, column):
        """Tell whether a cell may hold several codes."""
        return bool(column.key) and self._get_column_field(column).type == "many2many"

    def _get_column_field(self, column):
        return self.env[column.model]._fields[column.field]

    @api.model
    def _get_import_headings(self):
        """Return ``{heading: column}`` of what sheets usually call our columns.

        Headings as ``plain_text`` makes them.
        """
        headings = {name: name for name in self._get_import_columns()}
        for name in self._get_import_columns():
            headings[plain_text(self._get_import_label(name))] = name
        return headings

    @api.model
    def _get_import_choices(self, name, company):
        """Return ``[(code, name)]`` of what a column may hold in an organisation."""
        column = self._get_import_columns()[name]
        field = self._get_column_field(column)
        if not column.key:
            return field._description_selection(self.env)
        entries = self._get_import_entries(name, company)
        return [(str(entry[column.key] or ""), entry.display_name) for entry in entries]

    @api.model
    def _get_import_entries(self, name, company):
        """Return the records that a column may name; archived ones too: past cases have them."""
        model = self.env[self._get_column_field(self._get_import_columns()[name]).comodel_name]
        domain = Domain.TRUE
        if "company_id" in model._fields:
            domain = Domain(model._check_company_domain(company))
        entries = model.with_context(active_test=False).search(domain)
        return entries.sorted("active", reverse=True) if "active" in model._fields else entries

    @api.model
    def _get_import_new(self):
        """Return the columns of which an entry may be made that is not there yet."""
        return ()

    @api.model
    def _is_of_person(self, name):
        """Tell whether a column holds what a person told or how to find one."""
        return False

    @api.model
    def _get_import_people(self):
        """Return the columns that name a person: what was matched there is not remembered."""
        return ()

    @api.model
    def _make_import_entry(self, code, company):
        """Make the entry that a sheet names; return its code.

        :param code: record of ``buurtbemiddeling.import.code``
        :raise UserError: when something that it needs was not filled in
        """
        raise NotImplementedError(code.column)

    @api.model
    def _get_import_example(self):
        """Return ``{column: text}``: the row that a template is filled with."""
        return {}


def _as_key(column, code):
    """Return a code as it is looked for: an id is a number, and no other text is one."""
    return (int(code) if code.isdecimal() else 0) if column.key == "id" else code
