from odoo import api, fields, models


class BuurtbemiddelingVolunteerApplicationMixin(models.AbstractModel):
    """When a volunteer first came forward, by the web form, by phone or at an evening.

    A fact that figures rest on: what is not known stays empty, as of history that is imported.
    """

    _name = "buurtbemiddeling.volunteer.application.mixin"
    _description = "First Application of a Volunteer"

    application_date = fields.Date(
        "Applied on",
        copy=False,
        index="btree_not_null",
        help="When this volunteer first came forward. Counts among the applications after an"
        " information evening and the like. For whoever is added today it is today.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Who is added applied today, unless it is history."""
        today = fields.Date.context_today(self)
        if not self.env.context.get("import_file"):
            vals_list = [
                {"application_date": today, **vals}
                if (fields.Date.to_date(vals.get("date_start")) or today) >= today
                else vals
                for vals in vals_list
            ]
        return super().create(vals_list)
