from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import UserError
from odoo.tools import SQL, mute_logger, split_every

from .pseudonym import SECRET

BATCH = 500  # contacts that are deleted in one go
PERSONAL = {"char", "text", "html", "binary"}  # types of fields that hold what someone told


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
    contacts = env["res.partner"].with_context(active_test=False, tracking_disable=True)
    contacts = contacts.search([("is_confidential", "=", True)], order="parent_id, id")
    _let_go(env, contacts)
    kept = contacts.browse()
    for ids in split_every(BATCH, contacts.ids):
        kept += _delete(contacts.browse(ids))
    _empty(kept)
    env["ir.config_parameter"].set_param(SECRET, False)


def _let_go(env, contacts):
    """Take the contacts out of our own tables, which are dropped in a moment."""
    env.flush_all()
    for field in env["base.partner.merge.automatic.wizard"]._get_our_links():
        if not field.required:
            env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = NULL WHERE %(column)s = ANY(%(ids)s)",
                    table=SQL.identifier(env[field.model_name]._table),
                    column=SQL.identifier(field.name),
                    ids=contacts.ids,
                )
            )
    env.invalidate_all()


def _delete(contacts):
    """Delete contacts, and return those that are still used."""
    try:
        with contacts.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            contacts.unlink()
            return contacts.browse()
    except (ForeignKeyViolation, UserError):
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
