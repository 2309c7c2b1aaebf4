from odoo import api, models
from odoo.fields import Command

from odoo.addons.buurtbemiddeling_case.models.buurtbemiddeling_import_target_mixin import Column

# As many mediators as work on one case; by id, since two may have one name.
MEDIATORS = {
    name: Column("buurtbemiddeling.assignment", "volunteer_id", "id")
    for name in ("mediator_1", "mediator_2")
}
HEADINGS = {
    "bemiddelaar": "mediator_1",
    "bemiddelaar 1": "mediator_1",
    "1e bemiddelaar": "mediator_1",
    "eerste bemiddelaar": "mediator_1",
    "vrijwilliger 1": "mediator_1",
    "bemiddelaar 2": "mediator_2",
    "2e bemiddelaar": "mediator_2",
    "tweede bemiddelaar": "mediator_2",
    "vrijwilliger 2": "mediator_2",
}


class BuurtbemiddelingCaseImportMixin(models.AbstractModel):
    _inherit = "buurtbemiddeling.case.import.mixin"

    @api.model
    def _get_import_columns(self):
        return {**super()._get_import_columns(), **MEDIATORS}

    @api.model
    def _get_import_headings(self):
        return {**super()._get_import_headings(), **HEADINGS}

    @api.model
    def _get_import_label(self, name):
        if name in MEDIATORS:
            return self.env._("Mediator %s", list(MEDIATORS).index(name) + 1)
        return super()._get_import_label(name)

    @api.model
    def _get_import_people(self):
        return (*super()._get_import_people(), *MEDIATORS)

    def _prepare_row(self, columns, values, company):
        """Who mediated worked from the intake until the closing; one who is named twice, once."""
        mediators = dict.fromkeys(
            mediator for name in MEDIATORS if (mediator := values.pop(name, None))
        )
        vals = super()._prepare_row(columns, values, company)
        end = vals.get("close_date")
        start = vals.get("intake_date") or vals["registration_date"]
        vals["assignment_ids"] = [
            Command.create(
                {
                    "volunteer_id": mediator,
                    "state": "ended" if end else "accepted",
                    "date_start": min(start, end) if end else start,
                    "date_end": end,
                }
            )
            for mediator in mediators
        ]
        return vals
