from odoo import api, models, tools
from odoo.tools import SQL, email_normalize_all, sql

# Tables that say nothing but how a contact was written to: no use of the contact by anyone.
# Rows of dialogs (transient models) neither, see _get_uses.
NO_USE = {
    ("mail_message", "author_id"),
    ("mail_message_res_partner_rel", "res_partner_id"),
    ("mail_message_res_partner_starred_rel", "res_partner_id"),
    ("mail_message_reaction", "partner_id"),
    ("mail_notification", "author_id"),
    ("mail_notification", "res_partner_id"),
    ("mail_followers", "partner_id"),
    ("mail_mail_res_partner_rel", "res_partner_id"),
    ("mail_scheduled_message_res_partner_rel", "res_partner_id"),
    ("sms_sms", "partner_id"),
    ("res_partner", "parent_id"),  # of the family, which goes as a whole
    ("res_partner", "commercial_partner_id"),
    ("res_partner_bank", "partner_id"),
    ("res_partner_res_partner_category_rel", "partner_id"),
    ("buurtbemiddeling_privacy_request", "partner_id"),  # who asked for his data
    ("res_users_settings_volumes", "partner_id"),
    ("res_users_settings_volumes", "guest_id"),
}


class BuurtbemiddelingAnonymizerContactMixin(models.AbstractModel):
    """Removes contacts of residents that nothing else in the database needs.

    A contact that someone else works with stays as it is: only the tie with the case is cut.
    """

    _name = "buurtbemiddeling.anonymizer.contact.mixin"
    _description = "Removal of Contacts"

    @api.model
    def _remove_contacts(self, contact_ids, is_confidential=True):
        """Remove those of these contacts that nothing refers to any more, with their families.

        :param contact_ids: of the contacts to which our ties were cut
        :param is_confidential: remove confidential contacts only
        """
        families = self._get_families(contact_ids, is_confidential)
        if not families:
            return
        known = {id_ for family in families.values() for id_ in family}
        used = self._get_used(known)
        going = {id_ for root, ids in families.items() if not used & ids for id_ in ids}
        staying = list(known - going)
        if staying:
            # Someone else may cut the last other tie at this moment, and see this one still. Then
            # one of both can not be committed here, and is tried again.
            self.env.cr.execute(
                SQL("UPDATE res_partner SET active = active WHERE id = ANY(%s)", staying)
            )
        if not going:
            return
        contacts = self.env["res.partner"].browse(going)
        self._remove_refusals(contacts)
        self._remove_searches(contacts)
        # what they mailed about something else stays in the thread of that, without their name
        emails = {mail for each in contacts for mail in email_normalize_all(each.email or "")}
        self._remove_addresses(contacts, emails)
        self._cut_mentions(going)
        if "sms.sms" in self.env:  # also those of no thread
            self._execute_delete(self.env["sms.sms"]._table, "partner_id", going)
        self._remove_hanging({"res.partner": list(going)})
        self.env.invalidate_all(flush=False)
        contacts.unlink()

    @api.model
    def _get_families(self, contact_ids, is_confidential):
        """Return ``{contact: ids of it and all below it}`` of contacts that may be removed.

        A confidential contact above these, a household, goes along when nothing else is in it.
        """
        if not contact_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE above AS (
                    SELECT id, parent_id FROM res_partner
                     WHERE id = ANY(%(ids)s) AND (is_confidential OR NOT %(confidential)s)
                     UNION
                    SELECT parent.id, parent.parent_id FROM above
                     CROSS JOIN LATERAL (SELECT id, parent_id, is_confidential FROM res_partner
                                          WHERE id = above.parent_id OFFSET 0) parent
                     WHERE parent.is_confidential AND %(confidential)s
                ), below AS (
                    SELECT id AS root, id FROM above
                     UNION
                    SELECT below.root, child.id FROM below
                     CROSS JOIN LATERAL (SELECT id FROM res_partner WHERE parent_id = below.id
                                         OFFSET 0) child  -- which looks them up by the index
                )
                SELECT root, array_agg(id) FROM below GROUP BY root
                """,
                ids=list(contact_ids),
                confidential=is_confidential,
            )
        )
        return {root: set(ids) for root, ids in self.env.cr.fetchall()}

    @api.model
    def _get_used(self, contact_ids, skipped=()):
        """Return those of these contacts that a row of any app refers to; one query.

        :param skipped: ``{(table, column)}`` that are not looked at
        """
        ids = list(contact_ids)
        self.env.cr.execute(
            SQL(" UNION ").join(
                SQL(
                    "SELECT %(column)s FROM %(table)s WHERE %(column)s = ANY(%(ids)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    ids=ids,
                )
                for table, column in self._get_uses()
                if (table, column) not in skipped
            )
        )
        return {id_ for (id_,) in self.env.cr.fetchall()}

    @api.model
    @tools.ormcache()
    def _get_uses(self):
        """Return ``((table, column), ...)`` in which a contact is used, from the catalogue.

        As Odoo's merging of contacts finds them: also those of apps that we know nothing of.
        """
        dialogs = {model._table for model in self.env.values() if model._transient}
        dialogs |= {
            field.relation
            for model in self.env.values()
            if model._transient
            for field in model._fields.values()
            if field.type == "many2many" and field.store
        }
        mentions = set(self._get_mentions())
        found = self.env["base.partner.merge.automatic.wizard"]._get_fk_on("res_partner")
        return tuple(
            (table, column)
            for table, column in sorted(found)
            if table not in dialogs and (table, column) not in NO_USE | mentions
        )

    @api.model
    def _index_uses(self):
        """See to it that removing a contact does not read all rows of any app.

        The database looks for the contact in each column that may refer to one. Odoo declares an
        index for most of them, and some apps have many rows and none.
        """
        for table, column in self._get_unindexed():
            name = sql.make_index_name(table, column)  # that Odoo would give it
            sql.create_index(
                self.env.cr, name, table, [f'"{column}"'], where=f'"{column}" IS NOT NULL'
            )

    @api.model
    def _get_unindexed(self):
        """Return ``[(table, column)]`` that may refer to a contact and have no index."""
        return self.env.execute_query(
            SQL(
                """
                SELECT link.conrelid::regclass::text, attribute.attname
                  FROM pg_constraint link
                  JOIN pg_attribute attribute
                    ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
                 WHERE link.contype = 'f' AND link.confrelid = 'res_partner'::regclass
                   AND NOT EXISTS (
                       SELECT FROM pg_index known
                        WHERE known.indrelid = link.conrelid
                          AND known.indkey[0] = attribute.attnum
                          AND (known.indpred IS NULL
                               OR pg_get_expr(known.indpred, known.indrelid)
                                  = '(' || quote_ident(attribute.attname) || ' IS NOT NULL)'))
              ORDER BY 1, 2
                """
            )
        )

    @api.model
    def _get_mentions(self):
        """Return ``[(table, column)]`` of ours that name a resident beside his own case.

        They are cut when the contact goes, and do not keep it.
        """
        found = []
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if (line.about, line.after_term) != ("party", "cut") or line.model not in self.env:
                continue
            field = self.env[line.model]._fields.get(line.field)
            is_own = line.model == "buurtbemiddeling.case.party"
            if field and field.type == "many2one" and field.comodel_name == "res.partner":
                found += [] if is_own else [(self.env[line.model]._table, line.field)]
        return found

    @api.model
    def _cut_mentions(self, contact_ids):
        for table, column in self._get_mentions():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = NULL WHERE %(column)s = ANY(%(ids)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    ids=list(contact_ids),
                )
            )

    @api.model
    def _remove_searches(self, contacts):
        """Remove saved searches of ours, and in Contacts, that name one of these; one query."""
        known = {
            text.strip().lower()
            for contact in contacts
            for text in (contact.name, contact.email, contact.phone)
            if text and text.strip()
        }
        self.env.cr.execute(
            SQL(
                "DELETE FROM ir_filters saved USING unnest(%s::text[]) AS known"
                " WHERE (saved.model_id = 'res.partner'"
                " OR saved.model_id LIKE 'buurtbemiddeling.%%')"
                " AND strpos(lower(concat(saved.name, ' ', saved.domain)), known) > 0",
                list(known),
            )
        )

    @api.model
    def _remove_refusals(self, contacts):
        """Remove their addresses and numbers from Odoo's lists of who wants no messages.

        Not when another contact has the same one: then it is that one's wish as well.
        """
        emails = {mail for each in contacts for mail in email_normalize_all(each.email or "")}
        has_numbers = "phone_sanitized" in contacts._fields
        numbers = set(filter(None, contacts.mapped("phone_sanitized"))) if has_numbers else set()
        for model, field, column, values in (
            ("mail.blacklist", "email_normalized", "email", emails),
            ("phone.blacklist", "phone_sanitized", "number", numbers),
        ):
            if not values or model not in self.env:
                continue
            listed = self.env[model].search([(column, "in", list(values))])
            others = self.env["res.partner"].search(
                [(field, "in", listed.mapped(column)), ("id", "not in", contacts.ids)]
            )
            wished = set(others.mapped(field))
            listed = listed.filtered(lambda row, of=column, kept=wished: row[of] not in kept)
            self._remove_hanging({model: listed.ids})
            self._execute_delete(listed._table, "id", listed.ids)
        if emails:
            # Odoo may keep its log in the database, see the option --log-db
            self.env.cr.execute(
                SQL(
                    "DELETE FROM ir_logging WHERE message ILIKE ANY(%s)",
                    [f"%{email}%" for email in emails],
                )
            )
