from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BuurtbemiddelingPointerMixin(models.AbstractModel):
    """Rows that name the record that they are about by model and id: no record rule follows that.

    Odoo lets whoever wrote a message, got it or was given a to-do read it ever after. Rows about
    cases in a project that is closed to the user are not there.
    """

    _name = "buurtbemiddeling.pointer.mixin"
    _description = "Row about a Record of Ours"
    _pointer = ("res_model", "res_id")

    buurtbemiddeling_is_closed = fields.Boolean(
        compute="_compute_buurtbemiddeling_is_closed",
        search="_search_buurtbemiddeling_is_closed",
        export_string_translation=False, exportable=False,
    )

    @api.depends(lambda self: self._pointer)
    @api.depends_context("uid")
    def _compute_buurtbemiddeling_is_closed(self):
        self.buurtbemiddeling_is_closed = False
        model_name, id_name = self._pointer
        for model, (records, domain) in self._get_closed_records().items():
            rows = self.filtered(lambda row, model=model: row[model_name] == model)
            found = rows and set(
                records.search(domain & Domain("id", "in", rows.mapped(id_name)))._ids
            )
            for row in rows:
                row.buurtbemiddeling_is_closed = row[id_name] in found

    @api.model
    def _search_buurtbemiddeling_is_closed(self, operator, value):
        if operator != "in":
            return NotImplemented
        closed = {
            model: records._search(domain)
            for model, (records, domain) in self._get_closed_records().items()
        }
        if not closed:
            return Domain(True not in value)
        return Domain.custom(to_sql=partial(self._points_to_sql, closed, True in value))

    @api.model
    def _points_to_sql(self, closed, wanted, model, alias, query):
        """Whether a row is (``wanted``) or is not about one of ``closed``, ``{model: query}``.

        Each row looks up its own record. To be *not in* all closed ones would read all of these
        first, and the residents of a whole country on each page of any app.
        """
        model_name, id_name = self._pointer
        named = model._field_to_sql(alias, model_name, query)
        about = SQL(" OR ").join(
            SQL(
                "(%s = %s AND EXISTS (SELECT FROM (%s) AS closed WHERE closed.id = %s))",
                named,
                name,
                found.select(),
                model._field_to_sql(alias, id_name, query),
            )
            for name, found in closed.items()
        )
        return SQL("(%s) IS %s", about, SQL("TRUE") if wanted else SQL("NOT TRUE"))

    @api.model
    def _get_closed_records(self):
        """Return ``{name: (model, domain of its records that are closed to the user)}``."""
        if not self.env.user.has_group("buurtbemiddeling_case.group_user"):
            # sudo: as below; Odoo lets who wrote to a contact before read its name ever after
            contacts = self.env["res.partner"].sudo().with_context(active_test=False)
            return {"res.partner": (contacts, Domain("is_confidential", "=", True))}
        # sudo: the record rules rest on this; what is found is left out, and told to nobody
        closed = self.env.user.sudo().buurtbemiddeling_closed_project_ids
        if not closed:
            return {}
        return {
            model: (
                closed.env[model].with_context(active_test=False),
                Domain(path, "in", closed.ids),
            )
            for model, path in closed._get_thread_paths().items()
        }
