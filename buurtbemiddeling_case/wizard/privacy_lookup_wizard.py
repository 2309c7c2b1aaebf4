from odoo import models
from odoo.tools import SQL

OURS = "buurtbemiddeling."
# about whom a record is that the lookup has to find
FOUND = {"party", "volunteer", "applicant", "referrer", "sender", "case"}


class PrivacyLookupWizard(models.TransientModel):
    _inherit = "privacy.lookup.wizard"

    def action_lookup(self):
        """Odoo looks past all rights: what is hidden from who looks is taken off the list."""
        # sudo: an administrator of buurtbemiddeling may not read Odoo's list of models
        action = super(PrivacyLookupWizard, self.sudo()).action_lookup()
        # sudo: Odoo lets nobody delete a line
        (self.line_ids - self.line_ids._filtered_open()).sudo().unlink()
        return {**action, "name": self.env._("Found")}

    def _compute_display_name(self):
        # Odoo has no Dutch words for its own
        self.display_name = self.env._("Search for a Person")

    def _compute_records_description(self):
        # sudo: the names of models, see action_lookup; the lines are the user's own
        return super(PrivacyLookupWizard, self.sudo())._compute_records_description()

    def _post_log(self):
        """Keep that something was removed; Odoo masks the name."""
        # sudo: its log is for Odoo's administrator to read
        return super(PrivacyLookupWizard, self.sudo())._post_log()

    def _get_query(self):
        """Find what Odoo does not look into: typed names, and people in lists."""
        query = super()._get_query()
        for name, conditions in self._get_own_conditions().items():
            model = self.env[name]
            query = SQL(
                "%s UNION ALL SELECT %s AS res_model_id, id AS res_id, %s AS is_active"
                " FROM %s WHERE %s",
                query,
                self.env["ir.model"]._get_id(name),
                SQL.identifier("active") if "active" in model._fields else True,
                SQL.identifier(model._table),
                SQL(" OR ").join(conditions),
            )
        return SQL("SELECT DISTINCT * FROM (%s) found", query)

    def _get_own_conditions(self):
        """Return ``{model of ours: [conditions]}`` by the inventory of personal data."""
        conditions = {}
        known = SQL("(SELECT id FROM indirect_references)")
        for line in self.env["buurtbemiddeling.personal.data"]._get_fields():
            if line.about not in FOUND or line.model not in self.env:
                continue
            model = self.env[line.model]
            field = model._fields.get(line.field)
            if field is None or not field.store or not line.model.startswith(OURS):
                continue
            if field.name == "name" and field.type == "char" and not field.related:
                found = SQL("%s ILIKE %s", SQL.identifier(field.name), self.name.strip())
            elif field.comodel_name == "res.partner" and field.type == "many2one":
                found = SQL("%s IN %s", SQL.identifier(field.name), known)
            elif field.comodel_name == "res.partner" and field.type == "many2many":
                found = SQL(
                    "id IN (SELECT %s FROM %s WHERE %s IN %s)",
                    SQL.identifier(field.column1),
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column2),
                    known,
                )
            else:
                continue
            conditions.setdefault(line.model, []).append(found)
        return conditions
