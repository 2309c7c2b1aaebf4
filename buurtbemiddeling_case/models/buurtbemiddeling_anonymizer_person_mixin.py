import re
from html import escape as html_escape

from markupsafe import escape

from odoo import api, models, tools
from odoo.tools import SQL, email_normalize_all

from .mail_message import ADDRESS_WORDS, ADDRESSES, BETWEEN

# What is left of a contact and of a login: what Odoo can not do without, and tells of nobody.
KEPT_COLUMNS = {
    "res_partner": {
        "active", "commercial_partner_id", "company_id", "complete_name", "create_date",
        "create_uid", "id", "is_company", "is_confidential", "lang", "name", "partner_share",
        "type", "tz", "write_date", "write_uid",
    },
    "res_users": {
        "active", "company_id", "create_date", "create_uid", "id", "login", "notification_type",
        "partner_id", "share", "write_date", "write_uid",
    },
}  # fmt: skip
# Rows that Odoo keeps of someone who logs in or is written to: no use of the contact by others,
# and gone with the person. Other apps may bring more of them, as rows that go with their contact.
OF_THE_PERSON = {
    ("calendar_attendee", "partner_id"),
    ("calendar_event_res_partner_rel", "res_partner_id"),
    ("calendar_filters", "partner_id"),
    ("discuss_channel_member", "partner_id"),
    ("discuss_channel_rtc_session", "partner_id"),
    ("mail_push_device", "partner_id"),
    ("mail_scheduled_message", "author_id"),
    ("res_device_log", "user_id"),  # with the IP address
    ("res_users_deletion", "user_id"),
    ("sms_sms", "partner_id"),
    ("snailmail_letter", "partner_id"),
}
# the login itself, which is emptied as well
LOGIN = ("res_users", "partner_id")
# ... and is still a login of a company after that
OF_THE_LOGIN = {"res_company_users_rel", "res_groups_users_rel"}
# where others tell of someone: table, its column with the model, and those with a title and a text
TELLING = [
    ("mail_message", "model", "subject", "body"),
    ("mail_activity", "res_model", "summary", "note"),
]


class BuurtbemiddelingAnonymizerPersonMixin(models.AbstractModel):
    """Empties contacts and logins of people who worked with us, where a row of ours needs them.

    What is left has a number for a name. A contact that someone else in the organisation works
    with is not for us to empty: see ``_get_used_elsewhere``.
    """

    _name = "buurtbemiddeling.anonymizer.person.mixin"
    _description = "Removal of People Who Worked Along"

    @api.model
    def _get_used_elsewhere(self, contacts, ours=()):
        """Return those of these contacts that the rest of Odoo, or of ours, goes on working with.

        Those are organisations, colleagues, who can log in still, and whoever a row of any app
        refers to.

        :param ours: ``[(table, column)]`` whose rows are no reason to keep a contact
        """
        contacts = contacts.with_context(active_test=False)
        kept = contacts.filtered(
            lambda contact: (
                contact.is_company
                or any(user.active or not user.share for user in contact.user_ids)
            )
        )
        own = OF_THE_PERSON | {LOGIN, *ours}
        used = self._get_used(contacts.ids, own) if contacts else ()
        return kept | contacts.filtered(lambda contact: contact.id in used)

    @api.model
    def _empty_contacts(self, names):
        """Empty contacts, their logins, and all that tells of them: a number of queries a batch.

        :param names: ``{contact: neutral name}``, of contacts that nothing else needs
        """
        contacts = self.env["res.partner"].union(*names).with_context(active_test=False)
        if not contacts:
            return
        # with what Odoo tracks: at the end of the transaction that would tell the old values
        self.env.cr.flush()
        users = contacts.user_ids
        emails = {
            email
            for text in (*contacts.mapped("email"), *users.mapped("login"))
            for email in email_normalize_all(text or "")
        }
        children = contacts.child_ids
        self._remove_refusals(contacts)
        self._remove_searches(contacts)
        self._remove_addresses(contacts, emails)
        self._remove_hanging({"res.partner": contacts.ids, "res.users": users.ids})
        self._remove_rows_of("res_partner", contacts.ids)
        self._remove_rows_of("res_users", users.ids)
        self._execute_delete("res_users_log", "create_uid", users.ids)  # when they logged in
        self._empty_rows(
            "res_partner",
            {contact.id: {"name": name, "complete_name": name} for contact, name in names.items()},
        )
        self._empty_rows(
            "res_users", {user.id: {"login": f"anonymous-{user.id}"} for user in users}
        )
        self._remove_contacts(children.ids, is_confidential=False)
        self.env.invalidate_all(flush=False)
        self.env.registry.clear_cache()  # who can log in, and as whom

    @api.model
    def _replace_name(self, known, neutral, threads):
        """Put a number for a name in what was written on threads that stay; two queries.

        :param known: the name
        :param neutral: what stands there from now on
        :param threads: recordsets
        """
        if not known or not any(threads):
            return
        # as typed in a subject, as in the text of a message, and as where quotes are escaped too
        written = sorted({known, html_escape(known, quote=False), str(escape(known))}, key=len)
        names = "|".join(re.escape(text) for text in reversed(written))
        # no words but whole ones, also when a name begins with an apostrophe
        pattern = rf"(?<!\w)(?:{names})(?!\w)"
        for table, model, title, text in TELLING:
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET"
                    " %(title)s = regexp_replace(%(title)s, %(known)s, %(neutral)s, 'gi'),"
                    " %(text)s = regexp_replace(%(text)s, %(known)s, %(neutral)s, 'gi')"
                    " WHERE (%(threads)s) AND (%(title)s ~* %(known)s OR %(text)s ~* %(known)s)",
                    table=SQL.identifier(table),
                    title=SQL.identifier(title),
                    text=SQL.identifier(text),
                    known=pattern,
                    neutral=neutral,
                    threads=SQL(" OR ").join(
                        SQL(
                            "(%s = %s AND res_id = ANY(%s))",
                            SQL.identifier(model),
                            records._name,
                            records.ids,
                        )
                        for records in threads
                        if records
                    ),
                )
            )

    @api.model
    def _empty_rows(self, table, values):
        """Empty all columns of rows but those that say nothing of a person, and archive them.

        :param values: ``{id: {column: text}}``, the same columns for each
        """
        if not values:
            return
        rows = list(values.values())
        texts = {column: [row[column] for row in rows] for column in rows[0]}
        emptied = self._get_nullable_columns(table)
        self.env.cr.execute(
            SQL(
                "UPDATE %s kept SET active = FALSE, %s FROM unnest(%s) AS given (id, %s)"
                " WHERE kept.id = given.id",
                SQL.identifier(table),
                SQL(", ").join(
                    [
                        *(SQL("%s = NULL", SQL.identifier(column)) for column in emptied),
                        *(
                            SQL("%s = %s", SQL.identifier(column), SQL.identifier("given", column))
                            for column in texts
                        ),
                    ]
                ),
                SQL(", ").join(
                    [
                        SQL("%s::int[]", list(values)),
                        *(SQL("%s::text[]", t) for t in texts.values()),
                    ]
                ),
                SQL(", ").join(SQL.identifier(column) for column in texts),
            )
        )

    @api.model
    @tools.ormcache("table")
    def _get_nullable_columns(self, table):
        """Return the columns of a contact or login that are emptied, also those of other apps."""
        self.env.cr.execute(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                " AND NOT attisdropped AND NOT attnotnull",
                table,
            )
        )
        found = {column for (column,) in self.env.cr.fetchall()}
        return tuple(sorted(found - KEPT_COLUMNS[table]))

    @api.model
    def _remove_rows_of(self, table, ids):
        """Remove the rows that would go with a contact or login if Odoo deleted it, and logs.

        Keys to log in with, settings, devices, presence, invitations, who was written to.
        """
        for name, column in self._get_rows_of(table):
            self._execute_delete(name, column, ids)

    @api.model
    @tools.ormcache("table")
    def _get_rows_of(self, table):
        """Return ``((table, column), ...)`` of what goes with a contact or a login."""
        self.env.cr.execute(
            SQL(
                """
                SELECT pointing.relname, attribute.attname, link.confdeltype = 'c'
                  FROM pg_constraint link
                  JOIN pg_class pointing ON pointing.oid = link.conrelid
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
                 WHERE link.contype = 'f' AND link.confrelid = %s::regclass
                   AND array_length(link.conkey, 1) = 1
              ORDER BY 1, 2
                """,
                table,
            )
        )
        return tuple(
            (name, column)
            for name, column, goes_along in self.env.cr.fetchall()
            if (name, column) in OF_THE_PERSON or (goes_along and name not in OF_THE_LOGIN)
        )

    @api.model
    def _remove_addresses(self, contacts, emails):
        """Take name and address off messages that stay: of others, or written by these people."""
        # one after another, or PostgreSQL expects so many messages that it reads all: few people
        # wrote most of them
        messages = self._get_ids(
            SQL(
                "SELECT written.id FROM unnest(%s::int[]) AS author, LATERAL"
                " (SELECT id FROM mail_message WHERE author_id = author OFFSET 0) AS written",
                contacts.ids,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE mail_message SET email_from = NULL, reply_to = NULL WHERE id = ANY(%s)",
                messages,
            )
        )
        if emails := self._get_own_addresses(contacts, emails):
            self._remove_known_addresses(contacts, emails)

    @api.model
    def _remove_known_addresses(self, contacts, emails):
        """Take these addresses off all messages, and mails to them that are still to go out."""
        messages = self._get_ids(
            SQL(
                "SELECT DISTINCT id FROM unnest(%s::text[]) AS known"
                " JOIN mail_message ON %s @> ARRAY[known]",
                sorted(emails),
                SQL(ADDRESS_WORDS),  # as in the index
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE mail_message SET %s WHERE id = ANY(%s)",
                SQL(", ").join(
                    SQL(
                        "%(column)s = CASE WHEN %(named)s THEN NULL ELSE %(column)s END",
                        column=SQL.identifier(column),
                        named=self._names_address(column, emails),
                    )
                    for column in ADDRESSES
                ),
                messages,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM mail_notification WHERE res_partner_id IS NULL AND %s",
                self._names_address("mail_email_address", emails),
            )
        )
        # with its text, when it is in no thread that shows it
        self.env.cr.execute(
            SQL(
                "WITH gone AS (DELETE FROM mail_mail WHERE %s OR %s"
                " OR id IN (SELECT mail_mail_id FROM mail_mail_res_partner_rel"
                " WHERE res_partner_id = ANY(%s)) RETURNING mail_message_id)"
                " DELETE FROM mail_message WHERE COALESCE(model, '') = ''"
                " AND id IN (SELECT mail_message_id FROM gone)",
                self._names_address("email_to", emails),
                self._names_address("email_cc", emails),
                contacts.ids,
            )
        )

    @api.model
    def _get_own_addresses(self, contacts, emails):
        """Return which of these addresses no other contact has: that one's mail is left alone."""
        others = self.env["res.partner"].with_context(active_test=False)
        others = others.search(
            [("email_normalized", "in", list(emails)), ("id", "not in", contacts.ids)]
        )
        return emails - set(others.mapped("email_normalized"))

    @api.model
    def _names_address(self, column, emails):
        """Return the condition that one of these whole addresses is in a column.

        An address may be the end of another one. The number of addresses costs next to nothing.
        """
        return SQL(
            # PostgreSQL hashes the array
            "EXISTS (SELECT FROM regexp_split_to_table(lower(%s), %s) word"
            " WHERE word = ANY(%s::text[]))",
            SQL.identifier(column),
            f"[{BETWEEN}]+",
            sorted(emails),
        )
