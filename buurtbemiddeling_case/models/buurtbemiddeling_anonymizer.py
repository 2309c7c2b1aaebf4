from collections import defaultdict

from psycopg2.extras import Json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BuurtbemiddelingAnonymizer(models.AbstractModel):
    """Removes personal data, and leaves the facts that figures count.

    What is removed is said in the inventory, see ``personal_data.py``, and nowhere else. With it
    goes all that hangs on the records: messages, files, to-dos, calendar entries, and contacts
    that nothing else needs.

    All is written in SQL: a stored fact is not computed again from an address that is gone, and
    nothing is tracked, mailed or dated. The cost is a number of queries a batch, none a record.
    """

    _name = "buurtbemiddeling.anonymizer"
    _description = "Removal of Personal Data"
    _inherit = [
        "buurtbemiddeling.anonymizer.thread.mixin",
        "buurtbemiddeling.anonymizer.contact.mixin",
        "buurtbemiddeling.anonymizer.person.mixin",
    ]

    def _register_hook(self):
        super()._register_hook()
        if self.pool.updated_modules:  # also when it was another app that came or changed
            self._index_uses()

    @api.model
    def _anonymize(self, subjects, about):
        """Remove now what the inventory says of ``subjects``, whether it is time or not.

        :param subjects: recordsets of different models: whose personal data go
        :param about: words of ``personal_data.ABOUT``; lines about others are left alone
        """
        # sudo: removal reaches all that hangs on a record, whoever may read it; nothing comes back
        subjects = {records._name: records.sudo() for records in subjects if records}
        if not subjects:
            return
        # with what Odoo tracks: at the end of the transaction that would tell the old values
        self.env.cr.flush()
        engine = self.sudo().with_context(active_test=False)
        found = engine._find_rows(subjects, about)
        rows = {name: records.sudo().ids for name, records in subjects.items()}
        for name, _path, ids, _lines in found:
            rows[name] = list({*rows.get(name, ()), *ids})
        linked = engine._get_linked(found)
        for name, path, ids, lines in found:
            engine._empty_columns(name, path, ids, lines, marking=path == ".")
        engine._remove_events(rows, linked["calendar.event"])
        engine._remove_hanging(rows)
        # after their messages, so that only those of others are left to take an address off
        engine._remove_contacts(linked["res.partner"])
        for name, _path, ids, lines in found:
            if any(line.after_term == "delete" for line in lines):
                self._execute_delete(self.env[name]._table, "id", ids)
        engine._remove_traces()
        self.env.invalidate_all(flush=False)

    # ------------------------------------------------------------
    # WHICH ROWS
    # ------------------------------------------------------------

    @api.model
    def _find_rows(self, subjects, about):
        """Return ``[(model, path, ids of the rows, lines of the inventory)]``; one query each."""
        found = []
        for (name, path), lines in self._get_lines(tuple(about)).items():
            target = self._get_target(name, path)
            if target not in subjects:
                continue
            ids = subjects[target].ids
            if path != ".":
                ids = list(self.env[name]._search(Domain(path, "in", ids)))
            if ids:
                found.append((name, path, ids, lines))
        return found

    @api.model
    def _get_lines(self, about):
        """Return ``{(model, path): lines about these that say whose record it is}``."""
        lines = defaultdict(list)
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if line.about in about and line.path and line.model in self.env:
                lines[line.model, line.path].append(line)
        return lines

    @api.model
    def _get_target(self, name, path):
        """Return the name of the model at the end of a path of the inventory."""
        if path != ".":
            for step in path.split("."):
                name = self.env[name]._fields[step].comodel_name
        return name

    @api.model
    def _get_linked(self, found):
        """Return ``{model: ids}`` of what the columns hold that are to be cut; one query each."""
        linked = defaultdict(set)
        for name, _path, ids, lines in found:
            for field in self._get_stored_fields(name, lines, "cut"):
                if field.comodel_name not in ("res.partner", "calendar.event"):
                    continue
                table, column, key = self.env[name]._table, field.name, "id"
                if field.type == "many2many":
                    table, column, key = field.relation, field.column2, field.column1
                self.env.cr.execute(
                    SQL(
                        "SELECT DISTINCT %(column)s FROM %(table)s"
                        " WHERE %(key)s = ANY(%(ids)s) AND %(column)s IS NOT NULL",
                        table=SQL.identifier(table),
                        column=SQL.identifier(column),
                        key=SQL.identifier(key),
                        ids=ids,
                    )
                )
                linked[field.comodel_name].update(id_ for (id_,) in self.env.cr.fetchall())
        return linked

    @api.model
    def _get_stored_fields(self, name, lines, *after_term):
        """Return the fields of these lines that have a column or a table of their own."""
        all_fields = self.env[name]._fields
        fields_ = [
            all_fields[line.field]
            for line in lines
            if line.field in all_fields and line.after_term in after_term
        ]
        return [field for field in fields_ if field.store]

    # ------------------------------------------------------------
    # EMPTYING
    # ------------------------------------------------------------

    @api.model
    def _empty_columns(self, name, path, ids, lines, marking=False):
        """Empty the columns that are to be blanked or cut; one query, and one a many2many.

        :param marking: note the day as well; who was anonymised before, keeps the first one
        """
        columns = []
        for field in self._get_stored_fields(name, lines, "blank", "cut"):
            if field.type == "many2many":
                self._execute_delete(field.relation, field.column1, ids)
            elif field.column_type:  # a file is an attachment, which goes with the record
                columns.append((SQL.identifier(field.name), self._get_empty_value(field)))
        if marking and "anonymized_date" in self.env[name]._fields:
            today = fields.Date.context_today(self)
            day = SQL.identifier("anonymized_date")
            columns.append((day, SQL("COALESCE(%s, %s)", day, today)))
        if columns:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s WHERE id = ANY(%s) AND (%s)",
                    SQL.identifier(self.env[name]._table),
                    SQL(", ").join(SQL("%s = %s", *column) for column in columns),
                    ids,
                    SQL(" OR ").join(SQL("%s IS DISTINCT FROM %s", *column) for column in columns),
                )
            )

    @api.model
    def _get_empty_value(self, field):
        """Return what an emptied column holds: nothing, or an empty text where one is required."""
        if not field.required:
            return SQL("NULL")
        if field.type in ("char", "text", "html"):
            return SQL("%s::jsonb", Json({"en_US": ""})) if field.translate else SQL("''")
        raise ValueError(f"{field} is required: it can not be emptied")

    @api.model
    def _execute_delete(self, table, column, ids):
        """Delete the rows of a table of which ``column`` is one of ``ids``, if there is any."""
        if ids:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    list(ids),
                )
            )
