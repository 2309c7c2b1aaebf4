from odoo import api, models


class BuurtbemiddelingRowMixin(models.AbstractModel):
    """Rows that a case has a list of, and that are shown or added up as soon as they are listed.

    For such a list Odoo asks the database twice: for the ids of the rows, and then for what stands
    in them. Here both come by the first query, with the same rules.
    """

    _name = "buurtbemiddeling.row.mixin"
    _description = "Row of a List of a Case"

    @api.model
    @api.readonly
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if (
            field_names
            and set(field_names) in ({"case_id"}, {"case_id", self._active_name})
            and self.env.context.get("prefetch_fields", True)
        ):
            field_names = None  # all that Odoo reads at once
        return super().search_fetch(domain, field_names, offset, limit, order)
