from odoo import api, models
from odoo.tools import SQL


class BuurtbemiddelingCasePageMixin(models.AbstractModel):
    """The page of a case shows some twenty lists, of which most are empty in most cases.

    Odoo reads each by a query, with the record rules of its model. One query finds out which have
    any row at all; only these are read, by Odoo and with all rules.
    """

    _name = "buurtbemiddeling.case.page.mixin"
    _description = "Page of a Case"

    @api.readonly
    def web_read(self, specification):
        self._skip_empty_lists(specification)
        return super().web_read(specification)

    def _skip_empty_lists(self, names):
        """Let the fields of ``names`` be empty, without a query each, that have no row at all."""
        ids = self._ids
        if len(ids) != 1 or not self.id:  # of several, most lists have some row
            return
        lists = {}
        for name in names:
            field = self._fields.get(name)
            if (
                field
                and field.store
                and field.type in ("one2many", "many2many")
                and self.id not in field._get_cache(self.env)
                and (rows := self._get_rows_of_list(field))
                # who may not read it, is told so by Odoo
                and self._has_field_access(field, "read")
                and self.env[field.comodel_name].has_access("read")
            ):
                lists[name] = rows
        if len(lists) < 2:
            return
        filled = self.env.execute_query(
            SQL(" UNION ALL ").join(
                SQL("SELECT %s WHERE EXISTS (%s)", name, rows) for name, rows in lists.items()
            )
        )
        for name in lists.keys() - {name for (name,) in filled}:
            self._fields[name]._insert_cache(self, [()])

    def _get_rows_of_list(self, field):
        """Return the query of the rows, of any kind and for anybody, in a list of this record.

        `None` when they are not kept as rows.
        """
        if field.type == "many2many":
            return SQL(
                "SELECT FROM %s WHERE %s = %s",
                SQL.identifier(field.relation, to_flush=field),
                SQL.identifier(field.column1),
                self.id,
            )
        comodel = self.env[field.comodel_name]
        inverse = comodel._fields[field.inverse_name]
        if not inverse.store or comodel._abstract:
            return None
        return SQL(
            "SELECT FROM %s WHERE %s = %s",
            SQL.identifier(comodel._table),
            SQL.identifier(inverse.name, to_flush=inverse),
            self.id,
        )
