from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from .. import caches


class BuurtbemiddelingCodeMixin(models.AbstractModel):
    """A list of the field (outcomes, nuisance types, ...) with stable codes.

    Names, order and use may be changed by an organisation; the code is what imports, figures and
    the national benchmark recognise, so it never changes once the record exists. Archive an entry
    instead of deleting it: past cases keep it.
    """

    _name = "buurtbemiddeling.code.mixin"
    _description = "Code List Entry"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]
    _is_one_per_code = True  # not where an organisation, or a year, has its own of the same code

    code = fields.Char(required=True, copy=False)
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint("UNIQUE(code)", "This code exists already. Use another code.")

    @api.depends_context("lang")
    def _compute_display_name(self):
        """Every page names entries of some lists, which hardly ever change: they are kept."""
        names = self._get_names(self.env.lang) if any(self._ids) else {}
        for entry in self:
            entry.display_name = names.get(entry.id) or entry.name

    @api.model
    @tools.ormcache("lang")
    def _get_names(self, lang):
        """Return ``{id: name}`` of all entries, also archived ones, in a language."""
        # sudo: Odoo itself names the records of a many2one so; lists without names are for nobody
        entries = self.sudo().with_context(lang=lang, active_test=False).search_fetch([], ["name"])
        return {entry.id: entry.name for entry in entries}

    @api.model_create_multi
    def create(self, vals_list):
        caches.forget(self.env)
        return super().create(vals_list)

    def _load_records_create(self, vals_list):
        """Take over what an organisation added itself, when an update brings the same code.

        Its name stays, and so do the cases that have it. Otherwise the update would fail.
        """
        if not self.env.context.get("install_mode") or not self._is_one_per_code:
            return super()._load_records_create(vals_list)
        codes = [vals.get("code") for vals in vals_list]
        known = self.with_context(active_test=False).search([("code", "in", codes)])
        by_code = known.grouped("code")
        created = super()._load_records_create(
            [vals for vals in vals_list if vals.get("code") not in by_code]
        )
        by_code |= created.grouped("code")
        return self.concat(*(by_code[code] for code in codes))

    def unlink(self):
        caches.forget(self.env)
        return super().unlink()

    def _update_field_translations(self, *args, **kwargs):
        caches.forget(self.env)
        return super()._update_field_translations(*args, **kwargs)

    def write(self, vals):
        """Refuse a change of code, raising ``UserError``: figures of past years rest on it."""
        if "code" in vals and any(entry.code != vals["code"] for entry in self):
            raise UserError(
                self.env._(
                    "The code %(code)s is used by figures and imports and can not be changed."
                    " Archive this entry and add a new one.",
                    code=self.filtered(lambda e: e.code != vals["code"])[:1].code,
                )
            )
        caches.forget(self.env)
        return super().write(vals)
