"""What two people do with the same records at one moment comes one after the other."""

from odoo.tools import SQL


def wait_for_turn(records):
    """Wait until nobody else is busy with these records, and begin anew if somebody was.

    A row lock does not do: the second transaction would not see what the first one did. Of two
    that change one row PostgreSQL stops the second, and Odoo starts it over.

    :raise AccessError: when the user may not write these records
    """
    if records:
        records.check_access("write")
        records.env.cr.execute(
            SQL(
                "UPDATE %s SET write_date = write_date WHERE id IN %s",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
