from psycopg2 import IntegrityError

from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL, mute_logger, split_every, sql

from .models.ir_sequence import CASE_SEQUENCE
from .pseudonym import SECRET
from .wizard.buurtbemiddeling_check_server_mixin import BACKUP

BATCH = 500  # contacts that are deleted in one go
PERSONAL = {"char", "text", "html", "binary"}  # types of fields that hold what someone told
# Tables of Odoo whose rows are about a model that they name, and outlive it.
NAMING = {
    "ir.filters": "model_id",  # saved searches, which may hold a name
    "ir.exports": "resource",
    "base_import.mapping": "res_model",
    "mail.activity": "res_model",  # before the types of to-dos, which they hold
    "mail.scheduled.message": "model",
    "base_import.import": "res_model",  # dialogs, with what was typed or sent in them
    "mail.compose.message": "model",
    "sms.composer": "res_model",
}


def uninstall_hook(env):
    """Leave no resident behind for everyone to read, when the wall around them goes.

    What hides the residents of cases, the mark and the record rule, is uninstalled with this
    module. So the contacts that are marked confidential are deleted, with their messages, to-dos
    and files. One that another app still uses, such as an invoice, can not be deleted: it is
    archived, and all that was known of the resident is taken out of it. Contacts that the
    organisation had for something else are not marked, and stay as they are: referrers,
    volunteers, and clients who are a party as well. The secret of the pseudonyms goes with them.

    Whoever wants to keep residents makes a backup first, as before any uninstallation.
    """
    clear_away(env, CASE_SEQUENCE)
    _drop_indexes(env)
    env["ir.config_parameter"].search([("key", "=", BACKUP)]).unlink()
    contacts = env["res.partner"].with_context(active_test=False, tracking_disable=True)
    contacts = contacts.search([("is_confidential", "=", True)], order="parent_id, id")
    kept = contacts.browse()
    for ids in split_every(BATCH, contacts.ids):
        kept += _delete(contacts.browse(ids))
    _empty(kept)
    env["ir.config_parameter"].set_param(SECRET, False)


def clear_away(env, *sequences):
    """Take away what Odoo would leave behind of the modules that it is about to remove.

    Appointments: nothing would hide any more what is private in them. What users saved about our
    models. Number sequences, which are made when they are first needed.

    :param sequences: codes
    """
    env.flush_all()
    models = _get_lost_models(env)
    names = [model._name for model in models]
    _remove_events(env, models)
    _remove_hanging(env, models)
    for name, column in NAMING.items():
        if name in env:
            named = env[name].with_context(active_test=False)
            named.search([(column, "in", names)]).unlink()
    numbers = env["ir.sequence"].with_context(active_test=False).search([("code", "in", sequences)])
    numbers.date_range_ids.unlink()  # or their counters stay in the database
    numbers.unlink()
    _empty_tables(env, models)
    env.invalidate_all()


def _get_going(env):
    """Return the modules that are being uninstalled."""
    return env["ir.module.module"].search([("state", "=", "to remove")])


def _get_lost_models(env):
    """Return an empty recordset of each model that goes with the modules, dialogs included."""
    going = set(_get_going(env).mapped("name"))
    models = env["ir.model"].search([])
    owners = {
        id_: {xid.split(".")[0] for xid in xids} for id_, xids in models._get_external_ids().items()
    }
    lost = models.filtered(lambda model: owners[model.id] and owners[model.id] <= going)
    return [env[name] for name in lost.mapped("model") if name in env and not env[name]._abstract]


def _remove_events(env, models):
    """Remove the appointments that show records of these models, or are about them."""
    names = {model._name for model in models}
    events = env["calendar.event"]
    wanted = [SQL("SELECT id FROM calendar_event WHERE res_model = ANY(%s)", [*names])]
    wanted += [
        SQL(
            "SELECT %(wanted)s FROM %(table)s WHERE %(column)s IS NOT NULL",
            wanted=SQL.identifier("id" if model == events else field.name),
            column=SQL.identifier(field.name),
            table=SQL.identifier(model._table),
        )
        for model in [*models, events]
        if model._auto
        for field in model._fields.values()
        if field.type == "many2one"
        and field.store
        and (field.comodel_name in names if model == events else field.comodel_name == events._name)
    ]
    ids = [id_ for (id_,) in env.execute_query(SQL(" UNION ").join(wanted))]
    env["buurtbemiddeling.anonymizer"]._remove_events({"calendar.event": ids}, ids)


def _remove_hanging(env, models):
    """Remove messages and what belongs to them: Odoo leaves their text messages and loose files."""
    rows = {
        model._name: [
            id_
            for (id_,) in env.execute_query(
                SQL("SELECT id FROM %s", SQL.identifier(model._table))
            )
        ]
        for model in models
        if model._auto and not model._transient
    }
    env["buurtbemiddeling.anonymizer"]._remove_hanging(rows)
    env["buurtbemiddeling.anonymizer"]._remove_traces()


def _empty_tables(env, models):
    """Empty the tables of these models, which are dropped in a moment, and untie all others.

    So nothing there holds back what it points at, or is computed anew for each record that goes.
    """
    going = _get_going(env)
    relations = env["ir.model.relation"].search([("module", "in", going.ids)])
    shared = env["ir.model.relation"].search([("module", "not in", going.ids)])
    names = {model._table for model in models} | {*relations.mapped("name")}
    names -= {*shared.mapped("name")}
    ties = env.execute_query(
        SQL(
            """
            SELECT source.relname, conname, attname
              FROM pg_constraint
              JOIN pg_class source ON source.oid = conrelid
              JOIN pg_class target ON target.oid = confrelid
              JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
               AND (source.relname = ANY(%(names)s) OR target.relname = ANY(%(names)s))
            """,
            names=[*names],
        )
    )
    for table, name, column in ties:
        sql.drop_constraint(env.cr, table, name)
        if table not in names:
            table, column = SQL.identifier(table), SQL.identifier(column)
            env.cr.execute(
                SQL("UPDATE %s SET %s = NULL WHERE %s IS NOT NULL", table, column, column)
            )
    tables = env.execute_query(
        SQL(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = current_schema() AND tablename = ANY(%s)",
            [*names],
        )
    )
    if tables:
        rows = SQL(", ").join(SQL.identifier(table) for (table,) in tables)
        env.cr.execute(SQL("TRUNCATE %s", rows))
    env.cr.execute(
        SQL("DELETE FROM ir_model_data WHERE model = ANY(%s)", [model._name for model in models])
    )


def _drop_indexes(env):
    """Drop the indexes that removing contacts put on tables of other apps."""
    for table, column in env["base.partner.merge.automatic.wizard"]._get_fk_on("res_partner"):
        fields = [
            model._fields[column]
            for model in env.values()
            if model._table == table and column in model._fields
        ]
        if not any(field.index for field in fields):
            sql.drop_index(env.cr, sql.make_index_name(table, column), table)


def _delete(contacts):
    """Delete contacts, and return those that are still used."""
    try:
        with contacts.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            # with saved searches, refused addresses and drafts that name them
            contacts.env["buurtbemiddeling.anonymizer"]._remove_contacts(contacts.ids)
            return contacts.exists()
    except (IntegrityError, RedirectWarning, UserError):
        if len(contacts) == 1:
            return contacts
    return contacts.browse(id_ for contact in contacts for id_ in _delete(contact).ids)


def _empty(contacts):
    """Take out of contacts all that is known of someone, and archive them."""
    blank = {
        name: False
        for name, field in contacts._fields.items()
        if field.type in PERSONAL and field.store and not (field.compute or field.related)
    }
    about = [("res_id", "in", contacts.ids)]
    for model, name in (
        ("mail.message", "model"),
        ("mail.activity", "res_model"),
        ("ir.attachment", "res_model"),
    ):
        rows = contacts.env[model].with_context(active_test=False)
        rows.search([*about, (name, "=", contacts._name)]).unlink()
    contacts.bank_ids.unlink()
    contacts.write(
        {
            **blank,
            "name": contacts.env._("Removed contact"),
            "category_id": [(5, 0, 0)],
            "active": False,
        }
    )
