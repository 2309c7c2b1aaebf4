from odoo import api, models
from odoo.tools import SQL

# Odoo's models, of apps that may not be there, whose rows name a record by model and id.
HANGING = {
    "mail.scheduled.message": "model",
    "mail.activity": "res_model",
    "mail.followers": "res_model",
    "rating.rating": "res_model",
    "snailmail.letter": "model",
    "ir.model.data": "model",  # of imports, see _remove_hanging
}
# ... and those whose rows belong to a message, and would outlive it
OF_MESSAGES = {"sms.sms": "mail_message_id", "snailmail.letter": "message_id"}
# ... and of which the files are those of the record they name
WITH_FILES = ("mail.scheduled.message", "mail.activity")
PREFIX = "buurtbemiddeling."


class BuurtbemiddelingAnonymizerThreadMixin(models.AbstractModel):
    """Removes what hangs on records: messages, files, to-dos, followers, calendar entries."""

    _name = "buurtbemiddeling.anonymizer.thread.mixin"
    _description = "Removal of Messages and Files"

    @api.model
    def _remove_hanging(self, rows):
        """Remove all that hangs on records; a number of queries, however many records there are.

        Calendar entries about the records go along, with what hangs on those.

        :param rows: ``{model: ids}``
        """
        rows = {name: ids for name, ids in rows.items() if ids}
        if not rows:
            return
        if "calendar.event" not in rows:
            self._remove_events(rows, ())
        messages = self._get_ids(
            SQL("SELECT id FROM mail_message WHERE %s", self._names(rows, "model"))
        )
        self._remove_files(rows, messages)
        for name in WITH_FILES:
            self._remove_files_of(name, self._names(rows, HANGING[name]))
        for name, column in OF_MESSAGES.items():
            if name in self.env:
                self._execute_delete(self.env[name]._table, column, messages)
        for name, column in HANGING.items():
            if name not in self.env:
                continue
            named = self._names(rows, column)
            if name == "ir.model.data":
                # what an import or export names a record is typed, and may say anything
                named = SQL("(%s) AND module NOT IN (SELECT name FROM ir_module_module)", named)
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE %s", SQL.identifier(self.env[name]._table), named)
            )
        # the database takes mails, notifications, tracked values and reactions along
        self._execute_delete("mail_message", "id", messages)
        self._remove_drafts(rows)

    @api.model
    def _names(self, rows, column):
        """Return the condition that a row names one of the records of ``rows``, by model and id."""
        return SQL(" OR ").join(
            SQL("(%s = %s AND res_id = ANY(%s))", SQL.identifier(column), name, list(ids))
            for name, ids in rows.items()
        )

    @api.model
    def _get_ids(self, query):
        self.env.cr.execute(query)
        return [id_ for (id_,) in self.env.cr.fetchall()]

    @api.model
    def _remove_files(self, rows, messages):
        """Remove the files of records and of their messages, not those that others use as well.

        Odoo takes the files themselves off the disk within a day, see ``_gc_file_store``.
        """
        loose = SQL(
            "id IN (SELECT attachment_id FROM message_attachment_rel WHERE message_id = ANY(%s))"
            " AND (COALESCE(res_id, 0) = 0"
            " OR COALESCE(res_model, '') IN ('', 'mail.message', 'mail.compose.message'))"
            " AND NOT EXISTS (SELECT FROM message_attachment_rel other"
            " WHERE other.attachment_id = ir_attachment.id AND other.message_id != ALL(%s))",
            messages,
            messages,
        )
        named = self._names(rows, "res_model")
        condition = SQL("(%s) OR (%s)", named, loose) if messages else named
        ids = self._get_ids(SQL("SELECT id FROM ir_attachment WHERE %s", condition))
        self.env["ir.attachment"].browse(ids).unlink()

    @api.model
    def _remove_files_of(self, name, condition):
        """Remove the files of to-dos or planned messages; Odoo does so only when it deletes them.

        :param name: a model of ``WITH_FILES``
        :param condition: of its rows
        """
        field = self.env[name]._fields["attachment_ids"]
        rows = SQL("SELECT id FROM %s WHERE %s", SQL.identifier(self.env[name]._table), condition)
        ids = self._get_ids(
            SQL(
                """
                SELECT id FROM ir_attachment file
                 WHERE (res_model = %(model)s AND res_id IN (%(rows)s))
                    OR (COALESCE(res_model, '') IN ('', 'mail.compose.message', %(model)s)
                        AND COALESCE(res_id, 0) = 0
                        AND id IN (SELECT %(column2)s FROM %(relation)s
                                    WHERE %(column1)s IN (%(rows)s)))
                """,
                model=name,
                rows=rows,
                relation=SQL.identifier(field.relation),
                column1=SQL.identifier(field.column1),
                column2=SQL.identifier(field.column2),
            )
        )
        self.env["ir.attachment"].browse(ids).unlink()

    @api.model
    def _remove_events(self, rows, event_ids):
        """Remove the calendar entries of records, with what is planned, attached and invited.

        :param event_ids: of the entries that the records show themselves in
        """
        events = {
            *event_ids,
            *self._get_ids(
                SQL("SELECT id FROM calendar_event WHERE %s", self._names(rows, "res_model"))
            ),
        }
        if events:
            attendees = SQL("SELECT id FROM calendar_attendee WHERE event_id = ANY(%s)", [*events])
            self._remove_hanging(
                {"calendar.event": events, "calendar.attendee": self._get_ids(attendees)}
            )
            self._execute_delete("calendar_event", "id", events)

    @api.model
    def _remove_drafts(self, rows):
        """Remove what was typed in a dialog about these records; Odoo keeps that for some hours."""
        for name, ids in rows.items():
            for table, column in self._get_drafts(name):
                self._execute_delete(table, column, ids)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM mail_compose_message WHERE model = %s AND res_ids = ANY(%s)",
                    name,
                    [f"[{id_}]" for id_ in ids],
                )
            )

    @api.model
    def _get_drafts(self, name):
        """Return ``[(table, column)]`` of our dialogs with a field for records of a model."""
        return [
            (model._table, field.name)
            for model_name, model in self.env.items()
            if model._transient and model._auto and model_name.startswith(PREFIX)
            for field in model._fields.values()
            if field.store and field.type == "many2one" and field.comodel_name == name
        ]

    @api.model
    def _remove_traces(self):
        """Remove what Odoo keeps for a day of what it showed on screens, and files of imports."""
        self.env.cr.execute(SQL("DELETE FROM bus_bus WHERE message LIKE %s", f"%{PREFIX}%"))
        # ... and of what it tells devices that were not reached yet
        self.env.cr.execute(SQL("DELETE FROM mail_push WHERE payload LIKE %s", f"%{PREFIX}%"))
        self.env.cr.execute(
            SQL(
                "DELETE FROM mail_link_preview WHERE NOT EXISTS (SELECT"
                " FROM mail_message_link_preview shown"
                " WHERE shown.link_preview_id = mail_link_preview.id)"
            )
        )
